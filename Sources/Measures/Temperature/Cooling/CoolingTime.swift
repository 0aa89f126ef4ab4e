internal import Foundation

/// When a temperature has halved.
///
/// - Source: this package's.
public struct CoolingTime: Sendable, Equatable, Codable {
  /// The level it began from: the median of the first five records.
  public var startLevel: Double
  /// The step of the first record at which the smoothed temperature is at most half of that; nil where it
  /// never was.
  public var step: Int?
  /// The last recorded step.
  public var lastStep: Int

  /// The step as a time that may be censored, for ``survivalCurve(of:confidence:)``.
  public var censored: CensoredTime {
    CensoredTime(Double(step ?? lastStep), isCensored: step == nil)
  }
}

/// The half-cooling time: when the smoothed temperature first is at most half of where it began.
///
/// - Units: steps.
/// - Parameter smoothing: α of ``exponentialMovingAverage(of:weight:)``; nil for none.
/// - Throws: `MeasureError.tooFewSamples` (5 records), `.outOfRange`.
/// - Complexity: O(records).
public func coolingTime(
  of temperature: RecordedSeries, smoothing: Double? = 0.08
) throws(MeasureError) -> CoolingTime {
  guard temperature.count >= 5 else {
    throw .tooFewSamples(measure: "coolingTime", found: temperature.count, needed: 5)
  }
  let smooth = try exponentialMovingAverage(of: temperature.values, weight: smoothing)
  let start = medianValue(of: Array(temperature.values[..<5]))
  return CoolingTime(
    startLevel: start,
    step: smooth.firstIndex { $0 <= start / 2 }.map { temperature.steps[$0] },
    lastStep: temperature.steps[temperature.count - 1])
}

/// How noisy a temperature is beside what its average does.
///
/// - Source: this package's.
public struct TemperatureNoise: Sendable, Equatable, Codable {
  /// ν, the standard deviation of ln T − ln s, s the moving average, in nats.
  public var deviation: Double
  /// The variance of ln T − ln s over that of ln s: above 1 where noise is most of what is seen. Of white noise
  /// alone it is about (2 − α)/α; nil where the average does not change.
  public var ratio: Double?
}

/// The noise of a temperature about its moving average.
///
/// - Parameter smoothing: α of the average; the noise of a smoothed series is not noise.
/// - Parameter firstStep: records before this step are averaged over, but not counted.
/// - Throws: `MeasureError.tooFewSamples` (3 records), `.undefined` for a temperature that is not above 0.
/// - Complexity: O(records).
public func temperatureNoise(
  of temperature: RecordedSeries, smoothing: Double = 0.08, from firstStep: Int = 0
) throws(MeasureError) -> TemperatureNoise {
  let measure = "temperatureNoise"
  let logs = try smoothedLogarithms(of: temperature, smoothing, measure: measure)
  let kept = temperature.steps.firstIndex { $0 >= firstStep } ?? temperature.count
  guard temperature.count - kept >= 3 else {
    throw .tooFewSamples(measure: measure, found: temperature.count - kept, needed: 3)
  }
  let residual = varianceOf(zip(logs.raw[kept...], logs.smooth[kept...]).map { $0 - $1 })
  let average = varianceOf(Array(logs.smooth[kept...]))
  return TemperatureNoise(
    deviation: residual.squareRoot(), ratio: average > 0 ? residual / average : nil)
}

/// ln T, and ln of its moving average.
func smoothedLogarithms(
  of temperature: RecordedSeries, _ smoothing: Double?, measure: String
) throws(MeasureError) -> (raw: [Double], smooth: [Double]) {
  if let index = temperature.values.firstIndex(where: { !($0 > 0) }) {
    throw .undefined(
      measure: measure,
      reason: "the temperature is \(temperature.values[index]) at step \(temperature.steps[index])")
  }
  let smooth = try exponentialMovingAverage(of: temperature.values, weight: smoothing)
  return (temperature.values.map { log($0) }, smooth.map { log($0) })
}

/// Σ (x − mean)²/(n − 1); 0 for a single value.
func varianceOf(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 0 }
  let mean = values.reduce(0, +) / Double(values.count)
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
}
