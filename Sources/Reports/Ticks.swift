/// A mark on an axis, with or without a number.
struct Tick: Hashable {
  var value: Double
  /// `nil` for minor ticks and for those whose number would not fit.
  var label: TickLabel?
}

/// The number at a tick: text that may end in a raised exponent, as in 2×10⁻⁷.
struct TickLabel: Hashable {
  var text: String
  var exponent: String?
}

/// The ticks of a linear axis: round numbers at equal distances.
struct LinearTicks: Hashable {
  /// The round numbers, ascending.
  var values: [Double]
  /// The distance between them, `coefficient` × 10^`exponent`.
  var coefficient: Int
  var exponent: Int

  /// The multiples inside `range` of the step 1, 2, 2.5 or 5 × 10ᵏ that comes closest to giving
  /// `targetCount` of them, and between 3 and 12 in any case.
  ///
  /// - Precondition: the range is not empty, see ``AxisRange``.
  init(in range: ClosedRange<Double>, targetCount: Int) {
    let width =
      AxisMap.scaled(range.upperBound, in: range) - AxisMap.scaled(range.lowerBound, in: range)
    let magnitude = Int((logarithm(width) - logarithm(AxisMap.scaled(1, in: range))).rounded(.down))
    var best: (values: [Double], coefficient: Int, exponent: Int)?
    var bestCost = Double.infinity
    for exponent in (magnitude - 3)...(magnitude + 1) {
      for (coefficient, penalty) in [(10, 0.0), (20, 0.0), (25, 1.2), (50, 0.0)] {
        let values = Self.multiples(of: coefficient, exponent: exponent, in: range)
        guard let values, (3...12).contains(values.count) else { continue }
        // Too many is a little worse than too few.
        let excess = Double(values.count - targetCount)
        let cost = (excess > 0 ? 1.2 * excess : -excess) + penalty
        if cost < bestCost {
          bestCost = cost
          best = (values, coefficient, exponent)
        }
      }
    }
    (values, coefficient, exponent) =
      best ?? ([range.lowerBound, range.upperBound], 10, magnitude - 1)
  }

  /// How many digits after the decimal point the values need.
  var fractionDigitCount: Int {
    max(0, coefficient.isMultiple(of: 10) ? -exponent - 1 : -exponent)
  }

  private static func multiples(of coefficient: Int, exponent: Int, in range: ClosedRange<Double>)
    -> [Double]?
  {
    let step = decimal(coefficient, exponent: exponent)
    guard step > 0, step.isFinite else { return nil }
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step).rounded(.down)
    // One more on each side, since the quotients are rounded; the range decides.
    guard last - first < 14, first.magnitude < 1e16, last.magnitude < 1e16 else { return nil }
    let values = (Int(first) - 1...Int(last) + 1).map {
      decimal($0 * coefficient, exponent: exponent)
    }
    return values.filter { range.contains($0) }
  }
}

/// The ticks of a logarithmic axis: powers of ten, and round numbers between them where those are
/// few.
struct LogarithmicTicks: Hashable {
  /// The values that get a number, ascending.
  var labeled: [Double]
  /// The values that get a short mark, ascending.
  var minor: [Double]

  /// The ticks inside a range, as fine as `level` says: at 0 the coarsest.
  ///
  /// - Precondition: the range is positive and not empty.
  init(in range: ClosedRange<Double>, level: Level) {
    let first = Int(logarithm(range.lowerBound).rounded(.down))
    let last = Int(logarithm(range.upperBound).rounded(.up))
    func values(_ coefficients: [Int], every stride: Int) -> [Double] {
      (first...last).filter { $0.isMultiple(of: stride) }
        .flatMap { decade in coefficients.map { decimal($0, exponent: decade) } }
        .filter { range.contains($0) && $0 > 0 }
    }
    switch level {
    case .decades(let stride):
      labeled = values([1], every: stride)
      minor = stride == 1 && last - first <= 12 ? values(Array(2...9), every: 1) : []
      if stride > 1, last - first <= 60 {
        minor = values([1], every: 1).filter { !labeled.contains($0) }
      }
    case .parts(let coefficients):
      labeled = values(coefficients, every: 1)
      minor = values(Array(1...9).filter { !coefficients.contains($0) }, every: 1)
    case .linear(let targetCount):
      labeled = LinearTicks(in: range, targetCount: targetCount).values
      minor = []
    }
  }

  /// How fine the ticks are.
  enum Level: Hashable {
    /// Powers of ten whose exponents are multiples of a number.
    case decades(every: Int)
    /// Powers of ten times each of these.
    case parts([Int])
    /// Equal differences, for ranges within a factor of about three.
    case linear(targetCount: Int)
  }

  /// The levels to try for a range, the preferred one first.
  static func levels(for range: ClosedRange<Double>, targetCount: Int) -> [Level] {
    let decadeCount = LogarithmicTicks(in: range, level: .decades(every: 1)).labeled.count
    if decadeCount >= 3 {
      return [1, 2, 3, 5, 10, 20, 50, 100, 200].map { .decades(every: $0) }
        .filter { (2...12).contains(LogarithmicTicks(in: range, level: $0).labeled.count) }
    }
    return [
      .parts([1, 2, 5]), .parts([1, 3]), .parts(Array(1...9)), .linear(targetCount: targetCount),
      .linear(targetCount: 3),
    ].filter { (3...12).contains(LogarithmicTicks(in: range, level: $0).labeled.count) }
  }
}
