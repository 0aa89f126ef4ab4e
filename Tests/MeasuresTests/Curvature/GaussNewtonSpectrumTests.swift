import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct GaussNewtonSpectrumTests {
  @Test(.tags(.golden), arguments: OutputCurvature.allCases)
  func equalsTheDenseMatrix(_ curvature: OutputCurvature) throws {
    let network = try CurvatureFixture.read().network
    let expected =
      curvature == .crossEntropy
      ? network.crossEntropy.gaussNewton : network.meanSquaredError.gaussNewton
    let found = try gaussNewtonSpectrum(
      kernel: Matrix<Double>(rows: network.kernel), outputs: network.logits, curvature: curvature)
    // 18 values of the kernel's side against 31 of the weights': the rest are 0 on both.
    #expect(largestDifference(found, Array(expected.prefix(18))) < 1e-13)
    #expect(expected.dropFirst(18).allSatisfy { abs($0) < 1e-13 })
  }

  @Test(.tags(.golden)) func empiricalFisherEqualsTheDenseMatrix() throws {
    let network = try CurvatureFixture.read().network
    let found = try empiricalFisherSpectrum(
      kernel: Matrix<Double>(rows: network.kernel), logits: network.logits, labels: network.labels)
    #expect(largestDifference(found, network.empiricalFisher) < 1e-13)
  }

  /// Adding a number to all logits of an example changes no probability; a softmax has no curvature
  /// along it, so an identity kernel leaves n eigenvalues 0.
  @Test(.tags(.law)) func softmaxHasAFlatDirection() throws {
    let logits: Matrix<Double> = RandomKey(seed: 28).normalMatrix(rowCount: 5, columnCount: 3)
    let kernel = Matrix<Double>.identity(size: 15)
    let found = try gaussNewtonSpectrum(
      kernel: kernel, outputs: logits, curvature: .crossEntropy)
    let moved = try gaussNewtonSpectrum(
      kernel: kernel, outputs: logits.map { $0 + 100 }, curvature: .crossEntropy)
    #expect(largestDifference(found, moved) < 1e-14)
    #expect(found.suffix(5).allSatisfy { $0 < 1e-15 })
    #expect(found.prefix(10).allSatisfy { $0 > 1e-4 })
  }

  @Test func refusals() {
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: MeasureError.self) { try body() }?.description
    }
    #expect(
      message {
        _ = try gaussNewtonSpectrum(
          kernel: Matrix<Double>.identity(size: 5), outputs: [[1, 2]], curvature: .crossEntropy)
      }
        == "gaussNewtonSpectrum: 5 rows cannot be paired with 2; row i of both must belong to one "
        + "sample")
    #expect(
      message {
        _ = try empiricalFisherSpectrum(
          kernel: Matrix<Float>.identity(size: 2), logits: [[1, 2]], labels: [3])
      } == "empiricalFisherSpectrum: a label is 3.0; expected 0 ..< 2")
    #expect(
      message {
        _ = try gaussNewtonSpectrum(
          kernel: Matrix<Double>(rows: [[1, .nan], [0, 1]]), outputs: [[1, 2]],
          curvature: .meanSquaredError)
      }
        == "gaussNewtonSpectrum: tangent kernel: element (0, 1) is not finite; remove such rows or "
        + "find their cause")
  }
}
