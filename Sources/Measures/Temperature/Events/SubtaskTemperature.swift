/// The temperatures of the parts of a task, and how far they pull against each other.
///
/// - Source: this package's.
public struct SubtaskTemperatures: Sendable, Equatable {
  /// ‖g^(k)‖ of the loss of each sub-task alone, in loss/weight.
  public var norms: [Double]
  /// ⟨g^(j), g^(k)⟩ of all pairs, `[tasks, tasks]`.
  public var products: Matrix<Double>

  /// cos(g^(j), g^(k)): below 0 where a step for one task undoes the other. nil where a gradient is 0.
  public func interference(between first: Int, and second: Int) -> Double? {
    let scale = norms[first] * norms[second]
    guard scale > 0 else { return nil }
    return max(-1, min(1, products[first, second] / scale))
  }
}

/// The temperature of each sub-task (class, token, digit, frequency) and the interference between them.
///
/// - Shapes: `gradients` is `[tasks, weights]`, row k the gradient of the mean loss of task k.
/// - Throws: `MeasureError.tooFewSamples` (1 task), `.nonFiniteInput`.
/// - Complexity: O(tasks² × weights).
public func subtaskTemperatures(
  of gradients: Matrix<Double>
) throws(MeasureError) -> SubtaskTemperatures {
  let measure = "subtaskTemperatures"
  try requireRows([gradients], atLeast: 1, measure: measure)
  try requireFinite([gradients], measure: measure)
  let products = gradients.rowGram
  return SubtaskTemperatures(
    norms: products.diagonal.map { $0.squareRoot() }, products: products)
}
