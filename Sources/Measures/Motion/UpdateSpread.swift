/// How unequal the weights' shares of one update are.
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

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func centralMoments<Scalar: RealScalar>(
  _ values: [Scalar]
) -> (mean: Double, second: Double, fourth: Double) {
  let count = Double(values.count)
  var sum = 0.0
  for value in values { sum += Double(value) }
  let mean = sum / count
  var (second, fourth) = (0.0, 0.0)
  for value in values {
    let square = (Double(value) - mean) * (Double(value) - mean)
    second += square
    fourth += square * square
  }
  return (mean, second / count, fourth / count)
}
