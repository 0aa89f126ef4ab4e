internal import Foundation

/// Whether a temperature moves with a performance, and which of them moves first.
public struct PerformanceCorrelation: Sendable, Equatable, Codable {
  /// Spearman's ρ at lags −L … L, in records: at positive ones the temperature is ahead.
  public var correlations: [Double]
  /// The lag of the ρ that is furthest from 0.
  public var lag: Int
  /// That |ρ| beside the largest |ρ| of circularly shifted series.
  public var comparison: NullComparison
}

/// The rank correlation of the changes of a temperature with those of a performance, at all lags.
///
/// Of ln T and of the performance (test loss, accuracy, that of one class, token, digit or frequency) moving averages
/// are taken, then first differences, then ranks over all records; ρ(ℓ) = Σ_t x(t) y(t + ℓ)/(N σ σ) of the ranks. Levels of series
/// that both drift always correlate; smoothed differences do for about 1/α records by chance, which the shifted series know.
///
/// - Shapes: both series have the same, evenly spaced steps.
/// - Parameter smoothing: α of the moving averages; nil for none.
/// - Throws: `MeasureError.rowCountMismatch`, `.undefined` for different or uneven steps, a series whose changes are all
///   equal or a temperature that is not above 0, `.tooFewSamples` (4 L + 23 records), `.outOfRange`.
/// - Complexity: O(N log N + surrogates · L²).
public func performanceCorrelation(
  of temperature: RecordedSeries, with performance: RecordedSeries, smoothing: Double? = 0.08,
  largestLag: Int = 20, surrogateCount: Int = 500, key: RandomKey
) throws(MeasureError) -> PerformanceCorrelation {
  let measure = "performanceCorrelation"
  guard temperature.count == performance.count else {
    throw .rowCountMismatch(
      measure: measure, first: temperature.count, second: performance.count)
  }
  guard temperature.steps == performance.steps else {
    throw .undefined(measure: measure, reason: "the two series have different steps")
  }
  try requireEvenSteps(temperature.steps, measure: measure)
  let logs = try smoothedLogarithms(of: temperature, nil, measure: measure).raw
  let ranks = try [logs, performance.values].map { values throws(MeasureError) in
    Ranks(of: firstDifferences(try exponentialMovingAverage(of: values, weight: smoothing))).values
  }
  let correlator = try LaggedCorrelator(
    ranks, names: ["the temperature", "the performance"], largestLag: largestLag,
    measure: measure)
  let circular = correlator.circular(0, 1)
  func correlations(_ shift: Int) -> [Double] {
    correlator.lagged(0, 1, shift: shift, circular: circular)
  }
  let found = correlations(0)
  let best = found.indices.max { abs(found[$0]) < abs(found[$1]) } ?? 0
  let null = key.integers(count: surrogateCount, in: correlator.shifts).map { shift in
    correlations(shift).reduce(0) { max($0, abs($1)) }
  }
  return PerformanceCorrelation(
    correlations: found, lag: best - largestLag,
    comparison: try nullComparison(of: abs(found[best]), with: null, alternative: .greater))
}
