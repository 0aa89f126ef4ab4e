import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct DiffusionExponentTests {
  @Test(.tags(.law)) func aLineIsBallistic() throws {
    let found = try diffusionExponent(of: Paths.line(stepCount: 100))
    #expect(abs(found.exponent.value - 1) < 1e-13 && found.exponent.standardError < 1e-13)
    #expect(found.spreads.map(\.lag) == [1, 2, 3, 4, 6, 7, 10, 13, 18, 24])
    for spread in found.spreads {
      let length = 0.75 * Double(spread.lag)
      #expect(abs(spread.meanSquare / (length * length) - 1) < 1e-13)
      #expect(spread.originCount == 101 - spread.lag)
    }
  }

  /// The mean of many walks is ½ and their scatter what the error says.
  @Test(.tags(.statistical), arguments: [2, 50]) func aRandomWalkDiffuses(_ dimension: Int) throws {
    let found = try (0..<40).map { draw in
      let walk = randomWalk(
        stepCount: 400, dimension: dimension, key: RandomKey(seed: 9).fork(draw))
      return try diffusionExponent(of: walk).exponent
    }
    let spread = try Estimate(meanOf: found.map(\.value), measure: "test")
    // The mean of logarithms is below the logarithm of the mean: half the relative variance at long lags.
    #expect(abs(spread.value - 0.5) < 4 * spread.standardError + 0.02)
    let deviation = spread.standardError * 40.0.squareRoot()
    let typical = meanValue(of: found.map(\.standardError))!
    // The error is on the safe side by up to a quarter, and the scatter of 40 known to a ninth.
    #expect(typical / deviation > 0.8 && typical / deviation < 1.7, "\(typical) \(deviation)")
  }

  /// ⟨‖Δ(τ)‖²⟩ = 2n(1 − (1 − rate)^τ): confined.
  @Test(.tags(.statistical)) func anOrnsteinUhlenbeckPathIsConfined() throws {
    let path = Paths.ornsteinUhlenbeck(
      rate: 0.2, stepCount: 400, dimension: 100, key: RandomKey(seed: 10))
    let found = try diffusionExponent(of: path)
    for spread in found.spreads {
      let expected = 200 * (1 - pow(0.8, Double(spread.lag)))
      #expect(abs(spread.meanSquare / expected - 1) < 0.1, "\(spread.lag)")
    }
    #expect(found.exponent.value < 0.25 && found.exponent.value > 0.1)
    #expect(found.exponent.value + 5 * found.exponent.standardError < 0.5)
  }

  /// Momentum makes it ballistic at first.
  @Test(.tags(.statistical)) func momentumLiesBetween() throws {
    let path = Paths.heavyBall(
      momentum: 0.9, stepCount: 400, dimension: 100, key: RandomKey(seed: 11))
    let value = try diffusionExponent(of: path).exponent.value
    #expect(value > 0.6 && value < 0.95)
  }

  @Test func refusals() {
    func message(_ path: Matrix<Double>) -> String? {
      #expect(throws: MeasureError.self) { try diffusionExponent(of: path) }?.description
    }
    #expect(
      message(Paths.line(stepCount: 15))
        == "diffusionExponent: 16 samples; at least 17 are needed")
    #expect(
      message(Matrix(rowCount: 20, columnCount: 3))
        == "diffusionExponent: the path does not move within 1 updates: no power of time fits 0")
    let there = Matrix(rows: (0..<40).map { [Double($0 % 2)] })
    #expect(
      message(there)
        == "diffusionExponent: the path does not move within 2 updates: no power of time fits 0")
  }
}
