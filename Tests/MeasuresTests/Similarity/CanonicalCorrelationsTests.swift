import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct CanonicalCorrelationsTests {
  private static let fixture = SimilarityFixture.self

  @Test(.tags(.golden)) func correlationsOfColumnSpaces() throws {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    let result = try canonicalCorrelations(of: x, with: y)
    #expect(largestDifference(result.values, Self.fixture.numbers("cca", "correlations")) < 1e-12)
    #expect(
      abs(result.projectionWeightedMean - Self.fixture.number("cca", "weighted")) < 1e-12)
    #expect(result.ranks == [5, 4] && result.sampleCount == 24)
    let most = try canonicalCorrelations(of: x, with: y, keptVariance: 0.9)
    #expect(largestDifference(most.values, Self.fixture.numbers("cca", "svcca 0.9")) < 1e-12)
  }

  @Test(.tags(.law)) func anyInvertibleMapKeepsCorrelations() throws {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    let map: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 5, columnCount: 5)
    let before = try canonicalCorrelations(of: x, with: y)
    let after = try canonicalCorrelations(of: x.multiplied(by: map), with: y)
    #expect(largestDifference(before.values, after.values) < 1e-9)
    let own = try canonicalCorrelations(of: x, with: x.multiplied(by: map))
    #expect(own.values.allSatisfy { abs($0 - 1) < 1e-9 })
    #expect(abs(own.mean - 1) < 1e-9 && abs(own.meanSquare - 1) < 1e-9)
  }

  @Test(.tags(.law)) func directionsWithoutVarianceAreLeftOut() throws {
    let x = Self.fixture.x
    let doubled = Matrix<Float>(x.selectingColumns([0, 1, 2, 3, 4, 0, 3]))
    let result = try canonicalCorrelations(of: doubled, with: Self.fixture.y)
    #expect(result.ranks == [5, 4])
    #expect(
      largestDifference(result.values, Self.fixture.numbers("cca", "correlations")) < 1e-5)
  }

  @Test func aKeptVarianceOfNothingIsRefused() {
    let error = #expect(throws: MeasureError.self) {
      try canonicalCorrelations(of: Self.fixture.x, with: Self.fixture.y, keptVariance: 0)
    }
    #expect(
      error?.description
        == "canonicalCorrelations: the kept variance is 0.0; expected above 0 and at most 1")
  }
}
