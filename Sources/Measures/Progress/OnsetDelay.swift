internal import Foundation

/// The time from one onset to another in one run, as far as its records tell.
public struct OnsetDelay: Sendable, Equatable, Codable {
  /// The second onset's step less the first's; nil unless both were seen.
  public var steps: Double?
  /// The same on the logarithmic axis, between the middles of their intervals, in decades.
  public var decades: Double?
  /// The interval that holds the delay for sure, in steps: onsets lie between records, and one that was
  /// not seen came after the last.
  public var stepBounds: Interval
  /// That interval in decades.
  public var decadeBounds: Interval
}

/// The time from one onset to another in one run.
///
/// Where an onset was not seen it is known to have come after the last record, if ever, which leaves the
/// delay open to one side; where neither was seen, to both.
///
/// - Units: steps and decades; positive where the second comes later.
/// - Complexity: O(1).
public func delay(between first: OnsetObservation, and second: OnsetObservation) -> OnsetDelay {
  func bounds(_ scale: (Int) -> Double) -> Interval {
    let (a, b) = (first.range(scale), second.range(scale))
    let lower = b.lower - a.upper
    let upper = b.upper - a.lower
    return Interval(lower: lower, upper: upper)
  }
  var result = OnsetDelay(
    stepBounds: bounds { Double($0) }, decadeBounds: bounds { decades(ofStep: $0) })
  if let a = first.onset, let b = second.onset {
    result.steps = Double(b.step - a.step)
    result.decades = b.decades - a.decades
  }
  return result
}

/// What the delays of several runs are summed up by.
public enum DelayStatistic: String, Sendable, Equatable, Codable {
  /// The median, which runs without onset have a part in.
  case median
  /// The mean, which is unknown as soon as one run has no onset.
  case mean
}

/// A statistic of the delays of several runs.
public struct DelayStatisticEstimate: Sendable, Equatable, Codable {
  /// The statistic of ``OnsetDelay/decades`` or ``OnsetDelay/steps``; nil where runs without onset leave it
  /// open. A run that only the second onset is missing from counts as the longest, one that only the
  /// first is missing from as the shortest.
  public var value: Double?
  /// What the statistic can be for these runs: from that of the lower bounds of their delays to that of the upper.
  public var bounds: Interval
  /// The bootstrap interval over runs: from the lower end for the lower bounds to the upper end for the upper.
  public var interval: Interval
}

/// The delay between two onsets, over runs that differ in their seeds.
public struct DelayEstimate: Sendable, Equatable, Codable {
  /// In decades.
  public var decades: DelayStatisticEstimate
  /// In steps.
  public var steps: DelayStatisticEstimate
  /// What the runs are summed up by.
  public var statistic: DelayStatistic
  /// The confidence of the intervals.
  public var confidence: Double
  /// The number of runs.
  public var runCount: Int
  /// How many of them showed both onsets.
  public var completeCount: Int
}

/// The delay between two onsets over several runs, with a bootstrap interval.
///
/// Each run gives an interval of delays (see ``delay(between:and:)-(OnsetObservation,_)``), from the spacing of its records
/// and from onsets that it did not show. Runs are resampled, both onsets of a run together; the ends are percentiles
/// for the median and BC_a for the mean. No run is left out.
///
/// - Shapes: `first[i]` and `second[i]` belong to one run.
/// - Units: decades and steps; positive where the second comes later.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` below two runs, `.outOfRange`.
/// - Complexity: O(`resampleCount` × runs).
/// - Source: this package's; the bootstrap as in ``bootstrapInterval(of:method:confidence:resampleCount:key:statistic:)``.
public func delay(
  between first: [OnsetObservation], and second: [OnsetObservation],
  statistic: DelayStatistic = .median, confidence: Double = 0.95, resampleCount: Int = 10_000,
  key: RandomKey
) throws(MeasureError) -> DelayEstimate {
  guard first.count == second.count else {
    throw .rowCountMismatch(measure: measure, first: first.count, second: second.count)
  }
  guard first.count >= 2 else {
    throw .tooFewSamples(measure: measure, found: first.count, needed: 2)
  }
  let plan = try Bootstrap(
    sampleCount: first.count, confidence: confidence, resampleCount: resampleCount, key: key)
  let delays = zip(first, second).map { delay(between: $0, and: $1) }
  return DelayEstimate(
    decades: try plan.estimate(
      statistic, middles: delays.map(\.decades), bounds: delays.map(\.decadeBounds)),
    steps: try plan.estimate(
      statistic, middles: delays.map(\.steps), bounds: delays.map(\.stepBounds)),
    statistic: statistic, confidence: confidence, runCount: delays.count,
    completeCount: delays.count { $0.decades != nil })
}

// MARK: - Helpers

private let measure = "delay"

extension OnsetObservation {
  /// Between which places on a scale the onset lies.
  fileprivate func range(_ scale: (Int) -> Double) -> (lower: Double, upper: Double) {
    guard let onset else { return (scale(lastStep), .infinity) }
    return (scale(onset.earliestStep), scale(onset.latestStep))
  }
}

extension Bootstrap {
  fileprivate func estimate(
    _ statistic: DelayStatistic, middles: [Double?], bounds: [Interval]
  ) throws(MeasureError) -> DelayStatisticEstimate {
    let lower = bounds.map { $0.lower ?? -.infinity }
    let upper = bounds.map { $0.upper ?? .infinity }
    let known = Interval(lower: statistic.value(lower), upper: statistic.value(upper))
    var result = DelayStatisticEstimate(
      bounds: known,
      interval: Interval(
        lower: try end(statistic, lower).lower, upper: try end(statistic, upper).upper))
    if known.lower != nil, known.upper != nil {
      let placed = zip(middles, bounds).map { middle, bounds in
        middle ?? (bounds.upper == nil ? .infinity : -.infinity)
      }
      let value = statistic.value(placed)
      result.value = value.isFinite ? value : nil
    }
    return result
  }

  private func end(_ statistic: DelayStatistic, _ values: [Double]) throws(MeasureError) -> Interval
  {
    switch statistic {
    case .median:
      try interval(of: values, .percentile, statistic.value)
    case .mean where values.allSatisfy(\.isFinite):
      try interval(of: values, .biasCorrectedAccelerated, statistic.value)
    case .mean:
      Interval(lower: nil, upper: nil)
    }
  }
}

extension DelayStatistic {
  fileprivate func value(_ delays: [Double]) -> Double {
    switch self {
    case .median: medianValue(of: delays)
    case .mean: delays.reduce(0, +) / Double(delays.count)
    }
  }
}
