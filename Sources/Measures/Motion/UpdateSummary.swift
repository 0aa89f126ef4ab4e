/// What one update was, beside the last.
public struct UpdateStep: Sendable, Equatable, Codable {
  /// ‖d_t‖.
  public var norm: Double
  /// cos(d_{t−1}, d_t); nil for the first update and where one of the two is 0.
  public var alignment: Double?
  /// The Menger curvature at w_t, in one over the unit of the weights; nil as ``alignment`` is, and where the path comes
  /// straight back.
  ///
  /// Computed from the cosine: for turns of θ radians it has lost about 10⁻¹⁶/θ² of its value, where
  /// ``mengerCurvature(of:)`` has not.
  public var curvature: Double?
}

/// What updates add up to: the length of a path and how its steps are aligned.
///
/// - Source: definition.
public struct UpdateSummary: Sendable, Equatable, Codable {
  /// N, the number of updates.
  public private(set) var updateCount = 0
  /// How many of these were 0.
  public private(set) var zeroCount = 0
  /// P = Σ ‖d_t‖, in the unit of the weights.
  public private(set) var length = 0.0
  /// Σ ‖d_t‖², in squared units of the weights.
  public private(set) var sumOfSquares = 0.0
  /// The number of pairs of successive updates that have a cosine.
  public private(set) var alignedCount = 0
  /// The number of pairs with a cosine below 0: turns by more than a right angle.
  public private(set) var reversalCount = 0
  private var alignmentSum = 0.0
  private var lastSquare = 0.0

  /// Of no updates.
  public init() {}

  /// The mean of cos(d_t, d_{t+1}) over pairs that have one; nil where none has. With momentum μ the null level is about μ.
  public var meanAlignment: Double? {
    alignedCount > 0 ? alignmentSum / Double(alignedCount) : nil
  }

  /// Length, displacement and straightness of the path.
  ///
  /// - Parameter displacement: ‖D‖ = ‖w_N − w_0‖, from the weights at both ends.
  public func extent(displacement: Double) -> PathExtent {
    PathExtent(length: length, displacement: displacement, updateCount: updateCount)
  }

  /// F = ‖D‖²/(N Σ ‖d_t‖²), the ``UpdateDrift/driftFraction`` of all updates so far; nil where nothing has moved.
  ///
  /// - Parameter displacement: ‖D‖ = ‖w_N − w_0‖.
  public func driftFraction(displacement: Double) -> Double? {
    guard sumOfSquares > 0 else { return nil }
    return displacement * displacement / (Double(updateCount) * sumOfSquares)
  }

  /// - Parameter sum: of the update d with itself and with the one before.
  mutating func add(_ sum: PairSum) -> UpdateStep {
    let alignment = updateCount > 0 ? cosine(sum.product, lastSquare, sum.square) : nil
    let chord = lastSquare + 2 * sum.product + sum.square
    updateCount += 1
    zeroCount += sum.square > 0 ? 0 : 1
    length += sum.square.squareRoot()
    sumOfSquares += sum.square
    lastSquare = sum.square
    if let alignment {
      alignedCount += 1
      alignmentSum += alignment
      reversalCount += alignment < 0 ? 1 : 0
    }
    return UpdateStep(
      norm: sum.square.squareRoot(), alignment: alignment,
      curvature: chord > 0
        ? alignment.map { 2 * (1 - $0 * $0).squareRoot() / chord.squareRoot() } : nil)
  }
}
