import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SingularSpectrumTests {
  private static let fixture = SimilarityFixture.self

  @Test(.tags(.golden), arguments: SpectrumMethod.allCases) func valuesOfNumPy(
    method: SpectrumMethod
  ) throws {
    let x = Self.fixture.x
    let centered = try singularSpectrum(of: x, method: method)
    #expect(
      largestDifference(centered.values, Self.fixture.numbers("spectrum", "centered")) < 1e-12)
    let plain = try singularSpectrum(of: x, isCentered: false, method: method)
    #expect(largestDifference(plain.values, Self.fixture.numbers("spectrum", "plain")) < 1e-12)
    let expected = { Self.fixture.number("spectrum", $0) }
    #expect(abs(centered.participationRatio - expected("participation")) < 1e-12)
    #expect(abs(centered.effectiveRank - expected("effectiveRank")) < 1e-12)
    #expect(abs(centered.rankMe() - expected("rankMe")) < 1e-12)
    #expect(abs(centered.stableRank - expected("stableRank")) < 1e-12)
    #expect(centered.rank(relativeTolerance: 0.1) == 4 && centered.rank(holding: 0.9) == 2)
  }

  @Test(.tags(.oracle)) func wideAndTallArraysHaveTheSameValues() throws {
    let x: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 11, columnCount: 300)
    let wide = try singularSpectrum(of: x, isCentered: false)
    let tall = try singularSpectrum(of: x.transposed, isCentered: false)
    #expect(largestDifference(wide.values, tall.values) < 1e-12)
    for isCentered in [false, true] {
      let direct = try singularSpectrum(of: x, isCentered: isCentered, method: .direct)
      let gram = try singularSpectrum(of: Matrix<Float>(x), isCentered: isCentered)
      #expect(
        largestDifference(Array(direct.values.prefix(10)), Array(gram.values.prefix(10))) < 1e-5)
    }
    // Centring takes one direction away from the samples.
    #expect(try singularSpectrum(of: x).values[10] < 1e-6)
  }

  @Test(.tags(.law)) func equalDirectionsCountFully() throws {
    // ±e_k in ten dimensions: every rank is 10.
    var x = Matrix<Double>(rowCount: 20, columnCount: 10)
    for k in 0..<10 { (x[k, k], x[k + 10, k]) = (1, -1) }
    let spectrum = try singularSpectrum(of: x)
    for value in [
      spectrum.participationRatio, spectrum.effectiveRank, spectrum.stableRank,
      try participationRatio(of: x),
    ] {
      #expect(abs(value - 10) < 1e-12)
    }
    #expect(
      largestDifference(spectrum.covarianceEigenvalues, Array(repeating: 2.0 / 19, count: 10))
        < 1e-15)
    #expect(try singularSpectrum(of: [[1, 2], [2, 4], [3, 6]]).participationRatio == 1)
  }

  @Test(.tags(.law)) func turningAndScalingChangeNoRank() throws {
    let x = Self.fixture.x
    let (before, after) = (
      try singularSpectrum(of: x), try singularSpectrum(of: moved(x, key: RandomKey(seed: 2)))
    )
    #expect(abs(before.participationRatio - after.participationRatio) < 1e-11)
    #expect(abs(before.effectiveRank - after.effectiveRank) < 1e-11)
    #expect(abs(before.stableRank - after.stableRank) < 1e-11)
  }

  @Test(.tags(.law)) func valuesAboveTheResolutionAreRight() throws {
    // σ = 1, 10⁻², …, 10⁻¹²; what Float or a Gram matrix in Float would lose below 3·10⁻⁴.
    let key = RandomKey(seed: 3)
    let sigma = (0..<7).map { k in (0..<k).reduce(1.0) { value, _ in value / 100 } }
    let left = try QRFactors(
      of: key.normalMatrix(rowCount: 30, columnCount: 7) as Matrix<Double>
    ).orthogonal
    let x = left.multiplied(by: Matrix(diagonal: sigma)).multiplied(
      by: try rotation(size: 7, key: key))
    for method in SpectrumMethod.allCases {
      let spectrum = try singularSpectrum(of: x, isCentered: false, method: method)
      for (value, expected) in zip(spectrum.values, sigma) where expected > spectrum.resolution {
        #expect(abs(value - expected) < spectrum.resolution)
      }
      #expect(spectrum.resolution < (method == .gram ? 1e-6 : 1e-13))
    }
  }

  @Test(.tags(.resume)) func bitsDoNotDependOnThreads() throws {
    let x: Matrix<Float> = RandomKey(seed: 4).normalMatrix(rowCount: 12, columnCount: 4_000)
    let workers = Workers(threadCount: 3)
    #expect(try singularSpectrum(of: x) == singularSpectrum(of: x, workers: workers))
    let tall = x.transposed
    #expect(try singularSpectrum(of: tall) == singularSpectrum(of: tall, workers: workers))
  }

  @Test func arraysWithoutSpectrumAreRefused() {
    for (body, message) in [
      (
        { try singularSpectrum(of: [[0.0, 0], [0, 0], [0, 0]], isCentered: false) },
        "singularSpectrum: all samples are 0"
      ),
      (
        { try singularSpectrum(of: [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3]]) },
        "singularSpectrum: the samples do not vary: all rows are the same"
      ),
      ({ try singularSpectrum(of: [[1.0]]) }, "singularSpectrum: 1 samples; at least 2 are needed"),
      (
        { try singularSpectrum(of: [[1.0, .infinity, 2]], isCentered: false) },
        "singularSpectrum: element 1 of the samples is not finite; remove such samples or find their "
          + "cause"
      ),
    ] as [(() throws -> SingularSpectrum, String)] {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}
