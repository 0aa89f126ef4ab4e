import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct NeuralCollapseTests {
  private static let fixture = ReadoutFixture.self

  @Test(.tags(.golden)) func allFourFromTheirDefinitions() throws {
    let result = try neuralCollapse(
      of: Self.fixture.x, labels: Self.fixture.labels, readout: Self.fixture.readout())
    #expect(abs(result.withinClassVariation - Self.fixture.number("collapse", "nc1")) < 1e-12)
    #expect(result.keptDirectionCount == 2)
    for (found, name) in [(result.means, "means"), (result.weights, "weights")] {
      let found = try #require(found)
      #expect(
        largestDifference(
          [found.normVariation, found.cosineVariation, found.cosineDeviation],
          Self.fixture.numbers("collapse", name)) < 1e-13)
    }
    let duality = try #require(result.selfDuality)
    #expect(abs(duality - Self.fixture.number("collapse", "duality")) < 1e-13)
    #expect(
      result.nearestCenterDisagreement?.count
        == Int(Self.fixture.number("collapse", "disagreements")))
    #expect(result.nearestCenterDisagreement?.total == 60)
  }

  @Test(.tags(.golden)) func theCutDropsDirections() throws {
    let share = Self.fixture.number("collapse", "eigenvalueShare")
    let result = try neuralCollapse(
      of: Self.fixture.x, labels: Self.fixture.labels, eigenvalueCut: share * 1.01)
    #expect(result.keptDirectionCount == 1)
    #expect(abs(result.withinClassVariation - Self.fixture.number("collapse", "nc1 cut")) < 1e-13)
    #expect(result.weights == nil && result.selfDuality == nil)
  }

  /// Corners of a regular simplex of C vectors, turned.
  private static func simplex(_ count: Int, features: Int, key: RandomKey) throws
    -> Matrix<Double>
  {
    var corners = Matrix<Double>(
      repeating: -1 / Double(count), rowCount: count, columnCount: features)
    for row in 0..<count {
      for column in count..<features { corners[row, column] = 0 }
      corners[row, row] += 1
    }
    return corners.multiplied(by: try rotation(size: features, key: key))
  }

  @Test(.tags(.law)) func collapsedFeaturesHaveZeroOfAll() throws {
    let corners = try Self.simplex(4, features: 7, key: RandomKey(seed: 1))
    // Classes of different sizes, shifted and scaled as one.
    let labels = [0, 0, 1, 2, 2, 2, 3]
    let features = corners.selectingRows(labels).map { 3 * $0 + 5 }
    let weights = corners.map { 9 * $0 }
    let biases = weights.multiplied(by: Array(repeating: -5, count: 7))
    let result = try neuralCollapse(
      of: features, labels: labels, readout: LinearReadout(weights: weights, biases: biases))
    #expect(result.withinClassVariation < 1e-25)
    #expect(result.keptDirectionCount == 3)
    for part in [result.means, result.weights] {
      let part = try #require(part)
      #expect(part.normVariation < 1e-13 && part.cosineVariation < 1e-13)
      #expect(part.cosineDeviation < 1e-13)
    }
    #expect(try #require(result.selfDuality) < 1e-13)
    #expect(result.nearestCenterDisagreement?.count == 0)
  }

  @Test(.tags(.statistical)) func isotropicNoiseHasAClosedForm() throws {
    // Means of norm r at the corners of a simplex, variance s² in every direction:
    // NC1 = (C − 1)² s²/(C r²).
    let key = RandomKey(seed: 2)
    let (count, features, size) = (5, 8, 4_000)
    let corners = try Self.simplex(count, features: features, key: key)
    let labels = (0..<count * size).map { $0 % count }
    let noise: Matrix<Double> = key.fork("noise").normalMatrix(
      rowCount: labels.count, columnCount: features)
    var samples = corners.selectingRows(labels)
    for row in labels.indices {
      for column in 0..<features { samples[row, column] += 0.3 * noise[row, column] }
    }
    let norm = 1 - 1 / Double(count)
    let expected = 16.0 * 0.09 / (5 * norm)
    let found = try neuralCollapse(
      of: samples, labels: labels, workers: Workers(threadCount: 2)
    ).withinClassVariation
    // 16,000 independent directions of noise: 1.1 % is one standard error of a variance; the means
    // themselves move by less.
    #expect(abs(found / expected - 1) < 0.04)
  }

  @Test(.tags(.law)) func classesCountAlikeAndTurningChangesNothing() throws {
    let (x, labels) = (Self.fixture.x, Self.fixture.labels)
    let once = try neuralCollapse(of: x, labels: labels)
    let twice = labels.indices.filter { labels[$0] == 5 }
    let more = try neuralCollapse(
      of: x.selectingRows(Array(labels.indices) + twice), labels: labels + twice.map { _ in 5 })
    #expect(abs(once.withinClassVariation - more.withinClassVariation) < 1e-12)
    let turned = try neuralCollapse(of: moved(x, key: RandomKey(seed: 3)), labels: labels)
    #expect(abs(once.withinClassVariation - turned.withinClassVariation) < 1e-10)
    #expect(abs(once.means.cosineDeviation - turned.means.cosineDeviation) < 1e-12)
  }

  @Test(.tags(.oracle)) func threadsAndPrecisionDoNotMatter() throws {
    let (samples, labels) = clouds(
      3, of: 1_000, features: 6, distance: 3, key: RandomKey(seed: 4))
    let float = Matrix<Float>(samples)
    let alone = try neuralCollapse(of: float, labels: labels)
    let threads = try neuralCollapse(
      of: float, labels: labels, workers: Workers(threadCount: 3))
    #expect(alone == threads)
    let double = try neuralCollapse(of: Matrix<Double>(float), labels: labels)
    #expect(alone == double)
  }

  @Test func whatHasNoValueIsNamed() throws {
    let (x, labels) = (Self.fixture.x, Self.fixture.labels)
    let readout = try Self.fixture.readout()
    for (samples, labels, readout, cut, message) in [
      (
        x, labels, nil as LinearReadout?, 2.0,
        "neuralCollapse: the eigenvalue cut is 2.0; expected above 0, below 1: it is relative to the "
          + "largest"
      ),
      (
        x, Array(repeating: 4, count: 60), nil, 1e-10,
        "neuralCollapse: all samples have the label 4; at least 2 classes are needed"
      ),
      (
        x, [1, 2], nil, 1e-10,
        "neuralCollapse: 60 rows cannot be paired with 2; row i of both must belong to one sample"
      ),
      (
        Matrix(repeating: 1, rowCount: 60, columnCount: 5), labels, nil, 1e-10,
        "neuralCollapse: all class means are the same"
      ),
      (
        x, labels.map { $0 == 2 ? 3 : $0 }, readout, 1e-10,
        "neuralCollapse: the readout has no row for label 3; it has 3 rows"
      ),
      (
        x.selectingColumns(0..<4), labels, readout, 1e-10,
        "neuralCollapse: the readout takes 5 features, the samples have 4"
      ),
    ] {
      let error = #expect(throws: MeasureError.self) {
        try neuralCollapse(
          of: samples, labels: labels, readout: readout, eigenvalueCut: cut)
      }
      #expect(error?.description == message)
    }
  }
}
