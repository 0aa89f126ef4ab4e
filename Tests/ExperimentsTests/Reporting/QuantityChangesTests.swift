import Foundation
import GrokMeasures
import GrokNumerics
import GrokReports
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct QuantityChangesTests {
  /// A run that generalizes at 1,000, with curves that are half way at known steps.
  private func withRun(
    generalization: Int? = 1_000, _ curves: [SyntheticMeasures.Curve],
    _ body: (TrainingReport, QuantityChanges) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder, generalization: generalization)
      try SyntheticMeasures.write(curves, measure: "manifoldCapacity", in: folder, sets: ["test"])
      let report = try TrainingReport(folder: folder, presets: TestProgram.presets)
      try body(
        report,
        QuantityChanges(report.curves, quantities: report.measured.quantities, threshold: 0.99))
    }
  }

  @Test(.tags(.law)) func onsetsLieWhereTheCurvesAreHalfWay() throws {
    try withRun([
      .init(quantity: "capacity", middle: 30), .init(quantity: "radius", middle: 1_100),
      .init(quantity: "dimension", from: 9, to: 3, middle: 5_000),
    ]) { _, changes in
      let accuracy = try #require(changes.accuracy?.onset)
      #expect(accuracy.step == 1_000)
      for (quantity, middle, order) in [
        ("capacity", 30, ChangeOrder.earlier), ("radius", 1_100, .together),
        ("dimension", 5_000, .later),
      ] {
        let change = try #require(
          changes.changes.first { $0.member.name == "test/\(quantity)/hidden.1" })
        let onset = try #require(change.observation.onset)
        #expect(onset.earliestStep <= middle && middle <= onset.latestStep, "\(quantity)")
        let delay = delay(between: try #require(changes.accuracy), and: change.observation)
        #expect(ChangeOrder(delay.decadeBounds) == order, "\(quantity)")
      }
      let input = try #require(changes.changes.first { $0.member.layer == "input" })
      #expect(input.observation.onset == nil && input.before == input.after)
    }
  }

  /// Of what falls by powers of ten, half of the way is that of the logarithm: from 100 to 0.01 it is done at 1.
  @Test(.tags(.law)) func factorsAreHalfWayInTheirLogarithm() throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder, generalization: 1_000)
      try SyntheticMeasures.write(
        [.init(quantity: "temperature", from: 100, to: 0.01, middle: 30)],
        measure: "componentTemperature", in: folder, sets: [""], error: nil,
        layers: ["hidden.0.weight"])
      let report = try TrainingReport(folder: folder, presets: TestProgram.presets)
      let changes = QuantityChanges(
        report.curves, quantities: report.measured.quantities, threshold: 0.99)
      let onset = try #require(changes.changes.first?.observation.onset)
      // The share that is gone is 0.99 at ln(99)/8 decades behind the middle.
      let step = 30 * power10(log(99) / 8)
      #expect(Double(onset.earliestStep) <= step && step <= Double(onset.latestStep), "\(onset)")
      #expect(Double(onset.earliestStep) > 60)
    }
  }

  /// A difference within three standard errors is none, however smooth the curve.
  @Test func whatSamplingExplainsIsNoChange() throws {
    try withRun([.init(quantity: "capacity", from: 0.5, to: 0.52, middle: 30)]) { _, changes in
      #expect(changes.changes.allSatisfy { $0.observation.onset == nil })
    }
  }

  /// Where test accuracy never rises, what changes long before its end is earlier, all else is open.
  @Test func runsThatNeverGeneralizeAreCensored() throws {
    try withRun(
      generalization: nil,
      [.init(quantity: "capacity", middle: 30), .init(quantity: "radius", middle: 8_000)]
    ) { report, changes in
      let accuracy = try #require(changes.accuracy)
      #expect(accuracy.onset == nil && accuracy.lastStep == 9_000)
      let text = report.page.html()
      #expect(text.contains("Test accuracy never got there up to step 9,000"))
      #expect(text.contains("<td>earlier</td>") && text.contains("<td>undecided</td>"))
      #expect(text.contains("<td>does not change</td>"))
      #expect(!text.contains("<td>together</td>") && !text.contains("<td>later</td>"))
    }
  }

  @Test func thePageHasATableAndAFigure() throws {
    try withRun([
      .init(quantity: "capacity", middle: 30), .init(quantity: "anchorDimension", middle: 5_000),
    ]) { report, _ in
      let page = report.page
      #expect(page.sections[1].title == "What changes when")
      let text = page.html()
      #expect(text.contains(">Test accuracy</td>"))
      // The quantity, its layer, both plateaus, the onset between its records, the delay and what it says.
      #expect(
        text.contains(
          "<tr><td>Capacity</td><td>hidden.0</td><td class=\"number\">0.2</td>"
            + "<td class=\"number\">0.8</td><td class=\"number\">32</td>"))
      #expect(text.contains("1 more") || text.contains("4 more: training examples"))
      #expect(text.contains("Capacity, hidden.0"))
    }
  }

  /// Colors are those of the layers in their order, whichever changes first; parameters are of no layer.
  @Test func dotsHaveTheColorsOfTheirLayers() {
    let rows = [("output", 3.0), ("hidden.0", 5), ("hidden.0.weight", 7)].map {
      OnsetRow(name: $0.0, group: $0.0, value: $0.1, lower: $0.1 - 1, upper: nil)
    }
    let plot = Plot.onsets(
      "", rows, x: .linear(""), layers: ["input", "hidden.0", "output"], markers: [])
    let dots = plot.series.filter { $0.style == .markers }
    #expect(dots.map(\.name) == ["hidden.0", "output", "network"])
    #expect(dots.map(\.color) == [.ramp(0), .ramp(1), .gray])
    #expect(dots.map { $0.points[0].y } == [1, 0, 2])
    // A bar from the lower end to the dot, where the interval is open above.
    #expect(plot.series[0].points.prefix(2).map(\.x) == [4, 5])
  }

  @Test func fewCheckpointsAreTooFew() throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder)
      let lines = (0..<5).map {
        #"{"step":\#($0),"seconds":0,"name":"test/twoNN/output","value":\#($0)}"# + "\n"
      }
      try FileManager.default.createDirectory(
        atPath: folder + "/measures", withIntermediateDirectories: true)
      try lines.joined().write(
        toFile: folder + "/measures/twoNN.jsonl", atomically: true, encoding: .utf8)
      let report = try TrainingReport(folder: folder, presets: TestProgram.presets)
      #expect(
        report.page.sections[1].contents == [
          .text("Fewer than six checkpoints were measured, too few to say when something changes.")
        ])
    }
  }

  @Test(
    arguments: [
      (-1, -0.3, ChangeOrder.earlier), (0.3, 1, .later), (-0.2, 0.25, .together),
      (-0.3, 0, .undecided), (nil, -0.3, .earlier), (nil, 0, .undecided), (nil, nil, .undecided),
    ] as [(Double?, Double?, ChangeOrder)])
  func readingsAreThoseOfTheWholeInterval(lower: Double?, upper: Double?, order: ChangeOrder) {
    #expect(ChangeOrder(Interval(lower: lower, upper: upper)) == order)
  }
}
