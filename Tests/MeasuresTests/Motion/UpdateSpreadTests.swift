import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct UpdateSpreadTests {
  @Test(.tags(.law)) func byHand() throws {
    let spread = try updateSpread(of: [1.0, 3, 5, 7])
    #expect(spread.mean == 4 && spread.variance == 5 && spread.weightCount == 4)
    #expect(spread.relativeVariance == 5.0 / 16)
    #expect(abs(spread.kurtosis! - 41 / 25.0) < 1e-15)
    // One weight makes all of the update: n − 2 + 1/(n − 1).
    let one = try updateSpread(of: [Float](repeating: 0, count: 99) + [1])
    #expect(abs(one.kurtosis! - (98 + 1.0 / 99)) < 1e-10)
  }

  @Test(.tags(.statistical)) func knownDistributions() throws {
    let normal: [Float] = RandomKey(seed: 22).normal(count: 40_000)
    #expect(abs(try updateSpread(of: normal).kurtosis! - 3) < 0.1)
    let flat: [Double] = RandomKey(seed: 23).uniform(count: 40_000)
    let spread = try updateSpread(of: flat)
    #expect(abs(spread.kurtosis! - 1.8) < 0.03 && abs(spread.relativeVariance! - 1.0 / 3) < 0.01)
  }

  @Test func degenerateUpdates() throws {
    let still = try updateSpread(of: [0.0, 0, 0])
    #expect(still.relativeVariance == nil && still.kurtosis == nil && still.variance == 0)
    let alike = try updateSpread(of: [0.1, 0.1, 0.1])
    #expect(alike.relativeVariance == 0 && alike.kurtosis == nil)
    let error = #expect(throws: MeasureError.self) { try updateSpread(of: [1.0]) }
    #expect(error?.description == "updateSpread: 1 samples; at least 2 are needed")
    let broken = #expect(throws: MeasureError.self) { try updateSpread(of: [1.0, .nan]) }
    #expect(
      broken?.description
        == "updateSpread: element 1 of the update is not finite; remove such samples or find "
        + "their cause")
  }
}
