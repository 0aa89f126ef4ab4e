/// How well the logits do with nothing but their key frequencies, and without these.
public struct ProgressLosses: Sendable, Equatable, Codable {
  /// The frequencies taken for key, rising.
  public var keyFrequencies: [Int]
  /// The loss of the logits as they are.
  public var full: SplitValues
  /// The share of right answers of the logits as they are.
  public var accuracy: SplitValues
  /// The loss of Σ_k P_k(L) and the mean over pairs of L, k over the key frequencies.
  public var restricted: SplitValues
  /// The share of right answers of these.
  public var restrictedAccuracy: SplitValues
  /// The loss of L − Σ_k P_k(L), k over the key frequencies; the published curve is `excluded.train`.
  public var excluded: SplitValues
  /// The loss of L − P_k(L) for every frequency, of frequency k at index k − 1.
  public var excludedByFrequency: [SplitValues]
  /// The loss of L − Σ_k C_k C_kᵀ L with one direction cos(w_k (u + v − r)) a key frequency, in the n³ dimensions of pairs and
  /// answers.
  public var excludedCosines: SplitValues
  /// The same without one frequency, for every frequency.
  public var excludedCosineByFrequency: [SplitValues]
  /// The loss of the mean and the nine products {1, cos, sin} × {1, cos, sin} of every key frequency, which is not the
  /// restricted loss.
  public var blocks: SplitValues

  /// Test loss over restricted loss on the test pairs: rises while circuits form, and returns to about 1 in cleanup. Nil
  /// where there are no test pairs or the restricted loss is 0.
  public var testToRestricted: Double? {
    guard let test = full.test, let restricted = restricted.test, restricted > 0 else {
      return nil
    }
    return test / restricted
  }
}

extension CyclicLogits {
  /// The progress measures of grokking for given key frequencies.
  ///
  /// All losses are mean cross-entropies in nats over the n answers, in `Double`. Restricted and excluded logits add up to L and
  /// its mean over pairs. Key frequencies are those of the end of a training, for all of its checkpoints: with those of an early
  /// one the curves mean nothing.
  ///
  /// - Throws: `MeasureError.outOfRange` for frequencies that the task does not have or given twice.
  /// - Complexity: O(n⁴) in products of matrices, O(n³) besides; memory O(n³).
  /// - Source: Nanda, Chan, Lieberum, Smith & Steinhardt, arXiv 2301.05217, §5.1 and the notebook.
  /// - Differs from: the notebook, which has excluded losses on the training pairs and restricted ones on all and train only.
  public func progressLosses(
    keyFrequencies: [Int], workers: Workers? = nil
  ) throws(MeasureError) -> ProgressLosses {
    try check(keyFrequencies, measure: "progressLosses")
    let all = Array(basis.frequencies)
    let coefficients = cosineCoefficients
    var kept = sumTable(of: keyFrequencies)
    var tables = [kept] + all.map { sumTable(of: [$0]) }
    for frequencies in [keyFrequencies] + all.map({ [$0] }) {
      tables.append(cosineTable(of: frequencies, coefficients: coefficients))
    }
    let without = try losses(without: tables, workers: workers)
    for sum in 0..<period {
      for answer in 0..<period { kept[sum, answer] += sums.means[answer] }
    }
    let full = try scores(of: values, workers: workers)
    let restricted = scores(ofSums: kept)
    return ProgressLosses(
      keyFrequencies: keyFrequencies.sorted(), full: full.loss, accuracy: full.accuracy,
      restricted: restricted.loss, restrictedAccuracy: restricted.accuracy, excluded: without[0],
      excludedByFrequency: Array(without[1...all.count]), excludedCosines: without[all.count + 1],
      excludedCosineByFrequency: Array(without[(all.count + 2)...]),
      blocks: try scores(of: blockProjection(onto: keyFrequencies), workers: workers).loss)
  }
}
