internal import Foundation

/// How weights are sampled around a point, by Langevin dynamics on a localised posterior.
///
/// The posterior is `exp(−U)` with `U(w) = n β L(w) + γ/2 ‖w − w*‖²`, a step
/// `w ← w − ε/2 ∇U(w) + √ε ξ` with normal ξ.
///
/// - Source: Lau, Furman, Wang, Murfet & Wei, arXiv 2308.12108.
public struct LangevinSampling: Sendable, Equatable, Codable {
  /// ε. Too large, and the chain leaves the region or its draws are biased (the acceptance tells); too
  /// small, and the chains do not get around (the effective sample size tells). The largest eigenvalue
  /// of n β H + γ times ε should be well below 4.
  public var stepSize: Double
  /// γ, in units of 1/weight². 100 holds chains within about 0.1 of each weight; the estimate should not
  /// change much where it is halved or doubled.
  public var localization: Double
  /// β; where nil 1/log n, at which the estimate is unbiased to leading order.
  public var inverseTemperature: Double?
  /// Independent chains, all from the same point.
  public var chainCount: Int
  /// Steps of each chain that are forgotten.
  public var burnInCount: Int
  /// Steps of each chain that are kept.
  public var drawCount: Int
  /// Whether moves are accepted by Metropolis's rule, which removes the bias of finite steps. Only for
  /// losses over all examples.
  public var isAdjusted: Bool

  /// Four chains, which are enough for diagnostics, of 500 steps after 500, unadjusted.
  public init(
    stepSize: Double, localization: Double = 100, inverseTemperature: Double? = nil,
    chainCount: Int = 4, burnInCount: Int = 500, drawCount: Int = 500, isAdjusted: Bool = false
  ) {
    self.stepSize = stepSize
    self.localization = localization
    self.inverseTemperature = inverseTemperature
    self.chainCount = chainCount
    self.burnInCount = burnInCount
    self.drawCount = drawCount
    self.isAdjusted = isAdjusted
  }

  /// β for a loss that is a mean over `count` examples.
  func inverseTemperature(exampleCount count: Int) -> Double {
    inverseTemperature ?? 1 / log(Double(count))
  }

  func check(_ surface: LossSurface, measure: String) throws(MeasureError) {
    let beta = inverseTemperature(exampleCount: surface.exampleCount)
    for (what, value) in [("the step size", stepSize), ("the inverse temperature", beta)]
    where !(value > 0 && value.isFinite) {
      throw .outOfRange(
        measure: measure, what: what, value: value, expected: "a positive number")
    }
    guard localization >= 0, localization.isFinite else {
      throw .outOfRange(
        measure: measure, what: "the localization", value: localization, expected: "at least 0")
    }
    for (what, value, least) in [
      ("the number of chains", chainCount, 1), ("the number of burn-in steps", burnInCount, 0),
      ("the number of draws", drawCount, 8),
    ] where value < least {
      throw .outOfRange(
        measure: measure, what: what, value: Double(value), expected: "at least \(least)")
    }
    if isAdjusted && surface.usesBatches {
      throw .undefined(
        measure: measure,
        reason: "Metropolis's rule needs the loss over all examples; the surface uses batches")
    }
  }
}

/// What one chain of ``LangevinSampling`` has seen.
struct LangevinChain {
  /// The loss after each step, burn-in included.
  private(set) var losses: [Double] = []
  /// The mean probability with which Metropolis's rule accepts the kept moves.
  private(set) var acceptance = 0.0

  init(
    _ sampling: LangevinSampling, on surface: LossSurface, at center: [Double], number: Int,
    measure: String, key: RandomKey
  ) throws {
    let scale =
      Double(surface.exampleCount)
      * sampling.inverseTemperature(exampleCount: surface.exampleCount)
    let step = sampling.stepSize

    /// Where the dynamics is: the loss, U and ∇U there.
    struct Place {
      var point: [Double]
      var loss, potential: Double
      var slope: [Double]
    }
    func place(_ point: [Double], _ key: RandomKey) throws -> Place {
      let (loss, gradient) = try surface.lossAndGradient(at: point, key: key.fork("batch"))
      var slope = gradient
      var square = 0.0
      for index in slope.indices {
        let offset = point[index] - center[index]
        square += offset * offset
        slope[index] = scale * slope[index] + sampling.localization * offset
      }
      return Place(
        point: point, loss: loss, potential: scale * loss + sampling.localization / 2 * square,
        slope: slope)
    }

    var here = try place(center, key.fork(-1))
    for count in 0..<sampling.burnInCount + sampling.drawCount {
      let key = key.fork(count)
      let noise: [Double] = key.fork("noise").normal(count: center.count)
      var moved = here.point
      for index in moved.indices {
        moved[index] += step.squareRoot() * noise[index] - step / 2 * here.slope[index]
      }
      let there = try place(moved, key)
      var (forward, backward) = (0.0, 0.0)
      for index in moved.indices {
        let back = here.point[index] - moved[index] + step / 2 * there.slope[index]
        forward += noise[index] * noise[index] / 2
        backward += back * back / (2 * step)
      }
      let logRatio = here.potential - there.potential + forward - backward
      let probability = logRatio.isNaN ? 0 : min(1, exp(logRatio))
      if count >= sampling.burnInCount { acceptance += probability / Double(sampling.drawCount) }
      let isAccepted =
        !sampling.isAdjusted
        || key.fork("acceptance").uniform(count: 1, in: 0..<1)[0] < probability
      if isAccepted { here = there }
      guard here.loss.isFinite, here.slope.allSatisfy({ $0.isFinite }) else {
        throw MeasureError.undefined(
          measure: measure,
          reason: "chain \(number + 1) has left the finite losses at step \(count + 1); take a "
            + "smaller step size or a stronger localization")
      }
      losses.append(here.loss)
    }
  }
}
