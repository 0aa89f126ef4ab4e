import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

/// Runs that record how their weights move: settings, figures, export.
@Suite struct MotionRunTests {
  private func settings(_ overrides: String...) throws -> Settings {
    var settings = Settings()
    try settings.apply(overrides: [
      "data.modulus=7", "model.width=8", "model.headCount=2", "model.perceptronWidth=12",
      "train.steps=30", "record.motion=everything", "train.threads=1",
    ])
    try settings.apply(overrides: overrides)
    return settings
  }

  private func trained(_ settings: Settings, in folder: String) throws -> String {
    let experiment = try Experiment(settings, folders: [])
    let run = try Run(
      creating: folder + "/run",
      description: Provenance.members(
        program: "temperature", preset: nil, experiment: experiment, dataFolders: []))
    var trainer = try experiment.trainer(as: Float.self, run: run)
    _ = try experiment.fit(&trainer) { _ in true }
    return folder + "/run"
  }

  @Test func nothingIsRecordedUnlessAskedFor() throws {
    #expect(Settings().motion == nil)
    let motion = try #require(settings("record.motion=norms", "record.motionEvery=4").motion)
    #expect(!motion.comparesSteps && !motion.measuresDisplacement && motion.interval == 4)
    #expect(try settings("record.motion=comparisons").motion?.comparesSteps == true)
    #expect(try settings("record.motion=comparisons").motion?.measuresDisplacement == false)
  }

  @Test(arguments: [
    (["record.motionEvery=31"], "record.motionEvery=31 is more than train.steps=30"),
    (
      ["record.motionEvery=2", "record.motionInEpochs=true"],
      "record.motionEvery=2 is more than epochs of 1 steps"
    ),
  ])
  func recordsThatWouldNeverBeMadeAreRefused(overrides: [String], message: String) throws {
    var settings = try settings()
    try settings.apply(overrides: overrides)
    let error = #expect(throws: ConfigurationError.self) { try Experiment(settings, folders: []) }
    #expect(error?.description == message + ": no motion would be recorded")
  }

  /// A line of what is frozen ends there, and does not fade.
  @Test func linesEndWhereTheirPartIsFrozen() throws {
    try withTemporaryFolder { folder in
      let run = try trained(settings("train.freezing=unembed@12"), in: folder)
      let table = try MotionTable(ofRun: run)
      let component = try #require(table.columns.component(named: "unembed.W_U"))
      for smoothing in [nil, 0.08] {
        let line = MotionSeries.Line(
          quantity: .gradientNorm, components: [component], smoothing: smoothing)
        let values = try MotionSeries(table, lines: [line])[line]
        #expect(values.map(\.isNaN) == (0..<30).map { $0 >= 12 })
      }
    }
  }

  @Test func figuresShowEveryKind() throws {
    try withTemporaryFolder { folder in
      let run = try trained(settings(), in: folder)
      let report = try TrainingReport(folder: run, presets: Preset.temperature)
      let names = report.motion.files.map(\.name)
      #expect(
        names == [
          "temperature", "heat-shares", "temperature-heads", "temperature-unsmoothed",
          "temperature-0.15", "scale-free-temperature", "steps", "heat-budget",
        ])
      let temperature = report.motion.files[0].grid
      #expect(
        temperature.plots.map(\.title) == [
          "Embedding", "Positions", "Queries", "Keys", "Values", "Attention outputs",
          "Perceptrons", "Biases of perceptrons", "Unembedding",
        ])
      #expect(
        temperature.plots[6].series.map(\.name) == ["blocks.0.mlp.W_in", "blocks.0.mlp.W_out"])
      let table = try MotionTable(ofRun: run)
      let raw = try table.series(.gradientNorm, of: "unembed.W_U")
      let unsmoothed = report.motion.files[3].grid.plots[8].series[0].points.map(\.y)
      #expect(unsmoothed == raw)
      var average = raw[0]
      let smoothed = raw.map { value -> Double in
        average = 0.08 * value + (1 - 0.08) * average
        return average
      }
      #expect(temperature.plots[8].series[0].points.map(\.y) == smoothed)
      // Shares make a whole.
      let top = try #require(report.motion.files[1].grid.plots[0].series.last)
      #expect(top.points.allSatisfy { abs(($0.upper ?? 0) - 1) < 1e-12 })
      // On full batches heat is the fall of the loss.
      let budget = report.motion.files[7].grid.plots[0].series
      let losses = try table.losses()
      #expect(abs(budget[budget.count - 2].points[29].y - (losses[0] - losses[29])) < 0.02)
      try report.write()
      #expect(FileManager.default.fileExists(atPath: run + "/figures/temperature.svg"))
      let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
      #expect(page.contains("Temperature"))
    }
  }

  @Test func runsWithoutATableHaveNoSuchSection() throws {
    try withTemporaryFolder { folder in
      let run = try trained(settings("record.motion=none"), in: folder)
      let report = try TrainingReport(folder: run, presets: Preset.temperature)
      #expect(report.motion.files.isEmpty && report.motion.sections.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: run + "/motion.bin"))
    }
  }

  @Test func arraysHaveEveryQuantity() throws {
    try withTemporaryFolder { folder in
      let run = try trained(settings("record.motionEvery=3"), in: folder)
      let archive = try RecordArrays(runs: [ExportedRun(name: "run", directory: run)]).archive()
        .archive
      let table = try MotionTable(ofRun: run)
      #expect(try archive.integers("motion/step") == [2, 5, 8, 11, 14, 17, 20, 23, 26, 29])
      #expect(try archive.doubles("motion/loss") == table.losses())
      for quantity in [MotionQuantity.gradientNorm, .gradientCosine, .preconditionedGradientNorm] {
        let name = "blocks.0.attn.W_O.head.1"
        let found = try archive.doubles("motion/\(quantity.rawValue)/\(name)")
        #expect(try found == table.series(quantity, of: name))
      }
    }
  }

  /// The lines of Python in the description of the format, as they stand there.
  @Test(
    .tags(.golden), .enabled(if: PeerPython.has("numpy"), "\(PeerPython.howToProvide("numpy"))"))
  func othersReadTheTableAsTheDocsSay() throws {
    try withTemporaryFolder { folder in
      let run = try trained(settings(), in: folder)
      let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Docs/Formats.md")
      let text = try String(contentsOf: page, encoding: .utf8)
      let code = try #require(
        text.components(separatedBy: "```python\n").first { $0.hasPrefix("import json, numpy") }?
          .components(separatedBy: "```")[0])
      let script =
        code.replacingOccurrences(of: "\"motion.bin\"", with: "\"\(run)/motion.bin\"")
        + "print(json.dumps([steps.tolist(), temperature.tolist()]))"
      let found = try JSONValue(parsing: PeerPython.run(["-c", script])).array ?? []
      let table = try MotionTable(ofRun: run)
      #expect(try found[0].array?.compactMap(\.double) == table.steps().map(Double.init))
      #expect(
        try found[1].array?.compactMap(\.double) == table.series(.gradientNorm, of: "unembed.W_U"))
    }
  }

  /// However long a table, lines keep a few hundred records, the last among them.
  @Test(.tags(.law), arguments: [1, 20])
  func linesOfLongTablesAreThinned(interval: Int) {
    for count in [2, 300, 301, 5_000, 100_000] {
      let steps = (1...count).map { $0 * interval - 1 }
      let kept = MotionSeries.keptRows(steps, limit: 300)
      #expect(kept.first == 0 && kept.last == count - 1 && kept.count <= 700)
      #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}
