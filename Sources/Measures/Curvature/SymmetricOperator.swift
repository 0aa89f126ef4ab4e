/// A symmetric matrix that is known by its products with vectors: a Hessian that is never formed.
///
/// ```swift
/// let hessian = SymmetricOperator(dimension: count) { vector in try myHessianVectorProduct(vector) }
/// let curvature = try trace(of: hessian, key: key)  // with its standard error
/// ```
///
/// Networks of this package give theirs with `Snapshot.hessian(on:)` and `Snapshot.gaussNewton(on:)`.
public struct SymmetricOperator: Sendable {
  /// The number of rows and of columns.
  public let dimension: Int
  private let apply: @Sendable ([Double]) throws -> [Double]

  /// An operator from its product with a vector.
  ///
  /// - Parameter apply: From a vector of `dimension` elements to one; linear and symmetric, but for
  ///   rounding. Measures that are given workers call it from several threads at once.
  public init(dimension: Int, _ apply: @escaping @Sendable ([Double]) throws -> [Double]) {
    precondition(dimension >= 1, "SymmetricOperator: dimension \(dimension)")
    self.dimension = dimension
    self.apply = apply
  }

  /// A symmetric matrix as an operator.
  ///
  /// - Shapes: `[n, n]`.
  /// - Throws: `MeasureError.numerics` for a matrix that is not square, symmetric and finite.
  public init(_ matrix: Matrix<Double>) throws(MeasureError) {
    try decomposing("symmetric operator") { () throws(NumericsError) in
      try matrix.requireFinite("matrix")
      try matrix.requireSymmetric("matrix")
    }
    self.init(dimension: matrix.rowCount) { matrix.multiplied(by: $0) }
  }

  /// The product with a vector.
  ///
  /// - Shapes: `vector` and the product have `dimension` elements.
  /// - Throws: What the operator throws, and `MeasureError.nonFiniteInput`, `.undefined` for a product of
  ///   another length.
  public func product(with vector: [Double]) throws -> [Double] {
    precondition(
      vector.count == dimension,
      "product: an operator of dimension \(dimension) meets \(vector.count) elements")
    let result = try apply(vector)
    guard result.count == dimension else {
      throw MeasureError.undefined(
        measure: "symmetric operator",
        reason: "the product has \(result.count) elements, the vector \(dimension)")
    }
    if let index = result.firstIndex(where: { !$0.isFinite }) {
      throw MeasureError.nonFiniteInput(
        measure: "symmetric operator", array: "a product", index: index)
    }
    return result
  }

  /// The block on the diagonal that belongs to a run of coordinates: the Hessian by one layer alone.
  ///
  /// - Complexity: A product costs one of the whole operator.
  public func block(_ range: Range<Int>) -> SymmetricOperator {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= dimension,
      "block: \(range) is outside of an operator of dimension \(dimension)")
    return SymmetricOperator(dimension: range.count) { vector in
      var padded = [Double](repeating: 0, count: dimension)
      padded.replaceSubrange(range, with: vector)
      return Array(try product(with: padded)[range])
    }
  }

  /// The products with several vectors, on several threads where there are workers.
  func products(
    count: Int, workers: Workers?, _ vector: @Sendable (Int) -> [Double]
  ) throws -> [[Double]] {
    try mapped(count: count, workers: workers) { try product(with: vector($0)) }
  }
}

/// The results of `body` for every number in `0 ..< count`, in order, on the threads of `workers`.
func mapped<Value>(
  count: Int, workers: Workers?, _ body: @Sendable (Int) throws -> Value
) throws -> [Value] {
  try concurrentMap(count: count, workers: workers) { index in Result { try body(index) } }
    .map { try $0.get() }
}
