import TestSupport
import Testing

@testable import GrokReports

@Suite struct NamedAxisTests {
  private let plot = Plot(
    "Onsets", x: .logarithmic("Step"), y: .names(["capacity", "radius", "kernel"]),
    series: [Plot.Series("dots", x: [10, 100, 1_000], y: [0, 1, 2], style: .markers)])

  @Test func namesRunFromTheTopToTheBottom() {
    let layout = PlotLayout(plot)
    #expect(layout.y.labels.map(\.label.text) == ["capacity", "radius", "kernel"])
    #expect(layout.y.labels[0].position < layout.y.labels[1].position)
    let dots = layout.curves[0].points
    #expect(zip(dots, layout.y.labels).allSatisfy { abs($0.y - $1.position) < 1e-9 })
  }

  @Test func namesOfAHorizontalAxisRunFromLeftToRight() {
    let bars = Plot(
      "", x: .names(["a", "b"]), y: .linear("Value"),
      series: [Plot.Series("", x: [0, 1], y: [3, 4], style: .markers)])
    let layout = PlotLayout(bars)
    #expect(layout.x.labels.map(\.label.text) == ["a", "b"])
    #expect(layout.x.labels[0].position < layout.x.labels[1].position)
  }

  @Test(.tags(.law)) func textsNeitherOverlapNorLeaveTheDrawing() throws {
    for count in [1, 2, 7, 40] {
      let names = (0..<count).map { "Alignment with the labels, blocks.\($0).attention.output" }
      var plot = plot
      plot.y = .names(names)
      plot.size = .init(width: 760, height: 130 + 18 * Double(count))
      let boxes = TextBox.all(in: try MarkupParser.parse(plot.svg()))
      for (a, box) in boxes.enumerated() {
        #expect(box.rect.left >= 0 && box.rect.right <= plot.size.width, "\(box.text)")
        for other in boxes[(a + 1)...] {
          #expect(!box.rect.intersects(other.rect), "\(count): \(box.text) on \(other.text)")
        }
      }
    }
  }

  /// A page reads names out and leaves the figure as it is.
  @Test func thePageKnowsTheNames() {
    #expect(plot.isStill)
    let text = HTMLReport(title: "", sections: [.init("", [.figure(plot)])]).html()
    #expect(text.contains(#""n":["capacity","radius","kernel"]"#))
  }
}
