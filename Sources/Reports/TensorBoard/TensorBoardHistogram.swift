import GrokNumerics

/// How many numbers lie where, in the buckets that TensorFlow and PyTorch use.
///
/// The limits grow by a tenth from 1e-12 to 1e20, the same below zero: fixed, so that histograms of different
/// steps can be laid over each other. A bucket counts `x` with limit before ≤ `x` < its limit. Of empty
/// buckets in a row only the last limit is kept.
///
/// - Source: TensorFlow, `core/lib/histogram/histogram.cc`.
/// - Differs from: TensorFlow, which keeps an empty bucket at both ends; TensorBoard's fast loader would draw
///   the first one backwards.
public struct TensorBoardHistogram: Sendable, Hashable {
  /// The smallest number.
  public var minimum: Double
  /// The largest number.
  public var maximum: Double
  /// How many numbers there are.
  public var count: Double
  /// Their sum.
  public var sum: Double
  /// The sum of their squares.
  public var sumOfSquares: Double
  /// The upper limit of each bucket.
  public var limits: [Double]
  /// How many numbers each bucket has.
  public var counts: [Double]

  /// The histogram of numbers.
  ///
  /// - Throws: ``TensorBoardError/notFinite(index:value:)``.
  /// - Complexity: O(n) time.
  public init<Scalar: RealScalar>(_ values: some Collection<Scalar>) throws(TensorBoardError) {
    minimum = .infinity
    maximum = -.infinity
    (sum, sumOfSquares) = (0, 0)
    count = Double(values.count)
    var all = [Int](repeating: 0, count: Self.standardLimits.count)
    for (index, value) in values.enumerated() {
      let value = Double(value)
      guard value.isFinite else { throw .notFinite(index: index, value: value) }
      minimum = min(minimum, value)
      maximum = max(maximum, value)
      sum += value
      sumOfSquares += value * value
      all[Self.bucket(of: value)] += 1
    }
    if values.isEmpty { (minimum, maximum) = (0, 0) }
    (limits, counts) = ([], [])
    let first = all.firstIndex { $0 > 0 } ?? all.count - 1
    let last = all.lastIndex { $0 > 0 } ?? all.count - 1
    for index in first...last {
      if all[index] == 0, counts.last == 0 {
        limits[limits.count - 1] = Self.standardLimits[index]
      } else {
        limits.append(Self.standardLimits[index])
        counts.append(Double(all[index]))
      }
    }
  }

  init() {
    (minimum, maximum, count, sum, sumOfSquares) = (0, 0, 0, 0, 0)
    (limits, counts) = ([], [])
  }

  // MARK: Buckets

  private static let positiveLimits: [Double] = {
    var limits: [Double] = []
    var limit = 1e-12
    while limit < 1e20 {
      limits.append(limit)
      limit *= 1.1
    }
    return limits + [.greatestFiniteMagnitude]
  }()

  static let standardLimits = positiveLimits.reversed().map { -$0 } + [0] + positiveLimits

  /// The first bucket whose limit is above `value`: found near the place that the exponent of two names.
  static func bucket(of value: Double) -> Int {
    let limits = standardLimits
    let magnitude = abs(value)
    var index = positiveLimits.count + 1  // from 0 to 1e-12
    if magnitude >= 1e-12 {
      let place = startOfBinade[min(max(Int(magnitude.exponent) + 40, 0), 108)]
      index += value < 0 ? -place - 1 : place
    } else if value < 0 {
      index -= 1
    }
    while index > 0 && value < limits[index - 1] { index -= 1 }
    while index < limits.count - 1 && value >= limits[index] { index += 1 }
    return index
  }

  /// How many of the positive limits are at most 2^(i - 40).
  private static let startOfBinade: [Int] = (0...108).map { index in
    let start = Double(sign: .plus, exponent: index - 40, significand: 1)
    return positiveLimits.prefix { $0 <= start }.count
  }
}
