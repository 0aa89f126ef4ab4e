/// When a network learned to learn in context, and whether everything that should change at that time did.
public struct PhaseChange: Sendable, Equatable, Codable {
  /// The step at which the in-context-learning score falls fastest in logarithmic time.
  public var step: Int
  /// The step by which a tenth of its fall is done.
  public var windowStart: Int
  /// The step by which nine tenths are.
  public var windowEnd: Int
  /// The step at which the loss falls fastest; nil where it was not given.
  public var lossStep: Int?
  /// The step at which the largest prefix-matching score rises fastest; nil where it was not given.
  public var prefixMatchingStep: Int?
  /// Whether those given lie in the window, to a fiftieth of a decade. Without it the change of one of them is no sign of induction heads.
  public var isCoincident: Bool
}

/// The phase change of learning in context; nil for a network that did not go through one, such as one of a single layer.
///
/// Values are smoothed by an exponential mean over `smoothing` records. The step is where −d score/d ln t is largest, over a fiftieth of a
/// decade at least, so that two records next to each other decide nothing; the window is that of 10 % to 90 % of the fall from the first
/// record to the lowest.
///
/// - Parameter leastFall: nats that the score must fall by; below, there is no phase change.
/// - Parameter leastRise: what the largest prefix-matching score must rise by, where it is given.
/// - Throws: `MeasureError.tooFewSamples` for fewer than 5 records, `.outOfRange`.
/// - Complexity: O(records).
/// - Source: the change: Olsson et al. (2022), who read it off the curves; the rule is this package's.
public func phaseChange(
  inContextLearning score: RecordedSeries, loss: RecordedSeries? = nil,
  prefixMatching: RecordedSeries? = nil, smoothing: Int = 3, leastFall: Double = 0.2,
  leastRise: Double = 0.2
) throws(MeasureError) -> PhaseChange? {
  let measure = "phaseChange"
  for series in [score, loss, prefixMatching].compactMap({ $0 }) where series.count < 5 {
    throw .tooFewSamples(measure: measure, found: series.count, needed: 5)
  }
  guard smoothing >= 1 else {
    throw .outOfRange(
      measure: measure, what: "smoothing", value: Double(smoothing), expected: "at least 1")
  }
  let smooth = smoothed(score.values, over: smoothing)
  let lowest = smooth.indices.reduce(0) { smooth[$1] < smooth[$0] ? $1 : $0 }
  let fall = smooth[0] - smooth[lowest]
  guard fall >= leastFall else { return nil }
  func reached(_ share: Double) -> Int {
    score.steps[smooth.indices.first { smooth[0] - smooth[$0] >= share * fall } ?? lowest]
  }
  var change = PhaseChange(
    step: steepest(score, smoothing, sign: -1), windowStart: reached(0.1), windowEnd: reached(0.9),
    isCoincident: true)
  // Records as near as that are at one time.
  let (start, end) = (decades(ofStep: change.windowStart), decades(ofStep: change.windowEnd))
  let window = start - leastStretch...max(start, end) + leastStretch
  if let loss {
    let step = steepest(loss, smoothing, sign: -1)
    change.lossStep = step
    change.isCoincident = window.contains(decades(ofStep: step))
  }
  if let prefixMatching {
    let step = steepest(prefixMatching, smoothing, sign: 1)
    let values = smoothed(prefixMatching.values, over: smoothing)
    let rise = (values.max() ?? 0) - values[0]
    change.prefixMatchingStep = step
    change.isCoincident =
      change.isCoincident && window.contains(decades(ofStep: step)) && rise >= leastRise
  }
  return change
}

/// The exponential mean whose weights have the centre of mass of a mean over `count` records.
private func smoothed(_ values: [Double], over count: Int) -> [Double] {
  let share = 2 / Double(count + 1)
  var result = [values[0]]
  for value in values.dropFirst() {
    result.append(result[result.count - 1] + share * (value - result[result.count - 1]))
  }
  return result
}

/// The step of the record at the end of the steepest stretch, in logarithmic time.
private func steepest(_ series: RecordedSeries, _ smoothing: Int, sign: Double) -> Int {
  let values = smoothed(series.values, over: smoothing)
  let times = series.steps.map(decades(ofStep:))
  /// The place nearest before another that is not too near.
  func start(_ index: Int) -> Int? {
    (0..<index).last { times[index] - times[$0] >= leastStretch }
  }
  func slope(_ index: Int, from start: Int) -> Double {
    sign * (values[index] - values[start]) / (times[index] - times[start])
  }
  var best: (index: Int, slope: Double)?
  for index in values.indices.dropFirst() {
    guard let start = start(index) else { continue }
    let slope = slope(index, from: start)
    if slope > best?.slope ?? -.infinity { best = (index, slope) }
  }
  return series.steps[best?.index ?? values.count - 1]
}

/// Decades of steps; the spacing of fifty records to a factor of ten.
private let leastStretch = 0.02 - 1e-9
