/// How well the confidence of a classifier agrees with its accuracy.
public struct Calibration: Sendable, Equatable, Codable {
  /// Σ (n_b/n) |accuracy − mean confidence| over bins. Above 0 by chance even where calibration is
  /// perfect, by about √(bins/n)/3 where confidences fill the bins.
  public var expectedError: Double
  /// The largest |accuracy − mean confidence| of a bin with examples.
  public var largestError: Double
  /// The mean confidence less the accuracy: positive where a classifier is too sure.
  public var overconfidence: Estimate
  /// The bins with examples, from low to high confidence: what a reliability diagram shows.
  public var bins: [Bin]

  /// The examples whose confidence lies in (lower, upper].
  public struct Bin: Sendable, Equatable, Codable {
    /// The confidence that all exceed, but for 0.
    public var lower: Double
    /// The confidence that none exceeds.
    public var upper: Double
    /// The mean confidence.
    public var confidence: Double
    /// The share that was classified correctly, with the number of examples.
    public var accuracy: Proportion
  }
}

/// The calibration of confidences: bins of equal width, accuracy against mean confidence in each.
///
/// - Shapes: one element per example each.
/// - Units: none; errors in 0...1.
/// - Parameter binCount: 15 by default, as most reports have it.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (2), `.outOfRange` for a confidence outside
///   of 0...1 or no bin.
/// - Complexity: O(n).
/// - Source: Guo et al., ICML 2017, Eq. 3 and 5.
public func calibration(
  of confidences: [Double], areCorrect: [Bool], binCount: Int = 15
) throws(MeasureError) -> Calibration {
  let measure = "calibration"
  guard confidences.count == areCorrect.count else {
    throw .rowCountMismatch(
      measure: measure, first: confidences.count, second: areCorrect.count)
  }
  guard binCount >= 1 else {
    throw .outOfRange(
      measure: measure, what: "the number of bins", value: Double(binCount), expected: "at least 1")
  }
  if let confidence = confidences.first(where: { !($0 >= 0 && $0 <= 1) }) {
    throw .outOfRange(
      measure: measure, what: "a confidence", value: confidence, expected: "0 to 1")
  }
  let overconfidence = try Estimate(
    meanOf: zip(confidences, areCorrect).map { $0 - ($1 ? 1 : 0) }, measure: measure)
  var totals = Array(repeating: (sum: 0.0, correct: 0, count: 0), count: binCount)
  for (confidence, isCorrect) in zip(confidences, areCorrect) {
    let bin = max(0, min(binCount, Int((confidence * Double(binCount)).rounded(.up))) - 1)
    totals[bin].sum += confidence
    totals[bin].correct += isCorrect ? 1 : 0
    totals[bin].count += 1
  }
  let bins = totals.enumerated().filter { $0.element.count > 0 }.map { index, total in
    Calibration.Bin(
      lower: Double(index) / Double(binCount), upper: Double(index + 1) / Double(binCount),
      confidence: total.sum / Double(total.count),
      accuracy: Proportion(of: total.correct, in: total.count))
  }
  let errors = bins.map { abs($0.accuracy.value - $0.confidence) }
  let count = Double(confidences.count)
  return Calibration(
    expectedError: zip(bins, errors).reduce(0) {
      $0 + Double($1.0.accuracy.total) / count * $1.1
    },
    largestError: errors.max() ?? 0, overconfidence: overconfidence, bins: bins)
}
