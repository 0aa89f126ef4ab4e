/// The thin QR factorization of a matrix: A = Q R.
///
/// The diagonal of R is not negative, which makes the factors unique where A has full column rank,
/// and makes Q of a matrix of normal numbers uniformly distributed over orthogonal matrices.
public struct QRFactors<Scalar: RealScalar>: Sendable {
  /// Q, `[m, k]` with k = min(m, n) orthonormal columns.
  public let orthogonal: Matrix<Scalar>
  /// R, `[k, n]`, upper triangular with a diagonal that is not negative.
  public let upper: Matrix<Scalar>

  /// Factors a matrix of any shape by Householder reflections.
  ///
  /// - Shapes: `[m, n]`.
  /// - Throws: `NumericsError.nonFiniteInput`.
  /// - Complexity: O(m n min(m, n)) time.
  /// - Source: LAPACK `geqrf` and `orgqr`; the signs are Mezzadri's, Notices AMS 54, 592 (2007).
  public init(of matrix: Matrix<Scalar>) throws(NumericsError) {
    try matrix.requireFinite("QR factorization")
    let (m, n) = (matrix.rowCount, matrix.columnCount)
    let k = min(m, n)
    if k == 0 {
      orthogonal = Matrix(rowCount: m, columnCount: k)
      upper = Matrix(rowCount: k, columnCount: n)
      return
    }
    // Row `j` of the transposed matrices is column `j`, as LAPACK stores it.
    var packed = matrix.transposed
    var reflectors = [Scalar](repeating: 0, count: k)
    packed.withUnsafeMutableBufferPointer {
      _ = LAPACK.qr($0.baseAddress!, rows: m, columns: n, reflectors: &reflectors)
    }
    var columns = packed.selectingRows(0..<k)
    columns.withUnsafeMutableBufferPointer {
      _ = LAPACK.orthogonalFactor($0.baseAddress!, rows: m, columns: k, reflectors: reflectors)
    }
    var r = packed.transposed.selectingRows(0..<k)
    columns.withUnsafeMutableBufferPointer { q in
      r.withUnsafeMutableBufferPointer { r in
        clearBelowDiagonal(r, columnCount: n)
        makeDiagonalNonnegative(q, m: m, r, n: n)
      }
    }
    orthogonal = columns.transposed
    upper = r
  }
}

// MARK: - Loops

/// Clears the reflections that LAPACK leaves below the diagonal of R.
@specialized(where S == Float)
@specialized(where S == Double)
private func clearBelowDiagonal<S: RealScalar>(
  _ r: UnsafeMutableBufferPointer<S>, columnCount n: Int
) {
  for row in 0..<r.count / n {
    for column in 0..<min(row, n) { r[row &* n &+ column] = 0 }
  }
}

/// Changes the sign of row `j` of R `[k, n]` and of row `j` of Qᵀ `[k, m]` where R's diagonal is
/// negative there.
@specialized(where S == Float)
@specialized(where S == Double)
private func makeDiagonalNonnegative<S: RealScalar>(
  _ q: UnsafeMutableBufferPointer<S>, m: Int, _ r: UnsafeMutableBufferPointer<S>, n: Int
) {
  for row in 0..<r.count / n where r[row &* n &+ row] < 0 {
    for element in row &* m..<(row &+ 1) &* m { q[element] = -q[element] }
    for element in row &* n &+ row..<(row &+ 1) &* n { r[element] = -r[element] }
  }
}
