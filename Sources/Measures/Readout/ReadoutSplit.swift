/// What limits a network: its representation, or the head that reads it.
public struct ReadoutSplit: Sendable, Equatable, Codable {
  /// The accuracy of the network's own head on training examples.
  public var headTrainAccuracy: Proportion
  /// The accuracy of the network's own head on test examples.
  public var headTestAccuracy: Proportion
  /// The best linear head on the frozen features, fitted to the training examples; its `accuracy` is that
  /// on test examples.
  public var best: LinearProbe
  /// The test accuracy that a better head would gain: best less own. Its error is that of paired answers
  /// to the same examples. Negative where the network's head does better than a head fitted to its
  /// training examples anew.
  public var readoutGap: Estimate
  /// The test accuracy that the best head still lacks, in 0...1: what the representation must give.
  public var representationGap: Double { 1 - best.accuracy.value }
}

/// The accuracy of a network's own head against the best linear head on its frozen features, on training
/// and on test examples.
///
/// Before it groks, a network whose features already serve a new head well has a readout that is biased
/// to its training examples; where no head does well, its representation is still to come.
///
/// - Shapes: features are `[n, d]` and `[m, d]`, logits `[n, C]` and `[m, C]`; labels have one element per
///   row each and are numbers of outputs.
/// - Units: accuracies, in 0...1.
/// - Parameter features: what the head takes in, of training examples; `testFeatures` of test examples.
/// - Parameter logits: what the head gives out.
/// - Parameter method: how the best head is fitted.
/// - Throws: as `linearProbe(of:labels:heldOut:heldOutLabels:)` and `outputClassification(of:labels:)`.
/// - Complexity: that of the probe.
/// - Source: after the decomposition of Chou et al., arXiv 2605.27078 (2026).
public func readoutSplit(
  of features: some SampleMatrix, logits: some SampleMatrix, labels: [Int],
  testFeatures: some SampleMatrix, testLogits: some SampleMatrix, testLabels: [Int],
  method: ProbeMethod = .logistic(), memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> ReadoutSplit {
  let measure = "readoutSplit"
  for (first, second) in [
    (features.rowCount, logits.rowCount), (testFeatures.rowCount, testLogits.rowCount),
  ] where first != second {
    throw .rowCountMismatch(measure: measure, first: first, second: second)
  }
  let train = try outputClassification(of: logits, labels: labels)
  let test = try outputClassification(of: testLogits, labels: testLabels)
  let best = try linearProbe(
    of: features, labels: labels, heldOut: testFeatures, heldOutLabels: testLabels,
    method: method, memoryBudget: memoryBudget, workers: workers, key: key)
  let found = try best.readout.predictions(for: testFeatures, workers: workers)
  let gains = zip(
    Classification(predictions: found, labels: testLabels).isCorrect, test.isCorrect
  ).map { ($0 ? 1.0 : 0) - ($1 ? 1 : 0) }
  return ReadoutSplit(
    headTrainAccuracy: train.accuracy, headTestAccuracy: test.accuracy, best: best,
    readoutGap: try Estimate(meanOf: gains, measure: measure))
}
