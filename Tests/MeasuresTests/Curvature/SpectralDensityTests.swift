import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SpectralDensityTests {
  private let key = RandomKey(seed: 23)

  /// With as many steps as the operator has eigenvalues, a probe's quadrature is vᵀf(A)v itself.
  @Test(.tags(.oracle)) func aFullQuadratureIsExact() throws {
    let values: [Double] = key.fork("values").normal(count: 24)
    let matrix = try symmetricMatrix(eigenvalues: values, key: key)
    let density = try spectralDensity(
      of: SymmetricOperator(matrix), stepCount: 24, probeCount: 3, key: key)
    let decomposition = try SymmetricEigendecomposition(of: matrix)
    for (probe, nodes) in density.probes.enumerated() {
      let v: [Double] = key.fork(probe).signs(count: 24)
      let overlaps = decomposition.vectors.multiplied(by: v, transposingSelf: true)
      #expect(largestDifference(nodes.map(\.eigenvalue), decomposition.values) < 1e-12)
      #expect(largestDifference(nodes.map(\.weight), overlaps.map { $0 * $0 / 24 }) < 1e-12)
    }
  }

  /// m steps are exact for polynomials of degree 2m − 1.
  @Test(.tags(.law)) func momentsAreThoseOfTheProbes() throws {
    let values: [Double] = key.fork("values").normal(count: 60)
    let matrix = try symmetricMatrix(eigenvalues: values, key: key)
    let density = try spectralDensity(
      of: SymmetricOperator(matrix), stepCount: 4, probeCount: 2, key: key)
    for (probe, nodes) in density.probes.enumerated() {
      let v: [Double] = key.fork(probe).signs(count: 60)
      var power = v
      for degree in 0...7 {
        let moment = nodes.reduce(0) { $0 + $1.weight * pow($1.eigenvalue, Double(degree)) }
        #expect(abs(moment - dot(v, power) / 60) < 1e-9, "degree \(degree)")
        power = matrix.multiplied(by: power)
      }
    }
  }

  @Test(.tags(.statistical)) func averagesAreWithinTheirErrors() throws {
    let values = (0..<300).map { Double($0) / 100 - 1 } + [40, 60]
    let matrix = try symmetricMatrix(eigenvalues: values, key: key)
    let density = try spectralDensity(
      of: SymmetricOperator(matrix), stepCount: 40, probeCount: 12, key: key)
    func check(_ found: Estimate, _ truth: Double, _ what: String) {
      #expect(abs(found.value - truth) < 4 * found.standardError + 1e-9, "\(what): \(found)")
    }
    check(try density.trace(), values.reduce(0, +), "trace")
    // Nodes in a uniform bulk of 300 are 300/40 apart: half a node of error besides that of the probes.
    let share = try density.fraction(above: 0.5)
    #expect(abs(share.value - 151.0 / 302) < 4 * share.standardError + 0.02)
    let smoothed = values.reduce(0) { $0 + exp(-pow((0.5 - $1) / 0.3, 2) / 2) } / 302
    check(
      try density.density(at: 0.5, width: 0.3), smoothed / (0.3 * (2 * Double.pi).squareRoot()),
      "density")
    #expect(abs(density.range.upperBound - 60) < 1e-9)
    #expect(density.range.lowerBound >= -1 - 1e-12 && density.range.lowerBound < -0.9)
  }

  @Test(.tags(.law)) func theDensityIntegratesToOne() throws {
    let matrix = try symmetricMatrix(eigenvalues: [1, 2, 2, 5], key: key)
    let density = try spectralDensity(
      of: SymmetricOperator(matrix), stepCount: 9, probeCount: 2, key: key)
    var sum = 0.0
    for x in stride(from: -2.0, to: 9, by: 0.05) {
      sum += try density.density(at: x, width: 0.3).value * 0.05
    }
    #expect(abs(sum - 1) < 1e-9)
    #expect(density.probes[0].count <= 4)
  }

  @Test func refusals() throws {
    let op = try SymmetricOperator(.identity(size: 3))
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: MeasureError.self) { try body() }?.description
    }
    #expect(
      message { _ = try spectralDensity(of: op, probeCount: 1, key: key) }
        == "spectralDensity: 1 samples; at least 2 are needed")
    #expect(
      message { _ = try spectralDensity(of: op, stepCount: 0, key: key) }
        == "spectralDensity: the number of steps is 0.0; expected at least 1")
    #expect(
      message { _ = try spectralDensity(of: op, memoryBudget: 10, key: key) }
        == "spectralDensity: the memory needed, in bytes, is 96.0; expected at most the budget of "
        + "10; raise it or take fewer columns")
    #expect(
      message { _ = try spectralDensity(of: op, key: key).density(at: 0, width: 0) }
        == "spectralDensity: the width is 0.0; expected a positive number")
  }
}
