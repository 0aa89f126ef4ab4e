/// The Cholesky factor of a symmetric positive definite matrix: A = L Lᵀ.
public struct CholeskyFactor<Scalar: RealScalar>: Sendable {
  /// L, `[n, n]`, lower triangular with a positive diagonal.
  public let lower: Matrix<Scalar>

  /// Factors a symmetric positive definite matrix.
  ///
  /// - Shapes: `[n, n]`, symmetric but for rounding; the lower triangle is what is factored.
  /// - Throws: `NumericsError.nonFiniteInput`, `.shapeMismatch`, `.notSymmetric`,
  ///   `.notPositiveDefinite` with the first row at which no factor exists.
  /// - Complexity: O(n³) time.
  /// - Source: LAPACK `potrf`.
  public init(of matrix: Matrix<Scalar>) throws(NumericsError) {
    let operation = "Cholesky factorization"
    try matrix.requireFinite(operation)
    try matrix.requireSymmetric(operation)
    let size = matrix.rowCount
    var factor = matrix
    let info =
      size == 0
      ? 0
      : factor.withUnsafeMutableBufferPointer {
        LAPACK.cholesky($0.baseAddress!, size: size)
      }
    guard info == 0 else { throw .notPositiveDefinite(operation: operation, row: info - 1) }
    factor.withUnsafeMutableBufferPointer { values in
      for row in 0..<size {
        values[row * size + row + 1..<(row + 1) * size].update(repeating: 0)
      }
    }
    lower = factor
  }

  /// The solution X of A X = B.
  ///
  /// - Shapes: B and X are `[n, columns]`.
  /// - Precondition: B has n rows.
  public func solve(_ rightHandSides: Matrix<Scalar>) -> Matrix<Scalar> {
    solve(rightHandSides, transposed: [false, true])
  }

  private func solve(
    _ rightHandSides: Matrix<Scalar>, transposed: [Bool]
  ) -> Matrix<Scalar> {
    precondition(
      rightHandSides.rowCount == lower.rowCount,
      "solve: \(lower.shapeDescription) · X = \(rightHandSides.shapeDescription)")
    var result = rightHandSides
    let (size, columns) = (lower.rowCount, rightHandSides.columnCount)
    if result.count == 0 { return result }
    lower.storage.withUnsafeBufferPointer { l in
      result.withUnsafeMutableBufferPointer { b in
        for transposed in transposed {
          BLAS.solveLowerTriangular(
            l.baseAddress!, size: size, transposed: transposed, b.baseAddress!, columns: columns)
        }
      }
    }
    return result
  }

  /// The solution X of L X = B, half of the way to that of A X = B.
  ///
  /// - Shapes: B and X are `[n, columns]`.
  /// - Precondition: B has n rows.
  public func solveLower(_ rightHandSides: Matrix<Scalar>) -> Matrix<Scalar> {
    solve(rightHandSides, transposed: [false])
  }

  /// The solution x of A x = b.
  public func solve(_ rightHandSide: [Scalar]) -> [Scalar] {
    solve(Matrix(values: rightHandSide, rowCount: rightHandSide.count, columnCount: 1)).values
  }

  /// ln det A, summed in `Double`.
  public var logDeterminant: Double {
    lower.diagonal.reduce(0) { $0 + 2 * naturalLogarithm(Double($1)) }
  }
}
