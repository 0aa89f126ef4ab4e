import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct LocalLearningCoefficientTests {
  private let key = RandomKey(seed: 26)

  /// ½ Σ h_i w_i².
  private func quadratic(_ curvatures: [Double], exampleCount: Int) -> LossSurface {
    LossSurface(dimension: curvatures.count, exampleCount: exampleCount) { w in
      let slopes = zip(curvatures, w).map { $0 * $1 }
      return (zip(slopes, w).reduce(0) { $0 + $1.0 * $1.1 } / 2, slopes)
    }
  }

  private func expectWithin(
    _ result: LocalLearningCoefficient, _ truth: Double, _ comment: Comment? = nil
  ) {
    #expect(
      abs(result.value.value - truth) < 4 * result.value.standardError,
      "\(result.value), expected \(truth)")
    #expect(result.value.standardError < 0.1 * truth)
    #expect(result.diagnostics.potentialScaleReduction < 1.05)
  }

  /// A regular minimum of d weights has d/2; with localisation γ it is ½ Σ a/(a + γ) for a = n β h.
  @Test(.tags(.statistical), arguments: [0.0, 40])
  func quadraticMinimum(_ localization: Double) throws {
    let curvatures = [0.5, 1, 2, 4, 1, 1]
    let scale: Double = 1000 / log(1000 as Double)
    let truth = curvatures.reduce(0.0) {
      let a = scale * $1
      return $0 + a / (a + localization) / 2
    }
    let result = try localLearningCoefficient(
      of: quadratic(curvatures, exampleCount: 1000), at: Array(repeating: 0, count: 6),
      sampling: LangevinSampling(
        stepSize: 2e-3, localization: localization, burnInCount: 200, drawCount: 4000,
        isAdjusted: true),
      key: key)
    expectWithin(result, truth)
    #expect(result.acceptance > 0.5 && result.acceptance < 1)
    if localization == 0 { #expect(truth == 3) }
    #expect(result.lossTraces.map(\.count) == [4200, 4200, 4200, 4200])
  }

  /// An unadjusted chain on a quadratic with a = n β h + γ has variance 1/(a (1 − ε a/4)), exactly.
  @Test(.tags(.statistical)) func unadjustedStepsHaveTheirKnownBias() throws {
    let (beta, gamma, step) = (0.2, 10.0, 0.01)
    let a = 500 * beta + gamma
    let truth = 500 * beta / (a * (1 - step * a / 4)) / 2
    let result = try localLearningCoefficient(
      of: quadratic([1], exampleCount: 500), at: [0],
      sampling: LangevinSampling(
        stepSize: step, localization: gamma, inverseTemperature: beta, drawCount: 10_000),
      key: key)
    expectWithin(result, truth)
    // Twelve standard errors or so from what it would be without the bias.
    #expect(abs(result.value.value - 500 * beta / a / 2) > 6 * result.value.standardError)
  }

  /// L = w^{2k} has 1/(2k) at any n β.
  @Test(.tags(.statistical), arguments: [(2, 0.02), (3, 0.05)])
  func powersAreSingular(_ k: Int, _ step: Double) throws {
    let surface = LossSurface(dimension: 1, exampleCount: 100) { w in
      let slope = 2 * Double(k) * pow(w[0], Double(2 * k - 1))
      return (pow(w[0], Double(2 * k)), [slope])
    }
    let result = try localLearningCoefficient(
      of: surface, at: [0],
      sampling: LangevinSampling(
        stepSize: step, localization: 0, burnInCount: 500, drawCount: 6_000, isAdjusted: true),
      key: key)
    expectWithin(result, 1 / Double(2 * k))
  }

  /// L = w₁²w₂², where the exact mean under localisation is an integral over w₁ alone: given w₁, w₂ is
  /// normal with precision γ + 2 n β w₁².
  @Test(.tags(.statistical)) func productOfTwoWeights() throws {
    let (scale, gamma) = (200.0, 1.0)
    var (weightSum, lossSum) = (0.0, 0.0)
    for w in stride(from: -8.0, through: 8, by: 1e-4) {
      let precision = gamma + 2 * scale * w * w
      let weight = exp(-gamma * w * w / 2) / precision.squareRoot()
      weightSum += weight
      lossSum += weight * scale * w * w / precision
    }
    let surface = LossSurface(dimension: 2, exampleCount: 200) { w in
      let product = w[0] * w[1]
      return (product * product, [2 * product * w[1], 2 * product * w[0]])
    }
    let result = try localLearningCoefficient(
      of: surface, at: [0, 0],
      sampling: LangevinSampling(
        stepSize: 0.02, localization: gamma, inverseTemperature: 1, burnInCount: 2000,
        drawCount: 10_000, isAdjusted: true),
      key: key)
    expectWithin(result, lossSum / weightSum)
    #expect(result.value.value < 0.5)  // less than half of a regular minimum's 1
  }

  @Test(.tags(.statistical)) func batchesHaveTheSameMean() throws {
    // L_i = ½ (w − c_i)² with centres ±1: the mean loss is ½ w² + ½.
    let surface = LossSurface(
      dimension: 1, exampleCount: 400, loss: { $0[0] * $0[0] / 2 + 0.5 },
      batchGradient: { w, key in
        let center = (key.signs(count: 32) as [Double]).reduce(0, +) / 32
        return (w[0] * w[0] / 2 - w[0] * center + 0.5, [w[0] - center])
      })
    let sampling = LangevinSampling(
      stepSize: 1e-3, localization: 1, inverseTemperature: 0.1, drawCount: 10_000)
    let result = try localLearningCoefficient(of: surface, at: [0], sampling: sampling, key: key)
    // Batch noise of variance 1/32 in the gradient adds (n β)² ε/4 · 1/32 to the noise of a step, ε.
    let a = 41.0
    let noise = 1e-3 + 1e-6 / 4 * 1600 / 32
    let truth = 40 * noise / (1e-3 * a * (1 - 1e-3 * a / 4)) / 2
    expectWithin(result, truth)
    #expect(result.centerLoss == 0.5)
    #expect(throws: MeasureError.self) {
      var adjusted = sampling
      adjusted.isAdjusted = true
      return try localLearningCoefficient(of: surface, at: [0], sampling: adjusted, key: key)
    }
  }

  @Test(.tags(.resume)) func workersChangeNoBit() throws {
    let surface = quadratic([1, 2], exampleCount: 50)
    let sampling = LangevinSampling(stepSize: 1e-3, burnInCount: 5, drawCount: 20)
    let alone = try localLearningCoefficient(of: surface, at: [0, 0], sampling: sampling, key: key)
    let shared = try localLearningCoefficient(
      of: surface, at: [0, 0], sampling: sampling, workers: Workers(threadCount: 3), key: key)
    #expect(alone == shared)
  }

  @Test(arguments: [
    (
      LangevinSampling(stepSize: -1),
      "localLearningCoefficient: the step size is -1.0; expected a positive number"
    ),
    (
      LangevinSampling(stepSize: 1, localization: -1),
      "localLearningCoefficient: the localization is -1.0; expected at least 0"
    ),
    (
      LangevinSampling(stepSize: 1, drawCount: 3),
      "localLearningCoefficient: the number of draws is 3.0; expected at least 8"
    ),
    (
      LangevinSampling(stepSize: 1e3, chainCount: 1),
      "localLearningCoefficient: chain 1 has left the finite losses at step 33; take a smaller step "
        + "size or a stronger localization"
    ),
  ])
  func refusals(sampling: LangevinSampling, message: String) {
    let error = #expect(throws: MeasureError.self) {
      try localLearningCoefficient(
        of: quadratic([1, 1], exampleCount: 100), at: [0, 0], sampling: sampling, key: key)
    }
    #expect(error?.description == message)
  }
}
