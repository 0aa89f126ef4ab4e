/// Eigenvalues at an end of the spectrum of a symmetric operator.
public struct LeadingEigenvalues: Sendable, Equatable, Codable {
  /// The eigenvalues, the outermost first.
  public var values: [Double]
  /// A true eigenvalue is within this distance of each value, but for the rounding of the products.
  public var errorBounds: [Double]
  /// The unit eigenvector of each value; empty where they were not asked for.
  public var vectors: [[Double]]
  /// The number of products with the operator.
  public var productCount: Int
}

/// Which eigenvalues are wanted.
public enum SpectrumEnd: String, Sendable, Codable, CaseIterable {
  /// The largest: of a Hessian, the sharpest directions.
  case largest
  /// The smallest: of a Hessian, the most negative curvature.
  case smallest
  /// Those farthest from 0 on either side.
  case largestMagnitude
}

/// The outermost eigenvalues of a symmetric operator, by Lanczos's method with full
/// reorthogonalisation.
///
/// The largest eigenvalue of the Hessian of the loss is its sharpness λ_max; gradient descent of
/// learning rate η is unstable where it is above 2/η.
///
/// ```swift
/// let hessian = try snapshot.hessian(on: data.train)
/// let sharpness = try leadingEigenvalues(of: hessian, key: key).values[0]
/// ```
///
/// - Units: those of the operator; for a Hessian, loss per squared unit of weight.
/// - Parameter tolerance: the bound on each value's error, as a share of the largest magnitude found.
///   Below about 1e-6 it asks more of products in `Float` than they hold.
/// - Parameter maximumProductCount: products after which it gives up.
/// - Parameter memoryBudget: bytes that the basis may take, 8 × dimension a product; fewer products are
///   done where it is small.
/// - Parameter key: the starting direction.
/// - Throws: `MeasureError.outOfRange` for a count or a tolerance that cannot be, `.undefined` where the
///   values are not found in time, and what the operator throws.
/// - Complexity: One product and O(dimension × products so far) time a step. Equal eigenvalues are told
///   apart only where the operator is exact; else one that occurs several times may be found once.
/// - Source: Lanczos 1950; for the bound, Parlett, The Symmetric Eigenvalue Problem, Ch. 13; for
///   networks, Sagun et al., arXiv 1611.07476, and Cohen et al., ICLR 2021.
public func leadingEigenvalues(
  of op: SymmetricOperator, count: Int = 1, end: SpectrumEnd = .largest,
  wantsVectors: Bool = false, tolerance: Double = 1e-6, maximumProductCount: Int = 500,
  memoryBudget: Int = defaultMemoryBudget, key: RandomKey
) throws -> LeadingEigenvalues {
  let measure = "leadingEigenvalues"
  guard (1...op.dimension).contains(count) else {
    throw MeasureError.outOfRange(
      measure: measure, what: "the number of eigenvalues", value: Double(count),
      expected: "1 to the dimension, \(op.dimension)")
  }
  guard tolerance > 0 else {
    throw MeasureError.outOfRange(
      measure: measure, what: "the tolerance", value: tolerance, expected: "a positive number")
  }
  try requireMemory(8 * op.dimension * (count + 1), budget: memoryBudget, measure: measure)
  let most = min(op.dimension, max(0, maximumProductCount), memoryBudget / 8 / op.dimension - 1)
  var lanczos = Lanczos(
    dimension: op.dimension, capacity: most, start: key.normal(count: op.dimension),
    key: key.fork("restarts"))
  while lanczos.stepCount < most {
    try lanczos.step(op)
    // An invariant subspace may lack a further eigenvector of an equal eigenvalue: go on from a new one.
    let isDue = lanczos.stepCount % 5 == 0 && !lanczos.isInvariant
    guard lanczos.stepCount >= count,
      isDue || lanczos.isComplete || lanczos.stepCount == most
    else { continue }
    let pairs = try lanczos.ritzPairs(measure: measure)
    let largest = pairs.values.reduce(0) { max($0, abs($1)) }
    let found = outermost(of: pairs, count: count, end: end, remainder: lanczos.remainder)
    if found.allSatisfy({ $0.bound <= tolerance * largest }) {
      return LeadingEigenvalues(
        values: found.map(\.value), errorBounds: found.map(\.bound),
        vectors: wantsVectors ? found.map { lanczos.combination($0.coefficients) } : [],
        productCount: lanczos.stepCount)
    }
  }
  throw MeasureError.undefined(
    measure: measure,
    reason: "\(count) eigenvalues are not known to within \(tolerance) of the largest after "
      + "\(lanczos.stepCount) products; allow more products, more memory or a larger tolerance")
}

private struct RitzValue {
  var value: Double
  var bound: Double
  var coefficients: [Double]
}

/// The outermost eigenvalues of T with the bounds β |s_last| on their distance to eigenvalues of A.
private func outermost(
  of pairs: SymmetricEigendecomposition<Double>, count: Int, end: SpectrumEnd, remainder: Double
) -> [RitzValue] {
  let order =
    switch end {
    case .smallest: Array(pairs.values.indices)
    case .largest: Array(pairs.values.indices.reversed())
    case .largestMagnitude:
      pairs.values.indices.sorted { abs(pairs.values[$0]) > abs(pairs.values[$1]) }
    }
  return order.prefix(count).map { index in
    let coefficients = pairs.vectors.column(index)
    return RitzValue(
      value: pairs.values[index], bound: remainder * abs(coefficients.last ?? 0),
      coefficients: coefficients)
  }
}
