/// The thin singular value decomposition of a matrix: A = U Σ Vᵀ.
public struct SingularValueDecomposition<Scalar: RealScalar>: Sendable {
  /// U, `[m, k]` with k = min(m, n): column `j` belongs to `values[j]`.
  public let leftVectors: Matrix<Scalar>
  /// The k singular values, descending, none negative.
  public let values: [Scalar]
  /// Vᵀ, `[k, n]`: row `j` belongs to `values[j]`.
  public let rightVectorsTransposed: Matrix<Scalar>

  /// Decomposes a matrix of any shape.
  ///
  /// Divide and conquer; where that fails to converge, which happens to very few matrices, QR
  /// iteration.
  ///
  /// - Shapes: `[m, n]`.
  /// - Throws: `NumericsError.nonFiniteInput`, `.didNotConverge`.
  /// - Complexity: O(m n min(m, n)) time; about 2 m n numbers of memory beside the result.
  /// - Source: LAPACK `gesdd` and `gesvd`.
  public init(of matrix: Matrix<Scalar>) throws(NumericsError) {
    let (m, n) = (matrix.rowCount, matrix.columnCount)
    let k = min(m, n)
    var u = [Scalar](repeating: 0, count: m * k)
    var vt = [Scalar](repeating: 0, count: k * n)
    let outcome = u.withUnsafeMutableBufferPointer { u in
      vt.withUnsafeMutableBufferPointer { vt in
        // The column-major view of the memory is Aᵀ = V Σ Uᵀ. Its left vectors, one after another,
        // are the rows of Vᵀ; its right vectors are stored as the rows of U.
        singularValues(matrix, left: vt.baseAddress, right: u.baseAddress)
      }
    }
    values = try outcome.get()
    leftVectors = Matrix(values: u, rowCount: m, columnCount: k)
    rightVectorsTransposed = Matrix(values: vt, rowCount: k, columnCount: n)
  }

  /// The number of singular values above `relativeTolerance` times the largest.
  ///
  /// - Parameter relativeTolerance: by default max(m, n) units in the last place of 1, below which
  ///   values are rounding errors of the decomposition.
  public func rank(relativeTolerance: Scalar? = nil) -> Int {
    let size = max(leftVectors.rowCount, rightVectorsTransposed.columnCount)
    let threshold = (relativeTolerance ?? Scalar(size) * Scalar.ulpOfOne) * (values.first ?? 0)
    return values.count { $0 > threshold }
  }
}

/// The min(m, n) singular values, descending, of a matrix `[m, n]`.
///
/// - Throws: `NumericsError.nonFiniteInput`, `.didNotConverge`.
/// - Complexity: O(m n min(m, n)) time, a small part of that of the vectors.
/// - Source: LAPACK `gesdd` and `gesvd`.
public func singularValues<Scalar: RealScalar>(
  of matrix: Matrix<Scalar>
) throws(NumericsError) -> [Scalar] {
  try singularValues(matrix, left: nil, right: nil).get()
}

private func singularValues<Scalar: RealScalar>(
  _ matrix: Matrix<Scalar>, left: UnsafeMutablePointer<Scalar>?,
  right: UnsafeMutablePointer<Scalar>?
) -> Result<[Scalar], NumericsError> {
  let operation = "singular value decomposition"
  do throws(NumericsError) { try matrix.requireFinite(operation) } catch { return .failure(error) }
  var values = [Scalar](repeating: 0, count: min(matrix.rowCount, matrix.columnCount))
  if values.isEmpty { return .success([]) }
  var info = 0
  for isFallback in [false, true] {
    var work = matrix
    info = work.withUnsafeMutableBufferPointer { buffer in
      LAPACK.singularValues(
        buffer.baseAddress!, rows: matrix.columnCount, columns: matrix.rowCount, values: &values,
        u: left, vt: right, isFallback: isFallback)
    }
    if info == 0 { return .success(values) }
  }
  return .failure(.didNotConverge(operation: operation, count: info))
}
