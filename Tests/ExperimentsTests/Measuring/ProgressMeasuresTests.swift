import Foundation
import GrokMeasures
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// Progress on modular tasks and induction heads over the checkpoints of runs.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
struct ProgressMeasuresTests {
  private static func training(_ options: [String]) -> [String] {
    ["train", "--name", "a", "--quiet", "record.tensorBoard=false", "checkpoint.perDecade=4"]
      + options
  }
  private static let transformer = training([
    "data.modulus=7", "data.trainFraction=0.8", "model.kind=transformer", "model.width=16",
    "model.headCount=2", "model.perceptronWidth=24", "train.learningRate=0.01",
    "train.steps=200",
  ])

  private func measured(_ names: String, in folder: String) throws -> RunCurves {
    let end = try ProgramProcess.run(
      ["measure", "runs/a", "--measures", names, "--again", "--quiet"], in: folder)
    #expect(end.status == 0 && end.errors == "", "\(end.errors)")
    return try RunCurves(folder: folder + "/runs/a")
  }

  private func bytes(_ name: String, in folder: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(folder)/runs/a/measures/\(name)"))
  }

  @Test func progressIsThatOfTheLibraryWithTheFrequenciesOfTheEnd() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.transformer, in: folder).status == 0)
      let curves = try measured("fourierProgress", in: folder)
      let first = try bytes("fourierProgress.jsonl", in: folder)
      let arrays = try Archive(contentsOf: folder + "/runs/a/measures/fourierProgress.npz")

      var settings = Settings()
      try settings.apply(file: folder + "/runs/a/settings.yaml")
      let experiment = try Experiment(settings, folders: [], isContinued: true)
      let task = ModularArithmetic(.addition, modulus: 7)
      let checkpoints = try Run.checkpoints(in: folder + "/runs/a")
      func progress(_ path: String, _ key: KeyFrequencies?, _ rule: KeyFrequencyRule?) throws
        -> FourierProgress
      {
        let snapshot = try Snapshot<Float>(
          contentsOf: path, model: experiment.model, loss: experiment.loss)
        return try fourierProgress(
          of: snapshot.cyclicObservations(of: task), task: task.cyclicTask(),
          trainedPairs: experiment.data.trainIndices, keyFrequencies: key, rule: rule)
      }
      let last = try #require(checkpoints.last).path
      var key = try progress(last, nil, nil).keyFrequencies
      if key.frequencies.isEmpty { key = try progress(last, nil, .logits()).keyFrequencies }
      #expect(
        try arrays.doubles("keyFrequencies").map { Int($0) } == key.frequencies
          && !key.frequencies.isEmpty)
      for (index, checkpoint) in checkpoints.enumerated() {
        let expected = try progress(checkpoint.path, key, nil)
        for (set, loss) in [
          ("all", expected.losses.restricted.all),
          ("train", try #require(expected.losses.restricted.train)),
          ("test", try #require(expected.losses.restricted.test)),
        ] {
          #expect(curves["\(set)/restrictedLoss"]?.values[index] == loss)
        }
        #expect(curves["train/excludedLoss"]?.values[index] == expected.losses.excluded.train)
        #expect(curves["embeddingSparsity"]?.values[index] == expected.embedding?.frequencySparsity)
      }
      for name in curves.names {
        #expect(curves[name]?.values.allSatisfy(\.isFinite) == true, "\(name)")
      }
      // Every record has a place in the report.
      let own = curves.names.filter { $0.contains("restricted") || $0.contains("excluded") }
      #expect(MeasuredQuantities(own).others.isEmpty)

      _ = try measured("fourierProgress", in: folder)
      #expect(try bytes("fourierProgress.jsonl", in: folder) == first)
    }
  }

  @Test(arguments: ["subtraction", "multiplication", "division"])
  func otherOperationsAndPerceptrons(operation: String) throws {
    try withTemporaryFolder { folder in
      let training = Self.training([
        "data.modulus=7", "data.operation=\(operation)", "data.trainFraction=0.6",
        "model.kind=mlp", "model.hidden=12", "train.steps=10",
      ])
      #expect(try ProgramProcess.run(training, in: folder).status == 0)
      let curves = try measured("fourierProgress", in: folder)
      #expect(curves["test/restrictedLoss"]?.values.allSatisfy(\.isFinite) == true)
      #expect(
        curves["train/excludedLoss"]?.values.count == curves["clusteredNeurons"]?.values.count)
    }
  }

  @Test func headsOfATransformerAreScored() throws {
    try withTemporaryFolder { folder in
      let training = Self.training([
        "data.name=repeated-tokens", "data.vocabularySize=8", "data.context=12",
        "data.trainCount=64", "data.testCount=32", "model.kind=transformer", "model.width=16",
        "model.depth=2", "model.headCount=2", "model.perceptronWidth=0", "train.batchSize=16",
        "train.steps=30",
      ])
      #expect(try ProgramProcess.run(training, in: folder).status == 0)
      let curves = try measured("inductionHeads,circuitChange", in: folder)
      let count = try Run.checkpoints(in: folder + "/runs/a").count
      for head in ["0.0", "0.1", "1.0", "1.1"] {
        for name in [
          "prefixMatching", "previousToken", "duplicateToken", "inductionStripe", "coherence",
          "copyingEigenvalues", "ablation/loss", "ablation/inContextLearning",
        ] {
          let curve = try #require(curves["test/\(name)/\(head)"], "\(name) of \(head)")
          #expect(curve.values.count == count && curve.values.allSatisfy(\.isFinite))
        }
        // Without the first checkpoint, which has none before it.
        let change = try #require(curves["circuitChange/queryKey/\(head)"])
        #expect(change.values.count == count - 1 && change.values.allSatisfy { $0 > 0 })
      }
      #expect(curves["test/keyComposition/0.0"] == nil)
      #expect(curves["test/keyComposition/1.1"]?.values.count == count)
      #expect(curves["test/inContextLearning"]?.errors.allSatisfy { $0 > 0 } == true)
      #expect(MeasuredQuantities(curves.names.filter { $0.contains("prefix") }).others.isEmpty)
      try lossesOfTokensAreThoseOfTheLibrary(in: folder)
      let first = try bytes("inductionHeads.jsonl", in: folder)
      _ = try measured("inductionHeads", in: folder)
      #expect(try bytes("inductionHeads.jsonl", in: folder) == first)
    }
  }

  private func lossesOfTokensAreThoseOfTheLibrary(in folder: String) throws {
    _ = try measured("lossTrajectory", in: folder)
    let arrays = try Archive(contentsOf: folder + "/runs/a/measures/lossTrajectory.npz")
    var settings = Settings()
    try settings.apply(file: folder + "/runs/a/settings.yaml")
    let experiment = try Experiment(settings, folders: [], isContinued: true)
    let checkpoints = try Run.checkpoints(in: folder + "/runs/a")
    let means = try arrays.matrix("test/positionLoss/value")
    #expect(means.rowCount == checkpoints.count)
    for (index, checkpoint) in checkpoints.enumerated() {
      let losses = try Snapshot<Float>(
        contentsOf: checkpoint.path, model: experiment.model, loss: experiment.loss
      ).tokenLosses(on: experiment.data.test)
      for position in 0..<means.columnCount {
        let known = losses.column(position).filter { !$0.isNaN }
        let mean = known.reduce(0, +) / Double(known.count)
        #expect(abs(means[index, position] - mean) < 1e-12)
      }
    }
    // Scores of components are centred and orthogonal, with the shares that were found.
    let path = try arrays.matrix("test/lossTrajectory/value")
    let shares = try arrays.doubles("test/lossTrajectoryExplained")
    let gram = path.columnGram
    #expect(abs(path.column(0).reduce(0, +)) < 1e-9 && abs(gram[0, 1]) < 1e-9 * gram[0, 0])
    #expect(abs(gram[1, 1] / gram[0, 0] - shares[1] / shares[0]) < 1e-9)
  }

  @Test func whatIsNotDefinedSaysSo() throws {
    try withTemporaryFolder { folder in
      let training = Self.training([
        "data.modulus=7", "data.operation=quadratic-form", "model.kind=mlp", "model.hidden=6",
        "train.steps=3",
      ])
      #expect(try ProgramProcess.run(training, in: folder).status == 0)
      for (name, message) in [
        (
          "fourierProgress",
          "CyclicTask: the operation is no sum on a cycle, as +, −, × and ÷ modulo a prime are"
        ),
        (
          "inductionHeads",
          "inductionHeads: defined for transformers with a target at every position"
        ),
        ("circuitChange", "circuitChange: the network reads no tokens"),
        (
          "lossTrajectory", "lossTrajectory: the network has a target at one position only"
        ),
      ] {
        let end = try ProgramProcess.run(
          ["measure", "runs/a", "--measures", name, "--quiet"], in: folder)
        #expect(end.status == 1 && end.errors.contains(message), "\(end.errors)")
      }
    }
  }
}
