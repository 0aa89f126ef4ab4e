import Testing
@testable import GrokMeasures
@Suite struct ZZTests {
  @Test func counts() throws {
    for (p, n) in [(10, 9), (47, 46)] {
      let key = RandomKey(seed: 1)
      var x: Matrix<Double> = key.fork("own").normalMatrix(rowCount: p, columnCount: n)
      x.addProduct(
        of: key.fork("l").normalMatrix(rowCount: p, columnCount: 3),
        and: key.fork("a").normalMatrix(rowCount: 3, columnCount: n), scale: 0.5)
      let c = CenterCorrelation(x)
      var columns = Matrix<Double>(rowCount: n, columnCount: 0)
      for k in 1...(p == 10 ? 6 : 10) {
        for r in 0..<2 {
          let random: [Double] = key.fork(k).fork(r).normal(count: n)
          let s = Matrix(rows: (0..<n).map { Array(columns.row($0)) + [random[$0]] })
          var trace: [Double] = []
          let e = try GrassmannDescent().minimize(from: s) { v in
            let q = c.cost(v); trace.append(q.value); return q
          }
          print(
            p, k, r, e.value, e.gradientLength, e.evaluationCount,
            c.residualFractions(e.columns).min()!)
          let last = trace.last!
          print(
            "   ", trace.firstIndex { $0 < last * (1 + 1e-4) } ?? -1,
            trace.firstIndex { $0 < last * (1 + 1e-6) } ?? -1,
            trace.firstIndex { $0 < last * (1 + 1e-8) } ?? -1,
            trace.firstIndex { $0 < last * (1 + 1e-10) } ?? -1)
          if r == 1 { columns = e.columns }
        }
      }
    }
  }
}
