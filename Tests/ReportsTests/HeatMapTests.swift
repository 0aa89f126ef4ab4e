import Foundation
import TestSupport
import Testing

@testable import GrokReports

@Suite struct HeatMapTests {
  private func plot(
    _ rows: [[Double]], x: Plot.HeatMap.Coordinates = .indices,
    y: Plot.HeatMap.Coordinates = .indices, scales: (Plot.Scale, Plot.Scale) = (.linear, .linear),
    colors: Plot.ColorScale = .sequential("Value")
  ) -> Plot {
    Plot(
      "Map", x: Plot.Axis("x", scale: scales.0), y: Plot.Axis("y", scale: scales.1),
      heatMap: Plot.HeatMap(rows, x: x, y: y), colorScale: colors)
  }

  private func layout(_ plot: Plot) throws -> (layout: PlotLayout, map: HeatMapLayout) {
    let layout = PlotLayout(plot)
    return (layout, try #require(layout.heatMap))
  }

  @Test(.tags(.law), arguments: Plot.Scale.allCases)
  func cellsFillTheAreaAndHoldTheirNumbers(scale: Plot.Scale) throws {
    let numbers: [Double] =
      scale == .logarithmicWithZero ? [0, 1, 3, 10, 100] : [1, 2, 4, 10, 100]
    let (layout, map) = try layout(
      plot(
        numbers.map { _ in numbers }, x: .numbers(numbers), y: .numbers(numbers),
        scales: (scale, scale)))
    #expect(abs(map.columnEdges[0] - layout.area.left) < 0.6)
    #expect(abs(map.columnEdges[5] - layout.area.right) < 0.6)
    #expect(abs(map.rowEdges[0] - layout.area.bottom) < 0.6)
    #expect(abs(map.rowEdges[5] - layout.area.top) < 0.6)
    for (index, number) in numbers.enumerated() {
      let rect = map.rect(row: index, column: index)
      let place = PixelPoint(
        x: try #require(layout.x.map.position(of: number)),
        y: try #require(layout.y.map.position(of: number)))
      #expect(rect.contains(place), "\(number) in \(rect)")
    }
  }

  @Test func namedRowsRunDownwards() throws {
    let (layout, map) = try layout(
      plot([[1, 2, 3], [4, 5, 6]], x: .names(["a", "b", "c"]), y: .names(["first", "second"])))
    #expect(layout.y.labels.map(\.label.text) == ["first", "second"])
    #expect(layout.y.labels[0].position < layout.y.labels[1].position)
    #expect(map.rect(row: 0, column: 0).top < map.rect(row: 1, column: 0).top)
    #expect(layout.x.labels.map(\.label.text) == ["a", "b", "c"])
    #expect(!layout.x.isTurned)
  }

  @Test func wideNamesReadUpwards() throws {
    let names = (0..<12).map { "blocks.\($0).attention.output" }
    let plot = plot([(0..<12).map(Double.init)], x: .names(names), y: .names(["loss"]))
    let layout = PlotLayout(plot)
    #expect(layout.x.isTurned && layout.x.labels.count == 12)
    let boxes = TextBox.all(in: try MarkupParser.parse(plot.svg()))
    for (index, box) in boxes.enumerated() {
      #expect(box.rect.bottom <= plot.size.height && box.rect.left >= 0, "\(box.text)")
      for other in boxes[(index + 1)...] {
        #expect(!box.rect.intersects(other.rect), "\(box.text) on \(other.text)")
      }
    }
  }

  @Test func cellsWithoutAColorAreHatchedAndCounted() throws {
    let linear = plot([[1, .nan], [.infinity, 4]])
    #expect(PlotLayout(linear).notes == ["Hatched: 2 cells, not finite."])
    let logarithmic = plot([[1, 0], [-1, 4]], colors: .logarithmic("Value"))
    #expect(PlotLayout(logarithmic).notes == ["Hatched: 2 cells, not finite or not above zero."])
    let (_, map) = try layout(logarithmic)
    #expect(map.fractions.map(\.isNaN) == [false, true, true, false])
    #expect(PlotLayout(plot([[1, 2], [3, 4]])).notes.isEmpty)
  }

  @Test func largeMatricesArePictures() throws {
    var rows = (0..<60).map { row in (0..<80).map { Double(row + $0) } }
    rows[3][5] = .nan
    let plot = plot(rows)
    let svg = plot.svg()
    #expect(svg.contains("<image ") && svg.contains("href=\"data:image/png;base64,"))
    #expect(!svg.replacing("http://www.w3.org/2000/svg", with: "").contains("http"))
    let picture = try #require(shownPicture(of: plot))
    #expect(picture.width == 80 && picture.height == 60)
    // Only the cell that is not a number is not there.
    let absent = stride(from: 3, to: picture.rgba.count, by: 4).filter { picture.rgba[$0] == 0 }
    #expect(absent == [4 * (3 * 80 + 5) + 3])
    #expect(String(decoding: plot.pdf(), as: UTF8.self).contains("/Subtype /Image /Width 80"))
    let small = self.plot([[1, 2], [3, 4]]).svg()
    #expect(!small.contains("<image"))
  }

  private func shownPicture(of plot: Plot) -> Drawing.Picture? {
    func all(_ marks: [Drawing.Mark]) -> [Drawing.Mark] {
      marks.flatMap { mark -> [Drawing.Mark] in
        if case .group(let group) = mark { all(group.marks) } else { [mark] }
      }
    }
    for case .picture(let picture) in all(Figure(plot).drawing.marks) { return picture }
    return nil
  }

  @Test(.tags(.law)) func moreCellsThanPixelsAreAveraged() throws {
    // Twenty stripes of 0 and 1 to a pixel: every pixel shows nearly the middle of the scale.
    let rows = (0..<2).map { _ in (0..<24_000).map { Double($0 % 2) } }
    let picture = try #require(
      shownPicture(of: plot(rows, colors: .diverging("Value", center: 0.5))))
    #expect(picture.width <= 2 * 680 && picture.height == 2)
    let middle = ColorRamp.diverging.color(at: 0.5).light & 0xFF
    for place in stride(from: 2, to: picture.rgba.count, by: 4) {
      #expect(abs(Int(picture.rgba[place]) - Int(middle)) < 40)
    }
  }

  @Test func readersWhoCannotSeeAreToldTheNumbers() {
    let map = plot([[1, 2], [.nan, 4]])
    #expect(
      map.description
        == "Across: x. Up: y. Cells in 2 rows and 2 columns, Value: lowest 1, highest 4.")
    let bins = Plot(
      "", x: .linear("Weight"), y: .linear("Count"),
      series: [.histogram("layer 1", counts: [3, 5], edges: [0, 1, 3])])
    #expect(
      bins.description
        == "Across: Weight. Up: Count. layer 1: 2 bins from 0 to 3, highest 5 from 1 to 3.")
  }

  @Test func anyMatrixWillDo() {
    let matrix = Matrix<Float>(rows: [[1, 2], [3, 4]])
    #expect(Plot.HeatMap(matrix) == Plot.HeatMap([[1.0, 2], [3, 4]]))
    #expect(Plot.HeatMap(matrix)[1, 0] == 3)
  }

  @Test(
    arguments: [[[]], [[Double.nan, .nan]], [[5, 5], [5, 5]], [[1e300, -1e300]]] as [[[Double]]])
  func oddMatricesAreDrawn(rows: [[Double]]) throws {
    for colors in [Plot.ColorScale.sequential(""), .logarithmic("L"), .diverging("D")] {
      let plot = plot(rows, colors: colors)
      #expect(try MarkupParser.parse(plot.svg()).name == "svg")
      #expect(plot.png(scale: 0.25).count > 100 && plot.pdf().count > 100)
    }
  }
}

@Suite struct ColorMapTests {
  private func map(_ values: [Double], _ scale: Plot.ColorScale?) throws -> ColorMap {
    try #require(
      ColorMap(
        Plot("", x: .linear(""), y: .linear(""), heatMap: Plot.HeatMap([values]), colorScale: scale)
      ))
  }

  @Test(.tags(.law)) func fractionsFollowTheScale() throws {
    let linear = try map([2, 4, 6], nil)
    #expect([2, 3, 6, 9, -1].map { linear.fraction(of: $0) } == [0, 0.25, 1, 1, 0])
    let logarithmic = try map([1, 100], .logarithmic(""))
    #expect(abs((logarithmic.fraction(of: 10) ?? 0) - 0.5) < 1e-12)
    #expect(logarithmic.fraction(of: 0) == nil && logarithmic.fraction(of: .nan) == nil)
    let diverging = try map([-1, 3], .diverging("", center: 1))
    #expect(diverging.fraction(of: 1) == 0.5 && diverging.fraction(of: -1) == 0)
    let given = try map([5], .sequential("", range: 0...10))
    #expect(given.fraction(of: 5) == 0.5)
  }

  @Test func plotsWithoutNumbersHaveNone() {
    #expect(ColorMap(SamplePlots.random(1)) == nil)
  }
}

@Suite struct ColoredPointTests {
  private let plot = Plot(
    "Plane", x: .linear("x"), y: .linear("y"),
    series: [Plot.Series("a", x: [0, 1, 2, 3], y: [0, 1, 0, 1], coloredBy: [1, 10, .nan, 1000])],
    colorScale: .logarithmic("Step"))

  @Test func pointsTakeTheColorsOfTheirNumbers() throws {
    let svg = try MarkupParser.parse(plot.svg())
    let dots = svg.all.filter {
      $0.name == "path" && $0.attributes["stroke-linecap"] == "round"
    }
    #expect(dots.count == 4)
    let bar = svg.all(named: "text").map(\.text)
    #expect(bar.contains("Step") && bar.contains("1,000"))
    // The least number has the color of the lowest of 64 steps.
    let first = FigureStyle.hex(ColorRamp.sequentialOnPaper.color(at: 0.5 / 64).light)
    #expect(svg.all(named: "g").filter { $0.attributes["color"] == first }.count == 2)
    // The point without a number is gray.
    #expect(dots.contains { $0.attributes["class"] == "gk-guide" })
  }

  @Test func barAndTextsDoNotOverlap() throws {
    var plot = plot
    plot.references = [Plot.ReferenceLine(at: 0.5, "a level with a name")]
    let boxes = TextBox.all(in: try MarkupParser.parse(plot.svg()))
    for (index, box) in boxes.enumerated() {
      #expect(box.rect.right <= plot.size.width, "\(box.text)")
      for other in boxes[(index + 1)...] {
        #expect(!box.rect.intersects(other.rect), "\(box.text) on \(other.text)")
      }
    }
    let layout = PlotLayout(plot)
    let bar = try #require(layout.colorBar)
    #expect(bar.rect.left > layout.area.right + 60)
  }
}
