import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SpectralComplexityTests {
  @Test(.tags(.golden)) func equalsTheDefinition() throws {
    let expected = try CurvatureFixture.read()
    let layers = expected.layers.map { Matrix<Double>(rows: $0) }
    let plain = try spectralComplexity(of: layers)
    #expect(largestDifference(plain.spectralNorms, expected.spectralNorms) < 1e-13)
    #expect(abs(plain.value / expected.complexity - 1) < 1e-13)
    let from = try spectralComplexity(
      of: layers, references: expected.references.map { Matrix<Double>(rows: $0) })
    #expect(abs(from.value / expected.complexityFromReferences - 1) < 1e-13)
  }

  @Test(.tags(.golden)) func marginsEqualTheDefinition() throws {
    let expected = try CurvatureFixture.read()
    let complexity = try spectralComplexity(
      of: expected.layers.map { Matrix<Double>(rows: $0) })
    let margins = try normalizedMargins(
      expected.margins, inputs: expected.inputs, complexity: complexity)
    #expect(largestDifference(margins.values, expected.normalizedMargins) < 1e-15)
    #expect(margins.smallest == margins.values.min())
  }

  /// Multiplying the last layer multiplies margins and scale alike.
  @Test(.tags(.law), arguments: MarginScale.allCases)
  func normalizedMarginsHaveNoScale(_ scale: MarginScale) throws {
    let expected = try CurvatureFixture.read()
    let layers = expected.layers.map { Matrix<Double>(rows: $0) }
    func values(_ factor: Double) throws -> [Double] {
      let scaled = layers.dropLast() + [layers[2].map { factor * $0 }]
      return try normalizedMargins(
        expected.margins.map { factor * $0 }, inputs: expected.inputs,
        complexity: spectralComplexity(of: Array(scaled)), scale: scale
      ).values
    }
    #expect(largestDifference(try values(1), try values(7)) < 1e-15)
  }

  @Test(.tags(.law)) func theBoundIsALipschitzConstant() throws {
    let key = RandomKey(seed: 9)
    let layers: [Matrix<Double>] = [
      key.fork(0).normalMatrix(rowCount: 7, columnCount: 5),
      key.fork(1).normalMatrix(rowCount: 3, columnCount: 7),
    ]
    let bound = try spectralComplexity(of: layers).lipschitzBound
    func output(_ x: [Double]) -> [Double] {
      layers[1].multiplied(by: layers[0].multiplied(by: x).map { max(0, $0) })
    }
    for pair in 0..<20 {
      let x: [Double] = key.fork("x").fork(pair).normal(count: 5)
      let y: [Double] = key.fork("y").fork(pair).normal(count: 5)
      let (moved, apart) = (
        try distance(between: output(x), and: output(y)), try distance(between: x, and: y)
      )
      #expect(moved <= bound * apart)
    }
  }

  @Test(.tags(.law)) func spectralNormOfADiagonal() throws {
    #expect(try spectralNorm(of: Matrix<Float>(diagonal: [1, -3, 2])) == 3)
    #expect(try spectralNorm(of: Matrix<Double>(rowCount: 3, columnCount: 2)) == 0)
    let zero = try spectralComplexity(of: [Matrix<Double>(rowCount: 3, columnCount: 2)])
    #expect(zero.value == 0)
  }

  @Test func refusals() throws {
    let layer = Matrix<Double>(rows: [[1, 2]])
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: MeasureError.self) { try body() }?.description
    }
    #expect(
      message { _ = try spectralComplexity(of: [layer], activationLipschitz: 0) }
        == "spectralComplexity: the activations' Lipschitz constant is 0.0; expected a positive "
        + "number")
    #expect(
      message { _ = try spectralComplexity(of: [layer], references: [layer.transposed]) }
        == "spectralComplexity: layers [\"[1, 2]\"] cannot be compared with references "
        + "[\"[2, 1]\"]")
    let zero = SpectralComplexity(spectralNorms: [0], distances: [0], activationLipschitz: 1)
    #expect(
      message { _ = try normalizedMargins([1], inputs: [[1]], complexity: zero) }
        == "normalizedMargins: margins cannot be divided by a scale of 0.0")
    #expect(
      message { _ = try normalizedMargins([1], inputs: [[1], [2]], complexity: zero) }
        == "normalizedMargins: 1 rows cannot be paired with 2; row i of both must belong to one "
        + "sample")
  }
}
