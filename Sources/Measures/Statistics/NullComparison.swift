/// Which values speak against chance.
public enum Alternative: String, Sendable, Equatable, Codable {
  /// Values far from chance on either side.
  case twoSided
  /// Values above chance.
  case greater
  /// Values below chance.
  case less
}

/// A measured value beside the values that chance gives.
public struct NullComparison: Sendable, Equatable, Codable {
  /// The measured value.
  public var value: Double
  /// The mean of the null values.
  public var nullMean: Double
  /// Their standard deviation, with n − 1.
  public var nullDeviation: Double
  /// What holds the middle 95 % of the null values; without ends below 39 of them, for which it would be all.
  public var nullInterval: Interval
  /// (value − mean) / deviation; nil where all null values are equal.
  public var zScore: Double?
  /// The share of values, the measured one among them, at least as far out: (b + 1)/(n + 1).
  public var pValue: Double
  /// Which values count as far out.
  public var alternative: Alternative
  /// The number n of null values.
  public var nullCount: Int
}

/// A measured value against the values that the same measure has on null data.
///
/// With b of n null values at least as large (`.greater`) or small (`.less`), p = (b + 1)/(n + 1): the
/// measured value counts as one of them, so p is never 0 and a test at any level keeps it. Two-sided, p is
/// twice the smaller of both, at most 1.
///
/// - Units: z in standard deviations. It is the more useful number where `p` has reached its least value
///   1/(n + 1), as far as the null values look normal.
/// - Parameter null: the values of the measure on data of ``shuffledLabels(_:key:)``, ``randomPoints(like:matching:within:key:)``, an
///   untrained network of each of several seeds, or the input layer.
/// - Throws: `MeasureError.tooFewSamples` below two null values, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(n).
/// - Source: Phipson & Smyth, Stat. Appl. Genet. Mol. Biol. 9, 39 (2010).
public func nullComparison(
  of value: Double, with null: [Double], alternative: Alternative = .twoSided
) throws(MeasureError) -> NullComparison {
  let measure = "nullComparison"
  let spread = try Estimate(meanOf: null, measure: measure)
  guard value.isFinite else {
    throw .outOfRange(
      measure: measure, what: "the value", value: value, expected: "a finite number")
  }
  let count = Double(null.count)
  let above = Double(null.count { $0 >= value } + 1) / (count + 1)
  let below = Double(null.count { $0 <= value } + 1) / (count + 1)
  let deviation = spread.standardError * count.squareRoot()
  let isConstant = null.allSatisfy { $0 == null[0] }
  let pValue =
    switch alternative {
    case .twoSided: min(1, 2 * min(above, below))
    case .greater: above
    case .less: below
    }
  let sorted = null.sorted()
  let interval =
    null.count < 39
    ? Interval(lower: nil, upper: nil)
    : Interval(
      lower: quantile(0.025, of: sorted, roundingUp: false),
      upper: quantile(0.975, of: sorted, roundingUp: true))
  return NullComparison(
    value: value, nullMean: spread.value, nullDeviation: isConstant ? 0 : deviation,
    nullInterval: interval,
    zScore: isConstant ? nil : (value - spread.value) / deviation, pValue: pValue,
    alternative: alternative, nullCount: null.count)
}

/// The values of a measure on null data that a closure draws.
///
/// ```swift
/// let null = try nullValues(drawCount: 99, key: key) { key throws(MeasureError) in
///   let manifolds = try Manifolds(activations, labels: shuffledLabels(labels, key: key))
///   return try manifoldCapacity(of: manifolds, key: key.fork("probes")).capacity.value
/// }
/// print(try nullComparison(of: capacity, with: null, alternative: .greater))
/// ```
///
/// - Units: those of the measure.
/// - Parameter drawCount: n; the least p-value is 1/(n + 1).
/// - Parameter measure: gets a key of its own for each draw.
/// - Throws: `MeasureError.outOfRange`, and what the closure throws.
/// - Complexity: `drawCount` times the closure.
public func nullValues(
  drawCount: Int, workers: Workers? = nil, key: RandomKey,
  _ measure: @Sendable (RandomKey) throws(MeasureError) -> Double
) throws(MeasureError) -> [Double] {
  guard drawCount >= 1 else {
    throw .outOfRange(
      measure: "nullValues", what: "drawCount", value: Double(drawCount), expected: "at least 1")
  }
  return try concurrentMap(count: drawCount, workers: workers) { draw throws(MeasureError) in
    try measure(key.fork(draw))
  }
}
