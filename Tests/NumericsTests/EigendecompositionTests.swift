import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct EigendecompositionTests {
  private func checkReconstruction<S: RealScalar>(_ size: Int, _: S.Type) throws {
    let key = RandomKey(seed: 1).fork(size)
    let g: Matrix<S> = key.normalMatrix(rowCount: size, columnCount: size)
    let a = g.rowGram
    let norm = Double(a.values.reduce(0) { max($0, abs($1)) }) * Double(max(1, size))
    let eigen = try SymmetricEigendecomposition(of: a)
    let scaled = eigen.vectors.multiplied(by: Matrix(diagonal: eigen.values))
    let back = scaled.multiplied(by: eigen.vectors, transposingOther: true)
    let tolerance = stableTolerance(size: size, norm: norm, S.self)
    #expect(largestDifference(back, a) <= tolerance)
    #expect(orthogonalityDefect(eigen.vectors) <= stableTolerance(size: size, S.self))
    #expect(eigen.values == eigen.values.sorted())
    let values = try symmetricEigenvalues(of: a)
    for (value, other) in zip(values, eigen.values) {
      #expect(abs(Double(value) - Double(other)) <= tolerance)
    }
  }

  @Test(.tags(.law), arguments: [0, 1, 2, 3, 10, 40, 101])
  func vectorsAndValuesGiveTheMatrixBack(size: Int) throws {
    try checkReconstruction(size, Double.self)
    try checkReconstruction(size, Float.self)
  }

  @Test(.tags(.law)) func chosenSpectrumIsFound() throws {
    let spectrum: [Double] = [-3, -1, 0, 0, 0.5, 2, 2, 2, 10]
    let q: Matrix<Double> = try randomOrthogonal(size: spectrum.count, key: RandomKey(seed: 2))
    let a = q.multiplied(by: Matrix(diagonal: spectrum)).multiplied(by: q, transposingOther: true)
    for (value, expected) in zip(try symmetricEigenvalues(of: a), spectrum) {
      #expect(abs(value - expected) < 1e-13)
    }
  }

  @Test(.tags(.law), arguments: [1, 2, 5, 60]) func pathGraphHasItsClosedForm(size: Int) throws {
    // The second difference matrix: 2 − 2 cos(π j / (n + 1)).
    let eigen = try SymmetricEigendecomposition<Double>(
      diagonal: Array(repeating: 2, count: size),
      offDiagonal: Array(repeating: -1, count: size - 1))
    for (index, value) in eigen.values.enumerated() {
      let half = Double.pi * Double(index + 1) / Double(size + 1)
      #expect(abs(value - (2 - 2 * cosine(half))) < 1e-13)
    }
    #expect(orthogonalityDefect(eigen.vectors) < 1e-13)
    let first = (0..<size).map { eigen.vectors[$0, 0] }
    // (A − λ) v = 0 in the first row.
    let residual = (2 - eigen.values[0]) * first[0] - (size > 1 ? first[1] : 0)
    #expect(abs(residual) < 1e-13)
  }

  @Test func emptyTridiagonalMatrixHasNoValues() throws {
    let eigen = try SymmetricEigendecomposition<Float>(diagonal: [], offDiagonal: [])
    #expect(eigen.values.isEmpty)
  }

  @Test func badMatricesAreRefused() {
    #expect(
      throws: NumericsError.nonFiniteInput(
        operation: "symmetric eigendecomposition", row: 1, column: 0)
    ) {
      try symmetricEigenvalues(of: Matrix<Double>(rows: [[1, 2], [.infinity, 1]]))
    }
    #expect(
      throws: NumericsError.shapeMismatch(
        operation: "symmetric eigendecomposition", expected: "a square matrix", found: "[1, 2]")
    ) {
      try SymmetricEigendecomposition(of: Matrix<Double>(rows: [[1, 2]]))
    }
    #expect(
      throws: NumericsError.notSymmetric(
        operation: "symmetric eigendecomposition", row: 1, column: 0, difference: 1)
    ) {
      try symmetricEigenvalues(of: Matrix<Float>(rows: [[1, 2], [3, 1]]))
    }
    #expect(
      throws: NumericsError.shapeMismatch(
        operation: "symmetric tridiagonal eigendecomposition",
        expected: "1 elements beside the diagonal", found: "2")
    ) {
      try SymmetricEigendecomposition<Double>(diagonal: [1, 2], offDiagonal: [1, 2])
    }
  }

  private func cosine(_ angle: Double) -> Double {
    cosineAndSine(turn: UInt64(angle / (2 * .pi) * 0x1p64)).cosine
  }
}
