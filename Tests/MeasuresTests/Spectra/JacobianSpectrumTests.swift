import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct JacobianSpectrumTests {
  private static let fixture = SimilarityFixture.self
  /// Six examples, `[3, 7]`.
  private static let jacobians = fixture.matrices("jacobians", "values")

  @Test(.tags(.golden)) func meansOverExamplesAndBatches() throws {
    let each = try perExampleJacobianSpectrum(exampleCount: 6) { [Self.jacobians[$0]] }
    let name = "jacobians"
    #expect(largestDifference(each.values.map(\.value), Self.fixture.numbers(name, "each")) < 1e-13)
    #expect(
      largestDifference(each.values.map(\.standardError), Self.fixture.numbers(name, "eachError"))
        < 1e-13)
    let batches = try batchAveragedJacobianSpectrum(exampleCount: 6, batchSize: 2) {
      [Self.jacobians[$0]]
    }
    #expect(
      largestDifference(batches.values.map(\.value), Self.fixture.numbers(name, "batches")) < 1e-13)
    // Norms of the averages are smaller.
    #expect(batches.squaredNorm.value < each.squaredNorm.value)
  }

  @Test(.tags(.oracle)) func blocksProductsAndOrientationMakeNoDifference() throws {
    let whole = try perExampleJacobianSpectrum(exampleCount: 6) { [Self.jacobians[$0]] }
    let parts = try perExampleJacobianSpectrum(exampleCount: 6) { example in
      [0..<2, 2..<7].map { Self.jacobians[example].selectingColumns($0) }
    }
    let products = try perExampleJacobianSpectrum(exampleCount: 6) { Self.jacobians[$0].rowGram }
    let upright = try perExampleJacobianSpectrum(exampleCount: 6) {
      [Self.jacobians[$0].transposed]
    }
    for other in [parts, products, upright] {
      #expect(largestDifference(whole.values.map(\.value), other.values.map(\.value)) < 1e-13)
      #expect(
        largestDifference(
          whole.normalizedValues.map(\.value), other.normalizedValues.map(\.value)) < 1e-13)
    }
  }

  @Test(.tags(.law)) func normalizedSquaresAddUpToOneForOneJacobian() throws {
    let same = try perExampleJacobianSpectrum(exampleCount: 3) { _ in [Self.jacobians[0]] }
    let squares = same.normalizedValues.reduce(0) { $0 + $1.value * $1.value }
    #expect(abs(squares - 1) < 1e-14)
    #expect(same.values.allSatisfy { $0.standardError < 1e-14 })
    let batch = try batchAveragedJacobianSpectrum(exampleCount: 4, batchSize: 2) { _ in
      [Self.jacobians[0]]
    }
    #expect(largestDifference(batch.values.map(\.value), same.values.map(\.value)) < 1e-13)
  }

  @Test func jacobiansThatDoNotFitAreRefused() {
    let cases: [(() throws -> JacobianSpectrum, String)] = [
      (
        { try perExampleJacobianSpectrum(exampleCount: 1) { [Self.jacobians[$0]] } },
        "perExampleJacobianSpectrum: 1 samples; at least 2 are needed"
      ),
      (
        {
          try perExampleJacobianSpectrum(exampleCount: 2) { _ in
            [Matrix<Float>(rowCount: 2, columnCount: 2), Matrix(rowCount: 3, columnCount: 2)]
          }
        },
        "perExampleJacobianSpectrum: Jacobian 0 has blocks [\"[2, 2]\", \"[3, 2]\"]; all need the same "
          + "number of rows, one an output"
      ),
      (
        {
          try perExampleJacobianSpectrum(exampleCount: 2) { _ in
            [Matrix<Float>(rowCount: 2, columnCount: 2)]
          }
        }, "perExampleJacobianSpectrum: Jacobian 0 is 0"
      ),
      (
        {
          try batchAveragedJacobianSpectrum(exampleCount: 6, batchSize: 4) { [Self.jacobians[$0]] }
        },
        "batchAveragedJacobianSpectrum: the batch size is 4.0; expected a divisor of the 6 examples"
      ),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}
