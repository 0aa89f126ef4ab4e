/// Whether two onsets come at the same time, as far as runs can tell.
public enum CoincidenceVerdict: String, Sendable, Equatable, Codable {
  /// The whole interval of the delay lies within the tolerance.
  case coincide
  /// The whole interval lies above the tolerance: the second comes later.
  case secondIsLater
  /// The whole interval lies below: the second comes earlier.
  case secondIsEarlier
  /// The interval reaches across the tolerance: more runs, or closer records, are needed.
  case undecided
}

/// The delay between two onsets beside the delay that is taken for none.
public struct Coincidence: Sendable, Equatable, Codable {
  /// The delay over the runs.
  public var delay: DelayEstimate
  /// The largest delay, in decades, that still counts as the same time.
  public var tolerance: Double
  /// What follows.
  public var verdict: CoincidenceVerdict
}

/// Whether two onsets coincide to within a tolerance, over several runs.
///
/// They do where the whole interval of their delay lies within ± `tolerance`: absence of a difference
/// is shown, not assumed from a wide interval. At a confidence of 0.95 either claim, that they coincide
/// and that they do not, is wrong at most once in 40 times where the interval keeps its confidence,
/// which bootstrap intervals of few runs do not quite.
///
/// - Shapes: `first[i]` and `second[i]` belong to one run.
/// - Units: decades.
/// - Parameter tolerance: a quarter of a decade by default, a factor of 1.8 in steps; it should be
///   well above the spacing of the records.
/// - Throws: as ``delay(between:and:statistic:confidence:resampleCount:key:)``.
/// - Complexity: O(`resampleCount` × runs).
/// - Source: two one-sided tests, Schuirmann, J. Pharmacokinet. Biopharm. 15, 657 (1987).
/// - Differs from: the usual 1 − 2α interval of that test: the interval here is the one that is reported.
public func coincidence(
  of first: [OnsetObservation], and second: [OnsetObservation], within tolerance: Double = 0.25,
  statistic: DelayStatistic = .median, confidence: Double = 0.95, resampleCount: Int = 10_000,
  key: RandomKey
) throws(MeasureError) -> Coincidence {
  guard tolerance > 0, tolerance.isFinite else {
    throw .outOfRange(
      measure: "coincidence", what: "tolerance", value: tolerance, expected: "above 0 and finite")
  }
  let delay = try delay(
    between: first, and: second, statistic: statistic, confidence: confidence,
    resampleCount: resampleCount, key: key)
  let lower = delay.decades.interval.lower ?? -.infinity
  let upper = delay.decades.interval.upper ?? .infinity
  let verdict: CoincidenceVerdict
  if lower > tolerance {
    verdict = .secondIsLater
  } else if upper < -tolerance {
    verdict = .secondIsEarlier
  } else {
    verdict = lower >= -tolerance && upper <= tolerance ? .coincide : .undecided
  }
  return Coincidence(delay: delay, tolerance: tolerance, verdict: verdict)
}
