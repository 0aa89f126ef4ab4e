internal import Foundation

/// How differently two groups of runs take until something happens.
public struct LogRankTest: Sendable, Equatable, Codable {
  /// In how many runs of the first group it happened.
  public var observedCount: Int
  /// In how many it would have been expected to, were both groups alike.
  public var expectedCount: Double
  /// (observed − expected)² / variance: χ² with one degree of freedom where both are alike.
  public var statistic: Double
  /// The probability of such a statistic or a larger one where both groups are alike.
  public var pValue: Double
  /// Whether it happens later in the first group than in the second.
  public var isFirstLater: Bool { Double(observedCount) < expectedCount }
}

/// Whether something happens at other times in one setting's runs than in another's, runs in which it
/// never did among them.
///
/// At each time at which it happened in d of n watched runs, n₁ of them of the first group, d n₁/n are
/// expected of the first, with the variance d (n₁/n)(1 − n₁/n)(n − d)/(n − 1) of a hypergeometric number.
///
/// - Units: none. The p-value is asymptotic and too small for few runs: with five a group, all of one
///   before all of the other, it is 0.0018 where the exact one is 2/252 = 0.0079, and 0.0064 for 0.0159
///   next. For such groups compare ``LogRankTest/statistic`` with that of shuffled groups by
///   ``nullComparison(of:with:alternative:)``.
/// - Throws: `MeasureError.tooFewSamples` for an empty group, `.nonFiniteInput`, `.outOfRange`, `.undefined`
///   where it never happened while runs of both groups were watched.
/// - Complexity: O(runs log runs).
/// - Source: Mantel, Cancer Chemother. Rep. 50, 163 (1966).
public func logRankTest(
  between first: [CensoredTime], and second: [CensoredTime]
) throws(MeasureError) -> LogRankTest {
  let measure = "logRankTest"
  try check(first, measure)
  try check(second, measure)
  let mine = first.sorted { $0.time < $1.time }
  var (observed, expected, variance) = (0, 0.0, 0.0)
  var gone = 0
  for group in EventGroup.groups(of: first + second) where group.eventCount > 0 {
    while gone < mine.count, mine[gone].time < group.time { gone += 1 }
    let (d, n) = (Double(group.eventCount), Double(group.atRiskCount))
    let share = Double(mine.count - gone) / n
    observed += mine[gone...].prefix { $0.time == group.time }.count { !$0.isCensored }
    expected += d * share
    if n > 1 { variance += d * share * (1 - share) * (n - d) / (n - 1) }
  }
  guard variance > 0 else {
    throw .undefined(
      measure: measure,
      reason:
        "nothing happened while runs of both groups were watched, or in all at once; there is "
        + "nothing to compare")
  }
  let difference = Double(observed) - expected
  let statistic = difference * difference / variance
  return LogRankTest(
    observedCount: observed, expectedCount: expected, statistic: statistic,
    pValue: erfc((statistic / 2).squareRoot()))
}
