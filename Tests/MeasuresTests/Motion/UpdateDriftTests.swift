import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct UpdateDriftTests {
  @Test(.tags(.law)) func aLineIsAllDrift() throws {
    let drift = try updateDrift(of: updates(of: Paths.line(stepCount: 16)))
    #expect(drift.driftFraction == 1 && drift.unbiasedDriftFraction == 1)
    #expect(drift.signalToNoise.aboveCount == 3 && drift.stableSignFraction == 1)
    #expect(drift.updateCount == 16 && drift.weightCount == 3)
  }

  /// μ = 1, σ² = 4 in the first weight; μ = 0 in the second; the third never moves.
  @Test(.tags(.law)) func byHand() throws {
    let drift = try updateDrift(of: [[3.0, 1, 0], [-1, -1, 0], [3, 1, 0], [-1, -1, 0]])
    #expect(abs(drift.driftFraction! - 1.0 / 6) < 1e-15)
    #expect(abs(drift.unbiasedDriftFraction! - (4.0 / 6 - 1) / 3) < 1e-15)
    #expect(drift.unmovedCount == 1 && drift.signalToNoise.belowCount == 1)
    let bin = try #require(drift.signalToNoise.counts.firstIndex(of: 1))
    let edges = drift.signalToNoise.edges
    #expect(edges[bin] <= 0.25 && edges[bin + 1] > 0.25)
    #expect(drift.stableSignFraction == 0)
  }

  /// The fraction is also ‖Σ d‖²/(m Σ ‖d‖²), which needs no memory of weights.
  @Test(.tags(.law)) func equalsTheFormOfNorms() throws {
    let path = randomWalk(stepCount: 20, dimension: 50, key: RandomKey(seed: 18))
    let moves = try updates(of: path)
    let found = try updateDrift(of: moves)
    let extent = try pathExtent(of: path)
    let squares = dot(moves.values, moves.values)
    let expected = extent.displacement * extent.displacement / (20 * squares)
    #expect(abs(found.driftFraction! / expected - 1) < 1e-13)
  }

  /// Noise has 1/m, unbiased 0; AR(1) noise (1 + φ)/(1 − φ)/m.
  @Test(.tags(.statistical)) func noiseHasTheNullLevels() throws {
    let walk = randomWalk(stepCount: 25, dimension: 5000, key: RandomKey(seed: 19))
    let drift = try updateDrift(of: updates(of: walk))
    // The fraction's standard deviation over weights is 0.04·√2/√5000 = 0.0008.
    #expect(abs(drift.driftFraction! - 0.04) < 0.003)
    #expect(abs(drift.unbiasedDriftFraction!) < 0.003)
    let slow = autoregressiveWalk(
      stepCount: 400, dimension: 500, coefficient: 0.5, key: RandomKey(seed: 20))
    #expect(abs(try updateDrift(of: updates(of: slow)).driftFraction! * 400 / 3 - 1) < 0.25)
    // Signs of 25 coins: at least 23 alike.
    let chance = drift.chanceStableSignFraction
    #expect(abs(chance - 2 * Double(300 + 25 + 1) / pow(2, 25)) < 1e-12)
    let seven = try updateDrift(of: updates(of: walk).selectingRows(0..<7))
    #expect(abs(seven.chanceStableSignFraction - 2 / 128) < 1e-12)
    #expect(abs(seven.stableSignFraction - 2 / 128.0) < 0.007)
  }

  @Test func whatDoesNotMoveHasNoDrift() throws {
    let drift = try updateDrift(of: Matrix<Double>(rowCount: 3, columnCount: 2))
    #expect(drift.driftFraction == nil && drift.unbiasedDriftFraction == nil)
    #expect(drift.unmovedCount == 2 && drift.stableSignFraction == 0)
    #expect(try updateDrift(of: [[1.0]]).unbiasedDriftFraction == nil)
  }

  @Test func refusals() {
    func message(_ updates: Matrix<Double>, _ agreement: Double = 0.9) -> String? {
      #expect(throws: MeasureError.self) {
        try updateDrift(of: updates, agreement: agreement)
      }?.description
    }
    #expect(
      message(Matrix(rowCount: 0, columnCount: 2))
        == "updateDrift: 0 samples; at least 1 are needed")
    #expect(
      message(Matrix(rowCount: 2, columnCount: 0))
        == "updateDrift, weights: 0 samples; at least 1 are needed")
    #expect(
      message(Matrix(rowCount: 2, columnCount: 2), 0.5)
        == "updateDrift: agreement is 0.5; expected above 0.5, at most 1")
  }
}
