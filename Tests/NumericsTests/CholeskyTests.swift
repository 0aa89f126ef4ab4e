import Glibc
import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct CholeskyTests {
  private func check<S: RealScalar>(_ size: Int, _: S.Type) throws {
    let key = RandomKey(seed: 1).fork(size)
    let g: Matrix<S> = key.fork("a").normalMatrix(rowCount: size, columnCount: 2 * size)
    let a = g.rowGram
    let factor = try CholeskyFactor(of: a)
    let tolerance = stableTolerance(size: size, norm: 10 * Double(size), S.self)
    let back = factor.lower.multiplied(by: factor.lower, transposingOther: true)
    #expect(largestDifference(back, a) <= tolerance)
    for row in 0..<size {
      #expect(factor.lower[row, row] > 0)
      for column in row + 1..<max(size, row + 1) { #expect(factor.lower[row, column] == 0) }
    }
    let b: Matrix<S> = key.fork("b").normalMatrix(rowCount: size, columnCount: 3)
    let residual = a.multiplied(by: factor.solve(b))
    #expect(largestDifference(residual, b) <= 10 * tolerance)
    #expect(factor.solve(b.column(0)).count == size)
    let half = factor.lower.multiplied(by: factor.solveLower(b))
    #expect(largestDifference(half, b) <= 10 * tolerance)
    let eigenvalues = try symmetricEigenvalues(of: Matrix<Double>(a))
    let expected = eigenvalues.reduce(0) { $0 + log($1) }
    #expect(abs(factor.logDeterminant - expected) <= 100 * tolerance)
  }

  @Test(.tags(.law), arguments: [0, 1, 2, 5, 50]) func factorsGiveTheMatrixBack(size: Int) throws {
    try check(size, Double.self)
    try check(size, Float.self)
  }

  @Test func knownFactor() throws {
    let a = Matrix<Double>(rows: [[4, 2, -2], [2, 10, 2], [-2, 2, 6]])
    let factor = try CholeskyFactor(of: a)
    #expect(factor.lower == Matrix(rows: [[2, 0, 0], [1, 3, 0], [-1, 1, 2]]))
    #expect(factor.solve([4, 14, 6]) == [1, 1, 1])
    #expect(abs(factor.logDeterminant - log(144)) < 1e-14)
  }

  @Test func theFirstBadRowIsNamed() {
    let a = Matrix<Double>(rows: [[4, 2, 0], [2, 1, 0], [0, 0, 1]])
    #expect(
      throws: NumericsError.notPositiveDefinite(operation: "Cholesky factorization", row: 1)
    ) {
      try CholeskyFactor(of: a)
    }
  }
}
