import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ClassSeparationTests {
  private static let fixture = ReadoutFixture.self
  private static let (x, labels) = (fixture.x, fixture.labels)

  @Test(.tags(.golden)) func fisherRatio() throws {
    let found = try classSeparation(of: Self.x, labels: Self.labels)
    #expect(
      largestDifference(
        [found.betweenVariance, found.withinVariance, found.fisherRatio],
        Self.fixture.numbers("separation")) < 1e-12)
  }

  @Test(.tags(.statistical)) func labelsWithoutMeaningHaveTheChanceRatio() throws {
    let key = RandomKey(seed: 1)
    let ratios = try (0..<100).map { draw in
      let x: Matrix<Double> = key.fork(draw).normalMatrix(rowCount: 60, columnCount: 8)
      return try classSeparation(of: x, labels: Self.labels)
    }
    let mean = try Estimate(meanOf: ratios.map(\.fisherRatio), measure: "test")
    #expect(abs(mean.value - ratios[0].chanceRatio) < 4 * mean.standardError)
    #expect(abs(ratios[0].chanceRatio - 2.0 / 57) < 1e-15)
    #expect(ratios.allSatisfy { $0.explainedShare > 0 && $0.explainedShare < 0.2 })
  }

  @Test(.tags(.law)) func allVarianceIsBetweenOrWithin() throws {
    let found = try classSeparation(of: Self.x, labels: Self.labels)
    let moments = try CenteredMoments(of: [Self.x], measure: "test")
    #expect(
      abs(found.betweenVariance + found.withinVariance - moments.trace(0) / 60) < 1e-11)
    let turned = try classSeparation(
      of: moved(Self.x, key: RandomKey(seed: 2)), labels: Self.labels)
    #expect(abs(found.fisherRatio - turned.fisherRatio) < 1e-12)
    // After collapse what is within classes is far below rounding of what is between.
    let tight = Matrix<Double>(rows: [[1e6], [1e6 + 1e-3], [-1e6], [-1e6 - 1e-3]])
    let ratio = try classSeparation(of: tight, labels: [0, 0, 1, 1]).fisherRatio
    #expect(abs(ratio * 2.5e-19 - 1) < 1e-3)
  }

  @Test(.tags(.golden)) func fewShotSignals() throws {
    for (noise, name) in [(FewShotNoise.complete, "complete"), (.published, "published")] {
      let found = try fewShotSignal(
        of: Self.x, labels: Self.labels, shotCount: 3, noise: noise)
      #expect(
        largestDifference(
          found.pairs.map(\.signalToNoise), Self.fixture.numbers("signal", name)) < 1e-12)
      guard noise == .complete else { continue }
      let errors = Self.fixture.numbers("signal", "errors")
      #expect(largestDifference(found.pairs.map(\.expectedError), errors) < 1e-13)
      #expect(abs(found.meanError - errors.reduce(0, +) / 6) < 1e-13)
      #expect(found.pairs.map(\.label) == [2, 2, 5, 5, 9, 9])
      #expect(found.pairs.map(\.otherLabel) == [5, 9, 2, 9, 2, 5])
    }
  }

  @Test(.tags(.oracle)) func moreFeaturesThanSamplesGoThroughProductsOfSamples() throws {
    let plain = try fewShotSignal(of: Self.x, labels: Self.labels)
    // The same samples in a space of 80 dimensions.
    let map = try rotation(size: 80, key: RandomKey(seed: 3)).selectingRows(0..<5)
    let wide = try fewShotSignal(of: Self.x.multiplied(by: map), labels: Self.labels)
    for (a, b) in zip(plain.pairs, wide.pairs) {
      #expect(abs(a.signalToNoise - b.signalToNoise) < 1e-11)
    }
  }

  @Test(.tags(.statistical)) func signalAndNoiseAreThoseOfPrototypes() throws {
    // Normal classes with the means and covariances of the samples, two shots.
    let key = RandomKey(seed: 4)
    let classes = try LabeledRows(Self.labels, rowCount: 60, measure: "test")
    let means = ClassMeans(of: Self.x, classes: classes, workers: nil).means
    let factors = try (0..<3).map { index in
      let moments = try CenteredMoments(
        of: [RowSelection(Self.x, classes.rows(of: index))], measure: "test", inDouble: true)
      return try CholeskyFactor(
        of: moments.product.map { $0 / Double(classes.counts[index]) }
      ).lower
    }
    func draws(_ index: Int, _ name: String) -> Matrix<Double> {
      let noise: Matrix<Double> = key.fork(name).normalMatrix(rowCount: 40_000, columnCount: 5)
      return noise.multiplied(by: factors[index], transposingOther: true)
        .subtracting(means.row(index).map { -$0 })
    }
    let test = draws(0, "test")
    let own = [draws(0, "own 1"), draws(0, "own 2")]
    let other = [draws(2, "other 1"), draws(2, "other 2")]
    let differences = (0..<40_000).map { row in
      var sum = 0.0
      for column in 0..<5 {
        let toOwn = test[row, column] - (own[0][row, column] + own[1][row, column]) / 2
        let toOther = test[row, column] - (other[0][row, column] + other[1][row, column]) / 2
        sum += toOther * toOther - toOwn * toOwn
      }
      return sum
    }
    let distribution = try Distribution(of: differences)
    let found = try fewShotSignal(of: Self.x, labels: Self.labels, shotCount: 2)
    let pair = try #require(found.pairs.first { $0.label == 2 && $0.otherLabel == 9 })
    // The error of a mean over a deviation is about √((1 + …)/n): 0.005; heavy tails double it.
    #expect(
      abs(distribution.mean.value / distribution.standardDeviation - pair.signalToNoise) < 0.03)
    let published = try fewShotSignal(
      of: Self.x, labels: Self.labels, shotCount: 2, noise: .published)
    #expect(published.pairs[1].signalToNoise > pair.signalToNoise + 0.05)
  }

  @Test(.tags(.golden)) func silhouettes() throws {
    let found = try silhouette(of: Self.x, labels: Self.labels)
    let expected = Self.fixture.numbers("silhouette")
    #expect(largestDifference(found.values, expected) < 1e-12)
    #expect(abs(found.mean.value - expected.reduce(0, +) / 60) < 1e-12)
    #expect(found.labels == [2, 5, 9])
    let second = zip(expected, Self.labels).filter { $0.1 == 5 }.map(\.0)
    #expect(abs(found.classMeans[1] - second.reduce(0, +) / 18) < 1e-12)
  }

  @Test(.tags(.law)) func silhouettesOfClearCases() throws {
    let two = try silhouette(of: [[0], [0], [8], [8], [3]], labels: [0, 0, 1, 1, 2])
    #expect(two.values == [1, 1, 1, 1, 0])
    let wrong = try silhouette(of: [[0.0], [8], [0], [8]], labels: [0, 0, 1, 1])
    #expect(wrong.values == [-0.5, -0.5, -0.5, -0.5])
    let key = RandomKey(seed: 5)
    let (x, labels) = clouds(3, of: 200, features: 6, distance: 5, key: key)
    let plain = try silhouette(of: x, labels: labels)
    let threads = try silhouette(of: x, labels: labels, workers: Workers(threadCount: 2))
    #expect(plain == threads)
    let turned = try silhouette(of: moved(x, key: key), labels: labels)
    #expect(largestDifference(plain.values, turned.values) < 1e-10)
  }

  @Test func messages() {
    let x = Self.x
    for (body, message) in [
      (
        { _ = try classSeparation(of: [[1], [2]], labels: [0, 1]) },
        "classSeparation: no class has any spread: all its samples are the same"
      ),
      (
        { _ = try fewShotSignal(of: x, labels: Self.labels, shotCount: 0) },
        "fewShotSignal: the number of shots is 0.0; expected at least 1"
      ),
      (
        { _ = try fewShotSignal(of: [[1], [1], [2], [2]], labels: [0, 0, 1, 1]) },
        "fewShotSignal: labels 0 and 1 have no spread: all their samples are the same"
      ),
      (
        { _ = try silhouette(of: [[1], [2]], labels: [0, 1]) },
        "silhouette: 2 samples; at least 3 are needed"
      ),
    ] as [(() throws -> Void, String)] {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}
