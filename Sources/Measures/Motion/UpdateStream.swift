/// Length and successive alignment of a path while updates are made, with the memory of one update.
///
/// Two dot products per step are all it computes. The last update is kept as the array it came in: give a new
/// array, or two in turn, and nothing is copied.
///
/// ```swift
/// var stream = UpdateStream<Float>()
/// for update in updates { try stream.add(update) }
/// let extent = stream.extent(displacement: try distance(between: initial, and: final))
/// print(extent.straightness ?? 0, stream.summary.meanAlignment ?? 0)
/// ```
public struct UpdateStream<Scalar: RealScalar>: Sendable, Equatable, Codable {
  /// What the updates so far add up to.
  public struct Summary: Sendable, Equatable, Codable {
    /// N, the number of updates.
    public var updateCount = 0
    /// How many of these were 0.
    public var zeroCount = 0
    /// P = Σ ‖d_t‖, in the unit of the weights.
    public var length = 0.0
    /// Σ ‖d_t‖², in squared units of the weights.
    public var sumOfSquares = 0.0
    /// The mean of cos(d_t, d_{t+1}) over pairs that have one; nil where none has.
    public var meanAlignment: Double? {
      alignedCount > 0 ? alignmentSum / Double(alignedCount) : nil
    }
    /// The number of pairs that have a cosine.
    public var alignedCount = 0
    /// Σ cos(d_t, d_{t+1}).
    public var alignmentSum = 0.0
    /// The number of pairs with a cosine below 0: turns by more than a right angle.
    public var reversalCount = 0

    /// Of no updates.
    public init() {}
  }

  /// What one update was, beside the last.
  public struct Step: Sendable, Equatable {
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

  /// What the updates so far add up to.
  public private(set) var summary = Summary()
  private var last = [Scalar]()
  private var lastSquare = 0.0

  /// A stream that no update has been added to.
  public init() {}

  /// Adds the update d_t.
  ///
  /// - Throws: `MeasureError.undefined` for another number of weights or squares too large for a `Double`,
  ///   `.nonFiniteInput`; then nothing was added.
  /// - Complexity: O(n), one pass over this update and the last.
  @discardableResult
  public mutating func add(_ update: [Scalar]) throws(MeasureError) -> Step {
    guard summary.updateCount == 0 || update.count == last.count else {
      throw .undefined(
        measure: measure,
        reason: "an update of \(update.count) elements cannot meet those of \(last.count) before")
    }
    let (square, product) = products(update, last)
    guard square.isFinite else {
      if let index = update.firstIndex(where: { !$0.isFinite }) {
        throw .nonFiniteInput(measure: measure, array: "the update", index: index)
      }
      throw .undefined(measure: measure, reason: "squares are too large for a Double")
    }
    let alignment = summary.updateCount > 0 ? cosine(product, lastSquare, square) : nil
    summary.updateCount += 1
    summary.zeroCount += square > 0 ? 0 : 1
    summary.length += square.squareRoot()
    summary.sumOfSquares += square
    if let alignment {
      summary.alignedCount += 1
      summary.alignmentSum += alignment
      summary.reversalCount += alignment < 0 ? 1 : 0
    }
    let chord = lastSquare + 2 * product + square
    (last, lastSquare) = (update, square)
    return Step(
      norm: square.squareRoot(), alignment: alignment,
      curvature: chord > 0
        ? alignment.map { 2 * (1 - $0 * $0).squareRoot() / chord.squareRoot() } : nil)
  }

  /// Length, displacement and straightness of the path.
  ///
  /// - Parameter displacement: ‖w_N − w_0‖, from the weights at both ends.
  public func extent(displacement: Double) -> PathExtent {
    PathExtent(
      length: summary.length, displacement: displacement, updateCount: summary.updateCount)
  }

  /// F = ‖D‖²/(N Σ ‖d_t‖²), the ``UpdateDrift/driftFraction`` of all updates so far; nil where nothing has moved.
  ///
  /// - Parameter displacement: ‖D‖ = ‖w_N − w_0‖.
  public func driftFraction(displacement: Double) -> Double? {
    guard summary.sumOfSquares > 0 else { return nil }
    return displacement * displacement / (Double(summary.updateCount) * summary.sumOfSquares)
  }
}

private let measure = "UpdateStream"

/// Σ x² and Σ x y, piece after piece so that x is read from memory once; y may be empty.
private func products<Scalar: RealScalar>(_ x: [Scalar], _ y: [Scalar]) -> (Double, Double) {
  let pieceLength = 4096
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      guard let x0 = x.baseAddress else { return (0, 0) }
      var (square, product) = (0.0, 0.0)
      for start in stride(from: 0, to: x.count, by: pieceLength) {
        let count = min(pieceLength, x.count - start)
        square += BLAS.dot(x0 + start, x0 + start, count: count)
        if let y0 = y.baseAddress, !y.isEmpty {
          product += BLAS.dot(x0 + start, y0 + start, count: count)
        }
      }
      return (square, product)
    }
  }
}
