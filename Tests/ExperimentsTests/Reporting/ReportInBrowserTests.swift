import Foundation
import GrokNumerics
import TestSupport
import Testing

@testable import GrokExperiments

/// The pages of runs in a real browser: what they say is what was recorded.
@Suite(.enabled(if: Chromium.isFound, "\(Chromium.howToProvide)"), .serialized)
struct ReportInBrowserTests {
  /// Moves the pointer over the first plot, a little left of its right edge.
  private let hover = """
    const pane = document.querySelector('.gk-pane'), area = pane.getBoundingClientRect();
    pane.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: area.right - 1,
      clientY: area.top + 20}));
    const said = [...document.querySelector('.read-out').children].map(row => row.textContent);
    report({said, plots: document.querySelectorAll('.plot').length,
      entries: document.querySelectorAll('.gk-entry').length});
    """

  @Test func aRun() throws {
    try withTemporaryFolder { folder in
      let run = folder + "/a"
      try SyntheticRuns.write(run, generalization: nil, lastStep: 10_000)
      let report = try TrainingReport(folder: run, presets: TestProgram.presets)
      let (value, complaints) = try Chromium.run(hover, in: report.page.html())
      #expect(complaints.isEmpty, "\(complaints)")
      #expect(value["plots"] == 3)
      let curves = report.curves
      #expect(curves["train/accuracy"]?.values.last == 1)
      let test = try #require(curves["test/accuracy"]?.values.last)
      #expect(value["said"] == ["Step  10,000", "train  1", .string("test  \(test)")])
    }
  }

  @Test func severalRuns() throws {
    try withTemporaryFolder { folder in
      var comparison = RunComparison(title: "runs", band: .range)
      for (seed, generalization) in [100, 100, 20_000].enumerated() {
        let run = "\(folder)/\(seed)"
        try SyntheticRuns.write(
          run, seed: seed, generalization: generalization, lastStep: 10_000)
        comparison.append(try ComparedRun(folder: run))
      }
      let (value, complaints) = try Chromium.run(hover, in: comparison.page().html())
      #expect(complaints.isEmpty, "\(complaints)")
      // Test and training accuracy and loss, the weight norm; the runs behind their band are not read out.
      #expect(value["plots"] == 5)
      let said = value["said"]?.array?.compactMap(\.string) ?? []
      #expect(said.count == 2 && said.first == "Step  10,000")
      #expect(said.last == "3 runs  1 (0.024 to 1)")
    }
  }
}
