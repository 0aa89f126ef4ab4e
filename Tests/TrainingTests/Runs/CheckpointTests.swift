import TestSupport
import Testing

@testable import GrokTraining

@Suite struct CheckpointTests {
  private let training = SmallTraining.perceptron()

  /// The message with which a trainer refuses to continue from a checkpoint of `training`, with the path
  /// of the checkpoint left out.
  private func refusal<Scalar: RealScalar>(
    as type: Scalar.Type = Float.self, _ change: (inout SmallTraining) -> Void
  ) throws -> String? {
    try withTemporaryFolder { folder in
      let directory = folder + "/run"
      var first = try training.trainer(as: Float.self, run: Run(directory: directory))
      _ = try training.fit(&first, steps: 3)
      var other = training
      change(&other)
      let run = try Run(continuing: directory)
      var trainer = try other.trainer(as: Scalar.self, run: run)
      let before = trainer.parameters
      let error = #expect(throws: TrainingError.self) { try trainer.resume(.init(), steps: 5) }
      #expect(trainer.step == 0 && trainer.parameters == before)
      let path = directory + "/checkpoints/step-00000003.safetensors: "
      let message = try #require(error?.description)
      return message.hasPrefix(path) ? String(message.dropFirst(path.count)) : nil
    }
  }

  @Test func whatBelongsToAnotherTrainingIsRefusedInOneLine() throws {
    #expect(try refusal(as: Double.self) { _ in } == "has precision float, not double")
    #expect(
      try refusal { $0.model = SmallTraining.perceptron(hidden: [13]).model }
        == "'hidden.0.weight' is float32 [12, 14], not Float [13, 14]")
    #expect(
      try refusal { $0.model = SmallTraining.transformer().model }
        == "has 'hidden.0.bias', which this network and optimizer do not have")
    #expect(
      try refusal { $0.model = SmallTraining.perceptron(hidden: [12, 12]).model }
        == "lacks 'hidden.1.weight', which this network and optimizer have")
    #expect(
      try refusal { $0.optimizer = .sgd(momentum: 0.9) }
        == "has 'optimizer.firstMoment', which this network and optimizer do not have")
  }

  /// A network with fewer layers took what it knew from the checkpoint of a deeper one.
  @Test func aCheckpointOfADeeperNetworkIsRefused() throws {
    try withTemporaryFolder { folder in
      let deep = SmallTraining.perceptron(hidden: [12, 12])
      var first = try deep.trainer(as: Float.self, run: Run(directory: folder + "/run"))
      _ = try deep.fit(&first, steps: 3)
      let run = try Run(continuing: folder + "/run")
      var trainer = try training.trainer(as: Float.self, run: run)
      let error = #expect(throws: TrainingError.self) { try trainer.resume(.init(), steps: 5) }
      #expect(
        error?.description.hasSuffix(
          ": has 'hidden.1.bias', which this network and optimizer do not have") == true)
    }
  }

  @Test func filesThatAreNoCheckpointsAreRefused() throws {
    let layout = training.model.layout
    var state = try training.trainer(as: Float.self).state
    let whole = Checkpoint.archive(of: state, layout: layout)
    func message(_ change: (inout Archive) -> Void) -> String? {
      var archive = whole
      change(&archive)
      return #expect(throws: TrainingError.self) {
        try Checkpoint.restore(&state, from: archive, layout: layout, in: ComputeContext())
      }?.description
    }
    #expect(message { $0.metadata = [:] } == "a new archive: is no checkpoint")
    let damaged = "a new archive: is damaged: its contents do not have its digest"
    #expect(message { $0.metadata["step"] = "1" } == damaged)
    #expect(message { $0.metadata["digest"] = nil } == damaged)
    #expect(message { $0.metadata["other"] = "x" } == damaged)
    #expect(message { $0.set("output.bias", [Float](repeating: 0, count: 7)) } == damaged)
    #expect(message { $0["output.bias"] = nil } == damaged)
  }

  /// Those of version 0.1 have no digest.
  @Test func checkpointsOfTheFirstFormatAreReadOrRefused() throws {
    let layout = training.model.layout
    var state = try training.trainer(as: Float.self).state
    var whole = Checkpoint.archive(of: state, layout: layout)
    whole.metadata["digest"] = nil
    whole.metadata["format"] = "grok-checkpoint-1"
    whole.metadata["step"] = "3"
    try Checkpoint.restore(&state, from: whole, layout: layout, in: ComputeContext())
    #expect(state.step == 3)
    func message(_ change: (inout Archive) -> Void) -> String? {
      var archive = whole
      change(&archive)
      return #expect(throws: TrainingError.self) {
        try Checkpoint.restore(&state, from: archive, layout: layout, in: ComputeContext())
      }?.description
    }
    #expect(message { $0.metadata["step"] = "-1" } == "a new archive: lacks its counters")
    #expect(message { $0.metadata["optimizerSteps"] = nil } == "a new archive: lacks its counters")
    #expect(
      message { $0.set("output.bias", [1.0, 2]) }
        == "a new archive: 'output.bias' is float64 [2], not Float [7]")
  }

  @Test(.tags(.law)) func equalStatesMakeEqualFiles() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b"] {
        var trainer = try training.trainer(as: Float.self, run: Run(directory: folder + "/" + name))
        _ = try training.fit(&trainer)
      }
      let (first, second) = (
        try Run.checkpoints(in: folder + "/a"), try Run.checkpoints(in: folder + "/b")
      )
      // Every 11 steps, at the end, and always at step 0.
      #expect(first.map(\.step) == [0, 11, 22, 33, 40])
      for (one, other) in zip(first, second) {
        #expect(try bytes(of: one.path) == bytes(of: other.path))
      }
      let archive = try Archive(contentsOf: first[0].path)
      var metadata = archive.metadata
      let digest = metadata.removeValue(forKey: "digest")
      #expect(digest?.count == 64)
      #expect(
        metadata == [
          "format": "grok-checkpoint-2", "step": "0", "optimizerSteps": "0", "precision": "float",
        ])
      let initial: [Float] = training.model.initialParameters(key: training.key.fork("weights"))
      for entry in training.model.layout.entries {
        #expect(try archive.floats(entry.name) == Array(initial[entry.range]))
      }
    }
  }

  @Test func thereIsACheckpointOfStepZeroEvenWithoutSteps() throws {
    try withTemporaryFolder { folder in
      var training = training
      training.plan.checkpoints = .init(.never)
      var trainer = try training.trainer(as: Float.self, run: Run(directory: folder + "/run"))
      _ = try training.fit(&trainer, steps: 0)
      #expect(try Run.checkpoints(in: folder + "/run").map(\.step) == [0])
    }
  }
}
