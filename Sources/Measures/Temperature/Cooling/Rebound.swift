/// Whether a temperature that fell has risen again.
///
/// - Source: this package's.
public struct Rebound: Sendable, Equatable, Codable {
  /// ρ = s(end)/min s of the smoothed temperature, at least 1.
  public var factor: Double
  /// The step of the minimum.
  public var minimumStep: Int
  /// The Mann–Kendall test of ln s from the minimum on, for a rise; nil with fewer than ten records there.
  public var trend: TrendTest?
}

/// How far a temperature has risen from its minimum, and whether it kept rising.
///
/// The records that are tested begin at their own minimum, so that a rise of a few is no finding: the
/// factor and the trend count together.
///
/// - Parameter smoothing: α of the moving average.
/// - Parameter forCorrelatedRecords: widens the variance of the test for what smoothing does to records.
/// - Throws: `MeasureError.tooFewSamples` (1 record), `.undefined` for a temperature that is not above 0.
/// - Complexity: O(records log records).
public func rebound(
  of temperature: RecordedSeries, smoothing: Double? = 0.08, forCorrelatedRecords: Bool = true
) throws(MeasureError) -> Rebound {
  let measure = "rebound"
  let logs = try smoothedLogarithms(of: temperature, smoothing, measure: measure).smooth
  guard let lowest = logs.indices.min(by: { logs[$0] < logs[$1] }) else {
    throw .tooFewSamples(measure: measure, found: 0, needed: 1)
  }
  let smooth = try exponentialMovingAverage(of: temperature.values, weight: smoothing)
  let after = Array(logs[lowest...])
  return Rebound(
    factor: smooth[smooth.count - 1] / smooth[lowest], minimumStep: temperature.steps[lowest],
    trend: after.count < 10
      ? nil
      : try trendTest(
        of: after, alternative: .greater, forCorrelatedRecords: forCorrelatedRecords))
}
