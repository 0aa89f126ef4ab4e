/// Margins of a classifier over what its weights could make of any input.
public struct NormalizedMargins: Sendable, Equatable, Codable {
  /// The margin of each example divided by the scale; negative where it is misclassified.
  public var values: [Double]
  /// What the margins were divided by.
  public var scale: Double

  /// The smallest, which theorems on the maximum margin speak of.
  public var smallest: Double { values.min() ?? 0 }
}

/// What margins are divided by.
public enum MarginScale: String, Sendable, Codable, CaseIterable {
  /// Π ρ ‖W_i‖₂: no input is nearer to the decision boundary than 1/√2 of its normalised margin.
  case lipschitzBound
  /// R ‖X‖_F/n with R the ``SpectralComplexity/value``: comparable between networks and data sets.
  case spectralComplexity
}

/// Margins divided by a bound on what the network could do.
///
/// ```swift
/// let complexity = try spectralComplexity(of: [w1, w2, w3])
/// let normalized = try normalizedMargins(margins, inputs: images, complexity: complexity)
/// ```
///
/// - Shapes: `inputs` is `[n, features]`, row i that of margin i.
/// - Parameter margins: f(x)_y − max_{j≠y} f(x)_j of each example.
/// - Parameter scale: by default as in the paper's figures.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (1 example), `.nonFiniteInput`, `.undefined`
///   where the scale is 0 or the margins are too large for it.
/// - Complexity: O(n features).
/// - Source: Bartlett, Foster & Telgarsky, NeurIPS 2017, Theorem 1.1 and Figure 1.
public func normalizedMargins(
  _ margins: [Double], inputs: some SampleMatrix, complexity: SpectralComplexity,
  scale: MarginScale = .spectralComplexity
) throws(MeasureError) -> NormalizedMargins {
  let measure = "normalizedMargins"
  guard margins.count == inputs.rowCount else {
    throw .rowCountMismatch(measure: measure, first: margins.count, second: inputs.rowCount)
  }
  try requireRows([inputs], atLeast: 1, measure: measure)
  try requireFinite([inputs], measure: measure)
  if let index = margins.firstIndex(where: { !$0.isFinite }) {
    throw .nonFiniteInput(measure: measure, array: "the margins", index: index)
  }
  let divisor: Double
  switch scale {
  case .lipschitzBound: divisor = complexity.lipschitzBound
  case .spectralComplexity:
    let square = squaredNorm(of: inputs)
    divisor = complexity.value * square.squareRoot() / Double(inputs.rowCount)
  }
  let values = margins.map { $0 / divisor }
  guard divisor > 0, values.allSatisfy({ $0.isFinite }) else {
    throw .undefined(
      measure: measure, reason: "margins cannot be divided by a scale of \(divisor)")
  }
  return NormalizedMargins(values: values, scale: divisor)
}

/// ‖X‖_F², block by block.
private func squaredNorm(of samples: some SampleMatrix) -> Double {
  let (rows, columns) = (samples.rowCount, samples.columnCount)
  let blockRows = max(1, (1 << 16) / max(1, columns))
  var sum = 0.0
  for first in stride(from: 0, to: rows, by: blockRows) {
    let count = min(blockRows, rows - first)
    let block = Matrix<Double>(rowCount: count, columnCount: columns) { buffer in
      guard let start = buffer.baseAddress else { return }
      samples.copy(
        rows: first..<first + count, columns: 0..<columns, to: start, stride: columns)
    }
    sum += dot(block.values, block.values)
  }
  return sum
}
