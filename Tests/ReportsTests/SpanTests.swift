import Testing

@testable import GrokReports

@Suite struct SpanTests {
  private static func plot(_ spans: [Plot.Span]) -> Plot {
    Plot(
      "Loss", x: .linear("Step", range: 0...100), y: .linear("Loss"),
      series: [Plot.Series("train", x: [0, 50, 100], y: [3, 2, 1])], spans: spans)
  }

  private static func marks(_ plot: Plot) -> [Drawing.Mark] {
    FigureRenderer(plot: plot, layout: PlotLayout(plot)).spans
  }

  private static func names(_ plot: Plot) -> [Drawing.Text] {
    FigureRenderer(plot: plot, layout: PlotLayout(plot)).spanNames.flatMap { mark in
      if case .texts(let texts) = mark { texts.texts } else { [] as [Drawing.Text] }
    }
  }

  @Test func aSpanIsTintedFromOneStepToAnother() throws {
    let plot = Self.plot([.init(from: 25, to: 75, "middle", color: .gold)])
    let layout = PlotLayout(plot)
    let mark = try #require(Self.marks(plot).first)
    guard case .shapes(let shapes) = mark else {
      Issue.record("no shapes")
      return
    }
    #expect(shapes.ink == .color(.gold))
    let corners = try #require(shapes.shapes.first?.path.lines.first?.points)
    #expect(
      corners.map(\.x).min() == layout.x.map.position(of: 25)
        && corners.map(\.x).max() == layout.x.map.position(of: 75))
    #expect(
      corners.map(\.y).min() == layout.area.top && corners.map(\.y).max() == layout.area.bottom)
    let name = try #require(Self.names(plot).first)
    #expect(name.text == "middle" && !name.isVertical)
    #expect(plot.isStill && plot.description.contains("Tinted from 25 to 75 (middle)."))
  }

  @Test func whatIsNotOnTheAxisIsNotDrawn() {
    #expect(Self.marks(Self.plot([.init(from: 120, to: 130, "later")])).isEmpty)
    #expect(Self.names(Self.plot([.init(from: 120, to: 130, "later")])).isEmpty)
    // Nor an empty one, nor one whose end is not known.
    #expect(Self.marks(Self.plot([.init(from: 50, to: 50, "never")])).isEmpty)
    #expect(Self.marks(Self.plot([.init(from: 50, to: .nan, "unknown")])).isEmpty)
    // One that goes on beyond the axis is drawn up to its end.
    #expect(Self.marks(Self.plot([.init(from: 50, to: 500, "on")])).count == 1)
  }

  @Test func aNarrowSpanIsNamedUpright() throws {
    let narrow = Self.plot([.init(from: 50, to: 54, "circuit formation")])
    #expect(try #require(Self.names(narrow).first).isVertical)
    #expect(Self.names(Self.plot([.init(from: 50, to: 50.5, "circuit formation")])).isEmpty)
  }

  @Test func aPlotWithoutSpansIsAsItWas() {
    #expect(!Self.plot([]).isStill && Self.marks(Self.plot([])).isEmpty)
    #expect(Self.names(Self.plot([])).isEmpty)
  }
}
