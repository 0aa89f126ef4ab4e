import TestSupport
import Testing

@testable import GrokReports

@Suite struct PlotLayoutTests {
  @Test(.tags(.law)) func textsNeitherOverlapNorLeaveTheDrawing() throws {
    for index in 0..<250 {
      let plot = SamplePlots.random(index)
      let boxes = TextBox.all(in: try MarkupParser.parse(plot.svg()))
      for (a, box) in boxes.enumerated() {
        #expect(
          box.rect.left >= 0 && box.rect.top >= 0 && box.rect.right <= plot.size.width
            && box.rect.bottom <= plot.size.height, "random \(index): \(box.text) \(box.rect)")
        for other in boxes[(a + 1)...] {
          #expect(
            !box.rect.intersects(other.rect), "random \(index): \(box.text) on \(other.text)")
        }
      }
    }
  }

  @Test(.tags(.law)) func aLegendInsideCoversNoData() {
    var insideCount = 0
    for index in 0..<250 {
      let layout = PlotLayout(SamplePlots.random(index))
      guard let legend = layout.legend, legend.isInside else { continue }
      insideCount += 1
      for (number, curve) in layout.curves.enumerated() {
        let hits = curve.points.filter { legend.rect.contains($0.pixel) }
        #expect(hits.isEmpty, "random \(index), series \(number)")
      }
      for marker in layout.markers {
        #expect(!(legend.rect.left...legend.rect.right).contains(marker.x), "random \(index)")
      }
    }
    #expect(insideCount > 10)
  }

  @Test func theLegendGoesAboveWhereNoCornerIsFree() throws {
    let x = (0..<400).map { Double($0) }
    let plot = Plot(
      "", x: .linear(""), y: .linear(""),
      series: [
        Plot.Series("a", x: x, y: x.map { Double(Int($0) * 7919 % 101) }),
        Plot.Series("b", x: x, y: x.map { Double(Int($0) * 104_729 % 101) }),
      ])
    let layout = PlotLayout(plot)
    let legend = try #require(layout.legend)
    #expect(!legend.isInside)
    #expect(legend.rect.bottom <= layout.area.top)
  }

  @Test(arguments: [(Plot.Legend.automatic, false), (.above, true), (.none, false)])
  func aSingleSeriesIsNamedOnRequest(legend: Plot.Legend, isNamed: Bool) {
    let series = Plot.Series("loss", x: [0, 1], y: [0, 1])
    let plot = Plot("", x: .linear(""), y: .linear(""), series: [series], legend: legend)
    #expect((PlotLayout(plot).legend != nil) == isNamed)
  }

  @Test func namesThatDoNotFitAreCounted() throws {
    let plot = try #require(SamplePlots.hard.first { $0.name == "forty names" }).plot
    let entries = try #require(PlotLayout(plot).legend).entries
    let named = entries.filter { $0.series != nil }.count
    #expect(entries.last?.text == "+ \(40 - named) more")
    #expect(named > 10)
  }

  @Test func linesOfCloseEventsDoNotCrossTheirTexts() {
    let plot = Plot(
      "", x: .logarithmic("", range: 1...1000), y: .linear(""),
      markers: [
        Plot.Marker(at: 90, "memorized 90"), Plot.Marker(at: 100, "fit 100"),
        Plot.Marker(at: 115, "circuits 115"), Plot.Marker(at: 990, "generalized 990"),
      ])
    let layout = PlotLayout(plot)
    let texts = layout.markers.compactMap { marker in
      marker.textRect(top: layout.area.top).map { (marker, $0) }
    }
    #expect(texts.count == 4)
    for (marker, rect) in texts {
      for (other, otherRect) in texts where other != marker {
        #expect(!rect.intersects(otherRect))
        let line = Rect(
          left: other.x, top: otherRect.bottom, right: other.x + 0.1, bottom: layout.area.bottom)
        #expect(!rect.intersects(line), "\(other.text) crosses \(marker.text)")
      }
    }
  }

  @Test func textsOfCloseLevelsArePushedApart() {
    let plot = Plot(
      "", x: .linear(""), y: .linear("", range: 0...1),
      references: [0, 0.005, 0.99, 1].map { Plot.ReferenceLine(at: $0, "level") })
    let positions = PlotLayout(plot).references.map(\.textY)
    #expect(
      zip(positions, positions.dropFirst()).allSatisfy { $1 - $0 >= ReferenceLayout.textHeight })
  }

  @Test func linesAtGivenEndsStayClearOfTheFrame() throws {
    let plot = Plot("", x: .linear("", range: 0...10), y: .linear("", range: 0...1))
    let layout = PlotLayout(plot)
    #expect(layout.y.map.position(of: 0) == layout.area.bottom - 5)
    #expect(layout.y.map.position(of: 1) == layout.area.top + 5)
    #expect(layout.x.map.position(of: 0) == layout.area.left + 5)
    #expect(layout.x.map.position(of: 10) == layout.area.right - 5)
    #expect(layout.y.labels.first?.label.text == "0.0" && layout.y.labels.last?.label.text == "1.0")
  }

  @Test func whatCannotBeDrawnIsCounted() {
    let plot = Plot(
      "", x: .logarithmicWithZero(""), y: .logarithmic(""),
      series: [Plot.Series("a", x: [0, 1, 2, 3, .nan], y: [1, 0, -1, 1, 0])])
    #expect(
      PlotLayout(plot).notes == [
        "Not shown: 2 points at or below zero, where a logarithmic axis has no place."
      ])
  }

  @Test func markersAndLevelsAreInAutomaticRanges() {
    let plot = Plot(
      "", x: .linear(""), y: .linear(""), series: [Plot.Series("a", x: [0, 1], y: [0, 1])],
      markers: [Plot.Marker(at: 5, "late")], references: [Plot.ReferenceLine(at: 7, "high")])
    let layout = PlotLayout(plot)
    #expect(layout.markers.count == 1 && layout.references.count == 1)
    #expect(layout.x.map.bounds.contains(5) && layout.y.map.bounds.contains(7))
  }
}
