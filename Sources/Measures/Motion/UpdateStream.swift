/// Length and successive alignment of a path while updates are made, with the memory of one update.
///
/// Two sums of products per step are all it computes, for the whole vector and for any parts of it in one pass. The last
/// update is kept as the array it came in: give a new array, or two in turn, and nothing is copied.
///
/// ```swift
/// var stream = UpdateStream<Float>(parts: model.layout.parts)
/// for update in updates { try stream.add(update) }
/// let extent = stream.total.extent(displacement: try distance(between: initial, and: final))
/// print(extent.straightness ?? 0, stream.total.meanAlignment ?? 0)
/// ```
///
/// It takes gradients as well: their norms and cos(g_t, g_{t+1}).
public struct UpdateStream<Scalar: RealScalar>: Sendable, Equatable, Codable {
  /// The parts of the vector that are followed beside the whole.
  public let partition: [VectorPart]
  /// What the updates so far add up to.
  public private(set) var total = UpdateSummary()
  /// The same for each part, in the order of ``partition``.
  public private(set) var parts: [UpdateSummary]
  private var last = [Scalar]()

  /// One update, as a whole and part by part.
  public struct Steps: Sendable, Equatable {
    /// The whole vector.
    public var total: UpdateStep
    /// The parts, in the order given.
    public var parts: [UpdateStep]
  }

  /// A stream that no update has been added to.
  ///
  /// - Parameter parts: may overlap, as layers and kinds do, and need not cover the vector.
  public init(parts: [VectorPart] = []) {
    partition = parts
    self.parts = parts.map { _ in UpdateSummary() }
  }

  /// Adds the update d_t.
  ///
  /// - Throws: `MeasureError.undefined` for another number of weights, a part outside of the vector, or squares too large for
  ///   a `Double`; `.nonFiniteInput`; then nothing was added.
  /// - Complexity: O(n), one pass over this update and the last, however many parts there are.
  @discardableResult
  public mutating func add(_ update: [Scalar]) throws(MeasureError) -> Steps {
    if total.updateCount == 0 {
      try requireParts(partition, within: update.count, measure: measure)
    } else if update.count != last.count {
      throw .undefined(
        measure: measure,
        reason: "an update of \(update.count) elements cannot meet those of \(last.count) before")
    }
    let sums = segmentSums(update, last, boundaries(within: update.count))
    let whole = sums.reduce(PairSum()) { $0 + $1.sum }
    guard whole.square.isFinite else {
      if let index = update.firstIndex(where: { !$0.isFinite }) {
        throw .nonFiniteInput(measure: measure, array: "the update", index: index)
      }
      throw .undefined(measure: measure, reason: "squares are too large for a Double")
    }
    last = update
    var steps = Steps(total: total.add(whole), parts: [])
    for (index, part) in partition.enumerated() {
      let sum = sums.reduce(PairSum()) { result, segment in
        let isWithin = !segment.range.isEmpty && part.range.contains(segment.range.lowerBound)
        return isWithin ? result + segment.sum : result
      }
      steps.parts.append(parts[index].add(sum))
    }
    return steps
  }

  /// Where parts begin and end, with the ends of the vector.
  private func boundaries(within count: Int) -> [Int] {
    Set(partition.flatMap { [$0.range.lowerBound, $0.range.upperBound] } + [0, count]).sorted()
  }
}

// MARK: - Sums

private let measure = "UpdateStream"

/// Σ x² and Σ x y.
struct PairSum {
  var square = 0.0
  var product = 0.0

  static func + (a: PairSum, b: PairSum) -> PairSum {
    PairSum(square: a.square + b.square, product: a.product + b.product)
  }
}

/// The sums between successive boundaries; products are 0 where y is empty.
private func segmentSums<Scalar: RealScalar>(
  _ x: [Scalar], _ y: [Scalar], _ boundaries: [Int]
) -> [(range: Range<Int>, sum: PairSum)] {
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      zip(boundaries, boundaries.dropFirst()).map { start, end in
        guard let x0 = x.baseAddress else { return (start..<end, PairSum()) }
        let other = y.isEmpty ? nil : y.baseAddress.map { $0 + start }
        let (square, product) = squareAndProduct(x0 + start, other, count: end - start)
        return (start..<end, PairSum(square: square, product: product))
      }
    }
  }
}
