import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct CenteredMomentsTests {
  private static let key = RandomKey(seed: 5)

  /// Plain loops.
  private func plain(_ x: Matrix<Double>) -> (means: [Double], product: Matrix<Double>) {
    let n = Double(x.rowCount)
    let means = (0..<x.columnCount).map { x.column($0).reduce(0, +) / n }
    var product = Matrix<Double>(rowCount: x.columnCount, columnCount: x.columnCount)
    for row in 0..<x.rowCount {
      for a in means.indices {
        for b in means.indices { product[a, b] += (x[row, a] - means[a]) * (x[row, b] - means[b]) }
      }
    }
    return (means, product)
  }

  @Test(.tags(.oracle), arguments: [(2, 3), (40, 7), (5_000, 4)])
  func productsMeansAndNormsAreThoseOfPlainLoops(n: Int, d: Int) throws {
    // Far from 0, and sorted by class, which is what a shift from the first rows alone would mistake.
    var x: Matrix<Double> = Self.key.normalMatrix(rowCount: n, columnCount: d)
    for row in 0..<n {
      for column in 0..<d { x[row, column] += 1000 + (row < n / 2 ? 0 : 5) }
    }
    let y: Matrix<Double> = Self.key.fork("y").normalMatrix(rowCount: n, columnCount: 2)
    let moments = try CenteredMoments(of: [x, y], measure: "test", wantsRowNorms: true)
    let (means, product) = plain(x)
    #expect(largestDifference(Array(moments.means[..<d]), means) < 1e-10)
    #expect(largestDifference(moments.product(0, 0).values, product.values) < 1e-9 * Double(n))
    let centered = { (m: Matrix<Double>, row: Int) -> Double in
      let means = (0..<m.columnCount).map { m.column($0).reduce(0, +) / Double(n) }
      return (0..<m.columnCount).reduce(0) {
        $0 + (m[row, $1] - means[$1]) * (m[row, $1] - means[$1])
      }
    }
    if n <= 40 {
      let cross = (0..<n).reduce(0) { $0 + centered(x, $1) * centered(y, $1) }
      #expect(abs((moments.rowNorms?.products[0, 1] ?? .nan) - cross) < 1e-8 * abs(cross))
      #expect(abs((moments.rowNorms?.sums[0] ?? .nan) - product.diagonal.reduce(0, +)) < 1e-7)
    }
  }

  @Test(.tags(.oracle)) func floatSamplesFarFromZeroKeepTheirVariance() throws {
    // Mean 10⁴, deviation 1: products of the rows as they are would lose all digits in Float.
    let noise: Matrix<Float> = Self.key.normalMatrix(rowCount: 3_000, columnCount: 3)
    let x = noise.map { $0 + 10_000 }
    let moments = try CenteredMoments(of: [x], measure: "test")
    let (_, product) = plain(Matrix<Double>(x))
    #expect(largestDifference(moments.product.values, product.values) < 1e-6 * 3_000)
  }

  @Test(.tags(.resume)) func bitsDoNotDependOnThreads() throws {
    let x: Matrix<Float> = Self.key.normalMatrix(rowCount: 9_000, columnCount: 5)
    let alone = try CenteredMoments(of: [x], measure: "test", wantsRowNorms: true)
    let shared = try CenteredMoments(
      of: [x], measure: "test", wantsRowNorms: true, workers: Workers(threadCount: 3))
    #expect(alone.product == shared.product)
    #expect(alone.means == shared.means)
    #expect(alone.rowNorms?.products == shared.rowNorms?.products)
  }

  @Test func whatHasNoMomentsIsRefused() throws {
    let x = Matrix<Double>(rows: [[1, 2], [3, 4], [5, 7]])
    let message = { (body: () throws -> Void) -> String in
      let error = #expect(throws: MeasureError.self) { try body() }
      return error?.description ?? ""
    }
    #expect(
      message { _ = try centeredKernelAlignment(of: x, with: [[1.0], [2]]) }
        == "centeredKernelAlignment: 3 rows cannot be paired with 2; row i of both must belong to "
        + "one sample")
    #expect(
      message { _ = try centeredKernelAlignment(of: x, with: x, estimator: .debiased) }
        == "centeredKernelAlignment: 3 samples; at least 4 are needed")
    #expect(
      message { _ = try centeredKernelAlignment(of: x, with: [[1.0], [.nan], [3]]) }
        == "centeredKernelAlignment: element 1 of array 2 is not finite; remove such samples or find "
        + "their cause")
    #expect(
      message { _ = try participationRatio(of: [[0.1, 0.7], [0.1, 0.7], [0.1, 0.7]]) }
        == "participationRatio: the samples do not vary: all rows are the same")
    #expect(
      message { _ = try shapeComparison(of: x, with: [[3.3], [3.3], [3.3]]) }
        == "shapeComparison: array 2 does not vary: all rows are the same")
    #expect(
      message { _ = try singularSpectrum(of: x, memoryBudget: 10) }
        == "singularSpectrum: the memory needed, in bytes, is 1048656.0; expected at most the budget "
        + "of 10; raise it or take fewer columns")
    #expect(
      message { _ = try participationRatio(of: [[1e200], [2e200]]) }
        == "participationRatio: sums of squares are too large; scale the samples down")
  }
}
