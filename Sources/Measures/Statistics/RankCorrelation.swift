internal import Foundation

/// How far two lists rise together, whatever the shape of the relation.
public struct RankCorrelation: Sendable, Equatable, Codable {
  /// Spearman's ρ, in −1...1.
  public var value: Double
  /// The probability of such a ρ, or one further out, where the lists have nothing to do with each other.
  public var pValue: Double
  /// Which values count as far out.
  public var alternative: Alternative
  /// The number of pairs.
  public var sampleCount: Int
}

/// Spearman's rank correlation: Pearson's of the ranks, equal values sharing theirs.
///
/// The p-value takes ρ √((n − 2)/(1 − ρ²)) for Student's t with n − 2 degrees of freedom. That is close from
/// about ten pairs on. Pairs must be independent: of two series that both drift, ρ is far from 0 and its
/// p-value means nothing; see ``performanceCorrelation(of:with:smoothing:largestLag:surrogateCount:key:)``.
///
/// - Shapes: `first[i]` and `second[i]` belong together. Infinite values are ranked (as "never").
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (3), `.nonFiniteInput` for not-a-number,
///   `.undefined` where all values of a list are equal.
/// - Complexity: O(n log n).
/// - Source: Spearman, Am. J. Psychol. 15, 72 (1904).
public func rankCorrelation(
  between first: [Double], and second: [Double], alternative: Alternative = .twoSided
) throws(MeasureError) -> RankCorrelation {
  let measure = "rankCorrelation"
  guard first.count == second.count else {
    throw .rowCountMismatch(measure: measure, first: first.count, second: second.count)
  }
  guard first.count >= 3 else {
    throw .tooFewSamples(measure: measure, found: first.count, needed: 3)
  }
  try requireOrdered(first, "the first list", allowingInfinity: true, measure: measure)
  try requireOrdered(second, "the second list", allowingInfinity: true, measure: measure)
  guard let value = correlation(Ranks(of: first).values, Ranks(of: second).values) else {
    throw .undefined(measure: measure, reason: "all values of a list are equal")
  }
  let freedom = Double(first.count - 2)
  let t = value * (freedom / max(0, (1 - value) * (1 + value))).squareRoot()
  let both = BetaFunctions.studentTail(beyond: abs(t), degreesOfFreedom: freedom)
  return RankCorrelation(
    value: value, pValue: oneSided(both, isAbove: value > 0, alternative),
    alternative: alternative, sampleCount: first.count)
}

/// Pearson's correlation of ranks; nil where a list does not vary.
func correlation(_ x: [Double], _ y: [Double]) -> Double? {
  let count = Double(x.count)
  let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for index in x.indices {
    let (a, b) = (x[index] - meanX, y[index] - meanY)
    xx += a * a
    yy += b * b
    xy += a * b
  }
  guard xx > 0, yy > 0 else { return nil }
  return max(-1, min(1, xy / (xx * yy).squareRoot()))
}

/// The p-value for an alternative, from that of both tails of a symmetric distribution.
func oneSided(_ both: Double, isAbove: Bool, _ alternative: Alternative) -> Double {
  switch alternative {
  case .twoSided: min(1, both)
  case .greater: isAbove ? both / 2 : 1 - both / 2
  case .less: isAbove ? 1 - both / 2 : both / 2
  }
}
