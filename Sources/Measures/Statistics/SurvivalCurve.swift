internal import Foundation

/// How long something took, or that it had not happened when watching ended.
public struct CensoredTime: Sendable, Equatable, Codable {
  /// When it happened, or when watching ended; above 0 in any unit.
  public var time: Double
  /// Whether it had not happened by then.
  public var isCensored: Bool

  /// A time until something happened, or until watching ended.
  public init(_ time: Double, isCensored: Bool = false) {
    self.time = time
    self.isCensored = isCensored
  }

  /// The step of an onset, as first recorded, or the last at which it would have been seen.
  public init(_ observation: OnsetObservation) {
    self.init(
      Double(observation.onset?.step ?? observation.lastStep),
      isCensored: observation.onset == nil)
  }
}

/// The share of runs in which something has not happened yet, against time (Kaplan–Meier).
public struct SurvivalCurve: Sendable, Equatable, Codable {
  /// The curve from one of its times on.
  public struct Point: Sendable, Equatable, Codable {
    /// A time at which it happened in some run.
    public var time: Double
    /// How many runs were being watched just before.
    public var atRiskCount: Int
    /// In how many it happened.
    public var eventCount: Int
    /// The share in which it has not happened, from this time on.
    public var survival: Double
    /// Its standard error, by Greenwood's formula.
    public var standardError: Double
    /// The confidence interval of ``survival``: log(−log) as the error is nearly normal there.
    public var interval: Interval
  }
  /// One for each time at which it happened, in order; before the first the share is 1.
  public var points: [Point]
  /// The first time at which at most half of the runs are left; nil where more are left at the end.
  public var median: Double?
  /// The times at which the interval of the curve holds ½: the confidence interval of the median.
  public var medianInterval: Interval
  /// In what share of the runs it was seen to happen, however long they were watched.
  public var eventFraction: Proportion
  /// The confidence of the intervals.
  public var confidence: Double
}

/// The share of runs in which something has not happened yet, as a function of time.
///
/// S(t) = Π (1 − dᵢ/nᵢ) over the times tᵢ ≤ t at which it happened in dᵢ of the nᵢ runs still watched.
/// Runs that ended before it happened count in every nᵢ up to their end, so none is left out; that they
/// ended must have nothing to do with when it would have happened. The interval at each time
/// is S^exp(± z se / (S |log S|)), se² = S² Σ dᵢ/(nᵢ (nᵢ − dᵢ)); once S is 0, its lower end is 0 and its upper end that of the
/// time before. The interval of the median runs from the first time at which the lower end is at most ½ to the
/// first at which the upper end is.
///
/// - Units: those of the times. With fewer than seven runs the upper end of the median's interval is
///   open even where all of them reached it.
/// - Throws: `MeasureError.tooFewSamples` without runs, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(runs log runs).
/// - Source: Kaplan & Meier, J. Am. Stat. Assoc. 53, 457 (1958); Brookmeyer & Crowley, Biometrics 38, 29
///   (1982), with the log(−log) interval of Kalbfleisch & Prentice.
/// - Differs from: R's `survfit`, whose median is the middle of the stretch where S is exactly ½; the
///   Python package lifelines, where rounding decides there, and whose interval once S is 0 is 0 to 0.
public func survivalCurve(
  of times: [CensoredTime], confidence: Double = 0.95
) throws(MeasureError) -> SurvivalCurve {
  try check(times, "survivalCurve")
  try requireConfidence(confidence, measure: "survivalCurve")
  let fraction = Proportion(of: times.count { !$0.isCensored }, in: times.count)
  let z = NormalDistribution.quantile((1 + confidence) / 2)
  var points = [SurvivalCurve.Point]()
  var (survival, hazard) = (1.0, 0.0)
  for group in EventGroup.groups(of: times) where group.eventCount > 0 {
    let (d, n) = (Double(group.eventCount), Double(group.atRiskCount))
    survival *= 1 - d / n
    hazard += d / (n * (n - d))
    var point = SurvivalCurve.Point(
      time: group.time, atRiskCount: group.atRiskCount, eventCount: group.eventCount,
      survival: survival, standardError: 0, interval: Interval(lower: 0, upper: 1))
    if d < n {
      point.standardError = survival * hazard.squareRoot()
      let spread = z * hazard.squareRoot() / abs(log(survival))
      point.interval = Interval(
        lower: pow(survival, exp(spread)), upper: pow(survival, exp(-spread)))
    } else {
      point.survival = 0
      point.interval.upper = points.last?.interval.upper ?? 1
    }
    points.append(point)
  }
  func first(_ value: (SurvivalCurve.Point) -> Double?) -> Double? {
    // A product of fractions that is ½ may round to a little more.
    points.first { (value($0) ?? 1) <= 0.5 + 1e-12 }?.time
  }
  return SurvivalCurve(
    points: points, median: first { $0.survival },
    medianInterval: Interval(
      lower: first { $0.interval.lower }, upper: first { $0.interval.upper }),
    eventFraction: fraction, confidence: confidence)
}

// MARK: - Times in order

/// The runs that end or in which something happens at one time.
struct EventGroup {
  var time: Double
  /// The runs whose time is this or later.
  var atRiskCount: Int
  var eventCount: Int

  /// The distinct times, in order.
  static func groups(of times: [CensoredTime]) -> [EventGroup] {
    let sorted = times.sorted { $0.time < $1.time }
    var groups = [EventGroup]()
    for (index, entry) in sorted.enumerated() {
      if groups.last?.time != entry.time {
        groups.append(
          EventGroup(time: entry.time, atRiskCount: sorted.count - index, eventCount: 0))
      }
      if !entry.isCensored { groups[groups.count - 1].eventCount += 1 }
    }
    return groups
  }
}

/// Throws unless there are times and all are at least 0.
func check(_ times: [CensoredTime], _ measure: String) throws(MeasureError) {
  guard !times.isEmpty else { throw .tooFewSamples(measure: measure, found: 0, needed: 1) }
  for (index, entry) in times.enumerated() {
    guard entry.time.isFinite else {
      throw .nonFiniteInput(measure: measure, array: "the times", index: index)
    }
    guard entry.time >= 0 else {
      throw .outOfRange(
        measure: measure, what: "time \(index)", value: entry.time, expected: "at least 0")
    }
  }
}
