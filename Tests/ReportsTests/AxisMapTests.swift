import TestSupport
import Testing

@testable import GrokReports

@Suite struct AxisMapTests {
  private func map(_ axis: Plot.Axis, _ values: [Double] = []) -> AxisMap {
    AxisMap(
      scale: axis.scale, range: AxisRange(axis, values: values, padding: 0), start: 100, end: 500)
  }

  @Test(.tags(.law)) func linearAxesKeepProportions() {
    let map = map(.linear("", range: -2...6))
    #expect(map.position(of: -2) == 100)
    #expect(map.position(of: 0) == 200)
    #expect(map.position(of: 6) == 500)
  }

  @Test(.tags(.law)) func logarithmicAxesKeepRatios() {
    let map = map(.logarithmic("", range: 1...10_000))
    #expect([1, 10, 100, 1000, 10_000].map { map.position(of: $0) } == [100, 200, 300, 400, 500])
    #expect(map.position(of: 0) == nil)
    #expect(map.position(of: -1) == nil)
  }

  @Test(.tags(.law)) func zeroHasAPlaceOfItsOwn() throws {
    let map = map(.logarithmicWithZero("Step", range: 0...10_000), [0, 1, 10_000])
    let zero = try #require(map.position(of: 0))
    let one = try #require(map.position(of: 1))
    #expect(zero > 100)
    #expect(zero < map.breakPosition && map.breakPosition < one)
    #expect(one == 100 + map.zeroLength)
    #expect(map.position(of: 10_000) == 500)
    #expect(map.position(of: -1) == nil)
  }

  @Test func withoutAZeroThereIsNoPlaceForIt() {
    #expect(map(.logarithmicWithZero("Step"), [1, 10]).zeroLength == 0)
    #expect(map(.logarithmicWithZero("Step"), [0, 1, 10]).zeroLength > 0)
  }

  @Test(arguments: Plot.Scale.allCases) func whatIsNotFiniteHasNoPlace(scale: Plot.Scale) {
    let map = map(Plot.Axis("", scale: scale), [0, 1, 10])
    for value in [Double.nan, .infinity, -.infinity] { #expect(map.position(of: value) == nil) }
  }

  @Test(
    .tags(.law),
    arguments: [
      [], [0], [0.25, 0.25], [-1.7e308, 1.7e308], [.leastNonzeroMagnitude],
      [0, .leastNonzeroMagnitude], [1e300, 1e300], [.nan],
      [1, 1 + 1e-15], [-3, -2], [.infinity, 1],
    ] as [[Double]])
  func everyRangeIsUsable(values: [Double]) throws {
    for scale in Plot.Scale.allCases {
      let map = AxisMap(
        scale: scale, range: AxisRange(Plot.Axis("", scale: scale), values: values, padding: 0.05),
        start: 0, end: 400)
      #expect(map.bounds.lowerBound < map.bounds.upperBound)
      for value in values where value.isFinite && (scale == .linear || value > 0) {
        let position = try #require(map.position(of: value))
        #expect(position >= 0 && position <= 400, "\(value) at \(position) on \(scale)")
      }
    }
  }

  @Test func valuesNearZeroStartAtZero() {
    let range = AxisRange(.linear(""), values: [0.1, 1], padding: 0.05)
    #expect(range.bounds.lowerBound == 0)
    #expect(AxisRange(.linear(""), values: [0.5, 1], padding: 0.05).bounds.lowerBound > 0.4)
  }
}
