internal import Foundation

/// What counts as the onset of a change in a recorded series.
public enum OnsetDefinition: Sendable, Equatable {
  /// The first record at or beyond a value that the next `confirmationCount` records keep to.
  case threshold(Double, _ direction: ChangeDirection = .rising, confirmationCount: Int = 2)
  /// The same for the value a fraction of the way from the first plateau to the last, the medians of
  /// `plateauCount` records at either end.
  ///
  /// A series whose plateaus differ by less than three standard deviations of its noise has no onset. Of
  /// a run that was stopped on the way, the last plateau is where it was stopped: give such runs a threshold.
  case fraction(Double = 0.5, plateauCount: Int = 3, confirmationCount: Int = 2)
  /// The change point without which the fit would be worst, of as many as ``ChangePointCount`` chooses.
  case largestChange(SegmentModel = .constant, count: ChangePointCount = .criterion())
  /// The first change point: with lines, where a plateau ends.
  case firstChange(SegmentModel = .linear, count: ChangePointCount = .criterion())
}

/// Which way a series crosses a threshold.
public enum ChangeDirection: String, Sendable, Equatable, Codable {
  /// Upward.
  case rising
  /// Downward.
  case falling
}

/// When a change was seen in a recorded series, and between which records it must have come.
public struct Onset: Sendable, Equatable, Codable {
  /// The first recorded step with the change, as ``grokkingDelay(of:threshold:confirmationCount:)`` has it.
  public var step: Int
  /// The change came after this step (or at it, where both ends are one): the record before `step`, or 0
  /// where `step` is the first record; for change points the earlier end of their interval.
  public var earliestStep: Int
  /// The change had come by this step: `step` itself; for change points the later end of their interval.
  public var latestStep: Int

  /// An onset in an interval of steps.
  public init(step: Int, earliestStep: Int, latestStep: Int) {
    self.step = step
    self.earliestStep = earliestStep
    self.latestStep = latestStep
  }

  /// The middle of the interval on the logarithmic axis: see ``decades(ofStep:)``.
  public var decades: Double {
    (GrokMeasures.decades(ofStep: earliestStep) + GrokMeasures.decades(ofStep: latestStep)) / 2
  }
}

/// The onset of a change in a run, or that none was seen for as long as the run was watched.
///
/// A run without onset is *right-censored*: its onset, if any, came after `lastStep`. It is never left out.
public struct OnsetObservation: Sendable, Equatable, Codable {
  /// The onset; nil if none was seen.
  public var onset: Onset?
  /// The last step at which an onset would have been seen: what confirms it takes further records.
  public var lastStep: Int

  /// What a run showed.
  public init(onset: Onset?, lastStep: Int) {
    self.onset = onset
    self.lastStep = lastStep
  }
}

/// When a change begins in a recorded series.
///
/// - Units: steps. ``Onset/earliestStep`` and ``Onset/latestStep`` say how closely the records show it;
///   of the four definitions only change points also count the noise of the values.
/// - Throws: `MeasureError.tooFewSamples`, `.outOfRange`.
/// - Complexity: O(records log records) for a threshold or fraction, that of `changePoints` for the others.
/// - Source: this package's; a threshold is the rule of `grokkingDelay`.
public func onset(
  of series: RecordedSeries, by definition: OnsetDefinition
) throws(MeasureError) -> OnsetObservation {
  guard series.count > 0 else {
    throw .tooFewSamples(measure: measure, found: 0, needed: 1)
  }
  switch definition {
  case .threshold(let threshold, let direction, let confirmationCount):
    guard threshold.isFinite else {
      throw .outOfRange(
        measure: measure, what: "threshold", value: threshold, expected: "a finite number")
    }
    return OnsetObservation(
      onset: try crossing(series, threshold, direction, confirmationCount),
      lastStep: step(series, unseen: confirmationCount))
  case .fraction(let fraction, let plateauCount, let confirmationCount):
    return OnsetObservation(
      onset: try crossing(series, fraction, plateauCount, confirmationCount),
      lastStep: step(series, unseen: confirmationCount))
  case .largestChange(let model, let count):
    let points = try changePoints(of: series, model: model, count: count).points
    return OnsetObservation(
      onset: points.max { $0.costReduction < $1.costReduction }.map { Onset($0) },
      lastStep: step(series, unseen: model.coefficientCount))
  case .firstChange(let model, let count):
    let points = try changePoints(of: series, model: model, count: count).points
    return OnsetObservation(
      onset: points.first.map { Onset($0) },
      lastStep: step(series, unseen: model.coefficientCount))
  }
}

// MARK: - Helpers

private let measure = "onset"

/// The step of the record that so many follow; 0 where there is none.
private func step(_ series: RecordedSeries, unseen count: Int) -> Int {
  count < series.count ? series.steps[series.count - 1 - count] : 0
}

extension Onset {
  fileprivate init(_ point: ChangePoint) {
    self.init(
      step: point.step, earliestStep: point.earliestStep, latestStep: point.latestStep)
  }
}

private func crossing(
  _ series: RecordedSeries, _ threshold: Double, _ direction: ChangeDirection,
  _ confirmationCount: Int
) throws(MeasureError) -> Onset? {
  guard confirmationCount >= 0 else {
    throw .outOfRange(
      measure: measure, what: "confirmationCount", value: Double(confirmationCount),
      expected: "at least 0")
  }
  let index = lastingIndex(series.values, confirmationCount) {
    direction == .rising ? $0 >= threshold : $0 <= threshold
  }
  return index.map { index in
    Onset(
      step: series.steps[index], earliestStep: index > 0 ? series.steps[index - 1] : 0,
      latestStep: series.steps[index])
  }
}

private func crossing(
  _ series: RecordedSeries, _ fraction: Double, _ plateauCount: Int, _ confirmationCount: Int
) throws(MeasureError) -> Onset? {
  guard fraction > 0, fraction < 1 else {
    throw .outOfRange(
      measure: measure, what: "fraction", value: fraction, expected: "above 0, below 1")
  }
  guard plateauCount >= 1 else {
    throw .outOfRange(
      measure: measure, what: "plateauCount", value: Double(plateauCount), expected: "at least 1")
  }
  guard series.count >= 2 * plateauCount else {
    throw .tooFewSamples(measure: measure, found: series.count, needed: 2 * plateauCount)
  }
  let first = medianValue(of: Array(series.values.prefix(plateauCount)))
  let last = medianValue(of: Array(series.values.suffix(plateauCount)))
  guard last != first, abs(last - first) >= 3 * series.noise else { return nil }
  return try crossing(
    series, first + fraction * (last - first), last > first ? .rising : .falling,
    confirmationCount)
}

/// The first index whose value and the next `confirmationCount` hold; nil where the values end earlier.
func lastingIndex(
  _ values: [Double], _ confirmationCount: Int, where holds: (Double) -> Bool
) -> Int? {
  var heldCount = 0
  for (index, value) in values.enumerated() {
    heldCount = holds(value) ? heldCount + 1 : 0
    if heldCount > confirmationCount { return index - confirmationCount }
  }
  return nil
}
