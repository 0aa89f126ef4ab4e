import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SpectralDecayTests {
  private static let fixture = SimilarityFixture.self

  @Test(.tags(.golden)) func theLineOfScipy() throws {
    let eigenvalues = Self.fixture.numbers("spectrum", "centered").map { $0 * $0 / 23 }
    let decay = try spectralDecay(of: eigenvalues, ranks: 2...5)
    #expect(abs(decay.exponent.value - Self.fixture.number("decay", "exponent")) < 1e-12)
    #expect(abs(decay.exponent.standardError - Self.fixture.number("decay", "error")) < 1e-12)
    #expect(abs(decay.rSquared - Self.fixture.number("decay", "rSquared")) < 1e-12)
  }

  @Test(.tags(.law)) func aPowerLawHasItsExponent() throws {
    let decay = try spectralDecay(
      of: (1...40).map { 7 / Double($0 * $0) }, ranks: 5...40)
    #expect(abs(decay.exponent.value - 2) < 1e-12)
    #expect(decay.exponent.standardError < 1e-12 && abs(decay.rSquared - 1) < 1e-12)
    #expect(try spectralDecay(of: [3, 3, 3], ranks: 1...3).exponent.value == 0)
  }

  @Test(arguments: [
    (
      [3.0, 2, 1], 1...4,
      "spectralDecay: the last rank is 4.0; expected ranks within 1 to 3, the number of eigenvalues"
    ),
    ([3, 2, 1], 1...2, "spectralDecay: 2 samples; at least 3 are needed"),
    ([3, 2, 0], 1...3, "spectralDecay: eigenvalue 3 is 0.0 and has no logarithm"),
  ]) func refusals(values: [Double], ranks: ClosedRange<Int>, message: String) {
    let error = #expect(throws: MeasureError.self) { try spectralDecay(of: values, ranks: ranks) }
    #expect(error?.description == message)
  }
}
