import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct PathNormTests {
  @Test(.tags(.golden)) func equalsTheSumOverAllPaths() throws {
    let expected = try CurvatureFixture.read()
    let layers = expected.layers.map { Matrix<Double>(rows: $0) }
    for (name, order, biases) in [
      ("one", PathOrder.one, nil), ("two", .two, nil),
      ("oneWithBiases", .one, expected.biases), ("twoWithBiases", .two, expected.biases),
    ] as [(String, PathOrder, [[Double]]?)] {
      let found = try pathNorm(of: layers, biases: biases, order: order)
      #expect(abs(found / (expected.paths[name] ?? 0) - 1) < 1e-13, "\(name)")
    }
  }

  /// Scaling a unit's inputs and unscaling its outputs changes no path.
  @Test(.tags(.law), arguments: PathOrder.allCases)
  func doesNotChangeUnderRescaling(_ order: PathOrder) throws {
    let key = RandomKey(seed: 8)
    var first: Matrix<Double> = key.fork(0).normalMatrix(rowCount: 6, columnCount: 4)
    var second: Matrix<Double> = key.fork(1).normalMatrix(rowCount: 3, columnCount: 6)
    let before = try pathNorm(of: [first, second], order: order)
    for unit in 0..<6 {
      let factor = Double(unit + 1)
      for column in 0..<4 { first[unit, column] *= factor }
      for row in 0..<3 { second[row, unit] /= factor }
    }
    #expect(abs(try pathNorm(of: [first, second], order: order) / before - 1) < 1e-14)
  }

  @Test func oneLayerIsItsOwnNorm() throws {
    let layer = Matrix<Float>(rows: [[3, -4]])
    #expect(try pathNorm(of: [layer], order: .one) == 7)
    #expect(try pathNorm(of: [layer], order: .two) == 5)
  }

  @Test func refusals() {
    func message(_ layers: [Matrix<Double>], _ biases: [[Double]]? = nil) -> String? {
      let error = #expect(throws: MeasureError.self) { try pathNorm(of: layers, biases: biases) }
      return error?.description
    }
    let wide = Matrix<Double>(rowCount: 2, columnCount: 3)
    #expect(message([]) == "pathNorm: 0 samples; at least 1 are needed")
    #expect(
      message([wide, wide])
        == "pathNorm: layer 2 [2, 3] cannot follow layer 1 [2, 3]; layers are [outputs, inputs], "
        + "the first first")
    #expect(
      message([wide], [[1]])
        == "pathNorm: biases of [1] elements for layers of [2] outputs")
    #expect(
      message([Matrix(rows: [[1, .nan]])])
        == "pathNorm: element 1 of layer 1 is not finite; remove such samples or find their cause")
    #expect(
      message([Matrix(rows: [[1e200]])])
        == "pathNorm: the sum over paths is too large for a Double")
  }
}
