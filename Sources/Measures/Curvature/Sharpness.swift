/// The rise of the loss from a step of given length up its gradient: the sharpness that
/// sharpness-aware minimisation makes small.
///
/// `L(θ + ρ g/‖g‖) − L(θ)` with g = ∇L(θ), which is max over ‖ε‖ ≤ ρ of L(θ + ε) − L(θ) to first order
/// in ρ, and a lower bound of it. The curvature itself, λ_max, is
/// `leadingEigenvalues(of: hessian, key: key).values[0]`.
///
/// - Units: those of the loss.
/// - Parameter radius: ρ, in units of ‖θ‖; 0.05 in the paper.
/// - Throws: `MeasureError.outOfRange`, `.rowCountMismatch`, `.undefined` where the gradient is 0 or a loss
///   is not finite, and what the surface throws.
/// - Complexity: one gradient and two losses.
/// - Source: Foret, Kleiner, Mobahi & Neyshabur, ICLR 2021, Eq. 2.
/// - Differs from: the paper, whose batches have gradients of their own: a surface that uses batches is
///   asked for one of them here, and losses are over all examples.
public func ascentSharpness(
  of surface: LossSurface, at point: [Double], radius: Double = 0.05, key: RandomKey
) throws -> Double {
  let measure = "ascentSharpness"
  try requirePoint(point, of: surface, measure: measure)
  guard radius > 0 else {
    throw MeasureError.outOfRange(
      measure: measure, what: "the radius", value: radius, expected: "a positive number")
  }
  let gradient = try surface.lossAndGradient(at: point, key: key).gradient
  let length = dot(gradient, gradient).squareRoot()
  guard length > 0, length.isFinite else {
    throw MeasureError.undefined(
      measure: measure, reason: "a gradient of norm \(length) has no direction")
  }
  let moved = zip(point, gradient).map { $0 + radius / length * $1 }
  return try finiteRise(of: surface, from: point, to: moved, measure: measure)
}

/// The mean rise of the loss under normal noise on every weight, with the standard error of its draws.
///
/// `E L(θ + σξ) − L(θ)`, which is σ²/2 times the trace of the Hessian for small σ. Draws come in pairs
/// ±ξ, which cancels the slope.
///
/// - Units: those of the loss.
/// - Parameter standardDeviation: σ, in units of the weights.
/// - Parameter pairCount: pairs of draws, at least 2.
/// - Parameter workers: threads that share the pairs; for surfaces that use one themselves.
/// - Throws: as ``ascentSharpness(of:at:radius:key:)``, and `MeasureError.tooFewSamples`.
/// - Complexity: two losses for each pair.
/// - Source: Neyshabur et al., NeurIPS 2017 (expected sharpness); Dziugaite & Roy, UAI 2017.
public func averageSharpness(
  of surface: LossSurface, at point: [Double], standardDeviation: Double, pairCount: Int = 20,
  workers: Workers? = nil, key: RandomKey
) throws -> Estimate {
  let measure = "averageSharpness"
  try requirePoint(point, of: surface, measure: measure)
  guard standardDeviation > 0 else {
    throw MeasureError.outOfRange(
      measure: measure, what: "the standard deviation", value: standardDeviation,
      expected: "a positive number")
  }
  guard pairCount >= 2 else {
    throw MeasureError.tooFewSamples(measure: measure, found: pairCount, needed: 2)
  }
  let samples = try mapped(count: pairCount, workers: workers) { pair in
    let noise: [Double] = key.fork(pair)
      .normal(count: point.count, standardDeviation: standardDeviation)
    let ahead = zip(point, noise).map { $0 + $1 }
    let behind = zip(point, noise).map { $0 - $1 }
    return try
      (finiteRise(of: surface, from: point, to: ahead, measure: measure)
      + finiteRise(of: surface, from: point, to: behind, measure: measure)) / 2
  }
  return try Estimate(meanOf: samples, measure: measure)
}

// MARK: - Helpers

func requirePoint(
  _ point: [Double], of surface: LossSurface, measure: String
) throws(MeasureError) {
  guard point.count == surface.dimension else {
    throw .rowCountMismatch(measure: measure, first: surface.dimension, second: point.count)
  }
  if let index = point.firstIndex(where: { !$0.isFinite }) {
    throw .nonFiniteInput(measure: measure, array: "the weights", index: index)
  }
}

private func finiteRise(
  of surface: LossSurface, from point: [Double], to moved: [Double], measure: String
) throws -> Double {
  let rise = try surface.loss(at: moved) - surface.loss(at: point)
  guard rise.isFinite else {
    throw MeasureError.undefined(
      measure: measure, reason: "the loss rises by \(rise); take a smaller step")
  }
  return rise
}
