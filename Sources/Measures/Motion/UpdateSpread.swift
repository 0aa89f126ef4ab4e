/// How unequal the weights' shares of one update are.
///
/// - Source: definition.
public struct UpdateSpread: Sendable, Equatable, Codable {
  /// The mean over the weights of d_i.
  public var mean: Double
  /// Their variance, over n.
  public var variance: Double
  /// V = variance/mean²; nil where the mean is 0.
  public var relativeVariance: Double?
  /// The fourth central moment over the squared variance: 3 for normal numbers, 1.8 for uniform ones, n at most; nil
  /// where all weights move alike. Large where few weights make most of the update.
  public var kurtosis: Double?
  /// n, the number of weights.
  public var weightCount: Int
}

/// Spread and kurtosis of one update across weights.
///
/// Two passes in `Double`. The kurtosis of n normal numbers has a standard error of about √(24/n).
///
/// - Throws: `MeasureError.tooFewSamples` below two weights, `.nonFiniteInput`.
/// - Complexity: O(n).
public func updateSpread<Scalar: RealScalar>(
  of update: [Scalar]
) throws(MeasureError) -> UpdateSpread {
  let measure = "updateSpread"
  guard update.count >= 2 else {
    throw .tooFewSamples(measure: measure, found: update.count, needed: 2)
  }
  let (mean, second, fourth) = centralMoments(update)
  guard mean.isFinite, second.isFinite, fourth.isFinite else {
    if let index = update.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: "the update", index: index)
    }
    throw .undefined(measure: measure, reason: "fourth powers are too large for a Double")
  }
  let isConstant = update.allSatisfy { $0 == update[0] }
  return UpdateSpread(
    mean: mean, variance: isConstant ? 0 : second,
    relativeVariance: mean != 0 ? (isConstant ? 0 : second / (mean * mean)) : nil,
    kurtosis: isConstant || second * second == 0 ? nil : fourth / (second * second),
    weightCount: update.count)
}

/// Mean, and second and fourth central moment.
private func centralMoments<Scalar: RealScalar>(
  _ values: [Scalar]
) -> (mean: Double, second: Double, fourth: Double) {
  values.withUnsafeBufferPointer { values in
    let count = Double(values.count)
    let mean = powerSums(values, center: 0).first / count
    let sums = powerSums(values, center: mean)
    return (mean, sums.second / count, sums.fourth / count)
  }
}

/// Σ (x − c), Σ (x − c)² and Σ (x − c)⁴, in eight sums side by side.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func powerSums<Scalar: RealScalar>(
  _ values: UnsafeBufferPointer<Scalar>, center: Double
) -> (first: Double, second: Double, fourth: Double) {
  var (first, second, fourth) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
  func add(_ x: SIMD8<Double>) {
    let square = x * x
    first += x
    second += square
    fourth += square * square
  }
  var index = 0
  while index &+ 8 <= values.count {
    var x = SIMD8<Double>.zero
    for lane in 0..<8 { x[lane] = Double(values[index &+ lane]) - center }
    add(x)
    index &+= 8
  }
  var rest = SIMD8<Double>.zero
  for (lane, place) in (index..<values.count).enumerated() {
    rest[lane] = Double(values[place]) - center
  }
  add(rest)
  return (first.sum(), second.sum(), fourth.sum())
}
