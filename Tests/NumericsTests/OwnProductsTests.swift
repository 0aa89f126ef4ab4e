import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct OwnProductsTests {
  /// Below and above the sizes that the kernels' own product takes, with rests of its tiles.
  private static let sizes = [
    (0, 3, 4), (3, 0, 4), (5, 7, 0), (1, 1, 1), (15, 40, 40), (16, 16, 16), (37, 129, 200),
    (320, 320, 200), (64, 17, 1000),
  ]

  @Test(.tags(.oracle), arguments: sizes)
  func equalsTheProductOfMatrices(rows: Int, columns: Int, inner: Int) {
    let key = RandomKey(seed: 5)
    let a: Matrix<Double> = key.normalMatrix(rowCount: rows, columnCount: inner)
    let b: Matrix<Double> = key.fork("b").normalMatrix(rowCount: columns, columnCount: inner)
    func check<Scalar: RealScalar>(_ a: Matrix<Scalar>, _ b: Matrix<Scalar>) {
      // One more than is needed, to see that it stays.
      var c = [Scalar](repeating: 7, count: rows * columns + 1)
      let (left, right) = (a.values + [0], b.values + [0])
      BLAS.multiplyByTransposed(left, right, into: &c, rows: rows, columns: columns, inner: inner)
      #expect(c[rows * columns] == 7)
      let plain = a.multiplied(by: b, transposingOther: true).values
      let tolerance = 16 * Scalar.ulpOfOne * Scalar(max(1, inner)).squareRoot()
      for (found, expected) in zip(c, plain) { #expect(abs(found - expected) <= 4 * tolerance) }
    }
    check(a, b)
    check(Matrix<Float>(a), Matrix<Float>(b))
  }
}
