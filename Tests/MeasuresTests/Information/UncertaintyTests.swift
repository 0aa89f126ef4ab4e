import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

/// Errors and baselines on the mean and the variance, whose errors are known.
@Suite struct UncertaintyTests {
  private let samples: [Double] = RandomKey(seed: 1).normal(count: 1000)
  private let key = RandomKey(seed: 2)

  private var mean: @Sendable ([Int]) throws(MeasureError) -> Double {
    let samples = samples
    return { rows in rows.reduce(0) { $0 + samples[$1] } / Double(rows.count) }
  }

  @Test(.tags(.statistical)) func theErrorOfAMean() throws {
    let spread = try Estimate(meanOf: samples, measure: "test")
    let parts = try partEstimates(sampleCount: 1000, key: key, mean)
    #expect(abs(parts.value - spread.value) < 1e-14)
    // 45 degrees of freedom: known to about a tenth.
    #expect(abs(parts.standardError / spread.standardError - 1) < 0.35)
    let many = try partEstimates(sampleCount: 1000, partCounts: [100, 125], key: key, mean)
    #expect(abs(many.standardError / spread.standardError - 1) < 0.2)
    let subset = try subsetInterval(sampleCount: 1000, drawCount: 600, key: key, mean)
    #expect(abs(subset.standardError / spread.standardError - 1) < 0.12)
    let (low, high) = (try #require(subset.interval.lower), try #require(subset.interval.upper))
    #expect(abs((high - low) / (2 * 1.96 * spread.standardError) - 1) < 0.15)
    #expect(subset.interval.contains(subset.value))
    let small = try subsetInterval(
      sampleCount: 1000, subsetFraction: 0.1, drawCount: 600, key: key, mean)
    #expect(abs(small.standardError / spread.standardError - 1) < 0.12)
  }

  /// The levels of a part hold every row once, and no subset has a row twice.
  @Test(.tags(.law)) func partsAreDisjointAndBlocksStayTogether() throws {
    let rows = try BlockedRows(sampleCount: 103, blockLength: 10, measure: "test")
    let parts = rows.parts(count: 4, key: key)
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<103))
    #expect(rows.blocks.count == 11)
    for part in parts {
      for row in part where row % 10 != 0 { #expect(part.contains(row - 1)) }
    }
    let choice = rows.choice(5, key: key)
    #expect(Set(choice).count == choice.count)
  }

  /// Of a series that remembers, single rows know too small an error of the mean; blocks know it.
  @Test(.tags(.statistical)) func seriesNeedBlocks() throws {
    let noise: [Double] = RandomKey(seed: 5).normal(count: 8_000)
    var series = [0.0]
    for value in noise.dropFirst() { series.append(0.9 * series[series.count - 1] + value) }
    let values = series
    let mean: @Sendable ([Int]) throws(MeasureError) -> Double = { rows in
      rows.reduce(0) { $0 + values[$1] } / Double(rows.count)
    }
    // σ/(1 − 0.9) of the noise over √n.
    let truth = 10 / 8_000.0.squareRoot()
    let single = try subsetInterval(sampleCount: 8_000, drawCount: 60, key: key, mean)
    let blocked = try subsetInterval(
      sampleCount: 8_000, drawCount: 60, blockLength: 200, key: key, mean)
    #expect(single.standardError < 0.4 * truth)
    #expect(abs(blocked.standardError / truth - 1) < 0.35)
  }

  /// A bias of 3/N goes away.
  @Test(.tags(.law)) func aBiasThatFallsWithTheSamplesIsExtrapolated() throws {
    let parts = try partEstimates(sampleCount: 1000, key: key) { rows in
      2 + 3 / Double(rows.count)
    }
    let limit = try parts.extrapolated()
    // Parts differ by a sample.
    #expect(abs(limit.limit - 2) < 1e-5 && abs(limit.slope - 3) < 0.01)
    #expect(limit.residual < 1e-5)
    #expect(parts.levels.count == 10 && parts.levels[0].variance == nil)
    #expect(try parts.extrapolated(exponent: 0.5).residual > 1e-4)
  }

  @Test(.tags(.statistical)) func permutationsFindTheBaseline() throws {
    let a = RandomKey(seed: 7).integers(count: 300, in: 0..<4)
    let b = zip(a, RandomKey(seed: 8).integers(count: 300, in: 0..<4)).map { ($0 + $1 / 2) % 4 }
    let value = try discreteInformation(between: a, and: b).value
    let baseline = try permutationBaseline(of: value, sampleCount: 300, key: key) {
      order throws(MeasureError) in
      try discreteInformation(between: a, and: order.map { b[$0] }).value
    }
    #expect(abs(baseline.nullMean - 9.0 / 600) < 0.003)
    #expect(baseline.pValue == 0.01 && baseline.alternative == .greater)
    #expect((baseline.zScore ?? 0) > 10)
  }

  @Test(.tags(.resume)) func workersChangeNothing() throws {
    let workers = Workers(threadCount: 2)
    #expect(
      try partEstimates(sampleCount: 1000, key: key, mean)
        == partEstimates(sampleCount: 1000, workers: workers, key: key, mean))
    #expect(
      try subsetInterval(sampleCount: 1000, drawCount: 40, key: key, mean)
        == subsetInterval(sampleCount: 1000, drawCount: 40, workers: workers, key: key, mean))
  }

  @Test func messages() throws {
    let mean = mean
    let key = key
    let cases: [(() throws -> Void, String)] = [
      (
        { _ = try partEstimates(sampleCount: 5, partCounts: [6], key: key, mean) },
        "partEstimates: 5 samples; at least 6 are needed"
      ),
      (
        { _ = try partEstimates(sampleCount: 5, partCounts: [1], key: key, mean) },
        "partEstimates: a number of parts is 1.0; expected at least 2"
      ),
      (
        { _ = try partEstimates(sampleCount: 5, blockLength: 6, key: key, mean) },
        "partEstimates: the length of a block is 6.0; expected 1 to the 5 samples"
      ),
      (
        {
          _ = try partEstimates(sampleCount: 50, partCounts: [2], key: key, mean).extrapolated()
        },
        "extrapolated, levels: 2 samples; at least 3 are needed"
      ),
      (
        { _ = try subsetInterval(sampleCount: 5, subsetFraction: 1, key: key, mean) },
        "subsetInterval: the fraction of a subset is 1.0; expected above 0 and below 1"
      ),
      (
        { _ = try subsetInterval(sampleCount: 5, drawCount: 3, key: key, mean) },
        "subsetInterval: drawCount is 3.0; expected at least 20"
      ),
      (
        { _ = try subsetInterval(sampleCount: 1, key: key, mean) },
        "subsetInterval: 1 samples; at least 2 are needed"
      ),
    ]
    for (call, message) in cases {
      let error = #expect(throws: MeasureError.self) { try call() }
      #expect(error?.description == message)
    }
  }
}

@Suite struct UnitActivityTests {
  @Test(.tags(.law)) func deadZeroAndSaturatedUnits() throws {
    let layer = Matrix(rows: [
      [0.0, 0.5, -1, 0.96, 0.0],
      [0.0, 0.5, 1, 0.97, 0.3],
      [0.0, 0.5, -0.2, 0.98, 0.0],
    ])
    let found = try unitActivity(of: layer, range: -1...1)
    #expect(found.deadUnits == [0, 1] && found.deadUnitCount == 2 && found.zeroUnitCount == 1)
    // Ends are 0.9 and beyond: −1, 1 and three of the fourth unit, of 15.
    #expect(found.saturatedFraction == 5.0 / 15)
    let mean = layer.values.reduce(0, +) / 15
    #expect(abs(found.mean - mean) < 1e-15)
    let variance = layer.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 14
    #expect(abs(found.variance - variance) < 1e-15)
    #expect(try unitActivity(of: layer).saturatedFraction == nil)
  }

  @Test func messages() throws {
    let layer = Matrix<Double>(rowCount: 3, columnCount: 1)
    #expect(
      throws: MeasureError.outOfRange(
        measure: "unitActivity", what: "the margin", value: 0.5,
        expected: "at least 0 and below 0.5")
    ) { try unitActivity(of: layer, range: 0...1, margin: 0.5) }
    #expect(throws: MeasureError.tooFewSamples(measure: "unitActivity", found: 1, needed: 2)) {
      try unitActivity(of: layer.selectingRows([0]))
    }
    #expect(
      throws: MeasureError.undefined(measure: "unitActivity", reason: "the layer has no units")
    ) { try unitActivity(of: Matrix<Double>(rowCount: 3, columnCount: 0)) }
  }
}
