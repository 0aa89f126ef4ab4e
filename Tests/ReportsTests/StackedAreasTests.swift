import TestSupport
import Testing

@testable import GrokReports

@Suite struct StackedAreasTests {
  private static let parts: [(name: String, heights: [Double])] = [
    ("a", [0.2, 0.3, .nan, 0.1]), ("b", [0.5, 0.1, 0.2, 0.4]), ("c", [0.3, 0.6, 0.2, 0.5]),
  ]
  private static let plot = Plot(
    "Shares", x: .linear("Step"), y: .linear("Share", range: 0...1),
    series: Plot.Series.stackedAreas(parts, x: [0, 1, 2, 3]), legend: .above)

  @Test(.tags(.law)) func eachStandsOnTheOneBelow() {
    let series = Self.plot.series
    #expect(series.map(\.name) == ["a", "b", "c"])
    for place in [0, 1, 3] {
      #expect(series[0].points[place].lower == 0)
      for (below, above) in zip(series, series.dropFirst()) {
        #expect(below.points[place].upper == above.points[place].lower)
      }
      for (one, part) in zip(series, Self.parts) {
        let point = one.points[place]
        #expect(abs(point.upper! - point.lower! - part.heights[place]) < 1e-15)
      }
    }
    #expect(abs(series[2].points[0].upper! - 1) < 1e-15)
    // Nobody knows where what stands on a lost number is.
    #expect(series.allSatisfy { $0.points[2].y.isNaN && $0.points[2].upper == nil })
  }

  /// Strips without lines, one for each stretch, that meet at their edges; a page leaves them as they are.
  @Test func stripsAreFilled() throws {
    let layout = PlotLayout(Self.plot)
    #expect(layout.curves.allSatisfy { $0.runs.map(\.count) == [2, 1] })
    for (below, above) in zip(layout.curves, layout.curves.dropFirst()) {
      #expect(zip(below.points, above.points).allSatisfy { $0.upper == $1.lower })
    }
    #expect(Self.plot.isStill)
    let svg = Self.plot.svg()
    #expect(svg.contains("an area 0.2 high at 0, 0.1 at 3"))
    #expect(!svg.contains("stroke-linejoin"))
  }
}
