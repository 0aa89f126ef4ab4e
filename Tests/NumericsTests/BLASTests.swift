import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct BLASTests {
  /// Random sizes, with 0 and 1 more often than chance would have them.
  static let cases = 0..<60

  private struct Case {
    var rows: Int
    var columns: Int
    var inner: Int
    var padding: [Int]
    var transposedA: Bool
    var transposedB: Bool

    init(_ key: RandomKey) {
      func size(_ position: Int) -> Int {
        let size = key.integer(at: position, in: 0..<60)
        return size < 40 ? size : size < 50 ? size - 40 : size % 2
      }
      (rows, columns, inner) = (size(0), size(1), size(2))
      padding = (0..<3).map { key.integer(at: 3 + $0, in: 0..<4) }
      transposedA = key.integer(at: 6, in: 0..<2) == 1
      transposedB = key.integer(at: 7, in: 0..<2) == 1
    }
  }

  /// The largest |difference| allowed to a sum of `inner` products of standard normal numbers: the
  /// rounding of each of them once, and of a partial sum, with room for both.
  private func tolerance<S: RealScalar>(_ inner: Int, _: S.Type) -> Double {
    Double(S.ulpOfOne) * 30 * Double(inner + 1)
  }

  private func checkProduct<S: RealScalar>(seed: Int, _: S.Type) {
    let key = RandomKey(seed: 100).fork(seed)
    let c = Case(key.fork("case"))
    let storedA = c.transposedA ? (c.inner, c.rows) : (c.rows, c.inner)
    let storedB = c.transposedB ? (c.columns, c.inner) : (c.inner, c.columns)
    let lda = storedA.1 + c.padding[0]
    let ldb = storedB.1 + c.padding[1]
    let ldc = c.columns + c.padding[2]
    let a: [S] = key.fork("a").normal(count: storedA.0 * lda + 1)
    let b: [S] = key.fork("b").normal(count: storedB.0 * ldb + 1)
    let before: [S] = key.fork("c").normal(count: c.rows * ldc + 1)
    for (scale, beta) in [(1, 0), (0.5, 1), (-2, 0.25)] as [(S, S)] {
      var result = before
      BLAS.multiply(
        a, leadingA: lda, transposedA: c.transposedA, b, leadingB: ldb, transposedB: c.transposedB,
        into: &result, leadingC: ldc, rows: c.rows, columns: c.columns, inner: c.inner,
        scale: scale, accumulate: beta)
      var expected = before.map { Double($0) }
      for row in 0..<c.rows {
        for column in 0..<c.columns {
          var sum = 0.0
          for k in 0..<c.inner {
            let x = c.transposedA ? a[k * lda + row] : a[row * lda + k]
            let y = c.transposedB ? b[column * ldb + k] : b[k * ldb + column]
            sum += Double(x) * Double(y)
          }
          expected[row * ldc + column] =
            Double(scale) * sum + Double(beta) * expected[row * ldc + column]
        }
      }
      // Elements between the rows are compared as well: they must not be touched.
      for (index, (value, reference)) in zip(result, expected).enumerated() {
        #expect(
          abs(Double(value) - reference) <= tolerance(c.inner, S.self),
          "seed \(seed), \(c), element \(index)")
      }
    }
  }

  @Test(.tags(.oracle), arguments: cases) func productsEqualTheDefinition(seed: Int) {
    checkProduct(seed: seed, Float.self)
    checkProduct(seed: seed, Double.self)
  }

  private func checkSymmetricProduct<S: RealScalar>(seed: Int, _: S.Type) {
    let key = RandomKey(seed: 200).fork(seed)
    let c = Case(key.fork("case"))
    let (size, inner) = (c.rows, c.inner)
    let lda = (c.transposedA ? size : inner) + c.padding[0]
    let ldc = size + c.padding[2]
    let a: [S] = key.fork("a").normal(count: (c.transposedA ? inner : size) * lda + 1)
    let random: [S] = key.fork("c").normal(count: size * ldc + 1)
    var before = random
    for row in 0..<size {
      for column in 0..<row { before[row * ldc + column] = random[column * ldc + row] }
    }
    for (scale, beta) in [(1, 0), (1, 1), (-2, 0.25)] as [(S, S)] {
      var (result, expected) = (before, before)
      BLAS.symmetricProduct(
        a, leadingA: lda, transposedA: c.transposedA, into: &result, leadingC: ldc, size: size,
        inner: inner, scale: scale, accumulate: beta)
      BLAS.multiply(
        a, leadingA: lda, transposedA: c.transposedA, a, leadingB: lda, transposedB: !c.transposedA,
        into: &expected, leadingC: ldc, rows: size, columns: size, inner: inner, scale: scale,
        accumulate: beta)
      for (value, reference) in zip(result, expected) {
        #expect(
          abs(Double(value) - Double(reference)) <= 2 * tolerance(inner, S.self), "seed \(seed)")
      }
      for row in 0..<size {
        for column in 0..<row {
          #expect(result[row * ldc + column] == result[column * ldc + row], "seed \(seed)")
        }
      }
    }
  }

  @Test(.tags(.oracle), arguments: cases) func symmetricProductsEqualGeneralOnes(seed: Int) {
    checkSymmetricProduct(seed: seed, Float.self)
    checkSymmetricProduct(seed: seed, Double.self)
  }

  private func checkVectorProduct<S: RealScalar>(seed: Int, _: S.Type) {
    let key = RandomKey(seed: 300).fork(seed)
    let c = Case(key.fork("case"))
    let lda = c.columns + c.padding[0]
    let a: [S] = key.fork("a").normal(count: c.rows * lda + 1)
    let (countX, countY) = c.transposedA ? (c.rows, c.columns) : (c.columns, c.rows)
    let x: [S] = key.fork("x").normal(count: countX + 1)
    let before: [S] = key.fork("y").normal(count: countY + 1)
    for (scale, beta) in [(1, 0), (-2, 0.25)] as [(S, S)] {
      var (result, expected) = (before, before)
      BLAS.multiply(
        a, leadingA: lda, transposedA: c.transposedA, rows: c.rows, columns: c.columns, vector: x,
        into: &result, scale: scale, accumulate: beta)
      BLAS.multiply(
        a, leadingA: lda, transposedA: c.transposedA, x, leadingB: 1, transposedB: false,
        into: &expected, leadingC: 1, rows: countY, columns: 1, inner: countX, scale: scale,
        accumulate: beta)
      for (value, reference) in zip(result, expected) {
        #expect(
          abs(Double(value) - Double(reference)) <= 2 * tolerance(countX, S.self), "seed \(seed)")
      }
    }
  }

  @Test(.tags(.oracle), arguments: cases) func vectorProductsEqualOneColumnProducts(seed: Int) {
    checkVectorProduct(seed: seed, Float.self)
    checkVectorProduct(seed: seed, Double.self)
  }

  @Test(.tags(.oracle), arguments: [0, 1, 2, 33, 1000]) func dotIsAccumulatedInDouble(count: Int) {
    let x: [Float] = RandomKey(seed: 4).fork("x").normal(count: count)
    let y: [Float] = RandomKey(seed: 4).fork("y").normal(count: count)
    let expected = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    // Far below what Float could hold: 1e-7 of the sum.
    let exact = 1e-12 * Double(count)
    #expect(abs(dot(x, y) - expected) <= exact)
    #expect(abs(dot(x.map { Double($0) }, y.map { Double($0) }) - expected) <= exact)
  }

  @Test func outputThatIsNotReadMayBeAnything() {
    var c = [Double.nan]
    BLAS.multiply(
      [2], leadingA: 1, transposedA: false, [3], leadingB: 1, transposedB: false, into: &c,
      leadingC: 1, rows: 1, columns: 1, inner: 1)
    #expect(c == [6])
  }

  @Test func configurationNamesTheLibrary() {
    #expect(BLAS.configuration.contains("OpenBLAS"))
    #expect(BLAS.configuration.contains("kernels for"))
  }

  @Test func shapesThatDoNotFitStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      var c: [Float] = [0, 0]
      BLAS.multiply(
        [1, 2], leadingA: 1, transposedA: false, [3, 4], leadingB: 1, transposedB: false, into: &c,
        leadingC: 1, rows: 1, columns: 1, inner: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(rowCount: 2, columnCount: 3)
        .multiplied(by: Matrix(rowCount: 2, columnCount: 3))
    }
  }
}
