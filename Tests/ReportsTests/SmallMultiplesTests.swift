import TestSupport
import Testing

@testable import GrokReports

@Suite struct SmallMultiplesTests {
  private let grid = PlotGrid(
    plots: (1...5).map { scale in
      Plot(
        "scale \(scale)", x: .logarithmicWithZero("Step"), y: .linear("Loss"),
        series: ["train", "test"].map { name in
          Plot.Series(name, x: [0, 1, 10, 100], y: [4, 3, 2, 1].map { $0 * Double(scale) })
        }, size: .third)
    }, columnCount: 2, isLettered: false, sharesAxes: true)

  @Test(.tags(.law)) func theSameValueIsAtTheSamePlaceInAllPlots() {
    let layouts = Figure(grid).panels.map(\.renderer.layout)
    for layout in layouts {
      #expect(layout.x.map.bounds == layouts[0].x.map.bounds)
      #expect(layout.y.map.bounds == layouts[0].y.map.bounds)
      #expect(abs(layout.area.width - layouts[0].area.width) < 1e-6)
      #expect(abs(layout.area.height - layouts[0].area.height) < 1e-6)
    }
    #expect(layouts[0].y.map.bounds.contains(1) && layouts[0].y.map.bounds.contains(20))
  }

  @Test func outerPlotsSayWhatHoldsForAll() {
    let panels = Figure(grid).panels
    #expect(
      panels.map { $0.renderer.layout.y.labels.isEmpty } == [false, true, false, true, false])
    #expect(panels.map { $0.renderer.layout.x.labels.isEmpty } == [true, true, true, false, false])
    #expect(panels.map { $0.renderer.plot.x.label } == ["", "", "", "Step", "Step"])
    #expect(panels.map { $0.renderer.layout.legend == nil } == [false, true, true, true, true])
    // In a page each plot stands alone.
    let split = Figure(grid, isSplit: true).panels
    #expect(split.allSatisfy { !$0.renderer.layout.x.labels.isEmpty })
    #expect(
      split.allSatisfy { $0.renderer.layout.x.map.bounds == panels[0].renderer.layout.x.map.bounds }
    )
  }

  @Test func colorsMeanTheSameInAllPlots() {
    let maps = PlotGrid(
      plots: [[[1.0, 2]], [[4.0, 9]]].map {
        Plot("", x: .linear(""), y: .linear(""), heatMap: Plot.HeatMap($0), size: .third)
      }, sharesAxes: true)
    let layouts = Figure(maps).panels.map(\.renderer.layout)
    #expect(layouts.map { $0.heatMap?.fractions ?? [] } == [[0, 0.125], [0.375, 1]])
    #expect(layouts.map { $0.colorBar == nil } == [true, false])
  }

  @Test(.tags(.law)) func textsDoNotOverlap() throws {
    let boxes = TextBox.all(in: try MarkupParser.parse(grid.svg()))
    for (index, box) in boxes.enumerated() {
      for other in boxes[(index + 1)...] {
        #expect(!box.rect.intersects(other.rect), "\(box.text) on \(other.text)")
      }
    }
  }
}
