import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct HeatFlowTests {
  private typealias Fixture = TemperatureFixture
  private let key = RandomKey(seed: 8)

  /// R(ℓ) by its definition, with the second series moved around the circle.
  private func slow(_ x: [Double], _ y: [Double], lag: Int, shift: Int) -> Double {
    let moved = circularlyShifted(y, by: shift)
    func unit(_ values: [Double]) -> [Double] {
      let mean = values.reduce(0, +) / Double(values.count)
      let norm = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
      return values.map { ($0 - mean) / norm }
    }
    let (a, b) = (unit(x), unit(moved))
    return a.indices.reduce(0) {
      b.indices.contains($1 + lag) ? $0 + a[$1] * b[$1 + lag] : $0
    }
  }

  @Test(.tags(.oracle), arguments: [0, 1, 17, 90])
  func laggedCorrelationsEqualTheirDefinition(shift: Int) throws {
    let x = autoregression(0.5, count: 101, key: key.fork("x"))
    let y = autoregression(0.2, count: 101, key: key.fork("y"))
    let correlator = try LaggedCorrelator([x, y], names: ["x", "y"], largestLag: 7, measure: "m")
    let found = correlator.lagged(0, 1, shift: shift, circular: correlator.circular(0, 1))
    for (index, lag) in (-7...7).enumerated() {
      #expect(abs(found[index] - slow(x, y, lag: lag, shift: shift)) < 1e-13, "lag \(lag)")
    }
  }

  @Test(.tags(.statistical)) func aLeadIsFoundAndItsLag() throws {
    let x = autoregression(0.5, count: 300, key: key.fork("x"))
    let noise: [Double] = key.fork("noise").normal(count: 300)
    let y = x.indices.map { ($0 < 3 ? 0 : x[$0 - 3]) + 0.5 * noise[$0] }
    let z = autoregression(0.5, count: 300, key: key.fork("z"))
    let series = try table([x, y, z], names: ["x", "y", "z"])
    let flows = try heatFlows(
      between: series, largestLag: 8, surrogateCount: 99, workers: Workers(threadCount: 2),
      key: key)
    #expect(flows.map { $0.first + $0.second } == ["xy", "xz", "yz"])
    #expect(flows[0].lead == 3 && flows[0].correlations.count == 17)
    #expect(flows[0].comparison.pValue == 0.01 && flows[0].falseDiscoveryRate <= 0.03)
    #expect(flows[1].comparison.pValue > 0.01 && flows[2].comparison.pValue > 0.01)
    #expect(try flows == heatFlows(between: series, largestLag: 8, surrogateCount: 99, key: key))
    // A circle has few windows of 17 lags: that is the least p-value, however many shifts are drawn.
    let shifted = try heatFlows(
      between: series, largestLag: 8, surrogates: .circularShifts, surrogateCount: 500, key: key)
    #expect(shifted[0].lead == 3 && shifted[0].comparison.pValue == 17.0 / 300)
    #expect(shifted.map(\.correlations) == flows.map(\.correlations))
  }

  /// The null values that one product gives are those of each surrogate by itself.
  @Test(.tags(.oracle)) func surrogatesOfManySeriesEqualThoseOfOne() throws {
    let x = autoregression(0.5, count: 61, key: key.fork("x"))
    let y = autoregression(0.2, count: 61, key: key.fork("y"))
    let correlator = try LaggedCorrelator([x, y], names: ["x", "y"], largestLag: 5, measure: "m")
    let found = try correlator.nullValues(
      of: [0], against: 1, .randomPhases, surrogateCount: 4, key: key
    ) { $0.max() ?? 0 }
    for surrogate in 0..<4 {
      let phases = try phaseRandomized(correlator.series[1], key: key.fork(surrogate))
      let expected = (-5...5).map { slow(x, phases, lag: $0, shift: 0) }.max() ?? 0
      #expect(abs(found[0][surrogate] - expected) < 1e-12)
    }
  }

  /// Of 80 pairs of series that have nothing to do with each other, 4 are below 0.05, and the deviation is 1.9.
  @Test(.tags(.statistical), arguments: FlowSurrogates.allCases)
  func surrogatesKeepTheirLevel(surrogates: FlowSurrogates) throws {
    var (few, half) = (0, 0)
    for draw in 0..<80 {
      let columns = (0..<2).map { autoregression(0.7, count: 60, key: key.fork(draw).fork($0)) }
      let flow = try heatFlows(
        between: table(columns), largestLag: 1, surrogates: surrogates, surrogateCount: 39,
        key: key.fork(draw))[0]
      few += flow.comparison.pValue <= 0.05 ? 1 : 0
      half += flow.comparison.pValue <= 0.5 ? 1 : 0
    }
    #expect(few <= 10, "\(few) of 80")
    #expect(abs(half - 40) <= 14, "\(half) of 80")
  }

  @Test(.tags(.law)) func aCommonFactorIsTakenOff() throws {
    let common = autoregression(0.9, count: 400, key: key.fork("common"))
    let columns = (0..<8).map { column in
      let own: [Double] = key.fork(column).normal(count: 400)
      return zip(common, own).map { exp(0.3 * $0 + 0.1 * $1) }
    }
    func largest(_ removes: Bool) throws -> Double {
      let series = try detrendedLogHeat(
        of: table(columns), by: .differences, removesCommonFactor: removes)
      #expect(series.recordCount == 399 && series.steps[0] == 1)
      let x = series.values.column(0)
      return abs(slow(x, series.values.column(1), lag: 0, shift: 0))
    }
    #expect(try largest(false) > 0.6)
    #expect(try largest(true) < 0.3)
    let smooth = try detrendedLogHeat(of: table(columns), by: .movingAverage(weight: 1))
    #expect(smooth.values.values.allSatisfy { $0 == 0 })
  }

  @Test(.tags(.golden)) func grangerEqualsRegressions() throws {
    let rows = Fixture.rows("granger", "series")
    let series = try table((0..<3).map { column in rows.map { $0[column] } })
    let fits = try Autoregression(series, largestOrder: 2, group: 3, measure: "m")
    let all = try fits.fit([0, 1, 2], order: 2)
    for source in 0..<3 {
      for target in 0..<3 where source != target {
        let expected = Fixture.value("granger", "all")?.array?[source].array?[target].array
        let found = all.test(from: source, to: target)
        #expect(isClose(found.statistic, expected?[0].double ?? .nan, within: 1e-8))
        #expect(Double(found.denominatorFreedom) == expected?[1].double)
        #expect(isClose(found.pValue, expected?[2].double ?? .nan, within: 1e-8))
        let pair = try fits.fit([source, target], order: 2).test(from: 0, to: 1)
        let expectedPair = Fixture.value("granger", "pair")?.array?[source].array?[target].array
        #expect(isClose(pair.statistic, expectedPair?[0].double ?? .nan, within: 1e-8))
        #expect(isClose(pair.pValue, expectedPair?[2].double ?? .nan, within: 1e-8))
      }
    }
  }

  @Test(.tags(.statistical)) func grangerFindsDirections() throws {
    let count = 500
    let x = autoregression(0.3, count: count, key: key.fork("gx"))
    var y: [Double] = key.fork("gy").normal(count: count)
    var z: [Double] = key.fork("gz").normal(count: count)
    for t in 2..<count {
      y[t] += 0.6 * x[t - 2]
      z[t] += 0.6 * y[t - 1]
    }
    let series = try table([x, y, z], names: ["x", "y", "z"])
    let conditional = try grangerFlows(between: series, conditioning: .all)
    let found = conditional.flows(falseDiscoveryRate: 0.01).map { $0.source + $0.target }
    #expect(Set(found) == ["xy", "yz"])
    #expect(conditional.tests[0][1]?.order == 2 && conditional.tests[0][0] == nil)
    // By pairs alone the end of the chain seems to follow from its start.
    let pairs = try grangerFlows(between: series)
    let byPairs = pairs.flows(falseDiscoveryRate: 0.01).map { $0.source + $0.target }
    #expect(Set(byPairs) == ["xy", "yz", "xz"])
  }

  @Test(.tags(.statistical)) func grangerKeepsItsLevel() throws {
    var found = 0
    for draw in 0..<150 {
      let columns = (0..<2).map { autoregression(0.6, count: 150, key: key.fork(draw).fork($0)) }
      let tests = try grangerFlows(between: table(columns), largestOrder: 2).tests
      found += [tests[0][1], tests[1][0]].count { ($0?.pValue ?? 1) < 0.05 }
    }
    // 15 of 300, and three standard errors of 3.8.
    #expect(found <= 27 && found >= 4, "\(found) of 300")
  }

  @Test func refusals() throws {
    let short = try table([[1, 2, 3], [3, 1, 2]])
    expectMessage("grangerFlows: 3 samples; at least 115 are needed") {
      _ = try grangerFlows(between: short)
    }
    expectMessage("heatFlows: 3 samples; at least 102 are needed") {
      _ = try heatFlows(between: short, key: key)
    }
    expectMessage("grangerFlows: a flow takes two series; there is 1") {
      _ = try grangerFlows(between: table([[1, 2]]))
    }
    let x = autoregression(0.5, count: 130, key: key)
    let flat = Array(repeating: 1.0, count: 130)
    expectMessage("heatFlows: 'b' does not change") {
      _ = try heatFlows(between: table([x, flat], names: ["a", "b"]), key: key)
    }
    expectMessage("grangerFlows: 'b' does not change") {
      _ = try grangerFlows(between: table([x, flat], names: ["a", "b"]))
    }
    expectMessage("grangerFlows: 'a' and 'b' tell each other exactly") {
      _ = try grangerFlows(between: table([x, x.map { 2 * $0 }], names: ["a", "b"]))
    }
    let uneven = try HeatTable(
      steps: Array(0..<129) + [200], names: ["a"],
      values: Matrix(values: x, rowCount: 130, columnCount: 1))
    expectMessage(
      "heatFlows: records are 1 steps apart at first and 72 at step 200; lags need even spacing"
    ) { _ = try heatFlows(between: uneven, key: key) }
  }
}
