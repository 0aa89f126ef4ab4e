import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ParticipationRatioTests {
  private static let fixture = SimilarityFixture.self

  @Test(.tags(.golden)) func fromProductsAsFromTheSpectrum() throws {
    let x = Self.fixture.x
    #expect(
      abs(try participationRatio(of: x) - Self.fixture.number("spectrum", "participation")) < 1e-12)
    // From fewer samples than features too.
    let wide = x.selectingRows(0..<4)
    #expect(
      abs(try participationRatio(of: wide) - singularSpectrum(of: wide).participationRatio) < 1e-12)
  }

  @Test(.tags(.golden)) func debiasedIsTheSumOverSetsOfFour() throws {
    let ten = Self.fixture.x.selectingRows(0..<10)
    let expected = Self.fixture.number("spectrum", "debiasedOfTen")
    #expect(abs(try participationRatio(of: ten, estimator: .debiased) - expected) < 1e-11)
  }

  @Test(.tags(.statistical)) func debiasedFindsTheDirectionsOfFewSamples() throws {
    // 60 equal directions and 40 samples: the plain form cannot exceed 39.
    let key = RandomKey(seed: 1)
    let draws =
      (0..<30).map { key.fork($0).normalMatrix(rowCount: 40, columnCount: 60) }
      as [Matrix<Double>]
    let debiased = try Estimate(
      meanOf: draws.map { try 1 / participationRatio(of: $0, estimator: .debiased) },
      measure: "test")
    #expect(abs(debiased.value - 1.0 / 60) < 4 * debiased.standardError)
    #expect(try participationRatio(of: draws[0]) < 28)
  }
}
