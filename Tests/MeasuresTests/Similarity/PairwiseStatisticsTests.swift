import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct PairwiseStatisticsTests {
  private static let fixture = SimilarityFixture.self

  @Test(.tags(.golden)) func meansOverAllPairs() throws {
    let result = try pairwiseStatistics(of: Self.fixture.x)
    #expect(abs(result.distance.value - Self.fixture.number("pairs", "distance")) < 1e-12)
    #expect(abs(result.squaredDistance.value - Self.fixture.number("pairs", "square")) < 1e-11)
    #expect(abs(result.angle.value - Self.fixture.number("pairs", "angle")) < 1e-12)
    #expect(result.distance.sampleCount == 276)
  }

  @Test(.tags(.law)) func squaredDistancesAreTwiceTheVariance() throws {
    let x: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 300, columnCount: 4)
    let variance = try singularSpectrum(of: x).covarianceEigenvalues.reduce(0, +)
    let result = try pairwiseStatistics(of: x)
    #expect(abs(result.squaredDistance.value - 2 * variance) < 1e-11)
    let float = try pairwiseStatistics(of: Matrix<Float>(x), workers: Workers(threadCount: 2))
    #expect(abs(float.squaredDistance.value - 2 * variance) < 1e-4)
  }

  @Test(.tags(.statistical)) func errorsAreThoseOfRepeatedSamples() throws {
    let key = RandomKey(seed: 2)
    let repeats = try (0..<60).map { draw in
      try pairwiseStatistics(
        of: key.fork(draw).normalMatrix(rowCount: 40, columnCount: 3) as Matrix<Double>
      ).distance
    }
    let values = repeats.map(\.value)
    let mean = values.reduce(0, +) / 60
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 59).squareRoot()
    let stated = repeats.reduce(0) { $0 + $1.standardError } / 60
    // A deviation of 60 draws is known to 9 %.
    #expect(abs(stated / spread - 1) < 0.36)
  }

  @Test(.tags(.statistical)) func drawnPairsEstimateAll() throws {
    let x = Self.fixture.x
    let all = try pairwiseStatistics(of: x)
    let some = try pairwiseStatistics(of: x, pairCount: 2_000, key: RandomKey(seed: 3))
    for (a, b) in [
      (all.distance, some.distance), (all.squaredDistance, some.squaredDistance),
      (all.angle, some.angle),
    ] {
      #expect(abs(a.value - b.value) < 4 * b.standardError && b.sampleCount == 2_000)
    }
  }

  @Test func samplesWithoutDirectionAreRefused() {
    let x = [[1.0, 2], [0, 0], [2, 1]]
    for body in [
      { try pairwiseStatistics(of: x) },
      { try pairwiseStatistics(of: x, pairCount: 100, key: RandomKey(seed: 1)) },
    ] {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == "pairwiseStatistics: sample 1 is 0 and makes no angle")
    }
  }
}
