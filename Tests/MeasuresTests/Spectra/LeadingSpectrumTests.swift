import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct LeadingSpectrumTests {
  /// 400 samples with standard deviations 1/k along 60 axes, and a mean.
  private static let x: Matrix<Double> = {
    let noise: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 400, columnCount: 60)
    var x = noise.multiplied(by: Matrix(diagonal: (1...60).map { 1 / Double($0) }))
    for row in 0..<400 { x[row, 3] += 5 }
    return x
  }()

  @Test(.tags(.oracle), arguments: [true, false]) func leadingValuesAreThoseOfTheWhole(
    isCentered: Bool
  ) throws {
    let whole = try singularSpectrum(of: Self.x, isCentered: isCentered)
    let leading = try leadingSpectrum(
      of: Self.x, count: 8, passCount: 4, isCentered: isCentered, key: RandomKey(seed: 2))
    for (value, expected) in zip(leading.values, whole.values) {
      #expect(value <= expected * (1 + 1e-12) && value > expected * (1 - 1e-3))
    }
    #expect(abs(leading.values[0] / whole.values[0] - 1) < 1e-9)
    let squares = whole.values.reduce(0) { $0 + $1 * $1 }
    #expect(abs(leading.squaredNorm / squares - 1) < 1e-12)
    #expect(abs(leading.stableRank / whole.stableRank - 1) < 1e-8)
    #expect(leading.values.count == 8 && leading.heldFraction < 1)
  }

  @Test(.tags(.law)) func anArrayOfLowRankIsFoundWhole() throws {
    let key = RandomKey(seed: 3)
    let factors: Matrix<Float> = key.normalMatrix(rowCount: 50, columnCount: 4)
    let axes: Matrix<Float> = key.fork("axes").normalMatrix(rowCount: 4, columnCount: 90)
    let low = factors.multiplied(by: axes)
    let leading = try leadingSpectrum(of: low, count: 4, passCount: 1, key: key)
    #expect(abs(leading.heldFraction - 1) < 1e-5)
    let whole = try singularSpectrum(of: low)
    for (value, expected) in zip(leading.values, whole.values) {
      #expect(abs(value / expected - 1) < 1e-5)
    }
  }

  @Test(.tags(.resume)) func bitsDoNotDependOnThreads() throws {
    let x: Matrix<Float> = RandomKey(seed: 4).normalMatrix(rowCount: 5_000, columnCount: 6)
    let key = RandomKey(seed: 5)
    #expect(
      try leadingSpectrum(of: x, count: 2, key: key)
        == leadingSpectrum(of: x, count: 2, workers: Workers(threadCount: 2), key: key))
  }

  @Test func countsBeyondTheArrayAreRefused() {
    let error = #expect(throws: MeasureError.self) {
      try leadingSpectrum(of: Self.x, count: 61, key: RandomKey(seed: 1))
    }
    #expect(
      error?.description
        == "leadingSpectrum: the number of values is 61.0; expected 1 to 60")
    #expect(throws: MeasureError.self) {
      try leadingSpectrum(
        of: Matrix<Double>(repeating: 0.7, rowCount: 5, columnCount: 3), count: 1,
        key: RandomKey(seed: 1))
    }
  }
}
