/// A complex number, such as an eigenvalue of a matrix that is not symmetric.
public struct ComplexValue<Scalar: RealScalar>: Sendable, Equatable {
  /// The real part.
  public var real: Scalar
  /// The imaginary part.
  public var imaginary: Scalar

  /// A number from its parts.
  public init(real: Scalar, imaginary: Scalar) {
    self.real = real
    self.imaginary = imaginary
  }

  /// √(re² + im²), without overflow on the way.
  public var magnitude: Scalar {
    let (large, small) = (max(abs(real), abs(imaginary)), min(abs(real), abs(imaginary)))
    return large == 0 ? 0 : large * (1 + (small / large) * (small / large)).squareRoot()
  }
}

/// The eigenvalues of any square matrix `[n, n]`, in LAPACK's order.
///
/// - Throws: `NumericsError.nonFiniteInput`, `.shapeMismatch`, `.didNotConverge`.
/// - Complexity: O(n³) time.
/// - Source: LAPACK `geev`.
public func generalEigenvalues<Scalar: RealScalar>(
  of matrix: Matrix<Scalar>
) throws(NumericsError) -> [ComplexValue<Scalar>] {
  let operation = "eigenvalues"
  try matrix.requireFinite(operation)
  let size = matrix.rowCount
  guard matrix.columnCount == size else {
    throw .shapeMismatch(
      operation: operation, expected: "as many rows as columns", found: matrix.shapeDescription)
  }
  if size == 0 { return [] }
  var values = matrix
  var real = [Scalar](repeating: 0, count: size)
  var imaginary = real
  let info = values.withUnsafeMutableBufferPointer { buffer in
    LAPACK.generalEigenvalues(
      buffer.baseAddress!, size: size, real: &real, imaginary: &imaginary)
  }
  guard info == 0 else { throw .didNotConverge(operation: operation, count: info) }
  return zip(real, imaginary).map { ComplexValue(real: $0, imaginary: $1) }
}
