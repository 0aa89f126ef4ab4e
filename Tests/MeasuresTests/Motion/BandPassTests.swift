import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct BandPassTests {
  /// Of a drift and two waves, one is kept to the last digits.
  @Test(.tags(.law)) func keepsTheWaveOfItsBand() throws {
    func wave(_ t: Int, _ bin: Double) -> Double { cos(2 * .pi * bin * Double(t) / 64) }
    let path = Matrix(rows: (0...64).map { t in [7 + 0.5 * Double(t) + wave(t, 3) + wave(t, 11)] })
    let found = try bandPassed(path, frequencies: 2.0 / 64...5.0 / 64)
    #expect(found.rowCount == 64)
    for t in 0..<64 { #expect(abs(found[t, 0] - wave(t, 3)) < 1e-12) }
  }

  /// All bands together are the path less its drift and its mean.
  @Test(.tags(.law)) func bandsAddUp() throws {
    let walk = randomWalk(stepCount: 32, dimension: 2, key: RandomKey(seed: 45))
    let low = try bandPassed(walk, frequencies: 0...0.2)
    let high = try bandPassed(walk, frequencies: 0.21...0.5)
    for column in 0..<2 {
      let drift = walk[32, column] / 32
      let places = (0..<32).map { walk[$0, column] - drift * Double($0) }
      let center = meanValue(of: places)!
      for t in 0..<32 {
        #expect(abs(low[t, column] + high[t, column] - (places[t] - center)) < 1e-12)
      }
    }
  }
}
