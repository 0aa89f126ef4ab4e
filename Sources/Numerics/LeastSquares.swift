/// The X of smallest norm among those that minimize ‖A X − B‖, column by column.
public struct LeastSquaresSolution<Scalar: RealScalar>: Sendable {
  /// X, `[n, columns]`.
  public let solution: Matrix<Scalar>
  /// The number of singular values of A that were not taken to be zero.
  public let rank: Int
  /// The min(m, n) singular values of A, descending.
  public let singularValues: [Scalar]
}

/// Solves A X ≈ B in the least-squares sense, for A of any shape and rank.
///
/// - Shapes: `a` is `[m, n]`, `b` is `[m, columns]`.
/// - Parameter relativeTolerance: singular values below this times the largest are taken to be zero; by
///   default max(m, n) units in the last place of 1.
/// - Throws: `NumericsError.nonFiniteInput`, `.shapeMismatch`, `.didNotConverge`.
/// - Complexity: O(m n min(m, n)) time.
/// - Source: LAPACK `gelsd`.
public func leastSquares<Scalar: RealScalar>(
  _ a: Matrix<Scalar>, _ b: Matrix<Scalar>, relativeTolerance: Double? = nil
) throws(NumericsError) -> LeastSquaresSolution<Scalar> {
  let operation = "least squares"
  let (m, n, columns) = (a.rowCount, a.columnCount, b.columnCount)
  guard b.rowCount == m else {
    throw .shapeMismatch(
      operation: operation, expected: "\(m) rows in the right-hand side", found: "\(b.rowCount)")
  }
  try a.requireFinite(operation)
  try b.requireFinite(operation)
  if m == 0 || n == 0 || columns == 0 {
    let rank = columns == 0 ? try SingularValueDecomposition(of: a).rank() : 0
    let values = columns == 0 ? try singularValues(of: a) : []
    return LeastSquaresSolution(
      solution: Matrix(rowCount: n, columnCount: columns), rank: rank, singularValues: values)
  }
  let height = max(m, n)
  var packed = a.transposed
  // B with room for the solution, one column after another.
  let (given, padding) = (b.transposed, [Scalar](repeating: 0, count: height - m))
  var sides = Matrix(
    values: (0..<columns).flatMap { given.row($0) + padding }, rowCount: columns,
    columnCount: height)
  var values = [Scalar](repeating: 0, count: min(m, n))
  var rank = 0
  let tolerance = relativeTolerance ?? Double(height) * Double(Scalar.ulpOfOne)
  let info = packed.withUnsafeMutableBufferPointer { a in
    sides.withUnsafeMutableBufferPointer { b in
      LAPACK.leastSquares(
        a.baseAddress!, rows: m, columns: n, b.baseAddress!, rightHandSides: columns,
        values: &values, tolerance: tolerance, rank: &rank)
    }
  }
  guard info == 0 else { throw .didNotConverge(operation: operation, count: info) }
  return LeastSquaresSolution(
    solution: sides.selectingColumns(0..<n).transposed, rank: rank, singularValues: values)
}
