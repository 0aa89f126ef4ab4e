/// What the units of a layer do over samples: which are dead, how much they are saturated, and mean and variance of all
/// values.
///
/// - Source: definition.
public struct UnitActivity: Sendable, Equatable, Codable {
  /// The number of samples.
  public var sampleCount: Int
  /// The number of units.
  public var unitCount: Int
  /// The units that have one value for all samples, whatever the activation: they tell nothing.
  public var deadUnits: [Int]
  /// How many units are 0 for all samples: those that are dead behind a ReLU.
  public var zeroUnitCount: Int
  /// The share of values within the margin of an end of the range, where a range was given.
  public var saturatedFraction: Double?
  /// The mean of all values of all units; for logits "the logit mean".
  public var mean: Double
  /// Their variance, with one less than the number of values; for logits "the logit variance".
  public var variance: Double

  /// How many units have one value for all samples.
  public var deadUnitCount: Int { deadUnits.count }
}

/// Dead units, saturation, mean and variance of the values of a layer.
///
/// - Shapes: `layer` is `[n, units]`, without noise: noise brings any unit to life.
/// - Parameter range: the ends that values saturate at: `-1...1` for tanh, `0...1` for sigmoid; nil for activations that
///   do not.
/// - Parameter margin: how close to an end, relative to the length of the range, counts as saturated: 5 % by default.
/// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(n units), two passes over the samples.
public func unitActivity(
  of layer: some SampleMatrix, range: ClosedRange<Double>? = nil, margin: Double = 0.05
) throws(MeasureError) -> UnitActivity {
  let measure = "unitActivity"
  try requireRows([layer], atLeast: 2, measure: measure)
  try requireFinite([layer], measure: measure)
  guard margin >= 0, margin < 0.5 else {
    throw .outOfRange(
      measure: measure, what: "the margin", value: margin, expected: "at least 0 and below 0.5")
  }
  guard layer.columnCount > 0 else {
    throw .undefined(measure: measure, reason: "the layer has no units")
  }
  let low = range.map { $0.lowerBound + margin * ($0.upperBound - $0.lowerBound) }
  let high = range.map { $0.upperBound - margin * ($0.upperBound - $0.lowerBound) }
  let values = Matrix<Double>(layer)
  let columns = values.columnCount
  let count = Double(values.count)
  let mean = values.values.reduce(0, +) / count
  var (squares, saturatedCount) = (0.0, 0)
  var (varies, isZero) = (
    [Bool](repeating: false, count: columns), [Bool](repeating: true, count: columns)
  )
  values.values.withUnsafeBufferPointer { values in
    for start in stride(from: 0, to: values.count, by: columns) {
      for column in 0..<columns {
        let value = values[start + column]
        if value != values[column] { varies[column] = true }
        if value != 0 { isZero[column] = false }
        squares += (value - mean) * (value - mean)
        if let low, let high, value <= low || value >= high { saturatedCount += 1 }
      }
    }
  }
  return UnitActivity(
    sampleCount: values.rowCount, unitCount: columns,
    deadUnits: varies.indices.filter { !varies[$0] }, zeroUnitCount: isZero.count { $0 },
    saturatedFraction: range == nil ? nil : Double(saturatedCount) / count, mean: mean,
    variance: squares / (count - 1))
}
