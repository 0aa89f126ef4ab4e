import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct NumericsErrorTests {
  @Test(arguments: [
    (
      NumericsError.nonFiniteInput(operation: "least squares", row: 3, column: 1),
      "least squares: element (3, 1) is not finite; remove such rows or find their cause"
    ),
    (
      .shapeMismatch(
        operation: "Cholesky factorization", expected: "a square matrix", found: "[2, 3]"),
      "Cholesky factorization: expected a square matrix, found [2, 3]"
    ),
    (
      .notSymmetric(
        operation: "symmetric eigendecomposition", row: 1, column: 0, difference: 0.5),
      "symmetric eigendecomposition: elements (1, 0) and (0, 1) differ by 0.5; average the matrix "
        + "with its transpose if only rounding made it asymmetric"
    ),
    (
      .notPositiveDefinite(operation: "Cholesky factorization", row: 7),
      "Cholesky factorization: the matrix is not positive definite at row 7; add a small multiple "
        + "of the identity if it should be"
    ),
    (
      .didNotConverge(operation: "singular value decomposition", count: 2),
      "singular value decomposition: did not converge, 2 values still open; try Double or rescale "
        + "the matrix"
    ),
  ])
  func messages(error: NumericsError, message: String) {
    #expect(error.description == message)
  }

  /// Elements are looked at sixteen at a time and then one by one: none may be left out, in either precision.
  @Test(.tags(.law)) func anElementThatIsNoNumberIsFoundWhereverItStands() throws {
    try look(Float.self)
    try look(Double.self)
  }

  private func look<Scalar: RealScalar>(_: Scalar.Type) throws {
    for count in [1, 15, 16, 17, 33, 50] {
      let plain = [Scalar](repeating: .greatestFiniteMagnitude, count: count)
      try Matrix(values: plain, rowCount: 1, columnCount: count).requireFinite("test")
      for place in 0..<count {
        for value in [Scalar.nan, .infinity, -.infinity] {
          var values = plain
          values[place] = value
          #expect(
            throws: NumericsError.nonFiniteInput(operation: "test", row: 0, column: place)
          ) {
            try Matrix(values: values, rowCount: 1, columnCount: count).requireFinite("test")
          }
        }
      }
    }
  }
}
