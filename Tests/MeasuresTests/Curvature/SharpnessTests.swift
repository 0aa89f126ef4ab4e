import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SharpnessTests {
  private let key = RandomKey(seed: 27)

  /// ½ wᵀAw + bᵀw.
  private func surface(_ a: Matrix<Double>, _ b: [Double]) -> LossSurface {
    LossSurface(dimension: b.count, exampleCount: 1) { w in
      let product = a.multiplied(by: w)
      return (dot(product, w) / 2 + dot(b, w), zip(product, b).map { $0 + $1 })
    }
  }

  /// L(θ + ρ g/‖g‖) − L(θ) = ρ ‖g‖ + ρ²/2 gᵀAg/‖g‖².
  @Test(.tags(.law)) func ascentOnAQuadratic() throws {
    let a = try symmetricMatrix(eigenvalues: [1, 2, 3, 10], key: key)
    let b: [Double] = key.fork("b").normal(count: 4)
    let w: [Double] = key.fork("w").normal(count: 4)
    let g = zip(a.multiplied(by: w), b).map { $0 + $1 }
    let square = dot(g, g)
    let expected = 0.1 * square.squareRoot() + 0.005 * dot(g, a.multiplied(by: g)) / square
    let found = try ascentSharpness(of: surface(a, b), at: w, radius: 0.1, key: key)
    #expect(abs(found - expected) < 1e-12)
  }

  /// On a quadratic the mean rise under noise is σ²/2 tr A, whatever the slope.
  @Test(.tags(.statistical)) func averageIsHalfTheTrace() throws {
    let a = try symmetricMatrix(eigenvalues: [1, 2, 3, 10], key: key)
    let found = try averageSharpness(
      of: surface(a, [5, -3, 1, 2]), at: [1, 1, 1, 1], standardDeviation: 0.1, pairCount: 400,
      key: key)
    #expect(abs(found.value - 0.08) < 4 * found.standardError)
    #expect(found.standardError < 0.008)
    let shared = try averageSharpness(
      of: surface(a, [5, -3, 1, 2]), at: [1, 1, 1, 1], standardDeviation: 0.1, pairCount: 400,
      workers: Workers(threadCount: 2), key: key)
    #expect(found == shared)
  }

  @Test func refusals() {
    let flat = surface(Matrix(diagonal: [1, 1]), [0, 0])
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: MeasureError.self) { try body() }?.description
    }
    #expect(
      message { _ = try ascentSharpness(of: flat, at: [0, 0], key: key) }
        == "ascentSharpness: a gradient of norm 0.0 has no direction")
    #expect(
      message { _ = try ascentSharpness(of: flat, at: [0], key: key) }
        == "ascentSharpness: 2 rows cannot be paired with 1; row i of both must belong to one "
        + "sample")
    #expect(
      message { _ = try averageSharpness(of: flat, at: [0, 0], standardDeviation: 0, key: key) }
        == "averageSharpness: the standard deviation is 0.0; expected a positive number")
  }
}
