/// A value of a recorded series and its step.
public struct RecordedExtremum: Sendable, Equatable, Codable {
  /// The step of the record.
  public var step: Int
  /// The value there, after smoothing.
  public var value: Double

  /// A value at a step.
  public init(step: Int, value: Double) {
    self.step = step
    self.value = value
  }
}

/// How a layer's information went over a training: down from its start, up, and down again, each by how much.
///
/// All amounts are at least 0 and all three are given for every series: whether one is more than noise is said by
/// ``isLarger(_:)``, and over several runs by the interval of its mean.
public struct InformationPhases: Sendable, Equatable, Codable {
  /// Where the series began.
  public var start: RecordedExtremum
  /// Where the largest rise began: the end of the first phase.
  public var minimum: RecordedExtremum
  /// Where the largest rise ended: the end of the second phase.
  public var maximum: RecordedExtremum
  /// Where the series ended.
  public var end: RecordedExtremum
  /// The standard deviation of what differs from record to record beside the trend.
  public var noise: Double

  /// How far the values fell from the start to the minimum, in their unit; 0 where they did not.
  public var fall: Double { max(0, start.value - minimum.value) }
  /// How far they rose from the minimum to the maximum.
  public var rise: Double { maximum.value - minimum.value }
  /// How far they fell from the maximum to the end: what is called compression.
  public var compression: Double { max(0, maximum.value - end.value) }

  /// Whether an amount is beyond three standard deviations of the difference of two records.
  public func isLarger(_ amount: Double) -> Bool { amount > 3 * 2.0.squareRoot() * noise }
}

/// The phases of a series that may fall, rise and fall again: its largest rise, and what comes before and after.
///
/// Values are smoothed by running medians first, so that one record decides nothing; of all pairs of records, the
/// minimum and the maximum are those between which the values rise most. A series that only falls has a rise of 0 at
/// its last record.
///
/// - Units: those of the series, and steps.
/// - Parameter window: records to each median, odd; 5 by default, 1 for none.
/// - Throws: `MeasureError.tooFewSamples` below two windows, `.outOfRange` for an even window.
/// - Complexity: O(records · window log window).
/// - Source: this package's; the phases are those of Shwartz-Ziv & Tishby, arXiv 1703.00810, §3.3, with a fall ahead
///   of them as in networks that grok.
public func informationPhases(
  of series: RecordedSeries, window: Int = 5
) throws(MeasureError) -> InformationPhases {
  let measure = "informationPhases"
  guard window >= 1, !window.isMultiple(of: 2) else {
    throw .outOfRange(
      measure: measure, what: "window", value: Double(window), expected: "an odd whole number")
  }
  guard series.count >= 2 * window else {
    throw .tooFewSamples(measure: measure, found: series.count, needed: 2 * window)
  }
  let values = runningMedians(of: series.values, window: window)
  var (lowest, minimum, maximum) = (0, series.count - 1, series.count - 1)
  var rise = 0.0
  for index in values.indices {
    if values[index] < values[lowest] { lowest = index }
    if values[index] - values[lowest] > rise {
      (rise, minimum, maximum) = (values[index] - values[lowest], lowest, index)
    }
  }
  func extremum(_ index: Int) -> RecordedExtremum {
    RecordedExtremum(step: series.steps[index], value: values[index])
  }
  return InformationPhases(
    start: extremum(0), minimum: extremum(minimum), maximum: extremum(maximum),
    end: extremum(series.count - 1), noise: series.noise)
}

/// The median of each value and its neighbors, of fewer of them towards the ends.
private func runningMedians(of values: [Double], window: Int) -> [Double] {
  values.indices.map { index in
    let reach = min(window / 2, index, values.count - 1 - index)
    return medianValue(of: Array(values[index - reach...index + reach]))
  }
}

/// The phases of one quantity over several runs that differ in their seeds.
public struct InformationPhasesEstimate: Sendable, Equatable, Codable {
  /// A number over the runs.
  public struct Quantity: Sendable, Equatable, Codable {
    /// That of each run.
    public var values: [Double]
    /// The mean over the runs.
    public var mean: Double
    /// The bootstrap interval of the mean.
    public var interval: Interval

    /// Whether the whole interval is above 0.
    public var isAboveZero: Bool { (interval.lower ?? -.infinity) > 0 }
    /// Whether the whole interval is at or below 0.
    public var isNotAboveZero: Bool { (interval.upper ?? .infinity) <= 0 }
  }

  /// Where the rise began in each run, on the logarithmic axis: see ``decades(ofStep:)``.
  public var minimumDecades: Quantity
  /// Where the rise ended in each run.
  public var maximumDecades: Quantity
  /// From the start down to the minimum; below 0 where the values rose.
  public var fall: Quantity
  /// From the minimum up to the maximum.
  public var rise: Quantity
  /// From the maximum down to the end; below 0 where the values rose further.
  public var compression: Quantity
  /// The number of runs.
  public var runCount: Int
}

/// The phases of a quantity over several runs, with bootstrap intervals of the means.
///
/// The largest value of a noisy curve lies above its end also where nothing falls, so amounts at a run's own extrema
/// would always show all three phases. Here a run is read where the *other* runs, averaged, have their minimum and
/// their maximum: amounts are signed, and where there is no phase their mean is 0.
///
/// - Parameter runs: with records at the same steps.
/// - Units: decades of steps, and the unit of the series.
/// - Throws: `MeasureError.tooFewSamples` below three runs or two windows of records, `.undefined` for runs with
///   records at other steps, `.outOfRange`.
/// - Complexity: O((`resampleCount` + records) × runs).
/// - Source: this package's; the bootstrap as in ``bootstrapInterval(of:method:confidence:resampleCount:key:statistic:)``.
public func informationPhases(
  over runs: [RecordedSeries], window: Int = 5, confidence: Double = 0.95,
  resampleCount: Int = 10_000, key: RandomKey
) throws(MeasureError) -> InformationPhasesEstimate {
  let measure = "informationPhases"
  guard runs.count >= 3 else {
    throw .tooFewSamples(measure: measure, found: runs.count, needed: 3)
  }
  if let other = runs.first(where: { $0.steps != runs[0].steps }) {
    throw .undefined(
      measure: measure,
      reason: "one run has \(runs[0].count) records up to step \(runs[0].steps.last ?? 0), another "
        + "\(other.count) up to step \(other.steps.last ?? 0), or at other steps between")
  }
  var own: [InformationPhases] = []
  var amounts: [(fall: Double, rise: Double, compression: Double)] = []
  for (place, run) in runs.enumerated() {
    own.append(try informationPhases(of: run, window: window))
    let others = runs.indices.filter { $0 != place }
    let mean = try RecordedSeries(
      steps: run.steps,
      values: run.values.indices.map { index in
        others.reduce(0) { $0 + runs[$1].values[index] } / Double(others.count)
      })
    let phases = try informationPhases(of: mean, window: window)
    let values = runningMedians(of: run.values, window: window)
    func value(_ extremum: RecordedExtremum) -> Double {
      run.steps.firstIndex(of: extremum.step).map { values[$0] } ?? .nan
    }
    let (minimum, maximum) = (value(phases.minimum), value(phases.maximum))
    amounts.append(
      (values[0] - minimum, maximum - minimum, maximum - values[values.count - 1]))
  }
  func quantity(
    _ name: String, _ values: [Double]
  ) throws(MeasureError) -> InformationPhasesEstimate.Quantity {
    func mean(_ samples: [Double]) -> Double { samples.reduce(0, +) / Double(samples.count) }
    return .init(
      values: values, mean: mean(values),
      interval: try bootstrapInterval(
        of: values, method: .percentile, confidence: confidence, resampleCount: resampleCount,
        key: key.fork(name), statistic: mean))
  }
  return InformationPhasesEstimate(
    minimumDecades: try quantity("minimum", own.map { decades(ofStep: $0.minimum.step) }),
    maximumDecades: try quantity("maximum", own.map { decades(ofStep: $0.maximum.step) }),
    fall: try quantity("fall", amounts.map(\.fall)),
    rise: try quantity("rise", amounts.map(\.rise)),
    compression: try quantity("compression", amounts.map(\.compression)), runCount: runs.count)
}
