/// The ends of an axis once the data are known.
struct AxisRange: Hashable {
  /// The two ends; positive on logarithmic axes.
  var bounds: ClosedRange<Double>
  /// Whether there is a place for 0 ahead of a logarithmic axis.
  var hasZero: Bool

  /// The range that holds two ranges.
  func union(_ other: AxisRange) -> AxisRange {
    var result = self
    result.bounds =
      min(
        bounds.lowerBound, other.bounds.lowerBound)...max(
        bounds.upperBound, other.bounds.upperBound)
    result.hasZero = hasZero || other.hasZero
    return result
  }

  /// The range that an axis asks for, or one that holds `values` with a little air.
  ///
  /// - Parameters:
  ///   - padding: The air on each side, as a fraction of the range.
  ///   - startsAtZero: No air below 0 where that is the least value.
  init(_ axis: Plot.Axis, values: [Double], padding: Double, startsAtZero: Bool = false) {
    let finite = values.filter(\.isFinite)
    switch axis.scale {
    case .linear:
      hasZero = false
      if let range = axis.range {
        bounds = Self.widened(range)
      } else if let low = finite.min(), let high = finite.max() {
        let padded = Self.padded(Self.widened(low...high), by: padding)
        let isFlush = startsAtZero && low == 0 && padded.upperBound > 0
        bounds = isFlush ? 0...padded.upperBound : padded
      } else {
        bounds = 0...1
      }
    case .logarithmic, .logarithmicWithZero:
      let positive = finite.filter { $0 > 0 }
      let low = positive.min() ?? 1
      let high = positive.max() ?? 10
      hasZero =
        axis.scale == .logarithmicWithZero
        && (axis.range.map { $0.lowerBound == 0 } ?? finite.contains(0))
      if let range = axis.range {
        let start = range.lowerBound > 0 ? range.lowerBound : min(low, range.upperBound / 10)
        bounds = Self.logarithmicallyWidened(start...range.upperBound, padding: 0)
      } else {
        bounds = Self.logarithmicallyWidened(low...high, padding: padding, isFlushLow: hasZero)
      }
    }
  }

  /// A range wide enough to be told from a point by numbers of finite precision.
  private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let largest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    let least = max(largest * 1e-12, 1e-300)
    if range.upperBound * 0.5 - range.lowerBound * 0.5 >= least * 0.5 { return range }
    let margin = largest < 1e-300 ? 0.5 : largest * 0.1
    return max(range.lowerBound - margin, -1.7e308)...min(range.upperBound + margin, 1.7e308)
  }

  private static func padded(_ range: ClosedRange<Double>, by padding: Double) -> ClosedRange<
    Double
  > {
    let margin = range.upperBound * padding - range.lowerBound * padding
    var low = max(range.lowerBound - margin, -.greatestFiniteMagnitude)
    var high = min(range.upperBound + margin, .greatestFiniteMagnitude)
    // What is near zero on the scale of the data starts at zero, and nothing is made to look
    // negative.
    if range.lowerBound >= 0, range.lowerBound <= 0.25 * range.upperBound {
      low = range.lowerBound == 0 ? -margin * 0.5 : 0
    }
    if range.upperBound <= 0, range.upperBound >= 0.25 * range.lowerBound {
      high = range.upperBound == 0 ? margin * 0.5 : 0
    }
    return low...high
  }

  /// - Parameter isFlushLow: No air below, since the place for 0 is there.
  private static func logarithmicallyWidened(
    _ range: ClosedRange<Double>, padding: Double, isFlushLow: Bool = false
  ) -> ClosedRange<Double> {
    var low = logarithm(range.lowerBound)
    var high = logarithm(range.upperBound)
    if padding == 0, high - low > 1e-6 { return range }
    if high - low < 1e-6 {
      low -= 0.5
      high += 0.5
    }
    let margin = (high - low) * padding
    let lower = isFlushLow ? range.lowerBound : powerOfTen(low - margin)
    return max(
      lower, .leastNonzeroMagnitude)...min(
        powerOfTen(high + margin), .greatestFiniteMagnitude)
  }
}

/// The map from values to positions along an axis.
struct AxisMap: Hashable {
  var scale: Plot.Scale
  var bounds: ClosedRange<Double>
  /// Where the lower and the upper end of the axis line are, in pixels.
  var start: Double
  var end: Double
  /// The length, in pixels, of the place for 0; 0 for none.
  var zeroLength: Double

  init(scale: Plot.Scale, range: AxisRange, start: Double, end: Double) {
    self.scale = scale
    self.bounds = range.bounds
    self.start = start
    self.end = end
    zeroLength = range.hasZero ? min(36, (end - start).magnitude * 0.15) : 0
  }

  /// The position of a value in pixels; `nil` for what cannot be drawn on this scale.
  func position(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    if scale == .linear {
      let low = Self.scaled(bounds.lowerBound, in: bounds)
      let high = Self.scaled(bounds.upperBound, in: bounds)
      return interpolated((Self.scaled(value, in: bounds) - low) / (high - low))
    }
    if value == 0, zeroLength > 0 { return zeroPosition }
    guard value > 0 else { return nil }
    let low = logarithm(bounds.lowerBound)
    return interpolated((logarithm(value) - low) / (logarithm(bounds.upperBound) - low))
  }

  /// Where 0 is on a logarithmic axis that has a place for it.
  var zeroPosition: Double { start + direction * zeroLength * 0.3 }

  /// The middle of the break between 0 and the logarithmic part.
  var breakPosition: Double { start + direction * zeroLength * 0.68 }

  /// 1 if positions grow with values, else −1.
  var direction: Double { end >= start ? 1 : -1 }

  private func interpolated(_ fraction: Double) -> Double {
    let first = start + direction * zeroLength
    // Far outside the drawing all positions are alike; the limit keeps sums of them finite.
    let bounded = min(max(fraction, -1e4), 1e4)
    return bounded == 1 ? end : first + bounded * (end - first)
  }

  /// A value scaled by a power of two, so that differences of values in `range` neither overflow
  /// nor vanish.
  static func scaled(_ value: Double, in range: ClosedRange<Double>) -> Double {
    let largest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    if largest > 1e300 { return value * 0x1p-8 }
    if largest < 1e-290 { return value * 0x1p200 }
    return value
  }
}
