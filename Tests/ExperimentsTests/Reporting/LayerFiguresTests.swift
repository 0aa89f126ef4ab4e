import Foundation
import GrokNumerics
import GrokReports
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct LayerFiguresTests {
  private func report(in folder: String) throws -> TrainingReport {
    try TrainingReport(folder: folder, presets: TestProgram.presets)
  }

  @Test func aQuantityIsOneFigureWithALineForEachLayer() throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder)
      try SyntheticMeasures.write(
        [.init(quantity: "capacity", middle: 900), .init(quantity: "removedRank", middle: 900)],
        measure: "manifoldCapacity", in: folder)
      let report = try report(in: folder)
      #expect(report.figures.map(\.name) == ["accuracy", "loss", "weight-norm"])
      #expect(report.measured.files.map(\.name) == ["capacity", "removedRank"])
      let plots = report.measured.files[0].grid.plots
      #expect(plots.map(\.title) == ["Capacity, test examples", "Capacity, training examples"])
      #expect(report.measured.files[0].grid.sharesAxes)
      #expect(plots.map(\.legend) == [.above, .none])
      #expect(plots[0].series.map(\.name) == SyntheticMeasures.layers)
      #expect(plots[0].series.map(\.color) == [.gray, .ramp(0), .ramp(0.5), .ramp(1)])
      let first = plots[0].series[1].points[0]
      #expect(first.x == 0 && abs(first.y - 0.2) < 1e-6)
      #expect(first.upper.map { abs($0 - first.y - 0.01) < 1e-12 } == true)
      #expect(plots[0].markers.map(\.label) == ["fit 100", "generalized 1,000"])
      let page = report.page
      #expect(
        page.sections.map(\.title) == [
          "Curves", "What changes when", "Geometry of classes", "Events", "Records", "Settings",
          "Provenance",
        ])
      let text = page.html()
      #expect(text.contains("Capacity: separable manifolds for each dimension"))
      #expect(text.contains("<summary>More: Removed rank</summary>"))
      #expect(text.contains("<summary>Measured on checkpoints: 16 quantities</summary>"))
      try report.write()
      #expect(FileManager.default.fileExists(atPath: folder + "/figures/capacity.svg"))
    }
  }

  @Test func natsAreShownAsBitsWhereAskedFor() throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder)
      try SyntheticMeasures.write(
        [
          .init(quantity: "informationWithInput", middle: 900),
          .init(quantity: "capacity", middle: 900),
        ],
        measure: "several", in: folder)
      let reports = try [false, true].map { isInBits in
        TrainingReport(
          curves: try RunCurves(folder: folder), description: try Run.description(of: folder),
          presets: TestProgram.presets, isInBits: isInBits)
      }
      func plot(_ report: TrainingReport, _ name: String) throws -> Plot {
        try #require(report.measured.files.first { $0.name == name }).grid.plots[0]
      }
      let nats = try plot(reports[0], "informationWithInput")
      let bits = try plot(reports[1], "informationWithInput")
      #expect(nats.y.label.hasSuffix("(nats)") && bits.y.label.hasSuffix("(bits)"))
      let (first, second) = (nats.series[1].points[3], bits.series[1].points[3])
      #expect(abs(second.y * 0.693_147_180_559_945_3 - first.y) < 1e-12)
      #expect(try plot(reports[0], "capacity") == plot(reports[1], "capacity"))
    }
  }

  /// Thirty quantities of four layers at fifty checkpoints, of test and of training examples.
  @Test func aLongReportStaysSmall() throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder)
      let names = NamedMeasure.all.flatMap(\.results)
        .filter { !$0.value.isArray && !$0.key.hasSuffix("/N") }.map(\.key).prefix(30)
      try SyntheticMeasures.write(
        names.map { .init(quantity: $0, middle: 500) }, measure: "many", in: folder, perDecade: 14)
      #expect(SyntheticMeasures.steps(perDecade: 14).count >= 50)
      let report = try report(in: folder)
      #expect(report.measured.files.count == 30)
      let size = report.page.html().utf8.count
      #expect(size < 2_500_000, "\(size)")
    }
  }

  /// Where only one set was measured, the quantities of a measure share a figure and its legend.
  @Test func quantitiesOfOneSetShareAFigure() throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder)
      try SyntheticMeasures.write(
        ["capacity", "radius", "dimension"].map { .init(quantity: $0, middle: 900) },
        measure: "manifoldCapacity", in: folder, sets: ["test"])
      let report = try report(in: folder)
      let topic = try #require(report.measured.quantities.topics.first)
      let figures = LayerFigures(quantities: report.measured.quantities) {
        report.curves[$0]?.points ?? []
      }
      #expect(figures.figures(of: topic).count == 3)
      #expect(figures.contents(of: topic).count == 1)
    }
  }

  /// A number that a layer has at some steps only leaves a gap rather than a line across.
  @Test func whatIsUndefinedIsAGap() throws {
    let quantities = MeasuredQuantities(["test/twoNN/hidden.0", "test/twoNN/output"])
    let figures = LayerFigures(quantities: quantities) { name in
      (name.hasSuffix("output") ? [0, 1, 2, 3] : [0, 3]).map { Plot.Point(x: $0, y: 5) }
    }
    let topic = try #require(quantities.topics.first)
    let series = try #require(figures.figures(of: topic).first?.plots.first).series
    #expect(series[0].points.map(\.y.isFinite) == [true, false, false, true])
    #expect(series[1].points.count == 4)
  }

  /// A number of a network rather than a layer has a line for each set of examples.
  @Test func quantitiesOfNoLayerHaveALineForEachSet() throws {
    let quantities = MeasuredQuantities(
      ["train/inputJacobian/largest", "test/inputJacobian/largest"])
    let figures = LayerFigures(quantities: quantities) { _ in [Plot.Point(x: 1, y: 2)] }
    let topic = try #require(quantities.topics.first)
    let plots = try #require(figures.figures(of: topic).first).plots
    #expect(plots.map(\.title) == ["Input Jacobian, largest"])
    #expect(plots[0].series.map(\.name) == ["test", "train"])
    #expect(plots[0].series.map(\.color) == [.vermilion, .blue])
  }
}
