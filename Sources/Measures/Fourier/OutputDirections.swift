/// What the neurons of a network add up to before they become logits, one frequency after the other.
public struct OutputDirections: Sendable, Equatable, Codable {
  /// One key frequency's share in W_L = Σ_k cos(w_k) u_kᵀ + sin(w_k) v_kᵀ + residual.
  public struct Direction: Sendable, Equatable, Codable {
    /// k.
    public var frequency: Int
    /// ‖u_k‖ with cos(w_k) of norm 1.
    public var cosineNorm: Double
    /// ‖v_k‖; 0 for the alternating frequency.
    public var sineNorm: Double
    /// The share of the variance of u_kᵀ MLP(u, v) along cos(w_k (u + v)); nil where it does not vary.
    public var cosineExplained: Double?
    /// The share of the variance of v_kᵀ MLP(u, v) along sin(w_k (u + v)); nil where it does not vary.
    public var sineExplained: Double?
  }

  /// Each key frequency.
  public var directions: [Direction]
  /// ‖residual‖/‖W_L‖.
  public var residual: Double
}

/// How a network reads its neurons out, in terms of its key frequencies.
///
/// - Shapes: `outputWeights` is W_L = W_Uᵀ W_out `[numbers, neurons]`, with a row for every number modulo p at least; `activations` is
///   `[pairs, neurons]`.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.outOfRange`, `.undefined` for weights of 0.
/// - Complexity: O(n² neurons) for each key frequency.
/// - Source: Nanda et al., arXiv 2301.05217, §4.2–4.3.
public func outputDirections<Scalar>(
  of outputWeights: some SampleMatrix, activations: Matrix<Scalar>, keyFrequencies: [Int],
  task: CyclicTask, workers: Workers? = nil
) throws(MeasureError) -> OutputDirections {
  let measure = "outputDirections"
  let basis = try FourierBasis(period: task.period)
  let weights = try numberRows(of: outputWeights, task: task, measure: measure)
  guard weights.columnCount == activations.columnCount else {
    throw .outOfRange(
      measure: measure, what: "the number of neurons", value: Double(activations.columnCount),
      expected: "\(weights.columnCount), as W_L has columns")
  }
  for frequency in keyFrequencies where !basis.frequencies.contains(frequency) {
    throw .outOfRange(
      measure: measure, what: "a key frequency", value: Double(frequency),
      expected: "1 to \(task.period / 2)")
  }
  let coefficients = basis.matrix.multiplied(by: weights)
  let norms = squaredNorms(coefficients)
  let total = norms.reduce(0, +)
  guard total > 0 else { throw .undefined(measure: measure, reason: "all weights are 0") }

  let rows = keyFrequencies.flatMap { basis.rows(of: $0) }
  let directions = coefficients.selectingRows(rows)
  let read = try task.arranged(activations).multiplied(
    by: Matrix<Scalar>(directions), transposingOther: true)
  let sums = try GridSums(of: read, period: task.period, measure: measure, workers: workers)
  let along = basis.matrix.multiplied(by: sums.bySum)
  func explained(_ row: Int) -> Double? {
    guard let place = rows.firstIndex(of: row), sums.centeredPowers[place] > 0 else { return nil }
    return along[row, place] * along[row, place] / Double(task.period) / sums.centeredPowers[place]
  }
  var result: [OutputDirections.Direction] = []
  for frequency in keyFrequencies {
    let rows = basis.rows(of: frequency)
    let (cosine, sine) = (rows.lowerBound, rows.count == 2 ? rows.upperBound - 1 : nil)
    result.append(
      .init(
        frequency: frequency, cosineNorm: norms[cosine].squareRoot(),
        sineNorm: sine.map { norms[$0].squareRoot() } ?? 0, cosineExplained: explained(cosine),
        sineExplained: sine.flatMap(explained)))
  }
  let kept = Set(rows)
  let left = norms.indices.reduce(0) { kept.contains($1) ? $0 : $0 + norms[$1] }
  return OutputDirections(directions: result, residual: (left / total).squareRoot())
}

/// The rows of the numbers modulo p, in the order of the task's coordinates, in `Double`.
func numberRows(
  of samples: some SampleMatrix, task: CyclicTask, measure: String
) throws(MeasureError) -> Matrix<Double> {
  guard samples.rowCount >= task.modulus else {
    throw .tooFewSamples(measure: measure, found: samples.rowCount, needed: task.modulus)
  }
  try requireFinite([samples], measure: measure)
  return Matrix<Double>(samples).selectingRows(task.answers)
}

extension FourierSpectrum {
  /// The spectrum over the numbers of a task of a matrix with a row for each number, and perhaps others.
  ///
  /// - Shapes: `[p or more, columns]`: W_Eᵀ, or W_L.
  /// - Throws: `MeasureError.tooFewSamples`, `.nonFiniteInput`.
  public init(
    of samples: some SampleMatrix, task: CyclicTask
  ) throws(MeasureError) {
    try self.init(
      of: numberRows(of: samples, task: task, measure: "FourierSpectrum"),
      basis: FourierBasis(period: task.period))
  }
}
