internal import Foundation

/// Whether a temperature moves with a performance, and which of them moves first.
///
/// - Source: Spearman, Am. J. Psychol. 15, 72 (1904), for ρ; the comparison is this package's.
public struct PerformanceCorrelation: Sendable, Equatable, Codable {
  /// Spearman's ρ at lags −L … L, in records: at positive ones the temperature is ahead.
  public var correlations: [Double]
  /// The lag of the ρ that is furthest from 0.
  public var lag: Int
  /// That |ρ| beside the largest |ρ| of surrogates.
  public var comparison: NullComparison
}

/// The rank correlation of the changes of a temperature with those of a performance, at all lags.
///
/// Of ln T and of the performance (test loss, accuracy, that of one class, token, digit or frequency) moving averages
/// are taken, then first differences, then ranks over all records; ρ(ℓ) = Σ_t x(t) y(t + ℓ)/(N σ σ) of the ranks. Levels of series
/// that both drift always correlate; smoothed differences do for about 1/α records by chance, which the the surrogates know.
///
/// - Shapes: both series have the same, evenly spaced steps.
/// - Parameter smoothing: α of the moving averages; nil for none.
/// - Throws: `MeasureError.rowCountMismatch`, `.undefined` for different or uneven steps, a series whose changes are all
///   equal or a temperature that is not above 0, `.tooFewSamples` (4 L + 23 records), `.outOfRange`.
/// - Complexity: O(surrogates · N (log N + L)).
public func performanceCorrelation(
  of temperature: RecordedSeries, with performance: RecordedSeries, smoothing: Double? = 0.08,
  largestLag: Int = 20, surrogates: FlowSurrogates = .randomPhases, surrogateCount: Int = 500,
  key: RandomKey
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
  try requireSurrogates(surrogateCount, measure: measure)
  let logs = try smoothedLogarithms(of: temperature, nil, measure: measure).raw
  let ranks = try [logs, performance.values].map { values throws(MeasureError) in
    Ranks(of: firstDifferences(try exponentialMovingAverage(of: values, weight: smoothing))).values
  }
  let correlator = try LaggedCorrelator(
    ranks, names: ["the temperature", "the performance"], largestLag: largestLag,
    measure: measure)
  let found = correlator.lagged(0, 1, shift: 0, circular: correlator.circular(0, 1))
  let best = found.indices.max { abs(found[$0]) < abs(found[$1]) } ?? 0
  let null = try correlator.nullValues(
    of: [0], against: 1, surrogates, surrogateCount: surrogateCount, key: key
  ) { correlations in correlations.reduce(0) { max($0, abs($1)) } }
  var comparison = try nullComparison(of: abs(found[best]), with: null[0], alternative: .greater)
  comparison.pValue = max(comparison.pValue, correlator.leastPValue(surrogates))
  return PerformanceCorrelation(
    correlations: found, lag: best - largestLag, comparison: comparison)
}
