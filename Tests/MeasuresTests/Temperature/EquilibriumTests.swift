import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct EquilibriumTests {
  private let key = RandomKey(seed: 77)

  /// SGD on ½ Σ h w² with noise of variance σ²/B in each gradient: an Ornstein–Uhlenbeck process in steps.
  private struct Process {
    var curvatures = [1.0, 0.5]
    var learningRate = 0.05
    /// σ²/B.
    var noise = 0.4
    var positions = [[Double]]()
    var updates = [[Double]]()
    var gradients = [[Double]]()

    init(steps: Int, burnIn: Int = 300, start: Double = 0, key: RandomKey) {
      let draws: [Double] = key.normal(count: 2 * (steps + burnIn))
      var w = [start, start]
      for step in 0..<steps + burnIn {
        let g = (0..<2).map {
          curvatures[$0] * w[$0] + noise.squareRoot() * draws[2 * step + $0]
        }
        let d = g.map { -learningRate * $0 }
        if step >= burnIn {
          positions.append(w)
          updates.append(d)
          gradients.append(g)
        }
        for index in 0..<2 { w[index] += d[index] }
      }
    }

    /// ησ²/(2B).
    var temperature: Double { learningRate * noise / 2 }
  }

  @Test(.tags(.statistical)) func allTemperaturesOfAnEquilibriumAgree() throws {
    let process = Process(steps: 15_000, key: key)
    let found = try equipartitionTemperatures(
      of: Matrix(rows: process.positions), curvatures: process.curvatures)
    for (estimate, h) in zip(found, process.curvatures) {
      // Steps of finite size make it 1/(1 − ηh/2) of the limit.
      let expected = process.temperature / (1 - process.learningRate * h / 2)
      #expect(abs(estimate.value - expected) < 4 * estimate.standardError, "\(estimate)")
      #expect(abs(estimate.value / process.temperature - 1) < 0.15)
      #expect(estimate.standardError < 0.12 * expected)
    }
    var diffusion = try DiffusionTemperature(weightCount: 2, learningRate: 0.05)
    #expect(diffusion.value == nil)
    for update in process.updates { try diffusion.add(update) }
    // (η²σ²/B + η²h²Var w)/(2η) is within ηh of the limit; its error over 30,000 numbers 0.8 %.
    #expect(abs((diffusion.value ?? 0) / process.temperature - 1) < 0.05)
    #expect(diffusion.stepCount == 15_000)
  }

  @Test(.tags(.statistical)) func fluctuationAndDissipationBalance() throws {
    let process = Process(steps: 10_000, key: key)
    var (updates, gradients) = (FluctuationDissipation(), FluctuationDissipation())
    #expect(updates.ratio == nil)
    for index in process.updates.indices {
      let (w, d, g) = (process.positions[index], process.updates[index], process.gradients[index])
      try updates.add(weightDotUpdate: dot(w, d), squaredUpdateNorm: dot(d, d))
      try gradients.add(
        weightDotGradient: dot(w, g), squaredGradientNorm: dot(g, g), learningRate: 0.05)
    }
    let ratio = try #require(updates.ratio)
    // What is left is the change of ‖w‖² from end to end, a few of its own over 10,000 steps.
    #expect(abs(ratio.value - 1) < 0.02, "\(ratio)")
    #expect(abs((gradients.ratio?.value ?? 0) - ratio.value) < 1e-9)
    #expect(ratio.sampleCount == 10_000 && ratio.standardError > 0)
  }

  @Test(.tags(.law)) func trainingThatStillFallsIsNoEquilibrium() throws {
    let process = Process(steps: 40, burnIn: 0, start: 10, key: key)
    var relation = FluctuationDissipation()
    for (w, d) in zip(process.positions, process.updates) {
      try relation.add(weightDotUpdate: dot(w, d), squaredUpdateNorm: dot(d, d))
    }
    #expect((relation.ratio?.value ?? 0) > 3)
  }

  /// Streamed means and products are those of the whole lists.
  @Test(.tags(.oracle)) func welfordEqualsTwoPasses() throws {
    let x: [Double] = key.fork("x").normal(count: 500).map { $0 + 1e6 }
    let y: [Double] = key.fork("y").normal(count: 500)
    var moments = PairedMoments()
    for (x, y) in zip(x, y) { moments.add(x, y) }
    let (meanX, meanY) = (x.reduce(0, +) / 500, y.reduce(0, +) / 500)
    #expect(
      isClose(moments.squaresX, x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }, within: 1e-8))
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    #expect(abs(moments.products - products) < 1e-6)
    var diffusion = try DiffusionTemperature(weightCount: 1, learningRate: 0.5)
    for value in y { try diffusion.add([Float(value)]) }
    #expect(isClose(diffusion.value, varianceOf(y), within: 1e-6))
  }

  @Test(.tags(.law)) func closedForms() throws {
    #expect(try stochasticTemperature(learningRate: 0.1, batchSize: 50) == 0.002)
    let heavy = try stochasticTemperature(learningRate: 0.1, batchSize: 50, momentum: 0.9)
    #expect(isClose(heavy, 0.02, within: 1e-12))
    #expect(try stabilityThreshold(learningRate: 0.1) == 20)
    let ball = try stabilityThreshold(learningRate: 0.1, rule: .heavyBall(momentum: 0.9))
    #expect(isClose(ball, 38, within: 1e-12))
    #expect(isClose(try stabilityThreshold(learningRate: 1, rule: .adam()), 38, within: 1e-12))
  }

  /// Descent on a quadratic just within its threshold falls, just beyond it grows.
  @Test(.tags(.law), arguments: [0.0, 0.5, 0.9])
  func thresholdsAreThoseOfHeavyBalls(momentum: Double) throws {
    let rate = 0.1
    let threshold = try stabilityThreshold(
      learningRate: rate, rule: .heavyBall(momentum: momentum))
    func size(curvature: Double) -> Double {
      var (w, v) = (1.0, 0.0)
      for _ in 0..<3000 {
        v = momentum * v - rate * curvature * w
        w += v
      }
      return abs(w)
    }
    #expect(size(curvature: 0.98 * threshold) < 1e-3)
    #expect(size(curvature: 1.02 * threshold) > 1e3)
  }

  @Test func refusals() throws {
    expectMessage("stabilityThreshold: the momentum is 1.0; expected at least 0, below 1") {
      _ = try stabilityThreshold(learningRate: 1, rule: .heavyBall(momentum: 1))
    }
    expectMessage("stochasticTemperature: the batch size is 0.0; expected above 0 and finite") {
      _ = try stochasticTemperature(learningRate: 1, batchSize: 0)
    }
    expectMessage("equipartitionTemperatures: 3 samples; at least 8 are needed") {
      _ = try equipartitionTemperatures(
        of: Matrix(rowCount: 3, columnCount: 1), curvatures: [1])
    }
    var diffusion = try DiffusionTemperature(weightCount: 1, learningRate: 1)
    try diffusion.add([1.0])
    let error = #expect(throws: MeasureError.self) { try diffusion.add([Double.infinity]) }
    #expect(
      error?.description
        == "DiffusionTemperature: update 1 is not finite, and no value follows from it")
    #expect(diffusion.value == nil)
    var relation = FluctuationDissipation()
    let negative = #expect(throws: MeasureError.self) {
      try relation.add(weightDotUpdate: 0, squaredUpdateNorm: -1)
    }
    #expect(
      negative?.description
        == "FluctuationDissipation: ‖d‖² is -1.0; expected at least 0 and finite")
  }
}
