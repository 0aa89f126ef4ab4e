internal import Foundation

/// How far the leading eigenspace of one kernel is turned against that of another.
public struct KernelRotation: Sendable, Equatable, Codable {
  /// The principal angles between the two spaces, in radians, ascending, 0 to π/2.
  public var principalAngles: [Double]
  /// Σ cos² of the angles over their number: the share of one space that lies in the other, from about
  /// k/n for random spaces to 1.
  public var overlap: Double
  /// λ_k/λ_{k+1} of each kernel. Near 1 the space is not well defined, and turns by noise alone.
  public var eigenvalueGaps: [Double]
}

/// The principal angles between the leading eigenspaces of two kernels on the same examples.
///
/// - Shapes: both `[n, n]`, symmetric.
/// - Units: radians.
/// - Parameter dimensionCount: k, the dimensions of the spaces, 1 to n − 1; for the tangent kernel of a
///   classifier the number of classes is natural.
/// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange`, `.undefined` where a kernel has fewer than k
///   positive eigenvalues, `.numerics`.
/// - Complexity: O(n³).
/// - Source: angles: Björck & Golub, Math. Comp. 27, 579 (1973), small ones from sines; of tangent
///   kernels: Fort et al., NeurIPS 2020.
public func kernelRotation<Scalar: RealScalar>(
  between k: Matrix<Scalar>, and l: Matrix<Scalar>, dimensionCount: Int
) throws(MeasureError) -> KernelRotation {
  let measure = "kernelRotation"
  try requireKernels([k, l], measure: measure)
  let n = k.rowCount
  guard (1..<max(2, n)).contains(dimensionCount) else {
    throw .outOfRange(
      measure: measure, what: "the number of dimensions", value: Double(dimensionCount),
      expected: "1 to \(n - 1)")
  }
  var (spaces, gaps) = ([Matrix<Double>](), [Double]())
  for kernel in [k, l] {
    let spectrum = try decomposing(measure) { () throws(NumericsError) in
      try SymmetricEigendecomposition(of: Matrix<Double>(kernel))
    }
    let least = spectrum.values[n - dimensionCount]
    guard least > Double(n) * .ulpOfOne * (spectrum.values.last ?? 0) else {
      throw .undefined(
        measure: measure, reason: "a kernel has fewer than \(dimensionCount) positive eigenvalues")
    }
    spaces.append(spectrum.vectors.selectingColumns((n - dimensionCount)..<n))
    let next = spectrum.values[n - dimensionCount - 1]
    gaps.append(next > 0 ? min(least / next, .greatestFiniteMagnitude) : .greatestFiniteMagnitude)
  }
  let overlaps = spaces[0].multiplied(by: spaces[1], transposingSelf: true)
  // What of the second space lies outside of the first has the sines for singular values.
  var rest = spaces[1]
  rest.addProduct(of: spaces[0], and: overlaps, scale: -1)
  let (cosines, sines) = try decomposing(measure) { () throws(NumericsError) in
    (try singularValues(of: overlaps), try singularValues(of: rest))
  }
  let angles = zip(cosines, sines.reversed()).map { cosine, sine in
    cosine * cosine > 0.5 ? asin(min(1, sine)) : acos(min(1, cosine))
  }
  let squares = cosines.reduce(0) { $0 + min(1, $1 * $1) }
  return KernelRotation(
    principalAngles: angles.sorted(), overlap: squares / Double(dimensionCount),
    eigenvalueGaps: gaps)
}
