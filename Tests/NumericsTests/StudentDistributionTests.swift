import GrokNumerics
import TestSupport
import Testing

@Suite struct StudentDistributionTests {
  /// Percentage points as every table prints them: Abramowitz & Stegun, Table 26.10.
  @Test(
    .tags(.golden),
    arguments: [
      (1, 0.95, 12.706), (2, 0.95, 4.303), (3, 0.95, 3.182), (4, 0.95, 2.776), (7, 0.95, 2.365),
      (10, 0.95, 2.228), (30, 0.95, 2.042), (120, 0.95, 1.980), (1, 0.5, 1.000), (5, 0.99, 4.032),
      (1_000_000, 0.95, 1.960),
    ])
  func boundsAreThoseOfTheTables(degrees: Int, confidence: Double, bound: Double) {
    let found = StudentDistribution(degreesOfFreedom: degrees).bound(confidence: confidence)
    #expect(abs(found - bound) < 0.0006)
  }

  @Test(.tags(.law), arguments: [1, 2, 3, 4, 5, 8, 31, 999, 1_000])
  func boundAndProbabilityAreInverse(degrees: Int) {
    let distribution = StudentDistribution(degreesOfFreedom: degrees)
    for confidence in [0.01, 0.5, 0.6827, 0.95, 0.999] {
      let bound = distribution.bound(confidence: confidence)
      #expect(abs(distribution.probability(within: bound) - confidence) < 1e-12)
    }
    // With two degrees of freedom the probability is t / √(2 + t²).
    if degrees == 2 {
      #expect(abs(distribution.probability(within: 1) - 1 / 3.0.squareRoot()) < 1e-15)
    }
  }

  @Test(.tags(.oracle)) func theExpansionMeetsTheSum() {
    let below = StudentDistribution(degreesOfFreedom: 1_000).bound(confidence: 0.95)
    let above = StudentDistribution(degreesOfFreedom: 1_001).bound(confidence: 0.95)
    // One more degree of freedom moves the bound by 2.4e-6.
    #expect(below > above && below - above < 3e-6)
    #expect(abs(above - 1.9623367) < 1e-6)
  }
}
