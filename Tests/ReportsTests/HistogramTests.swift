import TestSupport
import Testing

@testable import GrokReports

@Suite struct HistogramTests {
  @Test func countsLieBetweenTheirEdges() {
    let samples = [0, 0.5, 1, 1.5, 2, 3, .nan, .infinity]
    let series = Plot.Series.histogram("a", of: samples, bins: .count(3))
    #expect(series.points.map(\.x) == [0, 1, 2, 3])
    // An edge belongs to the bin on its right, the last one to the last bin.
    #expect(series.points.map(\.y) == [2, 2, 2, 0])
    let some = Plot.Series.histogram("b", of: samples, bins: .edges([0.5, 1, 2]))
    #expect(some.points.map(\.y) == [1, 3, 0])
  }

  @Test(.tags(.law)) func everySampleIsCountedOnce() {
    let samples = (0..<1000).map { Double(($0 * 7919) % 997) / 31 }
    for bins in [Plot.Bins.automatic, .count(1), .count(17), .count(500)] {
      let edges = bins.edges(for: samples)
      #expect(Plot.Bins.counts(of: samples, edges: edges).reduce(0, +) == samples.count)
      #expect(edges.first == samples.min() && edges.last == samples.max())
    }
  }

  @Test func theAutomaticWidthIsThatOfFreedmanAndDiaconis() {
    // 0, 1, …, 999: quartiles 250 and 750, so the width is 2 · 500 / 10 = 100, and 999 / 100 bins.
    #expect(Plot.Bins.automatic.edges(for: (0..<1000).map(Double.init)).count - 1 == 10 + 1)
    // More than half equal: as many bins as Sturges has, ⌈log₂ 8 + 1⌉.
    #expect(Plot.Bins.automatic.edges(for: [1, 1, 1, 1, 1, 1, 1, 9]).count - 1 == 4)
    #expect(Plot.Bins.automatic.edges(for: [3]) == [1.5, 4.5])
    #expect(Plot.Bins.automatic.edges(for: []) == [0, 1])
    #expect(Plot.Bins.automatic.edges(for: [0, 0.4, 0.5, 0.6, 1e9]).count <= 201)
  }

  @Test func setsShareTheirBins() {
    let series = Plot.Series.histograms(of: ["a": [0, 1], "b": [5, 10]], bins: .count(5))
    #expect(series.map(\.name) == ["a", "b"])
    #expect(series[0].points.map(\.x) == series[1].points.map(\.x))
    #expect(series[0].points.first?.x == 0 && series[0].points.last?.x == 10)
  }

  @Test func binsStandOnTheAxis() throws {
    let series = Plot.Series.histogram("a", counts: [3, 0, 5], edges: [0, 1, 2, 3])
    let plot = Plot("", x: .linear(""), y: .linear(""), series: [series])
    let layout = PlotLayout(plot)
    #expect(layout.y.map.bounds.lowerBound == 0)
    #expect(layout.base == layout.area.bottom)
    let logarithmic = PlotLayout(
      Plot("", x: .linear(""), y: .logarithmic(""), series: [series]))
    #expect(logarithmic.notes.isEmpty && logarithmic.curves[0].points.count == 4)
    #expect(logarithmic.curves[0].points[1].y == logarithmic.area.bottom)
    #expect(logarithmic.y.map.bounds.lowerBound < 3)
  }

  @Test func theReaderOfAPageIsToldCounts() {
    let plot = Plot(
      "", x: .linear("Weight"), y: .linear("Count"),
      series: [.histogram("a", counts: [3, 5], edges: [0, 1, 3])])
    var data = FigureData([plot])
    let text = data.add([Figure(plot)]).json
    #expect(text.contains("\"q\":1") && text.contains("\"y\":[3,5]"))
    #expect(data.columnsText.contains("0.5,2"))
  }
}
