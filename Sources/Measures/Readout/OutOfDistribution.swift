/// How a network fares on inputs from another distribution than it was trained on.
///
/// - Source: as ``outputClassification(of:labels:among:)`` and ``linearProbe(of:labels:heldOutFraction:)``.
public struct OutOfDistributionEvaluation: Sendable, Equatable, Codable {
  /// What the largest of all outputs says.
  public var direct: Classification
  /// What the largest output says among those that could be right; the same where no others were named.
  public var restricted: Classification
  /// What a linear classifier finds in features of such inputs, fitted to some and tried on others.
  public var probe: LinearProbe
  /// The share of the most frequent label: what an answer that never changes would reach.
  public var majorityShare: Double
}

/// Accuracy out of distribution: of the network's own outputs, and of a probe of its features.
///
/// The outputs say what the network makes of foreign inputs as it is; the probe says whether its
/// features would serve them with another head. The probe is fitted to some of the inputs and tried on
/// the others, with features standardised and a penalty chosen within the first.
///
/// - Shapes: `logits` is `[n, C]`, `features` is `[n, d]`; `labels` has one element per row, each the number
///   of an output.
/// - Units: accuracies, in 0...1.
/// - Parameter outputs: the outputs that could be right, for example the ten digits of a network that knows
///   letters too; all where nil.
/// - Parameter heldOutFraction: the share of inputs that the probe is tried on.
/// - Throws: as `outputClassification(of:labels:among:)` and `linearProbe(of:labels:heldOutFraction:)`.
/// - Complexity: that of the probe.
/// - Differs from: the published evaluation, whose probe was scored on the samples it was fitted to, with
///   logits of any size as features and a fixed number of gradient steps; see `Docs/Readout.md`.
public func outOfDistributionEvaluation(
  ofLogits logits: some SampleMatrix, features: some SampleMatrix, labels: [Int],
  among outputs: [Int]? = nil, heldOutFraction: Double = 0.25,
  method: ProbeMethod = .logistic(), memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> OutOfDistributionEvaluation {
  guard logits.rowCount == features.rowCount else {
    throw .rowCountMismatch(
      measure: "outOfDistributionEvaluation", first: logits.rowCount, second: features.rowCount)
  }
  let direct = try outputClassification(of: logits, labels: labels)
  let restricted = try outputClassification(of: logits, labels: labels, among: outputs)
  let probe = try linearProbe(
    of: features, labels: labels, heldOutFraction: heldOutFraction, method: method,
    memoryBudget: memoryBudget, workers: workers, key: key)
  var counts = [Int: Int]()
  for label in labels { counts[label, default: 0] += 1 }
  return OutOfDistributionEvaluation(
    direct: direct, restricted: restricted, probe: probe,
    majorityShare: Double(counts.values.max() ?? 0) / Double(labels.count))
}
