internal import Foundation

/// A run's temperature, and the step of an event in it.
public struct EventRun: Sendable, Equatable {
  /// The temperature, above 0.
  public var temperature: RecordedSeries
  /// The step of the event.
  public var eventStep: Int

  /// A run with its event.
  public init(temperature: RecordedSeries, eventStep: Int) {
    self.temperature = temperature
    self.eventStep = eventStep
  }
}

/// What temperature does around an event, over runs.
///
/// - Source: this package's.
public struct EventAlignedTemperature: Sendable, Equatable, Codable {
  /// The mean of ln T at one time from the event.
  public struct Point: Sendable, Equatable, Codable {
    /// Steps from the event, below 0 before it.
    public var offset: Int
    /// The mean of ln T over runs, in nats.
    public var mean: Double
    /// Its bootstrap interval, by percentiles over runs.
    public var interval: Interval
  }

  /// A difference of mean logarithms, in nats, over runs.
  public struct Effect: Sendable, Equatable, Codable {
    /// The mean over runs.
    public var value: Double
    /// That of each run.
    public var runs: [Double]
    /// The bootstrap interval of the mean, by percentiles over runs.
    public var interval: Interval
    /// The mean beside that around random times of the same runs.
    public var comparison: NullComparison
  }

  /// From −W to W.
  public var points: [Point]
  /// Mean ln T of (0, W] less that of [−W, 0): above 0 where the network gets warmer for good.
  public var change: Effect
  /// Mean ln T within W/3 of the event less that of the rest of the window: above 0 where it is warmest at the event.
  public var peak: Effect
}

/// Temperature around an event, averaged over runs of several seeds, beside random times.
///
/// ln T is read at `pointCount` even offsets from −W to W, on the line between the records around them. A run whose
/// temperature falls all the time has a change below 0 at any event: what speaks is the distance from the random times,
/// drawn from all recorded steps with whole windows, independently for each run.
///
/// - Parameter window: W, in steps, to either side; every run must have records over all of it, and at least one in
///   either half, and within and beyond a third of it.
/// - Parameter nullCount: draws of random times.
/// - Throws: `MeasureError.tooFewSamples` (2 runs), `.undefined` for a run that does not reach over its window or a
///   temperature that is not above 0, `.outOfRange`.
/// - Complexity: O(runs × records + pointCount × resamples × runs + nullCount × runs × records).
public func eventAlignedTemperature(
  of runs: [EventRun], window: Int, pointCount: Int = 41, confidence: Double = 0.95,
  resampleCount: Int = 2_000, nullCount: Int = 999, key: RandomKey
) throws(MeasureError) -> EventAlignedTemperature {
  let measure = "eventAlignedTemperature"
  guard runs.count >= 2 else {
    throw .tooFewSamples(measure: measure, found: runs.count, needed: 2)
  }
  guard window >= 1 else {
    throw .outOfRange(
      measure: measure, what: "window", value: Double(window), expected: "at least 1")
  }
  guard pointCount >= 2 else {
    throw .outOfRange(
      measure: measure, what: "pointCount", value: Double(pointCount), expected: "at least 2")
  }
  var lines = [LogLine]()
  for (number, run) in runs.enumerated() {
    lines.append(try LogLine(run, window, "run \(number)", measure))
  }
  let bootstrap = try Bootstrap(
    sampleCount: runs.count, confidence: confidence, resampleCount: resampleCount,
    key: key.fork("bootstrap"))
  var points = [EventAlignedTemperature.Point]()
  for index in 0..<pointCount {
    let offset = -window + (2 * window * index + (pointCount - 1) / 2) / (pointCount - 1)
    let values = zip(lines, runs).map { $0.value(at: $1.eventStep + offset) }
    points.append(
      .init(
        offset: offset, mean: average(values),
        interval: try bootstrap.interval(of: values, .percentile, average)))
  }
  func effect(
    _ all: KeyPath<LogLine, [Double]> & Sendable, at events: [Double], _ key: RandomKey
  ) throws(MeasureError) -> EventAlignedTemperature.Effect {
    let null = try nullValues(drawCount: nullCount, key: key) { [lines] key throws(MeasureError) in
      average(
        lines.enumerated().map { number, line in
          let effects = line[keyPath: all]
          return effects[key.integer(at: number, in: 0..<effects.count)]
        })
    }
    let mean = average(events)
    return .init(
      value: mean, runs: events, interval: try bootstrap.interval(of: events, .percentile, average),
      comparison: try nullComparison(of: mean, with: null))
  }
  return EventAlignedTemperature(
    points: points,
    change: try effect(
      \.changes, at: zip(lines, runs).compactMap { $0.change(at: $1.eventStep) }, key.fork("times")),
    peak: try effect(
      \.peaks, at: zip(lines, runs).compactMap { $0.peak(at: $1.eventStep) }, key.fork("peaks")))
}

@Sendable private func average(_ values: [Double]) -> Double {
  values.reduce(0, +) / Double(values.count)
}

/// ln T between records.
private struct LogLine: Sendable {
  let steps: [Int]
  let logs: [Double]
  /// Σ of the logs before each record.
  let sums: [Double]
  let window: Int
  /// The change and the peak around each record with a whole window.
  private(set) var changes = [Double](), peaks = [Double]()

  init(_ run: EventRun, _ window: Int, _ name: String, _ measure: String) throws(MeasureError) {
    logs = try smoothedLogarithms(of: run.temperature, nil, measure: measure).raw
    steps = run.temperature.steps
    var sums = [0.0]
    for value in logs { sums.append(sums[sums.count - 1] + value) }
    self.sums = sums
    self.window = window
    let (first, last) = (steps.first ?? 0, steps.last ?? 0)
    guard first + window <= last - window else {
      throw .undefined(
        measure: measure,
        reason: "\(name) was recorded from step \(first) to \(last), which is less than a window "
          + "of \(window) steps to either side")
    }
    let centers = first + window...last - window
    guard centers.contains(run.eventStep), change(at: run.eventStep) != nil,
      peak(at: run.eventStep) != nil
    else {
      throw .undefined(
        measure: measure,
        reason: "\(name) has its event at step \(run.eventStep) and was recorded from step "
          + "\(first) to \(last); records \(window) steps to either side are needed")
    }
    let whole = steps.filter(centers.contains)
    (changes, peaks) = (whole.compactMap(change), whole.compactMap(peak))
    guard !changes.isEmpty, !peaks.isEmpty else {
      throw .undefined(
        measure: measure,
        reason: "\(name) has no record with others on both sides within \(window) steps")
    }
  }

  /// The first record at or after a step.
  private func place(of step: Int) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle] < step { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func value(at step: Int) -> Double {
    let after = min(place(of: step), steps.count - 1)
    guard after > 0, steps[after] != step else { return logs[after] }
    let share = Double(step - steps[after - 1]) / Double(steps[after] - steps[after - 1])
    return logs[after - 1] + share * (logs[after] - logs[after - 1])
  }

  /// The mean after less that before; nil where there is no record on a side.
  func change(at step: Int) -> Double? {
    let middle = place(of: step)
    let before = mean(of: [place(of: step - window)..<middle])
    let after = mean(of: [place(of: step + 1)..<place(of: step + window + 1)])
    guard let before, let after else { return nil }
    return after - before
  }

  /// The mean within a third of the window less that of the rest; nil where there is no record in one of them.
  func peak(at step: Int) -> Double? {
    let near = place(of: step - window / 3)..<place(of: step + window / 3 + 1)
    let (first, last) = (place(of: step - window), place(of: step + window + 1))
    let inside = mean(of: [near])
    let outside = mean(of: [first..<near.lowerBound, near.upperBound..<last])
    guard let inside, let outside else { return nil }
    return inside - outside
  }

  private func mean(of ranges: [Range<Int>]) -> Double? {
    let count = ranges.reduce(0) { $0 + $1.count }
    let sum = ranges.reduce(0) { $0 + sums[$1.upperBound] - sums[$1.lowerBound] }
    return count == 0 ? nil : sum / Double(count)
  }
}
