internal import Foundation

/// How an estimate scatters, from random subsets of the samples in which none occurs twice.
public struct SubsetInterval: Sendable, Equatable, Codable {
  /// The estimate from all samples.
  public var value: Double
  /// Its standard error.
  public var standardError: Double
  /// The confidence interval.
  public var interval: Interval
  /// The confidence of the interval.
  public var confidence: Double
  /// The mean of the estimates from subsets less that from all: with estimators that depend on the number of samples, the
  /// difference in bias, which is taken out of the interval.
  public var subsetShift: Double
}

/// The standard error and the confidence interval of an estimate, by estimating again from random subsets.
///
/// Drawing with replacement, as ``bootstrapInterval(of:method:confidence:resampleCount:key:statistic:)`` does, puts samples at distance 0
/// from themselves, which estimators by neighbours take for infinite information. Here m of n samples (or blocks of them) are
/// drawn without replacement, and deviations from their mean are multiplied by √(m/(n − m)): the delete-d jackknife.
/// Ends are the value less the scaled quantiles of the deviations.
///
/// - Units: those of the estimate.
/// - Parameter subsetFraction: m/n; ½ has a scale of 1.
/// - Parameter blockLength: rows that stay together, for series; at least as long as they remember.
/// - Parameter estimate: the quantity from some rows; no row is given twice.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples` (2 blocks), `.nonFiniteInput`, and what the closure throws.
/// - Complexity: `drawCount` + 1 times the closure.
/// - Source: Shao & Wu, Ann. Stat. 17, 1176 (1989); Politis & Romano, Ann. Stat. 22, 2031 (1994).
public func subsetInterval(
  sampleCount: Int, subsetFraction: Double = 0.5, drawCount: Int = 200, blockLength: Int = 1,
  confidence: Double = 0.95, workers: Workers? = nil, key: RandomKey,
  _ estimate: @Sendable ([Int]) throws(MeasureError) -> Double
) throws(MeasureError) -> SubsetInterval {
  let measure = "subsetInterval"
  let rows = try BlockedRows(
    sampleCount: sampleCount, blockLength: blockLength, measure: measure)
  try requireConfidence(confidence, measure: measure)
  guard subsetFraction > 0, subsetFraction < 1 else {
    throw .outOfRange(
      measure: measure, what: "the fraction of a subset", value: subsetFraction,
      expected: "above 0 and below 1")
  }
  guard drawCount >= 20 else {
    throw .outOfRange(
      measure: measure, what: "drawCount", value: Double(drawCount), expected: "at least 20")
  }
  let count = rows.blocks.count
  guard count >= 2 else { throw .tooFewSamples(measure: measure, found: count, needed: 2) }
  let chosen = min(count - 1, max(1, Int((subsetFraction * Double(count)).rounded())))
  let value = try estimate(Array(0..<sampleCount))
  let draws = try concurrentMap(count: drawCount, workers: workers) { draw throws(MeasureError) in
    try estimate(rows.choice(chosen, key: key.fork(draw)))
  }
  let spread = try Estimate(meanOf: draws, measure: measure)
  let scale = (Double(chosen) / Double(count - chosen)).squareRoot()
  let deviations = draws.map { scale * ($0 - spread.value) }.sorted()
  func end(_ probability: Double) -> Double {
    value - quantile(probability, of: deviations, roundingUp: false)
  }
  return SubsetInterval(
    value: value,
    standardError: scale * spread.standardError * Double(drawCount).squareRoot(),
    interval: Interval(lower: end((1 + confidence) / 2), upper: end((1 - confidence) / 2)),
    confidence: confidence, subsetShift: spread.value - value)
}
