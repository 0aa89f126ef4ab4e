import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct NullComparisonTests {
  @Test(.tags(.golden)) func equalsScipy() throws {
    let null = OnsetFixture.numbers("null", "null")
    for expected in OnsetFixture.value("null", "cases")?.array ?? [] {
      let value = number(expected, "value")
      for (name, alternative) in [
        ("greater", Alternative.greater), ("less", .less), ("two-sided", .twoSided),
      ] {
        let found = try nullComparison(of: value, with: null, alternative: alternative)
        #expect(abs(found.pValue - number(expected, name)) < 1e-12)
      }
    }
  }

  @Test(.tags(.law)) func zAndPOfAKnownList() throws {
    let found = try nullComparison(of: 7, with: [1, 2, 3, 4, 5], alternative: .greater)
    #expect(found.nullMean == 3)
    #expect(abs((found.zScore ?? .nan) - 4 / 2.5.squareRoot()) < 1e-14)
    #expect(abs(found.pValue - 1.0 / 6) < 1e-15)
    #expect(found.nullCount == 5)
    #expect(found.nullInterval == Interval(lower: nil, upper: nil))
    let wide = try nullComparison(of: 7, with: (0...40).map(Double.init))
    #expect(wide.nullInterval == Interval(lower: 1, upper: 39))
    // A value that chance gives too counts for chance.
    #expect(try nullComparison(of: 3, with: [3, 3, 3]).pValue == 1)
    #expect(try nullComparison(of: 3, with: [3, 3, 3]).zScore == nil)
    #expect(try nullComparison(of: 3.5, with: [0.1, 0.1, 0.1]).nullDeviation == 0)
  }

  @Test(.tags(.law)) func everyRankIsAsLikely() throws {
    // Over all places of the value among n null values p takes each of 1/(n + 1), …, 1 once.
    let ranks = try (0...9).map { place in
      try nullComparison(
        of: Double(place) - 0.5, with: (0..<9).map { Double($0) }, alternative: .less
      ).pValue
    }
    #expect(largestDifference(ranks, (1...10).map { Double($0) / 10 }) < 1e-15)
  }

  @Test(.tags(.resume)) func nullValuesDoNotDependOnWorkers() throws {
    let key = RandomKey(seed: 1)
    let draw = { @Sendable (key: RandomKey) throws(MeasureError) -> Double in
      let values: [Double] = key.normal(count: 3)
      return values[2]
    }
    let alone = try nullValues(drawCount: 30, key: key, draw)
    #expect(
      try alone == nullValues(drawCount: 30, workers: Workers(threadCount: 2), key: key, draw))
    #expect(Set(alone).count == 30)
    #expect(try Array(alone.prefix(7)) == nullValues(drawCount: 7, key: key, draw))
    #expect(throws: MeasureError.self) { try nullValues(drawCount: 0, key: key, draw) }
    #expect(throws: MeasureError.undefined(measure: "x", reason: "y")) {
      try nullValues(drawCount: 3, key: key) { _ throws(MeasureError) in
        throw .undefined(measure: "x", reason: "y")
      }
    }
  }

  @Test(.tags(.law)) func shuffledGroupsGiveTheExactLogRankTest() throws {
    // Of the 252 ways to choose five of ten two, one on either side, are as far apart as these.
    let first = [1.0, 2, 3, 4, 5].map { CensoredTime($0) }
    let second = [6.0, 7, 8, 9, 10].map { CensoredTime($0) }
    let all = first + second
    let test = try logRankTest(between: first, and: second)
    let null = try nullValues(drawCount: 2999, key: RandomKey(seed: 2)) {
      key throws(MeasureError) in
      let order = key.permutation(of: all.count).map { all[$0] }
      return try logRankTest(
        between: Array(order[..<first.count]), and: Array(order[first.count...])
      ).statistic + 1e-9
    }
    let exact = try nullComparison(of: test.statistic, with: null, alternative: .greater).pValue
    // Standard error 0.0016.
    #expect(abs(exact - 2.0 / 252) < 0.005)
    #expect(abs(test.pValue - 0.00184) < 0.00001)
  }

  @Test func refusals() {
    #expect(throws: MeasureError.tooFewSamples(measure: "nullComparison", found: 1, needed: 2)) {
      try nullComparison(of: 1, with: [1])
    }
    let error = #expect(throws: MeasureError.self) { try nullComparison(of: .nan, with: [1, 2]) }
    #expect(error?.description == "nullComparison: the value is nan; expected a finite number")
  }
}

@Suite struct NullDataTests {
  @Test(.tags(.law)) func shufflingKeepsTheCounts() {
    let labels = (0..<200).map { $0 % 7 }
    let shuffled = shuffledLabels(labels, key: RandomKey(seed: 1))
    #expect(shuffled.sorted() == labels.sorted())
    #expect(shuffled != labels)
    #expect(shuffled != shuffledLabels(labels, key: RandomKey(seed: 2)))
    #expect(shuffledLabels([], key: RandomKey(seed: 1)).isEmpty)
  }

  @Test(.tags(.statistical), arguments: [MatchedMoments.variances, .covariance])
  func momentsAreThoseOfTheSamples(moments: MatchedMoments) throws {
    let key = RandomKey(seed: 2)
    let mixing: Matrix<Double> = key.fork("mixing").normalMatrix(rowCount: 4, columnCount: 4)
    let z: Matrix<Double> = key.normalMatrix(rowCount: 20_000, columnCount: 4)
    // Far from normal, with means of 50.
    let x = z.map { exp($0) }.multiplied(by: mixing).map { $0 + 50 }
    let points = try randomPoints(like: x, matching: moments, key: key.fork("points"))
    let (a, b) = (covariance(x), covariance(points))
    for row in 0..<4 {
      #expect(
        abs(mean(points, row) - mean(x, row)) < 5 * (a[row, row] / 20_000).squareRoot())
      for column in 0..<4 {
        let scale = (a[row, row] * a[column, column]).squareRoot()
        let expected = row == column || moments == .covariance ? a[row, column] : 0
        // 5 standard errors of a correlation from 20,000 normal points: √(2/20,000) each at most.
        #expect(abs(b[row, column] - expected) < 0.05 * scale)
      }
    }
  }

  @Test(.tags(.law)) func fewSamplesSpanTheSame() throws {
    // 6 samples of 10 features: random points lie in the span of the samples around their mean.
    let key = RandomKey(seed: 3)
    let x: Matrix<Double> = key.normalMatrix(rowCount: 6, columnCount: 10)
    let points = try randomPoints(like: x, key: key.fork("points"))
    var stacked = [[Double]]()
    for source in [x, points] {
      for row in 0..<6 {
        stacked.append((0..<10).map { source[row, $0] - mean(x, $0) })
      }
    }
    let values = try singularSpectrum(of: Matrix<Double>(rows: stacked), isCentered: false).values
    #expect(values[4] > 0.1 && values[5] < 1e-7 * values[0])
  }

  @Test(.tags(.law)) func classesKeepTheirMoments() throws {
    let key = RandomKey(seed: 4)
    let labels = (0..<4000).map { $0 % 2 * 5 }
    var x: Matrix<Double> = key.normalMatrix(rowCount: 4000, columnCount: 3)
    for row in 0..<4000 where labels[row] == 5 {
      for column in 0..<3 { x[row, column] = 100 + 9 * x[row, column] }
    }
    let points = try randomPoints(like: x, within: labels, key: key.fork("points"))
    for (label, center, variance) in [(0, 0.0, 1.0), (5, 100, 81)] {
      let rows = points.selectingRows(labels.indices.filter { labels[$0] == label })
      #expect(abs(mean(rows, 1) - center) < 1)
      #expect(abs(covariance(rows)[1, 1] / variance - 1) < 0.2)
    }
    // One distribution for all: no class is anywhere.
    let pooled = try randomPoints(like: x, key: key.fork("points"))
    let first = pooled.selectingRows(labels.indices.filter { labels[$0] == 0 })
    #expect(abs(mean(first, 1) - 50) < 5)
  }

  @Test(.tags(.law)) func randomPointsHaveCapacity2() throws {
    // Capacity of random points without class structure, one point a manifold, is 2.
    let key = RandomKey(seed: 5)
    let x: Matrix<Double> = key.normalMatrix(rowCount: 40, columnCount: 60)
    let points = try randomPoints(like: x, matching: .variances, key: key.fork("points"))
    let manifolds = try Manifolds(points, labels: Array(0..<40))
    let capacity = try manifoldCapacity(
      of: manifolds, centers: .none, drawCount: 300, key: key.fork("probes")
    ).capacity
    #expect(abs(capacity.value - 2) < 4 * capacity.standardError)
  }

  @Test func refusals() {
    let key = RandomKey(seed: 1)
    let x = Matrix<Double>(rows: [[1, 2], [3, 4], [5, .nan]])
    func message(_ body: () throws -> Matrix<Double>) -> String? {
      #expect(throws: MeasureError.self) { try body() }?.description
    }
    #expect(
      message { try randomPoints(like: x, key: key) }
        == "randomPoints: element 5 of the samples is not finite; remove such samples or find their "
        + "cause")
    #expect(
      message { try randomPoints(like: x.selectingRows([0]), key: key) }
        == "randomPoints: 1 samples; at least 2 are needed")
    #expect(
      message { try randomPoints(like: x, within: [1], key: key) }
        == "randomPoints: 3 rows cannot be paired with 1; row i of both must belong to one sample")
    #expect(
      message { try randomPoints(like: x.selectingRows([0, 1]), within: [7, 8], key: key) }?
        .contains("at least 2 are needed") == true)
  }

  private func mean(_ x: Matrix<Double>, _ column: Int) -> Double {
    (0..<x.rowCount).reduce(0) { $0 + x[$1, column] } / Double(x.rowCount)
  }

  private func covariance(_ x: Matrix<Double>) -> Matrix<Double> {
    var centered = x
    for column in 0..<x.columnCount {
      let mean = mean(x, column)
      for row in 0..<x.rowCount { centered[row, column] -= mean }
    }
    return centered.multiplied(by: centered, transposingSelf: true).map {
      $0 / Double(x.rowCount - 1)
    }
  }
}
