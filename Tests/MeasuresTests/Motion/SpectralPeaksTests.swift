import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SpectralPeaksTests {
  /// One weight: noise exceeds the threshold in about α of the windows, whatever its momentum.
  @Test(.tags(.statistical), arguments: [0.0, 0.9]) func noiseKeepsTheLevel(_ phi: Double) throws {
    var count = 0
    for draw in 0..<200 {
      let walk = autoregressiveWalk(
        stepCount: 128, dimension: 1, coefficient: phi, key: RandomKey(seed: 37).fork(draw))
      let moves = try updates(of: walk).values
      count += try spectralPeaks(of: moves, level: 0.05).peaks.isEmpty ? 0 : 1
    }
    // 5 to 8 expected, with a standard deviation below 3; 10 would be α.
    #expect(count <= 17, "\(count)")
    #expect(count >= 1, "\(count)")
  }

  @Test(.tags(.law)) func anOscillationIsFound() throws {
    let noise: [Double] = RandomKey(seed: 38).normal(count: 256)
    let values = noise.enumerated().map { $1 + cos(2 * .pi * 20 * Double($0) / 256) }
    let found = try spectralPeaks(of: values)
    #expect(found.peaks.map(\.bin) == [20] && found.peaks[0].frequency == 20.0 / 256)
    #expect(abs(found.threshold - log(127 / 0.01)) < 1e-12)
    #expect(found.peaks[0].ratio > found.threshold)
  }

  /// Weights that move together have the degrees of freedom of one: surrogates know, χ² of a sum would not.
  @Test(.tags(.statistical)) func surrogatesKeepWhatMovesTogether() throws {
    func rows(_ common: Double, _ seed: UInt64) -> Matrix<Double> {
      let shared: [Double] = RandomKey(seed: seed).normal(count: 64)
      let own: Matrix<Double> = RandomKey(seed: seed).fork("own").normalMatrix(
        rowCount: 64, columnCount: 8)
      return Matrix(rows: (0..<64).map { t in own.row(t).map { $0 + common * shared[t] } })
    }
    let key = RandomKey(seed: 39)
    func found(_ rows: Matrix<Double>, level: Double = 0.05) throws -> SpectralPeaks {
      try spectralPeaks(
        of: rows, windowLength: 64, coefficient: 0, level: level, surrogateCount: 39, key: key)
    }
    // 31 bins at 5 %: one weight's threshold is 6.4, that of 8 independent ones about 2.5.
    let together = try found(rows(100, 40))
    #expect(together.threshold > 4.5 && together.threshold < 9)
    #expect(try found(rows(0, 41)).threshold < 3.2)
    var count = 0
    for draw in 0..<10 { count += try found(rows(1, 50 + UInt64(draw))).peaks.isEmpty ? 0 : 1 }
    #expect(count <= 3, "\(count)")
    var wave = rows(1, 42)
    for t in 0..<64 { wave[t, 2] += 5 * sin(2 * .pi * 9 * Double(t) / 64) }
    #expect(try found(wave).peaks.map(\.bin) == [9])
  }

  @Test func refusals() {
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: MeasureError.self, performing: body)?.description
    }
    let rows: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 8, columnCount: 1)
    #expect(
      message { _ = try spectralPeaks(of: [1.0, 2, 3, 4], level: 0) }
        == "spectralPeaks: level is 0.0; expected above 0, below 1")
    #expect(
      message { _ = try spectralPeaks(of: [1.0, 2, 3]) }
        == "spectralPeaks: windowLength is 3.0; expected a power of two, at least 4")
    #expect(
      message { _ = try spectralPeaks(of: [2.0, 2, 2, 2]) }
        == "spectralPeaks: the updates do not vary")
    #expect(
      message {
        _ = try spectralPeaks(
          of: rows, windowLength: 8, surrogateCount: 50, key: RandomKey(seed: 1))
      } == "spectralPeaks: surrogateCount is 50.0; expected at least 1/level - 1")
  }
}
