import Foundation
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokTraining

@Suite struct ExperimentTests {
  private func settings(_ overrides: String...) throws -> Settings {
    var settings = Settings()
    try settings.apply(overrides: ["data.modulus=7", "model.width=8", "model.perceptronWidth=12"])
    try settings.apply(overrides: overrides)
    return settings
  }

  private func message(_ body: () throws -> Void) -> String? {
    (#expect(throws: (any Error).self) { try body() }).map { "\($0)" }
  }

  // MARK: Initial parameters

  /// Numbers that are not those of any key.
  private func archive(for layout: ParameterLayout) -> Archive {
    var archive = Archive()
    for entry in layout.entries {
      let values = (0..<entry.shape.count).map { Double($0) / 7 - 0.5 }
      archive.set(entry.name, values, shape: entry.shape.dimensions)
    }
    return archive
  }

  @Test(arguments: ["safetensors", "npz"]) func initialParametersComeFromAFile(kind: String) throws
  {
    try withTemporaryFolder { folder in
      let path = "\(folder)/weights.\(kind)"
      let layout = try Experiment(settings(), folders: []).model.layout
      let stored = archive(for: layout)
      try stored.write(to: path)
      let experiment = try Experiment(settings("model.initialParameters=\(path)"), folders: [])
      let double = try experiment.trainer(as: Double.self, run: nil)
      let expected = try layout.entries.flatMap { try stored.doubles($0.name) }
      #expect(double.parameters == expected)
      let single = try experiment.trainer(as: Float.self, run: nil)
      #expect(single.parameters == expected.map { Float($0) })
      let scaled = try Experiment(
        settings("model.initialParameters=\(path)", "model.initializationScale=4"), folders: [])
      #expect(try scaled.trainer(as: Double.self, run: nil).parameters == expected.map { 4 * $0 })
    }
  }

  @Test(.tags(.law)) func aCheckpointGivesInitialParameters() throws {
    try withTemporaryFolder { folder in
      let first = try Experiment(settings("train.steps=3"), folders: [])
      let run = try Run(directory: folder + "/run")
      var trainer = try first.trainer(as: Float.self, run: run)
      _ = try first.fit(&trainer) { _ in true }
      let path = folder + "/run/checkpoints/step-00000003.safetensors"
      let second = try Experiment(settings("model.initialParameters=\(path)"), folders: [])
      #expect(try second.trainer(as: Float.self, run: nil).parameters == trainer.parameters)
    }
  }

  @Test func initialParametersThatDoNotFitGiveOneLine() throws {
    let layout = try Experiment(settings(), folders: []).model.layout
    let cases: [(change: (inout Archive) -> Void, message: String)] = [
      ({ $0["embed.W_E"] = nil }, "parameter 'embed.W_E' of shape [8, 8] is missing"),
      (
        { $0.set("embed.W_e", [1.0]) },
        "unknown parameter 'embed.W_e'; did you mean 'embed.W_E' or 'unembed.W_U'?"
      ),
      (
        { $0.set("blocks.0.mlp.b_in", [1.0, 2]) },
        "parameter 'blocks.0.mlp.b_in' has shape [2], not [12]"
      ),
    ]
    for (change, expected) in cases {
      try withTemporaryFolder { folder in
        var stored = archive(for: layout)
        change(&stored)
        try stored.write(to: folder + "/weights.npz")
        let found = message {
          _ = try Experiment(
            settings("model.initialParameters=\(folder)/weights.npz"), folders: [])
        }
        #expect(found == expected)
      }
    }
  }

  // MARK: Splits

  @Test func theSplitComesFromAFile() throws {
    try withTemporaryFolder { folder in
      let indices = [48, 3, 0, 17]
      var one = Archive()
      one.set("whatever", indices)
      try one.write(to: folder + "/split.npy")
      var two = Archive()
      two.set("test", [1, 2])
      two.set("train", indices)
      try two.write(to: folder + "/split.npz")
      for file in ["split.npy", "split.npz"] {
        let data = try Experiment(settings("data.split=\(folder)/\(file)"), folders: []).data
        #expect(data.trainIndices == indices)
        let labels = indices.map { Int32(($0 / 7 + $0 % 7) % 7) }
        #expect(data.train.labels == labels)
        #expect(data.testIndices == (0..<49).filter { !indices.contains($0) })
      }
    }
  }

  @Test func splitsThatDoNotFitGiveOneLine() throws {
    let cases: [(change: (inout Archive) -> Void, message: String)] = [
      (
        { $0.set("train", [0, 49]) },
        "index 49 is not in 0..<49; the indices belong to another dataset"
      ),
      ({ $0.set("train", [5, 6, 5]) }, "index 5 occurs twice; list each training example once"),
      (
        { $0.set("train", [0.5]) },
        "array 'train': element 0 is 0.5, which Int cannot hold exactly"
      ),
      (
        { $0.set("train", [Int]()) },
        "data.split leaves 0 examples to train on and 49 to test with"
      ),
      (
        { $0.set("train", Array(0..<49)) },
        "data.split leaves 49 examples to train on and 0 to test with"
      ),
      (
        {
          $0.set("trian", [1])
          $0.set("test", [2])
        }, "no array 'train' in FOLDER/split.npz; did you mean 'trian'? It has 'trian', 'test'"
      ),
    ]
    for (change, expected) in cases {
      try withTemporaryFolder { folder in
        var stored = Archive()
        change(&stored)
        try stored.write(to: folder + "/split.npz")
        let found = message {
          _ = try Experiment(settings("data.split=\(folder)/split.npz"), folders: [])
        }
        #expect(found?.replacingOccurrences(of: folder, with: "FOLDER") == expected)
      }
    }
  }

  // MARK: Settings that reach the training

  @Test func everyOperationAndNetworkCanBeTrained() throws {
    for operation in Settings.Data.Operation.allCases {
      for kind in Settings.Model.Kind.allCases where !kind.readsPictures {
        let experiment = try Experiment(
          settings(
            "data.operation=\(operation.rawValue)", "model.kind=\(kind.rawValue)", "train.steps=2",
            "model.hidden=9", "train.loss=mean-squared-error", "train.batchSize=4"), folders: [])
        var trainer = try experiment.trainer(as: Float.self, run: nil)
        let outcome = try experiment.fit(&trainer) { _ in true }
        #expect(outcome.steps == 2 && outcome.testLoss.isFinite)
      }
    }
  }

  @Test(.tags(.law)) func theSeedDecidesSplitWeightsAndOrder() throws {
    func parameters(_ overrides: String...) throws -> [Float] {
      var settings = try settings("model.kind=mlp", "train.steps=5", "train.batchSize=6")
      try settings.apply(overrides: overrides)
      let experiment = try Experiment(settings, folders: [])
      var trainer = try experiment.trainer(as: Float.self, run: nil)
      _ = try experiment.fit(&trainer) { _ in true }
      return trainer.parameters
    }
    #expect(try parameters("seed=1") == parameters("seed=1", "train.threads=3"))
    #expect(try parameters("seed=1") != parameters("seed=2"))
    #expect(try parameters("data.pythonSeed=1") != parameters("data.pythonSeed=2"))
  }
}
