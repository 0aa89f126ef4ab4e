import TestSupport
import Testing

@testable import GrokReports

/// Figures that a page shows as they are: what they say under the pointer.
@Suite(.enabled(if: Chromium.isFound, "\(Chromium.howToProvide)"), .serialized)
struct StillFigureTests {
  private let page = HTMLReport(
    title: "Still",
    sections: [
      .init(
        "Figures",
        [
          .figure(
            Plot(
              "Cells", x: .linear("Predicted"), y: .linear("True"),
              heatMap: Plot.HeatMap(
                [[1, 2, 3], [4, .nan, 6]], x: .names(["a", "b", "c"]), y: .numbers([10, 20])),
              colorScale: .sequential("Examples"), size: .half)),
          .figure(
            Plot(
              "Bins", x: .linear("Weight", range: 0...4), y: .linear("Count"),
              series: [
                .histogram("first", counts: [3, 5], edges: [0, 2, 4]),
                .histogram("second", counts: [2, 1], edges: [0, 2, 4]),
              ], size: .half)),
          .figure(
            Plot(
              "Plane", x: .linear("x", range: 0...2), y: .linear("y", range: 0...2),
              series: [
                Plot.Series("epoch", x: [0, 1, 2], y: [0, 1, 2], coloredBy: [1, 10, 100])
              ],
              colorScale: .logarithmic("Step"), size: .half)),
        ])
    ]
  ).html()

  @Test func theyAreReadButDoNotZoom() throws {
    let (value, complaints) = try Chromium.run(
      BrowserTests.hands + """
        act(panes[0], 'pointermove', 0.9, 0.9);
        const cell = said();
        act(panes[0], 'pointermove', 0.5, 0.2);
        const hole = said();
        panes[0].focus();
        key(panes[0], 'Home');
        key(panes[0], 'ArrowRight');
        const stepped = said();
        act(panes[1], 'pointermove', 0.7, 0.5);
        const bin = said();
        act(panes[2], 'pointermove', 0.5, 0.5);
        const dot = said();
        for (const pane of panes) drag(pane, 0.2, 0.6);
        report({cell, hole, stepped, bin, dot, stills: stills(),
          entries: document.querySelectorAll('.gk-entry').length});
        """, in: page)
    #expect(complaints.isEmpty, "\(complaints)")
    #expect(value["cell"] == ["Predicted  c", "True  10", "Examples  3"])
    #expect(value["hole"] == ["Predicted  b", "True  20", "Examples  not finite"])
    #expect(value["stepped"] == ["Predicted  b", "True  20", "Examples  not finite"])
    #expect(value["bin"] == ["Weight  3", "first  5", "second  1"])
    #expect(value["dot"] == ["x  1", "epoch  1, Step 10"])
    #expect(value["stills"] == ["", "", ""])
    #expect(value["entries"] == 0)
  }
}
