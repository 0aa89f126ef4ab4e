import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct SharedSymmetricProductTests {
  @Test(
    .tags(.oracle), arguments: [(0, 4), (5, 0), (1, 1), (15, 40), (16, 16), (130, 77), (600, 260)])
  func equalsTheProductOfMatricesWithAnyThreads(size: Int, inner: Int) {
    func check<S: RealScalar>(_: S.Type) {
      let key = RandomKey(seed: 11)
      let a: Matrix<S> = key.normalMatrix(rowCount: size, columnCount: inner)
      let before: Matrix<S> = key.fork("c").normalMatrix(rowCount: size, columnCount: size)
      let results = [nil, Workers(threadCount: 2), Workers(threadCount: 3)].map { workers in
        var c = before.values + [7]
        let memory = a.values + [0]
        BLAS.addSymmetricProduct(
          memory, leadingA: inner, into: &c, leadingC: size, size: size, inner: inner,
          workers: workers)
        #expect(c[size * size] == 7)
        return c
      }
      #expect(results[0] == results[1] && results[0] == results[2])
      let product = a.multiplied(by: a, transposingOther: true)
      // Sums in two orders; the largest, on the diagonal, are about as large as `inner`.
      let tolerance = 32 * S.ulpOfOne * S(inner + 1)
      for row in 0..<size {
        for column in row..<size {
          let found = results[0][row * size + column]
          #expect(abs(found - before[row, column] - product[row, column]) <= tolerance)
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
