/// How the attention that one head pays to a number depends on that number.
public struct AttentionFrequencies: Sendable, Equatable, Codable {
  /// F s: p coefficients of the score s of each number, the constant first.
  public var coefficients: [Double]
  /// The share of the variance of the score at each frequency, of frequency k at index k − 1; nil where all numbers have the
  /// same score.
  public var shares: [Double]?
  /// The frequency with the largest share.
  public var frequency: NeuronFrequency?
}

/// The frequencies of attention scores: for every head, of one query's scores of all numbers.
///
/// For the score before the softmax give q · K_h W_E with the query of "=" ; for the attention itself, which depends on both
/// numbers, `neuronFrequencies` of a column for each head.
///
/// - Shapes: `scores` is `[numbers, heads]`, with a row for every number modulo p at least.
/// - Throws: `MeasureError.tooFewSamples`, `.nonFiniteInput`.
/// - Complexity: O(p² heads).
/// - Source: Nanda et al., arXiv 2301.05217, §4.3.
public func attentionFrequencies(
  of scores: some SampleMatrix, task: CyclicTask
) throws(MeasureError) -> [AttentionFrequencies] {
  let basis = try FourierBasis(period: task.period)
  let rows = try numberRows(of: scores, task: task, measure: "attentionFrequencies")
  let coefficients = basis.matrix.multiplied(by: rows)
  return (0..<scores.columnCount).map { head in
    let values = coefficients.column(head)
    let powers = basis.frequencies.map { frequency in
      basis.rows(of: frequency).reduce(0) { $0 + values[$1] * values[$1] }
    }
    let total = powers.reduce(0, +)
    // Equal scores leave coefficients of the size of rounding.
    let all = total + values[0] * values[0]
    guard total > all * 1e-28 else {
      return AttentionFrequencies(coefficients: values, shares: nil, frequency: nil)
    }
    let best = powers.indices.reduce(0) { powers[$1] > powers[$0] ? $1 : $0 }
    return AttentionFrequencies(
      coefficients: values, shares: powers.map { $0 / total },
      frequency: NeuronFrequency(
        frequency: best + 1, explainedVariance: powers[best] / total))
  }
}
