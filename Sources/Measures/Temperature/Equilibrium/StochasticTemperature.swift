/// η/(B(1 − μ)), the temperature of stochastic gradient descent, in learning rate per example.
///
/// What the noise of a small step is proportional to; with N training examples, N times it is the noise scale of
/// Smith & Le. It says nothing of the size of single gradients.
///
/// - Parameter momentum: μ, at least 0 and below 1.
/// - Throws: `MeasureError.outOfRange`.
/// - Source: Jastrzębski et al., arXiv 1711.04623; Mandt, Hoffman & Blei, JMLR 18 (2017); Smith & Le, ICLR 2018.
public func stochasticTemperature(
  learningRate: Double, batchSize: Int, momentum: Double = 0
) throws(MeasureError) -> Double {
  let measure = "stochasticTemperature"
  try requireNumber(learningRate, "the learning rate", aboveZero: true, measure: measure)
  try requireNumber(Double(batchSize), "the batch size", aboveZero: true, measure: measure)
  try requireMomentum(momentum, measure: measure)
  return learningRate / (Double(batchSize) * (1 - momentum))
}

/// The optimizers whose edge of stability is known.
public enum StabilityRule: Sendable, Equatable, Codable {
  /// Gradient descent: 2/η.
  case gradientDescent
  /// With heavy-ball momentum μ: (2 + 2μ)/η.
  case heavyBall(momentum: Double)
  /// Adam with averaging weight β₁, for the curvature seen through its preconditioner: (2 + 2β₁)/((1 − β₁) η), which is
  /// 38/η at 0.9.
  case adam(firstMoment: Double = 0.9)
}

/// The largest curvature at which full-batch training of a quadratic is stable: the edge of stability.
///
/// Compare with the largest eigenvalue of the Hessian (of the preconditioned one for Adam), see
/// ``leadingEigenvalues(of:count:largestStepCount:tolerance:withVectors:key:)``: training often sharpens up to this value and stays there. With small
/// batches it stays below.
///
/// - Units: loss/weight².
/// - Throws: `MeasureError.outOfRange`.
/// - Source: Cohen et al., ICLR 2021 (descent, heavy ball); Cohen et al., arXiv 2207.14484 (Adam).
public func stabilityThreshold(
  learningRate: Double, rule: StabilityRule = .gradientDescent
) throws(MeasureError) -> Double {
  let measure = "stabilityThreshold"
  try requireNumber(learningRate, "the learning rate", aboveZero: true, measure: measure)
  switch rule {
  case .gradientDescent: return 2 / learningRate
  case .heavyBall(let momentum):
    try requireMomentum(momentum, measure: measure)
    return (2 + 2 * momentum) / learningRate
  case .adam(let weight):
    try requireMomentum(weight, measure: measure)
    return (2 + 2 * weight) / ((1 - weight) * learningRate)
  }
}

private func requireMomentum(_ momentum: Double, measure: String) throws(MeasureError) {
  guard momentum >= 0, momentum < 1 else {
    throw .outOfRange(
      measure: measure, what: "the momentum", value: momentum, expected: "at least 0, below 1")
  }
}
