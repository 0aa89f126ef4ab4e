import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct CrossnobisTests {
  private static let fixture = SimilarityFixture.self
  private static let partitions = fixture.numbers("crossnobis", "partitions").map { Int($0) }

  @Test(
    .tags(.golden),
    arguments: [
      ("none", NoiseNormalization.none), ("variance", .variance),
      ("shrunk 0.3", .covariance(shrinkage: 0.3)),
    ]) func valuesOfPlainLoops(name: String, normalization: NoiseNormalization) throws
  {
    let result = try crossnobisDissimilarities(
      of: Self.fixture.x, conditions: Self.fixture.labels, partitions: Self.partitions,
      normalization: normalization)
    #expect(largestDifference(result.values, Self.fixture.numbers("crossnobis", name)) < 1e-12)
  }

  @Test(.tags(.law)) func anInvertibleMapChangesNothingWithoutShrinkage() throws {
    let x: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 40, columnCount: 3)
    let conditions = (0..<40).map { $0 % 4 }
    let partitions = (0..<40).map { $0 / 20 }
    let map: Matrix<Double> = RandomKey(seed: 2).normalMatrix(rowCount: 3, columnCount: 3)
    let values = try [x, x.multiplied(by: map)].map {
      try crossnobisDissimilarities(
        of: $0, conditions: conditions, partitions: partitions,
        normalization: .covariance(shrinkage: 0)
      ).values
    }
    #expect(largestDifference(values[0], values[1]) < 1e-11)
  }

  @Test(.tags(.statistical)) func conditionsThatDoNotDifferAreZeroApartOnAverage() throws {
    let values = try (0..<60).map { draw in
      let x: Matrix<Double> = RandomKey(seed: 3).fork(draw).normalMatrix(
        rowCount: 24, columnCount: 5)
      return try crossnobisDissimilarities(
        of: x, conditions: Self.fixture.labels, partitions: Self.partitions
      ).values.reduce(0, +)
    }
    let mean = try Estimate(meanOf: values, measure: "test")
    #expect(abs(mean.value) < 4 * mean.standardError && mean.standardError < 0.1)
  }

  @Test func designsThatAllowNoValidationAreRefused() {
    let x = Matrix<Double>(rows: [[1], [2], [3], [4]])
    for (conditions, partitions, message) in [
      (
        [0, 1, 0, 1], [7, 7, 7, 7], "crossnobisDissimilarities: 1 samples; at least 2 are needed"
      ),
      (
        [0, 1, 0, 0], [5, 5, 7, 7],
        "crossnobisDissimilarities: condition 1 has no sample in partition 7"
      ),
      (
        [0, 1, 0, 1], [0, 0, 1, 1], "crossnobisDissimilarities: 4 samples; at least 5 are needed"
      ),
      (
        [0, 1], [0, 0, 1, 1],
        "crossnobisDissimilarities: 4 rows cannot be paired with 2; row i of both must belong to one "
          + "sample"
      ),
    ] {
      let error = #expect(throws: MeasureError.self) {
        try crossnobisDissimilarities(of: x, conditions: conditions, partitions: partitions)
      }
      #expect(error?.description == message)
    }
  }
}
