import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct LeastSquaresTests {
  @Test(.tags(.law), arguments: [(12, 5, 2), (5, 5, 1), (40, 1, 3)])
  func residualIsOrthogonalToTheColumns(m: Int, n: Int, columns: Int) throws {
    let key = RandomKey(seed: 1).fork(m)
    let a: Matrix<Double> = key.fork("a").normalMatrix(rowCount: m, columnCount: n)
    let b: Matrix<Double> = key.fork("b").normalMatrix(rowCount: m, columnCount: columns)
    let result = try leastSquares(a, b)
    var residual = b
    residual.addProduct(of: a, and: result.solution, scale: -1)
    let gradient = a.multiplied(by: residual, transposingSelf: true)
    #expect(largestDifference(gradient, Matrix(rowCount: n, columnCount: columns)) < 1e-12)
    #expect(result.rank == n)
    for (value, expected) in zip(result.singularValues, try singularValues(of: a)) {
      #expect(abs(value - expected) < 1e-12)
    }
  }

  @Test(.tags(.law)) func exactSolutionsAreRecovered() throws {
    let a: Matrix<Float> = RandomKey(seed: 2).normalMatrix(rowCount: 30, columnCount: 4)
    let x = Matrix<Float>(rows: [[1, 0], [-2, 1], [0.5, 3], [0, -1]])
    let result = try leastSquares(a, a.multiplied(by: x))
    #expect(largestDifference(result.solution, x) < 1e-5)
  }

  @Test(.tags(.law)) func theShortestSolutionIsTaken() throws {
    // One equation in two unknowns: x + 2 y = 5.
    let wide = try leastSquares(
      Matrix<Double>(rows: [[1, 2]]), Matrix<Double>(rows: [[5]]))
    #expect(largestDifference(wide.solution, Matrix(rows: [[1], [2]])) < 1e-14)
    #expect(wide.rank == 1)
    // Two equal columns share the coefficient.
    let a = Matrix<Double>(rows: [[1, 1], [1, 1], [2, 2]])
    let deficient = try leastSquares(a, Matrix(rows: [[2], [2], [4]]))
    #expect(largestDifference(deficient.solution, Matrix(rows: [[1], [1]])) < 1e-14)
    #expect(deficient.rank == 1)
  }

  @Test func emptySystems() throws {
    let none = try leastSquares(
      Matrix<Double>(rowCount: 0, columnCount: 2), Matrix<Double>(rowCount: 0, columnCount: 3))
    #expect(none.solution == Matrix(rowCount: 2, columnCount: 3))
    let noSides = try leastSquares(
      Matrix<Double>.identity(size: 2), Matrix<Double>(rowCount: 2, columnCount: 0))
    #expect(noSides.rank == 2)
    #expect(noSides.solution.shapeDescription == "[2, 0]")
  }

  @Test func badSystemsAreRefused() {
    #expect(
      throws: NumericsError.shapeMismatch(
        operation: "least squares", expected: "2 rows in the right-hand side", found: "1")
    ) {
      try leastSquares(Matrix<Double>.identity(size: 2), Matrix<Double>(rows: [[1, 2]]))
    }
    #expect(throws: NumericsError.nonFiniteInput(operation: "least squares", row: 0, column: 0)) {
      try leastSquares(Matrix<Double>.identity(size: 1), Matrix<Double>(rows: [[.nan]]))
    }
  }
}
