/// The drift of updates while they are made: as ``updateDrift(of:agreement:)``, with memory that does not grow with steps.
///
/// Mean and sum of squares of every weight are brought up to date with every update (Welford), so that nothing is lost where
/// means are large. 24 bytes a weight and a pass over them at every step: for networks of millions
/// of weights feed a sample of them (``WeightSample``).
///
/// ```swift
/// var stream = UpdateDriftStream(weightCount: 4096)
/// for update in updates { try stream.add(update) }
/// let drift = try stream.summary()
/// ```
///
/// - Source: Welford, Technometrics 4, 419 (1962).
public struct UpdateDriftStream: Sendable, Equatable, Codable {
  /// m, the number of updates so far.
  public private(set) var updateCount = 0
  private var means: [Double]
  private var squares: [Double]
  /// Updates above 0 less updates below, and those that were neither.
  private var signSums: [Int32]
  private var zeroCounts: [Int32]

  /// A stream that no update has been added to.
  public init(weightCount: Int) {
    precondition(weightCount >= 0, "UpdateDriftStream: \(weightCount) weights")
    means = Array(repeating: 0, count: weightCount)
    squares = means
    signSums = Array(repeating: 0, count: weightCount)
    zeroCounts = signSums
  }

  /// Adds the update d_t.
  ///
  /// - Throws: `MeasureError.undefined` for another number of weights, `.nonFiniteInput`; then nothing was added.
  /// - Complexity: O(n).
  public mutating func add<Scalar: RealScalar>(_ update: [Scalar]) throws(MeasureError) {
    try requireUpdate(update, count: means.count, measure: measure)
    updateCount += 1
    let share = 1 / Double(updateCount)
    for (index, value) in update.enumerated() {
      let value = Double(value)
      let before = value - means[index]
      means[index] += before * share
      squares[index] += before * (value - means[index])
      if value > 0 {
        signSums[index] += 1
      } else if value < 0 {
        signSums[index] -= 1
      } else {
        zeroCounts[index] += 1
      }
    }
  }

  /// The drift of all updates so far.
  ///
  /// - Parameter agreement: q of ``UpdateDrift/stableSignFraction``.
  /// - Throws: `MeasureError.tooFewSamples` before the first update, `.outOfRange`.
  /// - Complexity: O(n).
  public func summary(agreement: Double = 0.9) throws(MeasureError) -> UpdateDrift {
    try requireAgreement(agreement, measure: measure)
    guard updateCount > 0 else { throw .tooFewSamples(measure: measure, found: 0, needed: 1) }
    var drift = DriftSums(updateCount: updateCount, agreement: agreement)
    for weight in means.indices {
      let signed = updateCount - Int(zeroCounts[weight])
      let rising = (signed + Int(signSums[weight])) / 2
      drift.add(
        mean: means[weight], squares: squares[weight], risingCount: rising,
        fallingCount: signed - rising)
    }
    return try drift.result(measure: measure)
  }
}

private let measure = "UpdateDriftStream"

/// Throws for an update of another number of weights, or with an element that is not finite.
func requireUpdate<Scalar: RealScalar>(
  _ update: [Scalar], count: Int, measure: String
) throws(MeasureError) {
  guard update.count == count else {
    throw .undefined(
      measure: measure,
      reason: "an update of \(update.count) elements cannot meet those of \(count) before")
  }
  if let index = update.firstIndex(where: { !$0.isFinite }) {
    throw .nonFiniteInput(measure: measure, array: "the update", index: index)
  }
}
