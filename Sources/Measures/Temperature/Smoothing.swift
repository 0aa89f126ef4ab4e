/// The exponential moving average e₀ = x₀, eₜ = α xₜ + (1 − α) eₜ₋₁.
///
/// Without correction for the start: the first value counts as if it had been there for ever. Smooth for
/// the eye, with α 0.08 or 0.15; a measure of noise takes the values as they are.
///
/// - Parameter weight: α, above 0, at most 1; nil gives the values unchanged.
/// - Throws: `MeasureError.outOfRange`, `.nonFiniteInput`.
/// - Complexity: O(n).
/// - Source: definition.
public func exponentialMovingAverage(
  of values: [Double], weight: Double?
) throws(MeasureError) -> [Double] {
  let measure = "exponentialMovingAverage"
  try requireOrdered(values, "the values", measure: measure)
  guard let weight else { return values }
  guard weight > 0, weight <= 1 else {
    throw .outOfRange(
      measure: measure, what: "the weight", value: weight, expected: "above 0, at most 1")
  }
  var average = values.first ?? 0
  return values.map { value in
    average = weight * value + (1 - weight) * average
    return average
  }
}

/// The exponential moving average of a number that is not kept: for statistics of steps.
///
/// - Source: definition.
public struct MovingAverage: Sendable, Equatable, Codable {
  /// α, above 0, at most 1.
  public let weight: Double
  /// The average; nil before the first value.
  public private(set) var value: Double?

  /// An average without values.
  ///
  /// - Throws: `MeasureError.outOfRange`.
  public init(weight: Double) throws(MeasureError) {
    guard weight > 0, weight <= 1 else {
      throw .outOfRange(
        measure: "MovingAverage", what: "the weight", value: weight,
        expected: "above 0, at most 1")
    }
    self.weight = weight
  }

  /// Takes one more value; the first one becomes the average.
  public mutating func add(_ value: Double) {
    self.value = self.value.map { weight * value + (1 - weight) * $0 } ?? value
  }
}
