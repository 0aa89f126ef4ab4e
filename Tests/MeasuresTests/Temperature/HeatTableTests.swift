import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct HeatTableTests {
  @Test(.tags(.law)) func temperatures() throws {
    let found = try trainingTemperature(
      gradientNorm: 0.5, weightNorm: 4, updateNorm: 0.1, weightCount: 10)
    #expect(found.raw == 0.5 && found.intensive == 0.025 && found.scaleFree == 2)
    #expect(found.relativeUpdate == 0.025)
    let still = try trainingTemperature(
      gradientNorm: 1, weightNorm: 0, updateNorm: 0, weightCount: 1)
    #expect(still.relativeUpdate == nil)
  }

  /// e₀ = x₀ and eₜ = α xₜ + (1 − α) eₜ₋₁, by hand.
  @Test(.tags(.law)) func movingAverages() throws {
    #expect(try exponentialMovingAverage(of: [1, 2, 4], weight: 0.5) == [1, 1.5, 2.75])
    #expect(try exponentialMovingAverage(of: [1, 2, 4], weight: nil) == [1, 2, 4])
    let found = try exponentialMovingAverage(of: [1, 2, 4], weight: 0.08)
    #expect(abs(found[1] - 1.08) < 1e-15 && abs(found[2] - 1.3136) < 1e-15)
    var streamed = try MovingAverage(weight: 0.15)
    #expect(streamed.value == nil)
    let values: [Double] = RandomKey(seed: 1).normal(count: 30)
    for value in values { streamed.add(value) }
    #expect(try streamed.value == exponentialMovingAverage(of: values, weight: 0.15).last)
  }

  @Test(.tags(.law)) func columnsAddByLabel() throws {
    let heat = try table([[1, 2], [3, 4], [5, 6]], names: ["a", "b", "c"])
    let sums = try heat.summed(by: ["x", "y", "x"])
    #expect(sums.names == ["x", "y"] && sums.values.values == [6, 3, 8, 4])
    #expect(try heat.squared().values.values == [1, 9, 25, 4, 16, 36])
    #expect(try heat.series(of: 2).values == [5, 6])
  }

  @Test(.tags(.law)) func sharesAndTheirEntropy() throws {
    let found = try heatShares(of: table([[1, 4], [1, 0], [2, 0]]))
    #expect(found.shares.values.values == [0.25, 0.25, 0.5, 1, 0, 0])
    #expect(abs(found.entropies[0] - 1.5 * log(2)) < 1e-15)
    #expect(found.entropies[1] == 0)
  }

  @Test func refusals() throws {
    expectMessage("HeatTable: 1 names for 2 columns") {
      _ = try HeatTable(steps: [0], names: ["a"], values: Matrix(rowCount: 1, columnCount: 2))
    }
    expectMessage("heatShares: there is no heat at step 1") {
      _ = try heatShares(of: table([[1, 0], [1, 0]]))
    }
    expectMessage("heatShares: a heat is -1.0; expected at least 0") {
      _ = try heatShares(of: table([[1, -1]]))
    }
    expectMessage("exponentialMovingAverage: the weight is 0.0; expected above 0, at most 1") {
      _ = try exponentialMovingAverage(of: [1], weight: 0)
    }
    expectMessage(
      "trainingTemperature: the gradient's norm is -1.0; expected at least 0 and finite"
    ) {
      _ = try trainingTemperature(
        gradientNorm: -1, weightNorm: 1, updateNorm: 1, weightCount: 1)
    }
    let heat = try table([[1, 0]], names: ["fc"])
    expectMessage(
      "detrendedLogHeat: 2 samples; at least 3 are needed"
    ) { _ = try detrendedLogHeat(of: heat) }
    expectMessage(
      "detrendedLogHeat: 'fc' is 0.0 at step 1; its logarithm needs values above 0"
    ) { _ = try detrendedLogHeat(of: table([[1, 0, 2]], names: ["fc"])) }
  }
}
