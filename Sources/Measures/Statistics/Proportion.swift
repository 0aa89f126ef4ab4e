/// In what share of cases something happened, with its confidence interval.
public struct Proportion: Sendable, Equatable, Codable {
  /// In how many cases it happened.
  public var count: Int
  /// The number of cases.
  public var total: Int
  /// `count` / `total`.
  public var value: Double
  /// The lower end of the interval.
  public var lower: Double
  /// The upper end of the interval.
  public var upper: Double
  /// The confidence of the interval.
  public var confidence: Double
}

/// A share of cases with Wilson's interval, which stays within 0...1 and is not empty at its ends.
///
/// (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 + z²/n).
///
/// - Throws: `MeasureError.tooFewSamples` without cases, `.outOfRange`.
/// - Complexity: O(1).
/// - Source: Wilson, J. Am. Stat. Assoc. 22, 209 (1927).
public func proportion(
  of count: Int, in total: Int, confidence: Double = 0.95
) throws(MeasureError) -> Proportion {
  let measure = "proportion"
  guard total >= 1 else { throw .tooFewSamples(measure: measure, found: total, needed: 1) }
  guard (0...total).contains(count) else {
    throw .outOfRange(
      measure: measure, what: "count", value: Double(count), expected: "0 to \(total)")
  }
  try requireConfidence(confidence, measure: measure)
  let z = NormalDistribution.quantile((1 + confidence) / 2)
  let (n, p) = (Double(total), Double(count) / Double(total))
  let middle = p + z * z / (2 * n)
  let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
  let scale = 1 + z * z / n
  return Proportion(
    count: count, total: total, value: p,
    lower: count == 0 ? 0 : (middle - half) / scale,
    upper: count == total ? 1 : (middle + half) / scale, confidence: confidence)
}
