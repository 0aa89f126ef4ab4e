import Foundation
import TestSupport
import Testing

@testable import GrokReports

@Suite struct DrawingTests {
  @Test func colorsAreThoseOfTheMarksEachOnce() {
    let plot = Plot(
      "", x: .linear(""), y: .linear(""),
      series: [
        Plot.Series("a", x: [0, 1], y: [0, 1]), Plot.Series("b", x: [0, 1], y: [1, 2]),
        Plot.Series("c", x: [0, 1], y: [2, 3], color: .blue),
        Plot.Series("empty", x: [], y: []),
      ], markers: [Plot.Marker(at: 1, "", color: .gold)], legend: .none)
    #expect(Figure(plot).drawing.colors == [.gold, .blue, .vermilion])
  }

  @Test(arguments: [
    (Path.segment(1, 2, 1, 5), "M1 2V5"), (.segment(1, 2, 4, 2), "M1 2H4"),
    (.segment(1, 2, 4, 5.04), "M1 2L4 5"), (.dots([PixelPoint(x: 3, y: 4)]), "M3 4h0"),
    (.rectangle(Rect(left: 1, top: 2, right: 3, bottom: 4)), "M1 2H3V4H1Z"),
    (
      .line([PixelPoint(x: 0, y: 0), PixelPoint(x: 1, y: 1), PixelPoint(x: 2, y: 0)]),
      "M0 0 1 1 2 0"
    ),
    (Path(), ""),
  ])
  func pathsAreWrittenShort(path: Path, data: String) {
    #expect(SVGWriter.data(path) == data)
  }

  @Test(.tags(.oracle)) func bytesAreTextAsOthersWriteThem() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(($0 * 151 + count * 7) % 256) }
      #expect(Markup.base64(bytes) == Data(bytes).base64EncodedString())
    }
  }
}
