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
    var r = Matrix<Scalar>(rowCount: k, columnCount: n)
    for row in 0..<k {
      let isFlipped = packed[row, row] < 0
      for column in row..<n {
        r[row, column] = isFlipped ? -packed[column, row] : packed[column, row]
      }
      if isFlipped {
        for element in 0..<m { columns[row, element] = -columns[row, element] }
      }
    }
    orthogonal = columns.transposed
    upper = r
  }
}
