import Foundation
import TestSupport
import Testing

@testable import GrokReports

@Suite struct SVGTests {
  static let hardNames = SamplePlots.hard.map(\.name)

  private func hard(_ name: String) throws -> Plot {
    try #require(SamplePlots.hard.first { $0.name == name }).plot
  }

  @Test(arguments: hardNames) func isWellFormedAndFinite(name: String) throws {
    let plot = try hard(name)
    for text in [plot.svg(), PlotGrid("Twice", plots: [plot, plot]).svg()] {
      let svg = try MarkupParser.parse(text)
      #expect(svg.name == "svg")
      for element in svg.all {
        for key in ["d", "x", "y", "width", "height", "transform"] {
          let value = element.attributes[key] ?? ""
          #expect(!value.contains("n") || value.hasPrefix("tra"), "\(key)=\(value)")
          let numbers = value.split { !"0123456789.-".contains($0) }.map { Double($0) }
          #expect(numbers.allSatisfy { abs($0 ?? .nan) < 20_000 }, "\(key)=\(value)")
        }
      }
    }
  }

  @Test func drawingsStayInsideTheArea() throws {
    let plot = try hard("outside its axes")
    let area = PlotLayout(plot).area.inset(by: -12)
    for path in try MarkupParser.parse(plot.svg()).all(named: "path") {
      let data = path.attributes["d"] ?? ""
      guard !data.contains("H"), !data.contains("V"), !data.contains("h") else { continue }
      let numbers = data.split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
      for (x, y) in zip(
        stride(from: 0, to: numbers.count, by: 2), stride(from: 1, to: numbers.count, by: 2))
      {
        #expect(area.contains(PixelPoint(x: numbers[x], y: numbers[y])), "\(data)")
      }
    }
  }

  @Test(arguments: hardNames) func isTheSameEveryTime(name: String) throws {
    let plot = try hard(name)
    #expect(plot.svg() == plot.svg())
  }

  @Test func textsAreEscaped() throws {
    let svg = try MarkupParser.parse(try hard("escapes").svg())
    let shown = svg.all(named: "text").map(\.text)
    let expected = "a < b & \"c\" 'd' > é 漢字 \u{FFFD} \u{FFFD} 🙂"
    #expect(shown.filter { $0 == expected }.count >= 4)
    #expect(svg.all(named: "title").first?.text == expected)
    #expect(svg.all(named: "desc").first?.text == expected)
  }

  @Test func readersWhoCannotSeeAreToldTheData() throws {
    let plot = Plot(
      "Accuracy", x: .logarithmicWithZero("Step"), y: .linear("Accuracy"),
      series: [Plot.Series("train", x: [0, 100, 5000], y: [0.01, 1, 0.99])],
      markers: [Plot.Marker(at: 100, "fit")], references: [Plot.ReferenceLine(at: 0.99, "0.99")])
    let svg = try MarkupParser.parse(plot.svg())
    #expect(svg.attributes["role"] == "img")
    #expect(svg.all(named: "title").map(\.text) == ["Accuracy"])
    #expect(
      svg.all(named: "desc").map(\.text) == [
        "Across: Step, logarithmic with a place for 0. Up: Accuracy. train: 3 points, from 0.01 at 0 to "
          + "0.99 at 5,000, lowest 0.01 at 0, highest 1 at 100. Vertical line at 100 (fit). "
          + "Horizontal line at 0.99 (0.99)."
      ])
  }

  @Test func nothingComesFromOutside() throws {
    for (_, plot) in SamplePlots.hard {
      let text = plot.svg().replacing("http://www.w3.org/2000/svg", with: "")
      for word in ["http", "url(", "@import", "href", "<image"] {
        #expect(!text.contains(word), "\(word)")
      }
    }
  }

  @Test func dashesTellSeriesApartWhenColorsAreUsedUp() throws {
    let plot = Plot(
      "", x: .linear(""), y: .linear(""),
      series: (0..<15).map { Plot.Series("\($0)", x: [0, 1], y: [0, Double($0)]) }, legend: .none)
    let groups = try MarkupParser.parse(plot.svg()).all(named: "g")
      .filter { $0.attributes["color"] != nil }
    let looks = groups.map {
      ($0.attributes["color"] ?? "") + ($0.children.first?.attributes["stroke-dasharray"] ?? "")
    }
    #expect(looks.count == 15)
    #expect(Set(looks).count == 15)
  }

  @Test(.tags(.golden)) func smallFigure() throws {
    let plot = Plot(
      "Accuracy", x: .logarithmicWithZero("Step"), y: .linear("Accuracy"),
      series: [
        Plot.Series("train", x: [0, 1, 10, 100, 1000], y: [0.01, 0.02, 0.4, 1, 1]),
        Plot.Series(
          "test", x: [0, 1, 10, 100, 1000], y: [0.01, 0.01, 0.02, .nan, 0.9],
          error: [0.01, 0.01, 0.01, 0.01, 0.05], style: .lineAndMarkers, isDashed: true),
      ], markers: [Plot.Marker(at: 100, "fit 100")],
      references: [Plot.ReferenceLine(at: 0.99, "0.99")], size: .third)
    let name = "reports/small-figure.svg"
    let stored = try? String(decoding: fixture(name), as: UTF8.self)
    if plot.svg() != stored {
      let drawn = FileManager.default.temporaryDirectory.appendingPathComponent("small-figure.svg")
      try plot.svg().write(to: drawn, atomically: true, encoding: .utf8)
      Issue.record("\(drawn.path) differs from \(name); if it looks right, let it take that place")
    }
  }
}

@Suite struct PlotGridTests {
  private let plots = (0..<5).map { SamplePlots.random($0) }

  @Test func areasOfAColumnAndOfARowAreAligned() {
    let panels = Figure(PlotGrid(plots: plots, columnCount: 2)).panels
    #expect(panels.count == 5)
    func sides(_ index: Int) -> Rect { panels[index].renderer.layout.area }
    #expect(sides(0).left == sides(2).left && sides(2).left == sides(4).left)
    #expect(panels[0].x == panels[2].x && panels[0].y == panels[1].y)
    #expect(sides(0).bottom == sides(1).bottom && sides(2).bottom == sides(3).bottom)
  }

  @Test func lettersGoOnBeyondTheAlphabet() {
    #expect([0, 25, 26, 27, 52, 702].map(Figure.letter) == ["a", "z", "aa", "ab", "ba", "aaa"])
  }

  @Test func panelsAreLetteredIfAsked() throws {
    func texts(_ grid: PlotGrid) throws -> [String] {
      try MarkupParser.parse(grid.svg()).all(named: "text").map(\.text)
    }
    #expect(try texts(PlotGrid(plots: plots)).contains("e"))
    #expect(try !texts(PlotGrid(plots: plots, isLettered: false)).contains("e"))
  }

  @Test func aGridOfNothingIsADrawing() throws {
    #expect(try MarkupParser.parse(PlotGrid("Nothing", plots: []).svg()).name == "svg")
  }

  @Test(.tags(.law)) func textsDoNotOverlap() throws {
    let boxes = TextBox.all(in: try MarkupParser.parse(PlotGrid("Five", plots: plots).svg()))
    for (index, box) in boxes.enumerated() {
      for other in boxes[(index + 1)...] {
        #expect(!box.rect.intersects(other.rect), "\(box.text) on \(other.text)")
      }
    }
  }
}
