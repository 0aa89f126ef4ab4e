/// Some of the weights of a network, drawn once: what stands for all where all are too many to follow one by one.
///
/// ```swift
/// let sample = WeightSample(count: 4096, of: layout.range(of: "hidden.0.weight"), key: key.fork("hidden.0"))
/// var drift = UpdateDriftStream(weightCount: sample.indices.count)
/// try drift.add(sample.values(of: update))
/// ```
public struct WeightSample: Sendable, Equatable {
  /// Their places in the vector, rising.
  public let indices: [Int]

  /// Draws weights without replacement; all where there are no more than `count`.
  ///
  /// Shares and means of the sample scatter around those of all weights by 1/√count of their spread.
  ///
  /// - Parameter range: the elements of the vector to draw from, one component's.
  /// - Complexity: O(range).
  public init(count: Int, of range: Range<Int>, key: RandomKey) {
    precondition(count >= 0, "WeightSample: count \(count) is negative")
    if count >= range.count {
      indices = Array(range)
    } else {
      indices = key.choice(count, of: range.count).map { range.lowerBound + $0 }.sorted()
    }
  }

  /// The sampled elements of a vector.
  ///
  /// - Precondition: the vector has all of them.
  /// - Complexity: O(count).
  public func values<Scalar: RealScalar>(of vector: [Scalar]) -> [Scalar] {
    indices.map { vector[$0] }
  }
}
