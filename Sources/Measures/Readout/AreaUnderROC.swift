/// The probability that a positive has a larger score than a negative: the area under the receiver
/// operating characteristic.
///
/// Mean over all pairs of 1 where the positive's is larger, ½ where they are equal. For confidences of
/// right against wrong answers, or negative energies of familiar against foreign inputs.
///
/// - Units: none; in 0...1, ½ by chance. The standard error is DeLong's, 0 where no pair is out of order.
/// - Throws: `MeasureError.tooFewSamples` (2 of each), `.nonFiniteInput`.
/// - Complexity: O(n log n).
/// - Source: Mann & Whitney, Ann. Math. Stat. 18, 50 (1947); the error: DeLong, DeLong & Clarke-Pearson,
///   Biometrics 44, 837 (1988).
public func areaUnderROC(
  of positives: [Double], against negatives: [Double]
) throws(MeasureError) -> Estimate {
  let measure = "areaUnderROC"
  for (scores, name) in [(positives, "the positives"), (negatives, "the negatives")] {
    guard scores.count >= 2 else {
      throw .tooFewSamples(measure: "\(measure), \(name)", found: scores.count, needed: 2)
    }
    if let index = scores.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: name, index: index)
    }
  }
  // Every score's share of the other side that lies in the order wanted.
  let overNegatives = try Estimate(
    meanOf: sharesBelow(positives, among: negatives), measure: measure)
  let underPositives = try Estimate(
    meanOf: sharesBelow(negatives, among: positives).map { 1 - $0 }, measure: measure)
  let variance =
    overNegatives.standardError * overNegatives.standardError
    + underPositives.standardError * underPositives.standardError
  return Estimate(
    value: overNegatives.value, standardError: variance.squareRoot(),
    sampleCount: positives.count + negatives.count)
}

/// For each score the share of the others that is smaller, equal ones counting half.
private func sharesBelow(_ scores: [Double], among others: [Double]) -> [Double] {
  let sorted = others.sorted()
  return scores.map { score in
    let smaller = partitionPoint(sorted) { $0 < score }
    let notLarger = partitionPoint(sorted) { $0 <= score }
    return Double(smaller + notLarger) / 2 / Double(sorted.count)
  }
}

/// The number of leading elements that fulfil a condition which no later one fulfils.
private func partitionPoint(_ sorted: [Double], _ isBefore: (Double) -> Bool) -> Int {
  var (low, high) = (0, sorted.count)
  while low < high {
    let middle = (low + high) / 2
    if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
  }
  return low
}

/// The accuracy on inputs without labels, predicted from confidences: the share above the threshold that
/// on labelled inputs as many exceed as are classified correctly there.
///
/// - Shapes: `areCorrect` has one element per element of `reference`.
/// - Parameter scores: confidences, or negative entropies, of inputs without labels.
/// - Parameter reference: the same of inputs with labels, from the distribution that was trained on.
/// - Parameter areCorrect: whether those are classified correctly.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples`, `.nonFiniteInput`.
/// - Complexity: O(n log n).
/// - Source: Garg et al., ICLR 2022 (average thresholded confidence), Eq. 1–2.
public func averageThresholdedConfidence(
  of scores: [Double], reference: [Double], areCorrect: [Bool]
) throws(MeasureError) -> Proportion {
  let measure = "averageThresholdedConfidence"
  guard reference.count == areCorrect.count else {
    throw .rowCountMismatch(measure: measure, first: reference.count, second: areCorrect.count)
  }
  for (values, name) in [(scores, "the scores"), (reference, "the reference")] {
    guard !values.isEmpty else {
      throw .tooFewSamples(measure: "\(measure), \(name)", found: 0, needed: 1)
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: name, index: index)
    }
  }
  let errors = areCorrect.count { !$0 }
  guard errors < reference.count else { return Proportion(of: 0, in: scores.count) }
  let threshold = reference.sorted()[errors]
  // Without errors there is nothing to be below.
  return Proportion(of: scores.map { errors == 0 || $0 >= threshold })
}
