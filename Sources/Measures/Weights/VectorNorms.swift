/// The common norms of one vector, for example of the weights of a network.
///
/// - Source: definition.
public struct VectorNorms: Sendable, Equatable, Codable {
  /// Σ x².
  public var sumOfSquares: Double
  /// Σ |x|.
  public var absoluteSum: Double
  /// max |x|.
  public var largestMagnitude: Double
  /// √Σ x².
  public var euclidean: Double { sumOfSquares.squareRoot() }
}

/// The norms of a vector or of a part of it, accumulated in `Double`.
///
/// An empty vector has norms 0.
///
/// - Parameter range: the elements to take; by default all. A model's parameter layout gives the
///   range of each parameter.
/// - Throws: `MeasureError.nonFiniteInput` with the index of the first such element.
/// - Complexity: O(n), one pass.
public func norms<Scalar: RealScalar>(
  of vector: [Scalar], in range: Range<Int>? = nil
) throws(MeasureError) -> VectorNorms {
  let range = range ?? 0..<vector.count
  precondition(
    range.lowerBound >= 0 && range.upperBound <= vector.count,
    "norms: \(range) is outside of a vector of \(vector.count)")
  let result = vector.withUnsafeBufferPointer {
    accumulatedNorms(UnsafeBufferPointer(rebasing: $0[range]))
  }
  // Sums of finite Float values cannot overflow a Double; those of Double can, and then are infinite too.
  guard result.absoluteSum.isFinite, result.sumOfSquares.isFinite else {
    let index = vector[range].firstIndex { !$0.isFinite }
    if let index {
      throw .nonFiniteInput(measure: "norms", array: "the vector", index: index)
    }
    throw .undefined(measure: "norms", reason: "the sum of squares is too large for a Double")
  }
  return result
}

/// ‖x − y‖, for example how far weights have moved, accumulated in `Double`.
///
/// - Shapes: both vectors have the same length.
/// - Units: those of the elements.
/// - Throws: `MeasureError.rowCountMismatch`, `.undefined` where the result is not finite.
/// - Complexity: O(n).
/// - Source: definition.
public func distance<Scalar: RealScalar>(
  between x: [Scalar], and y: [Scalar]
) throws(MeasureError) -> Double {
  guard x.count == y.count else {
    throw .rowCountMismatch(measure: "distance", first: x.count, second: y.count)
  }
  let result = squaredDistance(x, y).squareRoot()
  guard result.isFinite else {
    throw .undefined(measure: "distance", reason: "the vectors are not finite")
  }
  return result
}

/// The cosine of the angle between two vectors, x·y / (‖x‖ ‖y‖), accumulated in `Double`.
///
/// - Shapes: both vectors have the same length.
/// - Units: none; in −1...1.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.undefined` where one is zero.
/// - Complexity: O(n).
/// - Source: definition.
public func cosineSimilarity<Scalar: RealScalar>(
  between x: [Scalar], and y: [Scalar]
) throws(MeasureError) -> Double {
  guard x.count == y.count else {
    throw .rowCountMismatch(measure: "cosineSimilarity", first: x.count, second: y.count)
  }
  let (normX, normY) = (try norms(of: x).euclidean, try norms(of: y).euclidean)
  guard normX > 0, normY > 0 else {
    throw .undefined(
      measure: "cosineSimilarity", reason: "a vector of zeros has no direction")
  }
  // Rounding can carry parallel vectors past 1 by a unit in the last place.
  return max(-1, min(1, dot(x, y) / normX / normY))
}

// MARK: - Loops

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func accumulatedNorms<Scalar: RealScalar>(
  _ values: UnsafeBufferPointer<Scalar>
) -> VectorNorms {
  var result = VectorNorms(sumOfSquares: 0, absoluteSum: 0, largestMagnitude: 0)
  for value in values {
    let magnitude = Double(abs(value))
    result.sumOfSquares += magnitude * magnitude
    result.absoluteSum += magnitude
    if magnitude > result.largestMagnitude { result.largestMagnitude = magnitude }
  }
  return result
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func squaredDistance<Scalar: RealScalar>(_ x: [Scalar], _ y: [Scalar]) -> Double {
  var sum = 0.0
  for index in x.indices {
    let difference = Double(x[index]) - Double(y[index])
    sum += difference * difference
  }
  return sum
}
