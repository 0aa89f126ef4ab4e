/// The losses when key frequencies are kept or removed in the neurons, and not in the logits.
///
/// What W_L makes of the neurons is one path to the logits; the other goes past them, from attention and embedding.
public struct NeuronPathLosses: Sendable, Equatable, Codable {
  /// The loss of what W_L makes of the neurons' mean and key frequencies; the other path is dropped.
  public var restricted: SplitValues
  /// The loss without what W_L makes of the key frequencies of the neurons; the other path is kept with all of its own.
  public var excluded: SplitValues
}

extension CyclicLogits {
  /// The losses when the directions cos w_k (u + v) and sin w_k (u + v) of some frequencies are kept or removed in the neurons.
  ///
  /// Where the other path holds nothing of the key frequencies, `restricted` is that of the logits but for the other path's mean.
  ///
  /// - Shapes: `activations` is `[pairs, neurons]`, `outputWeights` W_L `[numbers, neurons]`.
  /// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange`, `.nonFiniteInput`.
  /// - Complexity: O(n² neurons + n³).
  /// - Source: TransformerLens's demonstration of grokking.
  public func neuronPathLosses<Scalar>(
    activations: Matrix<Scalar>, outputWeights: some SampleMatrix, keyFrequencies: [Int],
    workers: Workers? = nil
  ) throws(MeasureError) -> NeuronPathLosses {
    let measure = "neuronPathLosses"
    try check(keyFrequencies, measure: measure)
    let weights = try numberRows(of: outputWeights, task: task, measure: measure)
    guard weights.columnCount == activations.columnCount else {
      throw .outOfRange(
        measure: measure, what: "the number of neurons", value: Double(activations.columnCount),
        expected: "\(weights.columnCount), as W_L has columns")
    }
    let neurons = try GridSums(
      of: task.arranged(activations), period: period, measure: measure, workers: workers)
    let rows = keyFrequencies.flatMap { basis.rows(of: $0) }
    let directions = basis.matrix.selectingRows(rows)
    let read = directions.multiplied(by: neurons.bySum).multiplied(
      by: weights, transposingOther: true)
    var table = Matrix<Double>(rowCount: period, columnCount: period)
    table.addProduct(
      of: directions, transposed: true, and: read, scale: 1 / Double(period), keeping: 0)
    let excluded = try losses(without: [table], workers: workers)[0]
    let means = weights.multiplied(by: neurons.means)
    for sum in 0..<period {
      for answer in 0..<period { table[sum, answer] += means[answer] }
    }
    return NeuronPathLosses(restricted: scores(ofSums: table).loss, excluded: excluded)
  }
}
