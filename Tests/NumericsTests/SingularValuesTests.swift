import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct SingularValuesTests {
  static let shapes = [
    (0, 0), (0, 3), (4, 0), (1, 1), (1, 7), (7, 1), (20, 20), (33, 12), (12, 33),
  ]

  private func checkReconstruction<S: RealScalar>(_ m: Int, _ n: Int, _: S.Type) throws {
    let a: Matrix<S> = RandomKey(seed: 1).fork(m).fork(n).normalMatrix(rowCount: m, columnCount: n)
    let svd = try SingularValueDecomposition(of: a)
    let scaled = svd.leftVectors.multiplied(by: Matrix(diagonal: svd.values))
    let tolerance = stableTolerance(size: max(m, n), norm: 10, S.self)
    #expect(largestDifference(scaled.multiplied(by: svd.rightVectorsTransposed), a) <= tolerance)
    #expect(orthogonalityDefect(svd.leftVectors) <= tolerance)
    #expect(orthogonalityDefect(svd.rightVectorsTransposed.transposed) <= tolerance)
    #expect(svd.values == svd.values.sorted(by: >))
    #expect(svd.values.allSatisfy { $0 >= 0 })
    let values = try singularValues(of: a)
    #expect(values.count == min(m, n))
    for (value, other) in zip(values, svd.values) {
      #expect(abs(Double(value) - Double(other)) <= tolerance)
    }
    #expect(svd.rank() == min(m, n))
  }

  @Test(.tags(.law), arguments: shapes) func factorsGiveTheMatrixBack(m: Int, n: Int) throws {
    try checkReconstruction(m, n, Double.self)
    try checkReconstruction(m, n, Float.self)
  }

  @Test(.tags(.law)) func chosenValuesAreFoundInAMatrixOfLowRank() throws {
    let key = RandomKey(seed: 2)
    let u: Matrix<Double> = try randomOrthogonal(size: 9, key: key.fork("u"))
    let v: Matrix<Double> = try randomOrthogonal(size: 6, key: key.fork("v"))
    var sigma = Matrix<Double>(rowCount: 9, columnCount: 6)
    for (index, value) in [7, 2, 0.5, 0, 0, 0].enumerated() { sigma[index, index] = value }
    let a = u.multiplied(by: sigma).multiplied(by: v, transposingOther: true)
    let svd = try SingularValueDecomposition(of: a)
    for (value, expected) in zip(svd.values, [7, 2, 0.5, 0, 0, 0]) {
      #expect(abs(value - expected) < 1e-13)
    }
    #expect(svd.rank() == 3)
    #expect(svd.rank(relativeTolerance: 0.1) == 2)
  }

  @Test(.tags(.law)) func squaresAreTheEigenvaluesOfTheGramMatrix() throws {
    let a: Matrix<Double> = RandomKey(seed: 3).normalMatrix(rowCount: 15, columnCount: 8)
    let values = try singularValues(of: a)
    let eigenvalues = try symmetricEigenvalues(of: a.columnGram)
    for (value, eigenvalue) in zip(values, eigenvalues.reversed()) {
      #expect(abs(value * value - eigenvalue) < 1e-12)
    }
  }

  @Test(.tags(.oracle)) func qrIterationAgreesWithDivideAndConquer() {
    let a: Matrix<Double> = RandomKey(seed: 4).normalMatrix(rowCount: 6, columnCount: 4)
    var results = [[Double]]()
    for isFallback in [false, true] {
      var work = a
      var (values, u, vt) = (
        [0.0, 0, 0, 0], [Double](repeating: 0, count: 16), [Double](repeating: 0, count: 24)
      )
      let info = work.withUnsafeMutableBufferPointer {
        LAPACK.singularValues(
          $0.baseAddress!, rows: 4, columns: 6, values: &values, u: &u, vt: &vt,
          isFallback: isFallback)
      }
      #expect(info == 0)
      results.append(values)
    }
    for (a, b) in zip(results[0], results[1]) { #expect(abs(a - b) < 1e-13) }
  }

  @Test func matricesThatAreNotFiniteAreRefused() {
    #expect(
      throws: NumericsError.nonFiniteInput(
        operation: "singular value decomposition", row: 0, column: 1)
    ) {
      try singularValues(of: Matrix<Float>(rows: [[1, .nan]]))
    }
    #expect(throws: NumericsError.self) {
      try SingularValueDecomposition(of: Matrix<Float>(rows: [[1, .nan]]))
    }
  }
}
