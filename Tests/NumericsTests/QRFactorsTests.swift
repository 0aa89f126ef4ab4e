import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct QRFactorsTests {
  private func check<S: RealScalar>(_ m: Int, _ n: Int, _: S.Type) throws {
    let a: Matrix<S> = RandomKey(seed: 1).fork(m).fork(n).normalMatrix(rowCount: m, columnCount: n)
    let factors = try QRFactors(of: a)
    let (q, r) = (factors.orthogonal, factors.upper)
    #expect(q.shapeDescription == "[\(m), \(min(m, n))]")
    #expect(r.shapeDescription == "[\(min(m, n)), \(n)]")
    let tolerance = stableTolerance(size: max(m, n), norm: 10, S.self)
    #expect(largestDifference(q.multiplied(by: r), a) <= tolerance)
    #expect(orthogonalityDefect(q) <= tolerance)
    for row in 0..<r.rowCount {
      #expect(r[row, row] >= 0)
      for column in 0..<row { #expect(r[row, column] == 0) }
    }
  }

  @Test(
    .tags(.law), arguments: [(0, 0), (0, 2), (3, 0), (1, 1), (5, 5), (30, 7), (7, 30), (40, 40)])
  func factorsGiveTheMatrixBack(m: Int, n: Int) throws {
    try check(m, n, Double.self)
    try check(m, n, Float.self)
  }

  @Test func rankDeficientMatricesAreFactored() throws {
    let a = Matrix<Double>(rows: [[1, 2], [2, 4], [3, 6]])
    let factors = try QRFactors(of: a)
    #expect(largestDifference(factors.orthogonal.multiplied(by: factors.upper), a) < 1e-14)
    #expect(orthogonalityDefect(factors.orthogonal) < 1e-14)
    #expect(abs(factors.upper[1, 1]) < 1e-14)
  }

  /// With the signs fixed, the trace of a random 4 × 4 orthogonal matrix has mean 0 and variance 1;
  /// without, LAPACK's reflections would shift the mean.
  @Test(.tags(.statistical)) func randomOrthogonalMatricesHaveTheHaarTrace() throws {
    let drawCount = 2000
    var (sum, squares) = (0.0, 0.0)
    for draw in 0..<drawCount {
      let q: Matrix<Double> = try randomOrthogonal(size: 4, key: RandomKey(seed: 5).fork(draw))
      let trace = q.diagonal.reduce(0, +)
      sum += trace
      squares += trace * trace
    }
    // Five standard errors; the variance of the squared trace is 2 for O(4), as for a normal number.
    let error = 5 / Double(drawCount).squareRoot()
    #expect(abs(sum / Double(drawCount)) < error)
    #expect(abs(squares / Double(drawCount) - 1) < error * 2.0.squareRoot())
  }
}
