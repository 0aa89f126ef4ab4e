extension AttendedSequences {
  /// How much of what one head says for the tokens of a sequence it says for those it attends to.
  ///
  /// With r the rise of each token's logit by the head, less the mean over the vocabulary and not below 0, at each query:
  /// Σ_k a[q, k] r[q, tok_k] over that and Σ_k r[q, tok_k], all summed over queries, is a share in 0...½, and the score is
  /// four times it less 1: 1 where the attended tokens get all. Σ_k goes over keys up to the query.
  ///
  /// - Shapes: `contributions` is `[T, vocabulary]`: the head's output through the unembedding, at each query.
  /// - Units: −1...1.
  /// - Returns: nil where the head raises no token of the sequence.
  /// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange` for a token without a column.
  /// - Complexity: O(T (T + vocabulary)).
  /// - Source: Olsson et al. (2022), appendix.
  public func copying(
    sequence: Int, head: Int, contributions: some SampleMatrix
  ) throws(MeasureError) -> Double? {
    let measure = "copying"
    guard contributions.rowCount == length else {
      throw .rowCountMismatch(measure: measure, first: contributions.rowCount, second: length)
    }
    let (tokens, vocabulary) = (tokens[sequence], contributions.columnCount)
    if let token = tokens.first(where: { $0 < 0 || $0 >= vocabulary }) {
      throw .outOfRange(
        measure: measure, what: "a token", value: Double(token),
        expected: "0 to \(vocabulary - 1), the columns")
    }
    let pattern = pattern(sequence: sequence, head: head)
    var (attended, all) = (0.0, 0.0)
    for query in 0..<length {
      let row = (0..<vocabulary).map { contributions[query, $0] }
      let mean = row.reduce(0, +) / Double(vocabulary)
      for key in 0...query {
        let rise = max(0, row[tokens[key]] - mean)
        attended += pattern[query, key] * rise
        all += rise
      }
    }
    return all > 0 ? 4 * attended / (attended + all) - 1 : nil
  }
}

/// How much a head copies, by its weights alone: Σλ/Σ|λ| over the eigenvalues λ of W_Uᵀ W_O W_V W_E.
///
/// They are those of the small product W_V W_E W_Uᵀ W_O `[headWidth, headWidth]`, and zeros.
///
/// - Shapes: both `[width, vocabulary]`.
/// - Units: −1...1; 1 where every token raises itself.
/// - Throws: `MeasureError.outOfRange`, `.undefined` where all eigenvalues are 0, `.numerics`.
/// - Complexity: O(width vocabulary headWidth).
/// - Source: Elhage et al. (2021); Olsson et al. (2022).
public func copyingEigenvalueScore(
  of head: HeadWeights, embedding: Matrix<Double>, unembedding: Matrix<Double>
) throws(MeasureError) -> Double {
  let measure = "copyingEigenvalueScore"
  let width = head.values.columnCount
  guard embedding.rowCount == width, unembedding.rowCount == width,
    embedding.columnCount == unembedding.columnCount
  else {
    throw .outOfRange(
      measure: measure, what: "the rows of the embedding", value: Double(embedding.rowCount),
      expected: "\(width), the width, with as many tokens as the unembedding has")
  }
  let read = head.values.multiplied(by: embedding)
  let written = unembedding.multiplied(by: head.output, transposingSelf: true)
  let small = read.multiplied(by: written)
  let values = try decomposing(measure) { () throws(NumericsError) in
    try generalEigenvalues(of: small)
  }
  let magnitudes = values.reduce(0) { $0 + $1.magnitude }
  guard magnitudes > 0 else {
    throw .undefined(measure: measure, reason: "all eigenvalues are 0")
  }
  return values.reduce(0) { $0 + $1.real } / magnitudes
}
