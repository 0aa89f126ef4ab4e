internal import Foundation

/// How the logarithm of a temperature falls: with time, or with the logarithm of time.
public struct CoolingLaw: Sendable, Equatable, Codable {
  /// A line through ln T.
  public struct Fit: Sendable, Equatable, Codable {
    /// The fall of ln T: k in 1/step of e^(−kt), or the exponent b of t^(−b).
    public var rate: Double
    /// Its standard error for independent records, which smoothed ones are not.
    public var standardError: Double
    /// ln T where t, or ln t, is 0.
    public var intercept: Double
    /// 1 − RSS/TSS.
    public var explainedVariance: Double
    /// n ln(RSS/n) + 6, for a line and a variance.
    public var informationCriterion: Double
  }

  /// T = e^(a − kt).
  public var exponential: Fit
  /// T = e^a t^(−b).
  public var power: Fit
  /// The number of records of the fit.
  public var recordCount: Int

  /// ln 2/k, in steps; nil where the temperature does not fall.
  public var halfLife: Double? {
    exponential.rate > 0 ? log(2) / exponential.rate : nil
  }

  /// By how much the exponential's criterion is lower; above 0 where it fits better.
  public var exponentialAdvantage: Double {
    power.informationCriterion - exponential.informationCriterion
  }
}

/// Exponential cooling against cooling by a power of time: two least-squares lines through ln T.
///
/// - Units: steps. Both laws have the same number of coefficients, so that the difference of the criteria is
///   n ln(RSS_power/RSS_exponential): it grows with the number of records, and of smoothed
///   records a difference of 10 says less than of independent ones.
/// - Parameter steps: the records to fit, by step; nil takes all from step 1 on (time 0 has no logarithm).
/// - Throws: `MeasureError.tooFewSamples` (4), `.undefined` for a temperature that is not above 0 or does
///   not change, `.outOfRange` for steps below 1.
/// - Complexity: O(records).
/// - Source: Akaike, IEEE Trans. Autom. Control 19, 716 (1974), for the criterion.
public func coolingLaw(
  of temperature: RecordedSeries, in steps: ClosedRange<Int>? = nil
) throws(MeasureError) -> CoolingLaw {
  let measure = "coolingLaw"
  let range = steps ?? 1...Int.max
  guard range.lowerBound >= 1 else {
    throw .outOfRange(
      measure: measure, what: "the first step", value: Double(range.lowerBound),
      expected: "at least 1")
  }
  let kept = temperature.steps.indices.filter { range.contains(temperature.steps[$0]) }
  guard kept.count >= 4 else {
    throw .tooFewSamples(measure: measure, found: kept.count, needed: 4)
  }
  if let index = kept.first(where: { !(temperature.values[$0] > 0) }) {
    throw .undefined(
      measure: measure,
      reason: "the temperature is \(temperature.values[index]) at step \(temperature.steps[index])")
  }
  let logs = kept.map { log(temperature.values[$0]) }
  guard logs.contains(where: { $0 != logs[0] }) else {
    throw .undefined(measure: measure, reason: "the temperature does not change")
  }
  let times = kept.map { Double(temperature.steps[$0]) }
  return CoolingLaw(
    exponential: fallingLine(times, logs), power: fallingLine(times.map { log($0) }, logs),
    recordCount: kept.count)
}

private func fallingLine(_ times: [Double], _ values: [Double]) -> CoolingLaw.Fit {
  let count = Double(times.count)
  let (meanTime, mean) = (times.reduce(0, +) / count, values.reduce(0, +) / count)
  var (spread, shared, total) = (0.0, 0.0, 0.0)
  for (time, value) in zip(times, values) {
    spread += (time - meanTime) * (time - meanTime)
    shared += (time - meanTime) * (value - mean)
    total += (value - mean) * (value - mean)
  }
  let slope = shared / spread
  let residual = zip(times, values).reduce(0.0) {
    let difference = $1.1 - mean - slope * ($1.0 - meanTime)
    return $0 + difference * difference
  }
  return CoolingLaw.Fit(
    rate: -slope, standardError: (residual / (count - 2) / spread).squareRoot(),
    intercept: mean - slope * meanTime, explainedVariance: 1 - residual / total,
    informationCriterion: count * log(max(residual / count, .leastNormalMagnitude)) + 6)
}
