import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct MotionNullsTests {
  @Test func walksStartAtZero() throws {
    let walk = randomWalk(stepCount: 3, dimension: 2, key: RandomKey(seed: 66))
    #expect(walk.rowCount == 4 && walk.row(0) == [0, 0])
    let draws: [Double] = RandomKey(seed: 66).normal(count: 6)
    for (a, b) in zip(try updates(of: walk).values, draws) { #expect(abs(a - b) < 1e-15) }
    let none = autoregressiveWalk(
      stepCount: 0, dimension: 2, coefficient: 0.5, key: RandomKey(seed: 1))
    #expect(none.rowCount == 1)
  }

  /// Variance 1 from the first update on, correlation φ.
  @Test(.tags(.statistical), arguments: [-0.5, 0.9]) func updatesAreStationary(_ phi: Double) throws
  {
    let walk = autoregressiveWalk(
      stepCount: 6, dimension: 20_000, coefficient: phi, key: RandomKey(seed: 67))
    let moves = try updates(of: walk)
    for row in 0..<6 {
      #expect(abs(rowDot(moves, row, moves, row) / 20_000 - 1) < 0.04)
      if row > 0 { #expect(abs(rowDot(moves, row, moves, row - 1) / 20_000 - phi) < 0.03) }
    }
  }

  /// A null of walks for a measured number: a straight line is straighter than all of them.
  @Test func nullsCompare() throws {
    let key = RandomKey(seed: 68)
    let null = try nullValues(drawCount: 19, key: key) { key throws(MeasureError) in
      try pathExtent(of: randomWalk(stepCount: 20, dimension: 3, key: key)).straightness ?? 0
    }
    let line = try pathExtent(of: Paths.line(stepCount: 20)).straightness!
    #expect(try nullComparison(of: line, with: null, alternative: .greater).pValue == 0.05)
  }
}
