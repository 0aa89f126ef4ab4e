import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ChainDiagnosticsTests {
  @Test(.tags(.golden)) func equalsArviZ() throws {
    let expected = try CurvatureFixture.read().chains
    let found = try chainDiagnostics(of: expected.even)
    #expect(abs(found.potentialScaleReduction / expected.rHat - 1) < 1e-12)
    #expect(abs(found.effectiveSampleSize / expected.effective - 1) < 1e-10)
    let other = try chainDiagnostics(of: expected.alternating)
    #expect(abs(other.potentialScaleReduction / expected.alternatingRHat - 1) < 1e-12)
    #expect(abs(other.effectiveSampleSize / expected.alternatingEffective - 1) < 1e-10)
  }

  /// x ← ρ x + ξ has autocorrelation time (1 + ρ)/(1 − ρ).
  @Test(.tags(.statistical), arguments: [0.0, 0.5, 0.9])
  func autoregressiveChainsHaveTheirTime(_ rho: Double) throws {
    let chains = (0..<4).map { chain in
      let noise: [Double] = RandomKey(seed: 24).fork(chain).normal(count: 20_000)
      var x = 0.0
      return noise.map { xi in
        x = rho * x + xi
        return x
      }
    }
    let found = try chainDiagnostics(of: chains)
    #expect(abs(found.autocorrelationTime / ((1 + rho) / (1 - rho)) - 1) < 0.1)
    #expect(abs(found.mean.value) < 4 * found.mean.standardError)
    #expect(found.potentialScaleReduction < 1.01)
  }

  @Test(.tags(.law)) func chainsApartAreNoticed() throws {
    let chains = (0..<2).map { chain in
      let noise: [Double] = RandomKey(seed: 25).fork(chain).normal(count: 500)
      return noise.map { $0 + 5 * Double(chain) }
    }
    // Halves at 0, 0, 5, 5 have means of variance 25/3: R̂ = √(1 + 25/3).
    let found = try chainDiagnostics(of: chains)
    #expect(abs(found.potentialScaleReduction - 3.055) < 0.2)
    #expect(found.effectiveSampleSize < 10)
  }

  @Test(
    arguments: [
      ([[1, 2, 3]], "chainDiagnostics: 3 samples; at least 8 are needed"),
      (
        [Array(0..<8), Array(0..<9)],
        "chainDiagnostics: 8 rows cannot be paired with 9; row i of both must belong to one sample"
      ),
      (
        [Array(repeating: 1, count: 8)],
        "chainDiagnostics: the draws of every half chain are the same; the chains do not move"
      ),
    ] as [([[Int]], String)])
  func refusals(chains: [[Int]], message: String) {
    let error = #expect(throws: MeasureError.self) {
      try chainDiagnostics(of: chains.map { $0.map { Double($0) } })
    }
    #expect(error?.description == message)
  }
}
