/// The size of the movement of one component of a network, in the units in which it can be compared.
public struct TrainingTemperature: Sendable, Equatable, Codable {
  /// ‖g‖, in loss/weight: the raw temperature. It grows with the square root of the number of weights.
  public var raw: Double
  /// τ = ‖g‖²/n, in loss²/weight²: heat per weight, for components of different sizes.
  public var intensive: Double
  /// ‖g‖ ‖w‖, in units of the loss: does not change where weights that are normalised after are scaled.
  public var scaleFree: Double
  /// ‖d‖/‖w‖, how far a step moves relative to the weights; nil where the weights are 0.
  public var relativeUpdate: Double?
}

/// The temperatures of a component from the norms of its gradient g, weights w and update d.
///
/// A layer in front of a normalisation has ‖g‖ ∝ 1/‖w‖: decay that shrinks its weights raises the raw
/// temperature and leaves the scale-free one. Gradients and updates are different things under Adam.
///
/// ```swift
/// let heat = try trainingTemperature(
///   gradientNorm: 0.3, weightNorm: 12, updateNorm: 0.004, weightCount: 4608)
/// print(heat.intensive, heat.scaleFree)
/// ```
///
/// - Throws: `MeasureError.outOfRange` for a norm that is negative or not finite, or no weights.
/// - Complexity: O(1).
/// - Source: van Laarhoven, arXiv 1706.05350 (2017), for the scale-free form.
public func trainingTemperature(
  gradientNorm: Double, weightNorm: Double, updateNorm: Double, weightCount: Int
) throws(MeasureError) -> TrainingTemperature {
  let measure = "trainingTemperature"
  for (what, norm) in [
    ("the gradient's norm", gradientNorm), ("the weights' norm", weightNorm),
    ("the update's norm", updateNorm),
  ] {
    try requireNumber(norm, what, measure: measure)
  }
  guard weightCount >= 1 else {
    throw .outOfRange(
      measure: measure, what: "the number of weights", value: Double(weightCount),
      expected: "at least 1")
  }
  return TrainingTemperature(
    raw: gradientNorm, intensive: gradientNorm * gradientNorm / Double(weightCount),
    scaleFree: gradientNorm * weightNorm,
    relativeUpdate: weightNorm > 0 ? updateNorm / weightNorm : nil)
}

/// Throws unless a number is finite and at least 0, or above 0.
func requireNumber(
  _ value: Double, _ what: String, aboveZero: Bool = false, measure: String
) throws(MeasureError) {
  guard value.isFinite, aboveZero ? value > 0 : value >= 0 else {
    throw .outOfRange(
      measure: measure, what: what, value: value,
      expected: aboveZero ? "above 0 and finite" : "at least 0 and finite")
  }
}
