import GrokMeasures
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// Runs of which parts are frozen, measured by themselves and beside another.
@Suite struct StageMeasuresTests {
  private func run(_ path: String, _ overrides: String...) throws -> Settings {
    var settings = Settings()
    try settings.apply(overrides: [
      "data.modulus=7", "model.kind=mlp", "model.hidden=9x8", "train.steps=30", "train.batchSize=8",
      "train.threads=1", "record.motion=everything", "record.tensorBoard=false",
      "checkpoint.at=10+20",
    ])
    try settings.apply(overrides: overrides)
    let experiment = try Experiment(settings, folders: [])
    let run = try Run(
      creating: path,
      description: Provenance.members(
        program: "temperature", preset: nil, experiment: experiment, dataFolders: []))
    try AtomicFile.write(Array(settings.yaml.utf8), to: path + "/settings.yaml")
    var trainer = try experiment.trainer(as: Float.self, run: run)
    _ = try experiment.fit(&trainer) { _ in true }
    return settings
  }

  private func measure(_ path: String, _ settings: Settings, _ names: String...) throws
    -> Measurement.Summary
  {
    let measures = try names.map(NamedMeasure.named)
    let training = try StoredTraining(run: path, settings: settings, dataFolders: [])
    return try Measurement(
      training: training, measures: measures, options: settings.measure, threadCount: 1
    ).perform()
  }

  @Test(.tags(.oracle)) func stagesAreMeasuredFromTheTable() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a"
      let settings = try run(path, "train.freezing=hidden.0@15")
      _ = try measure(path, settings, "stageMotion")
      let archive = try Archive(contentsOf: path + "/measures/stageMotion.npz")
      // The first step has a rate of 0.
      #expect(try archive.doubles("stageSteps/hidden.0") == [15 - 1])
      #expect(try archive.doubles("stageSteps/output") == [29])
      // The distance between the first checkpoint and the last but one update over the sum of all steps between.
      let table = try MotionTable(ofRun: path)
      func norm(_ quantity: MotionQuantity, _ row: Int) throws -> Double {
        let parts = try ["hidden.0.weight", "hidden.0.bias"].map {
          try table.series(quantity, of: $0)[row]
        }
        return (parts[0] * parts[0] + parts[1] * parts[1]).squareRoot()
      }
      let length = try (0..<29).reduce(0) { $0 + (try norm(.updateNorm, $1)) }
      let straightness = try archive.doubles("stageStraightness/hidden.0")[0]
      #expect(try abs(straightness - norm(.displacement, 29) / length) < 1e-12)
      #expect(straightness > 0 && straightness <= 1)
    }
  }

  /// Up to the step at which a layer is frozen both runs are the same; then one of them goes on.
  @Test(.tags(.law)) func layersAreComparedWithThoseOfAnotherRun() throws {
    try withTemporaryFolder { folder in
      _ = try run(folder + "/whole")
      var settings = try run(folder + "/frozen", "train.freezing=hidden.0@20")
      try settings.apply(overrides: [
        "measure.referenceRun=\(folder)/whole", "measure.reference=final",
        "measure.layers=input+hidden.0",
      ])
      _ = try measure(folder + "/frozen", settings, "centeredKernelAlignment")
      var reader = try RecordReader(
        path: folder + "/frozen/measures/centeredKernelAlignment.jsonl")
      var records: [Record] = []
      while let record = try reader.next() { records.append(record) }
      func alignment(_ step: Int, _ layer: String) -> Double? {
        records.first { $0.step == step && $0.name == "test/cka/\(layer)" }?.value
      }
      #expect(try #require(alignment(30, "input")) > 1 - 1e-6)
      let (first, last) = (
        try #require(alignment(0, "hidden.0")), try #require(alignment(30, "hidden.0"))
      )
      #expect(last > first && last < 1 - 1e-9)
      #expect(alignment(20, "hidden.0") == last)

      let error = #expect(throws: ConfigurationError.self) {
        try measure(folder + "/frozen", settings, "kernelDistance")
      }
      #expect(
        error?.description
          == "measure.referenceRun is for measures of one layer beside another, such as centeredKernelAlignment; "
          + "kernelDistance compares a run with itself")
    }
  }
}
