internal import Foundation

/// How many change points a series is given.
public enum ChangePointCount: Sendable, Equatable {
  /// As many as asked for, placed best.
  case exactly(Int)
  /// As many as lessen the squared error by more than this each, in squared units of the values.
  case penalty(Double)
  /// The number K up to `largest` with the least n log(RSS/n + r²) + 2 K log n + q Σ log nᵢ.
  ///
  /// A place costs 2 log n, being one of n, and each of the q coefficients of a stretch of nᵢ records log nᵢ. For
  /// means that is the modified criterion of Zhang & Siegmund (2007), as they show for
  /// −2 log of the Bayes factor; in 60 records of noise alone it sees a change about once in 30 times. The
  /// resolution r keeps records without noise, as of an accuracy that stays at 1, from being cut for
  /// nothing; nil is a hundredth of the range of the values.
  case criterion(largest: Int = 5, resolution: Double? = nil)
}

/// A place at which the fit to a series changes.
public struct ChangePoint: Sendable, Equatable, Codable {
  /// The place of the first record after the change among the records.
  public var index: Int
  /// The step of that record.
  public var step: Int
  /// The step of the record before.
  public var previousStep: Int
  /// The interval of steps that holds the change: it came after `earliestStep`, and not after `latestStep`.
  public var earliestStep: Int
  /// The end of that interval.
  public var latestStep: Int
  /// What the squared error would grow by without this change, all others staying.
  public var costReduction: Double
  /// The fit right after the change less that right before, at the records there.
  public var jump: Double
}

/// A series cut where it changes.
public struct ChangePoints: Sendable, Equatable, Codable {
  /// What was fitted between changes.
  public var model: SegmentModel
  /// The changes, in order.
  public var points: [ChangePoint]
  /// Σ (value − fit)².
  public var residualSumOfSquares: Double
  /// The standard deviation of values around the fit: √(RSS / (n − coefficients)), not below the resolution.
  public var noise: Double
  /// The confidence of the intervals of the points.
  public var confidence: Double
  /// The criterion for 0, 1, … change points; empty where their number was given.
  public var criterion: [Double]
}

/// Where a recorded series changes: the exact least-squares fit of a mean or of a line in logarithmic time
/// to each of K + 1 stretches of records.
///
/// Every record counts as one observation with noise of one size, so a schedule of records that is even
/// in log time weighs every decade alike. The interval of a change point is that of all places whose
/// squared error exceeds that of the best by at most −2 log(1 − √confidence) noise², the others
/// staying, and reaches back to the record before the first of them: it never is narrower than the
/// spacing of records.
///
/// - Units: steps.
/// - Parameter count: how many; by default a criterion chooses, see ``ChangePointCount``.
/// - Parameter shortestSegment: the least number of records of a stretch; by default one more than
///   coefficients.
/// - Throws: `MeasureError.tooFewSamples`, `.outOfRange`.
/// - Complexity: O(K n²) time; with a penalty O(n) where changes are many, else O(n²).
/// - Source: Auger & Lawrence (1989); Killick, Fearnhead & Eckley (2012), arXiv 1101.1438; Zhang &
///   Siegmund, Biometrics 63, 22 (2007); intervals by Hansen, Econometrica 68, 575 (2000), Theorem 2.
/// - Differs from: Zhang & Siegmund's criterion in the resolution, and in being there for lines too.
public func changePoints(
  of series: RecordedSeries, model: SegmentModel = .constant,
  count: ChangePointCount = .criterion(), shortestSegment: Int? = nil, confidence: Double = 0.95
) throws(MeasureError) -> ChangePoints {
  let shortest = shortestSegment ?? model.coefficientCount + 1
  try check(series, model, count, shortest, confidence)
  let costs = SegmentCosts(series, model: model)
  let range = (series.values.max() ?? 0) - (series.values.min() ?? 0)
  var resolution = range / 100
  var criterion = [Double]()
  let starts: [Int]
  switch count {
  case .exactly(let wanted):
    starts = bestSegmentations(costs, largestCount: wanted, shortest: shortest)[wanted]
  case .penalty(let penalty):
    starts = penalizedSegmentation(costs, penalty: penalty, shortest: shortest)
  case .criterion(let largest, let chosen):
    resolution = chosen ?? resolution
    let all = bestSegmentations(
      costs, largestCount: range > 0 ? largest : 0, shortest: shortest)
    criterion = all.map { informationCriterion(costs, $0, resolution) }
    // The first of equals: the fewest points.
    starts = criterion.indices.min { criterion[$0] < criterion[$1] }.map { all[$0] } ?? []
  }
  return described(series, costs, starts, resolution, confidence, shortest, criterion)
}

// MARK: - Choosing and describing

private func informationCriterion(
  _ costs: SegmentCosts, _ starts: [Int], _ resolution: Double
) -> Double {
  let n = Double(costs.count)
  let lengths = zip([0] + starts, starts + [costs.count]).map { Double($1 - $0) }
  let variance = max(
    residualSum(costs, starts) / n + resolution * resolution, .leastNormalMagnitude)
  return n * log(variance) + 2 * Double(starts.count) * log(n)
    + Double(costs.model.coefficientCount) * lengths.reduce(0) { $0 + log($1) }
}

private func residualSum(_ costs: SegmentCosts, _ starts: [Int]) -> Double {
  zip([0] + starts, starts + [costs.count]).reduce(0) { $0 + costs($1.0, $1.1) }
}

private func described(
  _ series: RecordedSeries, _ costs: SegmentCosts, _ starts: [Int], _ resolution: Double,
  _ confidence: Double, _ shortest: Int, _ criterion: [Double]
) -> ChangePoints {
  let residual = residualSum(costs, starts)
  let freedom = max(1, series.count - (starts.count + 1) * costs.model.coefficientCount)
  let noise = max((residual / Double(freedom)).squareRoot(), resolution)
  let excess = -2 * log(1 - confidence.squareRoot()) * noise * noise
  let edges = [0] + starts + [series.count]
  let points = starts.indices.map { number in
    let (start, place, end) = (edges[number], edges[number + 1], edges[number + 2])
    let apart = costs(start, place) + costs(place, end)
    let plausible = (start + shortest...end - shortest).filter {
      $0 == place || costs(start, $0) + costs($0, end) - apart <= excess
    }
    return ChangePoint(
      index: place, step: series.steps[place], previousStep: series.steps[place - 1],
      earliestStep: series.steps[(plausible.first ?? place) - 1],
      latestStep: series.steps[plausible.last ?? place],
      costReduction: max(0, costs(start, end) - apart),
      jump: fit(series, costs.model, place..<end, at: place)
        - fit(series, costs.model, start..<place, at: place - 1))
  }
  return ChangePoints(
    model: costs.model, points: points, residualSumOfSquares: residual, noise: noise,
    confidence: confidence, criterion: criterion)
}

/// The value that the model of some records has at one of them.
private func fit(
  _ series: RecordedSeries, _ model: SegmentModel, _ records: Range<Int>, at index: Int
) -> Double {
  let n = Double(records.count)
  let mean = series.values[records].reduce(0, +) / n
  guard model == .linear else { return mean }
  let times = records.map { decades(ofStep: series.steps[$0]) }
  let meanTime = times.reduce(0, +) / n
  var (spread, shared) = (0.0, 0.0)
  for (time, value) in zip(times, series.values[records]) {
    spread += (time - meanTime) * (time - meanTime)
    shared += (time - meanTime) * (value - mean)
  }
  guard spread > 0 else { return mean }
  return mean + shared / spread * (times[index - records.lowerBound] - meanTime)
}

// MARK: - Checks

private let measure = "changePoints"

private func check(
  _ series: RecordedSeries, _ model: SegmentModel, _ count: ChangePointCount, _ shortest: Int,
  _ confidence: Double
) throws(MeasureError) {
  try requireConfidence(confidence, measure: measure)
  guard shortest >= model.coefficientCount else {
    throw .outOfRange(
      measure: measure, what: "shortestSegment", value: Double(shortest),
      expected: "at least \(model.coefficientCount), the coefficients of a segment")
  }
  var needed = shortest
  switch count {
  case .exactly(let wanted):
    guard wanted >= 0 else {
      throw .outOfRange(
        measure: measure, what: "the number of points", value: Double(wanted),
        expected: "at least 0")
    }
    needed = (wanted + 1) * shortest
  case .penalty(let penalty):
    guard penalty > 0, penalty.isFinite else {
      throw .outOfRange(
        measure: measure, what: "penalty", value: penalty, expected: "above 0 and finite")
    }
  case .criterion(let largest, let resolution):
    guard largest >= 0 else {
      throw .outOfRange(
        measure: measure, what: "largest", value: Double(largest), expected: "at least 0")
    }
    if let resolution, !(resolution >= 0 && resolution.isFinite) {
      throw .outOfRange(
        measure: measure, what: "resolution", value: resolution,
        expected: "at least 0 and finite")
    }
  }
  guard series.count >= needed else {
    throw .tooFewSamples(measure: measure, found: series.count, needed: needed)
  }
}

/// Throws unless a confidence lies between 0 and 1.
func requireConfidence(_ confidence: Double, measure: String) throws(MeasureError) {
  guard confidence > 0, confidence < 1 else {
    throw .outOfRange(
      measure: measure, what: "confidence", value: confidence, expected: "above 0, below 1")
  }
}
