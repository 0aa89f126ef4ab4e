/// Eigenvalues and eigenvectors of a real symmetric matrix: A = Q Λ Qᵀ.
public struct SymmetricEigendecomposition<Scalar: RealScalar>: Sendable {
  /// The eigenvalues, ascending.
  public let values: [Scalar]
  /// Q, `[n, n]`: column `j` is the unit eigenvector of `values[j]`.
  ///
  /// The sign of each, and the choice within a space of equal eigenvalues, are LAPACK's.
  public let vectors: Matrix<Scalar>

  /// Decomposes a symmetric matrix by divide and conquer.
  ///
  /// - Shapes: `[n, n]`, symmetric but for rounding; the upper triangle is what is decomposed.
  /// - Throws: `NumericsError.nonFiniteInput`, `.shapeMismatch`, `.notSymmetric`, `.didNotConverge`.
  /// - Complexity: O(n³) time, about 3 n² numbers of memory.
  /// - Source: LAPACK `syevd`.
  public init(of matrix: Matrix<Scalar>) throws(NumericsError) {
    let result = try eigen(matrix, wantsVectors: true)
    self.values = result.values
    self.vectors = result.vectors.transposed
  }

  /// Decomposes a symmetric tridiagonal matrix.
  ///
  /// - Parameter diagonal: the n elements of the diagonal.
  /// - Parameter offDiagonal: the n − 1 elements beside it; empty where n is 0.
  /// - Throws: `NumericsError.nonFiniteInput`, `.shapeMismatch`, `.didNotConverge`.
  /// - Complexity: O(n³) time at worst.
  /// - Source: LAPACK `stevd`.
  public init(diagonal: [Scalar], offDiagonal: [Scalar]) throws(NumericsError) {
    let operation = "symmetric tridiagonal eigendecomposition"
    let size = diagonal.count
    guard offDiagonal.count == max(0, size - 1) else {
      throw .shapeMismatch(
        operation: operation, expected: "\(max(0, size - 1)) elements beside the diagonal",
        found: "\(offDiagonal.count)")
    }
    try Matrix(values: diagonal, rowCount: 1, columnCount: size).requireFinite(operation)
    try Matrix(values: offDiagonal, rowCount: 1, columnCount: offDiagonal.count)
      .requireFinite(operation)
    var (values, beside, info) = (diagonal, offDiagonal + [0], 0)
    let vectors = Matrix<Scalar>(rowCount: size, columnCount: size) { buffer in
      if size == 0 { return }
      info = LAPACK.tridiagonalEigen(
        diagonal: &values, offDiagonal: &beside, size: size, vectors: buffer.baseAddress!)
    }
    guard info == 0 else { throw .didNotConverge(operation: operation, count: info) }
    self.values = values
    self.vectors = vectors.transposed
  }
}

/// The eigenvalues, ascending, of a symmetric matrix `[n, n]`.
///
/// - Throws: `NumericsError.nonFiniteInput`, `.shapeMismatch`, `.notSymmetric`, `.didNotConverge`.
/// - Complexity: O(n³) time, about a quarter of that of the eigenvectors; n² numbers of memory.
/// - Source: LAPACK `syevd`.
public func symmetricEigenvalues<Scalar: RealScalar>(
  of matrix: Matrix<Scalar>
) throws(NumericsError) -> [Scalar] {
  try eigen(matrix, wantsVectors: false).values
}

/// The eigenvalues and, as rows, the eigenvectors.
private func eigen<Scalar: RealScalar>(
  _ matrix: Matrix<Scalar>, wantsVectors: Bool
) throws(NumericsError) -> (values: [Scalar], vectors: Matrix<Scalar>) {
  let operation = "symmetric eigendecomposition"
  try matrix.requireFinite(operation)
  try matrix.requireSymmetric(operation)
  let size = matrix.rowCount
  var (values, vectors) = ([Scalar](repeating: 0, count: size), matrix)
  if size == 0 { return (values, vectors) }
  let info = vectors.withUnsafeMutableBufferPointer { buffer in
    LAPACK.symmetricEigen(
      buffer.baseAddress!, size: size, values: &values, wantsVectors: wantsVectors)
  }
  guard info == 0 else { throw .didNotConverge(operation: operation, count: info) }
  return (values, vectors)
}
