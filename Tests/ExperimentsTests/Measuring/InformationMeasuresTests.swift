import Foundation
import GrokMeasures
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// The information plane over the checkpoints of runs.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
struct InformationMeasuresTests {
  private static let training = [
    "train", "--name", "a", "--quiet", "data.name=icosahedron", "data.trainFraction=0.8",
    "model.kind=mlp", "model.hidden=8x6", "model.activation=tanh",
    "model.initialization=truncated-normal", "model.noise=0.01", "train.batchSize=512",
    "train.steps=40", "record.tensorBoard=false", "checkpoint.perDecade=3",
  ]

  private func curves(
    _ options: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> RunCurves {
    let end = try ProgramProcess.run(
      ["measure", "runs/a", "--quiet"] + options, in: folder, environment: environment)
    #expect(end.status == 0 && end.errors == "", "\(end.errors)")
    return try RunCurves(folder: folder + "/runs/a")
  }

  @Test func numbersAreThoseOfTheLibrary() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.training, in: folder).status == 0)
      let measured = try curves(
        [
          "--measures", "binnedInformation,neighborInformation,pairwiseInformation,unitActivity",
          "examples=all", "exampleCount=0", "binning=width:0.07", "pairwiseNoise=0.1",
          "neighborCount=5",
        ], in: folder)
      let run = folder + "/runs/a"
      var settings = Settings()
      try settings.apply(file: run + "/settings.yaml")
      settings.measure.examples = Names(["all"])
      settings.measure.exampleCount = 0
      let experiment = try Experiment(settings, folders: [], isContinued: true)
      let all = try #require(try experiment.examples(for: settings.measure).first).examples
      #expect(all.count == 4_096)
      let labels = all.labels.map(Int.init)
      let snapshot = try Snapshot<Float>(
        contentsOf: try #require(try Run.checkpoints(in: run).last).path, model: experiment.model,
        loss: experiment.loss)
      let layer = try snapshot.activations(of: "hidden.1", on: all)
      func value(_ name: String) -> Double? { measured["all/\(name)/hidden.1"]?.values.last }
      let binned = try BinnedLayer(layer, binning: .width(0.07))
      #expect(value("binnedInformationWithInput") == binned.entropy())
      #expect(
        value("binnedInformationWithLabels") == (try binned.information(about: labels).value))
      let bounds = try pairwiseBounds(of: layer, noiseVariances: [0.1 * 0.1], labels: labels)[0]
      #expect(value("pairwiseInformation/upper") == bounds.inputUpper.value)
      #expect(value("deadUnits") == 0)
      // Twelve bits in four components, and the layer in four of its own.
      let preparation: Preparation = [.principalComponents(4), .standardized]
      guard case .features(let bits) = all.inputs else { return }
      let x = try preparation.fitted(to: bits).applied(to: bits).values
      let l = try preparation.fitted(to: layer).applied(to: layer).values
      #expect(
        value("informationWithInput")
          == (try mutualInformation(between: x, and: l, neighborCount: 5).value))
      #expect(
        value("informationWithLabels")
          == (try mutualInformation(between: l, andLabels: labels, neighborCount: 5).value))
      // Half of log of variance over variance of the noise, for two of six components.
      let eigenvalues = try PrincipalComponents(of: layer, count: 4).eigenvalues
      let bound = eigenvalues.dropFirst(4).reduce(0) { $0 + log($1 / 1e-4) / 2 }
      #expect(abs(try #require(value("compressionLossBound")) - bound) < 1e-9 * bound)

      let report = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
      #expect(!report.contains("Information plane"))
      #expect(try ProgramProcess.run(["report", "runs/a"], in: folder).status == 0)
      let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
      #expect(page.contains("Binned information plane") && page.contains("Information plane"))
      #expect(
        FileManager.default.fileExists(atPath: run + "/figures/binned-information-plane.svg"))
    }
  }

  @Test func everyCompressionGivesNumbers() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.training, in: folder).status == 0)
      for compression in Settings.Measuring.Compression.allCases {
        let measured = try curves(
          [
            "--measures", "neighborInformation", "--again", "measure.steps=40",
            "exampleCount=300", "compression=\(compression.rawValue)", "codeCount=2",
            "inputCompression=first-coordinates", "encoderEpochs=2", "sliceCount=20",
            "errors=\(compression == .none ? "subsampled" : "naive")",
            "labels=\(compression == .none ? "numbers" : "names")",
          ], in: folder)
        for name in ["informationWithInput", "informationWithLabels"] {
          let curve = try #require(measured["test/\(name)/output"])
          #expect(curve.values.allSatisfy { $0.isFinite }, "\(compression)")
          #expect(curve.errors.allSatisfy { $0 > 0 }, "\(compression)")
        }
      }
    }
  }

  /// The autoencoder of the examples is trained once and kept for later runs.
  @Test func theEncoderOfTheExamplesIsKept() throws {
    try withTemporaryFolder { folder in
      let training = [
        "train", "--name", "a", "--quiet", "data.name=synthetic-characters", "data.trainCount=94",
        "data.testCount=94", "model.kind=mlp", "model.hidden=8", "train.steps=2",
        "record.tensorBoard=false",
      ]
      #expect(try ProgramProcess.run(training, in: folder).status == 0)
      let options = [
        "--measures", "neighborInformation", "--again", "inputCompression=autoencoder",
        "encoderEpochs=1", "encoderExamples=100", "codeCount=2",
      ]
      let environment = ["GROK_CACHE_DIR": folder + "/cache/of/mine"]
      func values() throws -> [Double]? {
        let end = try ProgramProcess.run(
          ["measure", "runs/a", "--quiet"] + options, in: folder, environment: environment)
        #expect(end.status == 0 && !end.errors.contains("warning"), "\(end.errors)")
        return try RunCurves(folder: folder + "/runs/a")["test/informationWithInput/hidden.0"]?
          .values
      }
      let first = try #require(try values())
      let kept = try FileManager.default.contentsOfDirectory(
        atPath: folder + "/cache/of/mine/encoders")
      #expect(kept.count == 1)
      #expect(try values() == first)
      let written =
        try FileManager.default.attributesOfItem(
          atPath: folder + "/cache/of/mine/encoders/" + kept[0])[.modificationDate] as? Date
      #expect(try values() == first)
      let later =
        try FileManager.default.attributesOfItem(
          atPath: folder + "/cache/of/mine/encoders/" + kept[0])[.modificationDate] as? Date
      #expect(written == later)
    }
  }

  @Test(arguments: [
    ("tishby", Binning.tishby), ("width:0.07", .width(0.07)),
    ("range:30", .layerRange(binCount: 30)),
    ("unit-range:8", .unitRange(binCount: 8)), ("quantiles:10", .quantiles(binCount: 10)),
  ])
  func binsAreReadFromText(text: String, binning: Binning) throws {
    let read = try #require(BinningText(text))
    #expect(read.binning == binning && read.description == text)
  }

  @Test(arguments: [
    "", "tishby:3", "width:0", "width:x", "range:1", "range", "quantile:4", "range:2:3",
  ])
  func otherTextsAreNoBins(text: String) { #expect(BinningText(text) == nil) }

  @Test(arguments: [
    (
      ["model.noise=0.1", "model.centered=true"],
      "error: model.noise=0.1 does not go with model.linearized or model.centered\n"
    ),
    (
      [
        "model.kind=mlp", "measure.names=neighborInformation", "measure.inputCompression=sliced",
      ],
      "error: measure.inputCompression=sliced: slices are of examples and layers together; set "
        + "measure.compression=sliced\n"
    ),
    (
      ["model.initialization=truncated-normal"],
      "error: model.initialization=truncated-normal does not suit model.kind=transformer, whose weights "
        + "have inputs by outputs\n"
    ),
    (
      ["measure.binning=width:-1"],
      "error: measure.binning=width:-1: expected tishby, or width:0.07, range:30, unit-range:30, "
        + "quantiles:10\n"
    ),
  ])
  func whatDoesNotGoTogetherIsRefused(settings: [String], message: String) throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(["train", "--quiet"] + settings, in: folder)
      #expect(end.status == 64)
      #expect(end.errors == message)
      #expect(!FileManager.default.fileExists(atPath: folder + "/runs"))
    }
  }
}
