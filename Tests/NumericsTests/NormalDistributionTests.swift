import Foundation
import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct NormalDistributionTests {
  @Test(.tags(.golden)) func equalsScipy() throws {
    let json = try JSONValue(parsing: fixture("onset/expected.json"))
    for entry in json.object?["normal"]?.array ?? [] {
      let p = entry.object?["p"]?.double ?? .nan
      let z = entry.object?["z"]?.double ?? .nan
      let found = NormalDistribution.quantile(p)
      #expect(abs(found - z) < 1e-13 * max(1, abs(z)), "\(p): \(found), not \(z)")
    }
    #expect(json.object?["normal"]?.array?.count == 9)
  }

  @Test(.tags(.law)) func quantileAndCumulativeAreInverse() {
    for p in stride(from: 0.0005, to: 1, by: 0.0005) {
      #expect(abs(NormalDistribution.cumulative(NormalDistribution.quantile(p)) - p) < 1e-15)
    }
    #expect(NormalDistribution.quantile(0.5) == 0)
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
  }
}
