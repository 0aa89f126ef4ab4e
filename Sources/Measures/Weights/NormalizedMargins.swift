internal import Foundation

/// Margins of a classifier over what its weights could make of any input.
public struct NormalizedMargins: Sendable, Equatable, Codable {
  /// The margin of each example divided by the scale, ascending; negative where it is misclassified.
  public var values: [Double]
  /// What the margins were divided by.
  public var scale: Double

  /// The smallest, which theorems on the maximum margin speak of.
  public var smallest: Double { values[0] }

  /// The margin that a fraction of the examples stays below, linear between neighbors.
  ///
  /// - Parameter fraction: 0 to 1; `quantile(0.5)` is the median.
  public func quantile(_ fraction: Double) -> Double {
    let place = max(0, min(1, fraction)) * Double(values.count - 1)
    let below = Int(place)
    let above = min(below + 1, values.count - 1)
    return values[below] + (place - Double(below)) * (values[above] - values[below])
  }
}

/// What margins are divided by.
public enum MarginScale: String, Sendable, Codable, CaseIterable {
  /// Π ρ ‖W_i‖₂: no input is nearer to the decision boundary than 1/√2 of its normalised margin.
  case lipschitzBound
  /// R ‖X‖_F/n with R the ``SpectralComplexity/value``: comparable between networks and data sets.
  case spectralComplexity
}

/// The margins f(x)_y − max_{j≠y} f(x)_j, divided by a bound on what the network could do.
///
/// - Shapes: `logits` is `[n, classes]`, `inputs` `[n, features]`; row i of both, and label i, belong to
///   one example.
/// - Parameter scale: by default as in the paper's figures.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (1 example, 2 classes), `.outOfRange` for
///   a label without an output, `.nonFiniteInput`, `.undefined` where the scale is 0 or the margins are
///   too large for it.
/// - Complexity: O(n (classes + features) + n log n).
/// - Source: Bartlett, Foster & Telgarsky, NeurIPS 2017, Theorem 1.1 and Figure 1.
public func normalizedMargins(
  of logits: some SampleMatrix, labels: [Int], inputs: some SampleMatrix,
  complexity: SpectralComplexity, scale: MarginScale = .spectralComplexity
) throws(MeasureError) -> NormalizedMargins {
  let measure = "normalizedMargins"
  guard logits.rowCount == labels.count else {
    throw .rowCountMismatch(measure: measure, first: logits.rowCount, second: labels.count)
  }
  try requireRows([logits, inputs], atLeast: 1, measure: measure)
  guard logits.columnCount >= 2 else {
    throw .tooFewSamples(measure: measure, found: logits.columnCount, needed: 2)
  }
  try requireFinite([logits, inputs], measure: measure)
  if let label = labels.first(where: { $0 < 0 || $0 >= logits.columnCount }) {
    throw .outOfRange(
      measure: measure, what: "a label", value: Double(label),
      expected: "0 ..< \(logits.columnCount)")
  }
  let divisor: Double
  switch scale {
  case .lipschitzBound: divisor = complexity.lipschitzBound
  case .spectralComplexity:
    var square = 0.0
    for row in 0..<inputs.rowCount {
      for column in 0..<inputs.columnCount {
        let value = inputs[row, column]
        square += value * value
      }
    }
    divisor = complexity.value * square.squareRoot() / Double(inputs.rowCount)
  }
  let values = labels.enumerated().map { row, label in
    let others = (0..<logits.columnCount).lazy.filter { $0 != label }.map { logits[row, $0] }
    return (logits[row, label] - (others.max() ?? 0)) / divisor
  }.sorted()
  guard divisor > 0, values.allSatisfy({ $0.isFinite }) else {
    throw .undefined(
      measure: measure, reason: "margins cannot be divided by a scale of \(divisor)")
  }
  return NormalizedMargins(values: values, scale: divisor)
}
