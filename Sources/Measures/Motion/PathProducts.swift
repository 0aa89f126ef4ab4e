/// ⟨w_s − w₀, w_t − w₀⟩ for all pairs of records of a path that is too large to be held.
///
/// What ``pathComponents(ofProducts:count:)`` and ``PathDistances`` are made of. Two blocks of records are held beside the first record, and
/// each record is read about T/2b times.
///
/// ```swift
/// let products = try pathProducts(recordCount: files.count, blockLength: 8) { try weights(of: files[$0]) }
/// print(try pathComponents(ofProducts: products).fractions[0])
/// ```
///
/// - Shapes: `[T, T]`, the first row and column 0.
/// - Parameter recordCount: T, at least 2.
/// - Parameter blockLength: b, the number of records in a block, at least 1.
/// - Parameter record: the weights of a record, always as many.
/// - Throws: `MeasureError.tooFewSamples`, `.outOfRange`, `.rowCountMismatch` for another number of weights,
///   `.nonFiniteInput`; what `record` throws.
/// - Complexity: O(T² n) time, O(b n + T²) memory; sums are in `Double`.
/// - Source: definition.
public func pathProducts<Scalar: RealScalar>(
  recordCount: Int, blockLength: Int, record: (Int) throws -> [Scalar]
) throws -> Matrix<Double> {
  let measure = "pathProducts"
  guard recordCount >= 2 else {
    throw MeasureError.tooFewSamples(measure: measure, found: recordCount, needed: 2)
  }
  try requireCount(blockLength, named: "blockLength", measure: measure)
  let start = try record(0)
  func block(_ first: Int) throws -> [[Scalar]] {
    try (first..<min(recordCount, first + blockLength)).map { index in
      let weights = try record(index)
      guard weights.count == start.count else {
        throw MeasureError.rowCountMismatch(
          measure: measure, first: start.count, second: weights.count)
      }
      return weights
    }
  }
  var products = Matrix<Double>(rowCount: recordCount, columnCount: recordCount)
  for first in stride(from: 0, to: recordCount, by: blockLength) {
    let held = try block(first)
    for second in stride(from: first, to: recordCount, by: blockLength) {
      let others = second == first ? held : try block(second)
      for (row, weights) in held.enumerated() {
        for (column, other) in others.enumerated() where second + column >= first + row {
          let product = displacementProduct(weights, other, from: start)
          products[first + row, second + column] = product
          products[second + column, first + row] = product
        }
      }
    }
  }
  try requireFinite([products], measure: measure)
  return products
}

/// ⟨a − w₀, b − w₀⟩, of vectors of one length.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func displacementProduct<Scalar: RealScalar>(
  _ first: [Scalar], _ second: [Scalar], from start: [Scalar]
) -> Double {
  var sum = 0.0
  for index in start.indices {
    let origin = Double(start[index])
    sum += (Double(first[index]) - origin) * (Double(second[index]) - origin)
  }
  return sum
}

/// How far each record of a path is from its ends, and how long the way there was, as seen through the records.
public struct PathDistances: Sendable, Equatable {
  /// ‖w_t − w₀‖.
  public let toStart: [Double]
  /// ‖w_t − w_T‖ with the last record.
  public let toEnd: [Double]
  /// Σ ‖w_s − w_{s−1}‖ over the records up to each: a chord for each stretch, so that it is less than the length of the path.
  public let length: [Double]

  /// The distances of a path from ``pathProducts(recordCount:blockLength:record:)``.
  ///
  /// - Shapes: `products` is `[T, T]`.
  /// - Throws: `MeasureError.rowCountMismatch` unless `products` is square.
  public init(ofProducts products: Matrix<Double>) throws(MeasureError) {
    guard products.rowCount == products.columnCount else {
      throw .rowCountMismatch(
        measure: "PathDistances", first: products.rowCount, second: products.columnCount)
    }
    func distance(_ first: Int, _ second: Int) -> Double {
      max(0, products[first, first] + products[second, second] - 2 * products[first, second])
        .squareRoot()
    }
    let records = products.rowCount
    toStart = (0..<records).map { distance($0, 0) }
    toEnd = (0..<records).map { distance($0, records - 1) }
    var length = 0.0
    self.length = (0..<records).map { record in
      if record > 0 { length += distance(record, record - 1) }
      return length
    }
  }

  /// ‖w_t − w₀‖ over the length up to each record, 1 on a straight line; nil before anything has moved.
  public var straightness: [Double?] {
    zip(toStart, length).map { $1 > 0 ? min(1, $0 / $1) : nil }
  }
}
