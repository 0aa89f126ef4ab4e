import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

@Suite struct CurveTests {
  private func curve(
    _ y: [Double], style: Plot.Style = .line, scale: Plot.Scale = .linear
  ) -> Curve {
    let x = y.indices.map(Double.init)
    let series = Plot.Series("a", x: x, y: y, style: style)
    let xMap = AxisMap(
      scale: .linear, range: AxisRange(.linear(""), values: x, padding: 0), start: 0, end: 600)
    let axis = Plot.Axis("", scale: scale)
    let yMap = AxisMap(
      scale: scale, range: AxisRange(axis, values: y, padding: 0), start: 300, end: 0)
    return Curve(series, x: xMap, y: yMap)
  }

  @Test func gapsBreakLines() {
    let curve = curve([1, 2, .nan, 3, .infinity, -.infinity, 4, 5])
    #expect(curve.runs.map { $0.map(\.index) } == [[0, 1], [3], [6, 7]])
  }

  @Test func whatALogarithmCannotShowBreaksLines() {
    #expect(curve([1, 0, 2, -1, 3], scale: .logarithmic).runs.count == 3)
  }

  @Test func fewPointsAreAllDrawn() {
    #expect(curve((0..<2000).map { Double($0 % 7) }).points.count == 2000)
  }

  @Test(.tags(.law), arguments: [Plot.Style.line, .stairs, .lineAndMarkers, .markers])
  func extremesSurviveThinning(style: Plot.Style) {
    let key = RandomKey(seed: 23)
    var y = (0..<100_000).map { Double(key.bits(at: $0) >> 11) * 0x1p-53 }
    y[31_416] = 40
    y[86_420] = -40
    let points = curve(y, style: style).points
    #expect(points.count <= (style == .markers ? 40_000 : 4000))
    let indices = points.map(\.index)
    #expect(indices.contains(31_416) && indices.contains(86_420))
    #expect(indices.first == 0 && indices.last == 99_999)
    #expect(indices == indices.sorted())
  }

  @Test(.tags(.law)) func everyColumnKeepsItsExtremes() {
    let key = RandomKey(seed: 24)
    let y = (0..<30_000).map { Double(key.bits(at: $0) >> 11) * 0x1p-53 }
    let run = y.indices.map { CurvePoint(x: Double($0) / 50, y: y[$0], index: $0) }
    let kept = Thinning.columns([run])[0]
    let all = Dictionary(grouping: run) { Int($0.x) }
    let drawn = Dictionary(grouping: kept) { Int($0.x) }
    #expect(all.count == 600 && kept.count <= 2400)
    for (column, points) in all {
      let drawn = (drawn[column] ?? []).map(\.y)
      #expect(drawn.min() == points.map(\.y).min(), "column \(column)")
      #expect(drawn.max() == points.map(\.y).max(), "column \(column)")
    }
  }

  @Test func extremesOfIntervalsSurviveThinning() {
    let run = (0..<10_000).map { index in
      CurvePoint(
        x: Double(index) / 20, y: 100, lower: index == 5005 ? 180 : 110,
        upper: index == 7007 ? 20 : 90, index: index)
    }
    let indices = Thinning.columns([run])[0].map(\.index)
    #expect(indices.contains(5005) && indices.contains(7007))
  }

  @Test func intervalsBelowALogarithmicAxisReachItsEnd() {
    let series = Plot.Series("a", x: [1], y: [1], error: [2])
    let map = AxisMap(
      scale: .logarithmic,
      range: AxisRange(.logarithmic("", range: 0.1...10), values: [], padding: 0),
      start: 300, end: 0)
    #expect(Curve(series, x: map, y: map).points.first?.lower == 300)
  }
}

@Suite struct GeometryTests {
  private let rect = Rect(left: 0, top: 0, right: 10, bottom: 10)

  @Test func segmentsAreClipped() throws {
    let across = try #require(
      clippedSegment(PixelPoint(x: -10, y: 5), PixelPoint(x: 30, y: 5), to: rect))
    #expect(across.0 == PixelPoint(x: 0, y: 5) && across.1 == PixelPoint(x: 10, y: 5))
    #expect(clippedSegment(PixelPoint(x: -1, y: 20), PixelPoint(x: 20, y: 11), to: rect) == nil)
  }

  @Test func linesThatLeaveAndComeBackAreTwoPieces() {
    let line = [(1, 5), (5, 20), (9, 5), (9, 2)].map { PixelPoint(x: $0.0, y: $0.1) }
    #expect(clippedLine(line, to: rect).count == 2)
  }

  @Test func polygonsAreClipped() {
    let square = [(5, 5), (20, 5), (20, 20), (5, 20)].map { PixelPoint(x: $0.0, y: $0.1) }
    let corners = clippedPolygon(square, to: rect)
    #expect(
      Set(corners)
        == Set([(5, 5), (10, 5), (10, 10), (5, 10)].map { PixelPoint(x: $0.0, y: $0.1) }))
    #expect(clippedPolygon(square, to: Rect(left: 30, top: 0, right: 40, bottom: 10)).isEmpty)
  }
}
