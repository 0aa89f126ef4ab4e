internal import Foundation

/// The three phases of grokking: memorisation, circuit formation and cleanup.
public struct ProgressPhases: Sendable, Equatable, Codable {
  /// The end of memorisation: the step at which the excluded loss on the training pairs first turns around; nil for never.
  public var memorizationEnd: Int?
  /// The beginning of cleanup: the step at which the steepest lasting fall of the test loss begins; nil for never.
  public var cleanupStart: Int?
  /// The end of cleanup: the first step at which the test loss is below twice its median over the last fifth of the steps; nil
  /// for never.
  public var cleanupEnd: Int?
}

/// The boundaries of the phases from the recorded losses of one training.
///
/// The first is a local minimum of the logarithm of the excluded loss, smoothed by an exponential mean over 5 records, that is
/// followed by a rise of more than `leastRise`. The second is where, of the straight lines in logarithmic time that ``changePoints(of:model:count:shortestSegment:confidence:)``
/// fits to the logarithm of the test loss, the one with the steepest fall begins, or those before it that fall at least a
/// quarter as fast. Second and third are "never" unless
/// the test loss falls from its maximum by at least `leastFall` to its median over the last fifth of the steps, and
/// the first unless the excluded loss has turned.
///
/// - Shapes: both series are recorded at the same steps, evenly or not.
/// - Units: steps.
/// - Parameter leastFall: natural logarithm of the factor; by default that of 10.
/// - Parameter leastRise: natural logarithm of the factor; by default that of 1.1.
/// - Throws: `MeasureError.tooFewSamples` for fewer than 8 records, `.rowCountMismatch`, `.outOfRange` for losses below 0 or
///   0, whose logarithm has no end.
/// - Complexity: O(records²).
/// - Source: the phases: Nanda et al., arXiv 2301.05217, §5.2, which reads them off the curves; the rules are this package's.
public func progressPhases(
  excludedTrainLoss excluded: RecordedSeries, testLoss test: RecordedSeries,
  leastFall: Double = 2.302585092994046, leastRise: Double = 0.09531017980432493
) throws(MeasureError) -> ProgressPhases {
  let measure = "progressPhases"
  guard excluded.count == test.count else {
    throw .rowCountMismatch(measure: measure, first: excluded.count, second: test.count)
  }
  guard test.count >= 8 else {
    throw .tooFewSamples(measure: measure, found: test.count, needed: 8)
  }
  for series in [excluded, test] {
    if let loss = series.values.first(where: { $0 <= 0 }) {
      throw .outOfRange(measure: measure, what: "a loss", value: loss, expected: "above 0")
    }
  }
  var phases = ProgressPhases(
    memorizationEnd: turn(of: excluded, leastRise: leastRise).map { excluded.steps[$0] })
  let lastFifth = test.steps.indices.filter {
    Double(test.steps[$0]) >= 0.8 * Double(test.steps[test.count - 1])
  }
  let final = medianValue(of: lastFifth.map { test.values[$0] })
  let highest = test.values.indices.reduce(0) { test.values[$1] > test.values[$0] ? $1 : $0 }
  guard log(test.values[highest] / final) >= leastFall else { return phases }
  phases.cleanupEnd = test.values.indices.first { $0 > highest && test.values[$0] < 2 * final }
    .map { test.steps[$0] }
  phases.cleanupStart = try steepestFall(of: test)
  return phases
}

/// The first record after which the smoothed logarithm rises by more than `leastRise` before it falls lower.
private func turn(of series: RecordedSeries, leastRise: Double) -> Int? {
  let share = 2.0 / (5 + 1)
  var smooth = log(series.values[0])
  var (lowest, place) = (smooth, 0)
  for (index, value) in series.values.enumerated() {
    smooth += share * (log(value) - smooth)
    if smooth < lowest { (lowest, place) = (smooth, index) }
    // A loss that has never fallen has not been memorised away.
    if smooth - lowest > leastRise && place > 0 { return place }
  }
  return nil
}

/// The first step of the fall that the steepest of the fitted lines belongs to.
private func steepestFall(of series: RecordedSeries) throws(MeasureError) -> Int? {
  let logarithms = try RecordedSeries(steps: series.steps, values: series.values.map { log($0) })
  let starts = [0] + (try changePoints(of: logarithms, model: .linear)).points.map(\.index)
  let ends = starts.dropFirst() + [series.count]
  let slopes = zip(starts, ends).map { slope(of: logarithms, $0..<$1) }
  var line = slopes.indices.reduce(0) { slopes[$1] < slopes[$0] ? $1 : $0 }
  let steepest = slopes[line]
  guard steepest < 0 else { return nil }
  // A curved fall is several lines; those before it that fall at least a quarter as fast belong to it.
  while line > 0, slopes[line - 1] <= steepest / 4 { line -= 1 }
  // The record before the first of the line is where its fall began.
  return series.steps[max(0, starts[line] - 1)]
}

/// The least-squares slope in log₁₀ of the step.
private func slope(of series: RecordedSeries, _ records: Range<Int>) -> Double {
  let times = records.map { decades(ofStep: series.steps[$0]) }
  let n = Double(records.count)
  let meanTime = times.reduce(0, +) / n
  let mean = series.values[records].reduce(0, +) / n
  var (shared, spread) = (0.0, 0.0)
  for (time, value) in zip(times, series.values[records]) {
    shared += (time - meanTime) * (value - mean)
    spread += (time - meanTime) * (time - meanTime)
  }
  return spread > 0 ? shared / spread : 0
}
