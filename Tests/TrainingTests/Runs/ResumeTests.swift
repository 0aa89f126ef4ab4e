import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// A training that is stopped, or breaks off, and continues from its folder equals one that never did.
@Suite struct ResumeTests {
  private static let trainings: [(name: String, training: SmallTraining)] = {
    var momentum = SmallTraining.perceptron()
    momentum.optimizer = .sgd(learningRate: 0.1, momentum: 0.9, dampening: 0.2, nesterov: false)
    var replacement = SmallTraining.perceptron()
    replacement.plan.batching = .withReplacement(batchSize: 5)
    replacement.loss = .meanSquaredError
    return [
      ("perceptron in batches", .perceptron()), ("transformer", .transformer()),
      ("momentum", momentum), ("drawn with replacement", replacement),
    ]
  }()

  /// What is left of a run: the last checkpoint, the records, and how it ended.
  private struct Result: Equatable {
    let checkpoint: Data
    let records: [String]
    let outcome: [String]

    init(_ directory: String, _ outcome: Outcome) throws {
      checkpoint = try bytes(of: #require(Run.checkpoints(in: directory).last).path)
      records = try Run.records(in: directory).timeless
      self.outcome = outcome.timeless
    }
  }

  private func observed(_ training: SmallTraining, in run: Run) throws -> Trainer<Float> {
    var trainer = try training.trainer(as: Float.self, run: run)
    trainer.observe(.every(5), as: "sum") { Double($0.parameterVector.reduce(0, +)) }
    trainer.observe(.at([4]), as: "early") { Double($0.parameterVector[0]) }
    return trainer
  }

  private func neverStopped(_ training: SmallTraining, steps: Int, in directory: String) throws
    -> Result
  {
    var trainer = try observed(training, in: Run(directory: directory))
    return try Result(directory, training.fit(&trainer, steps: steps))
  }

  private func resumed(
    _ training: SmallTraining, steps: Int, stoppingAt stop: Int? = nil, in directory: String
  ) throws -> Outcome {
    var trainer = try observed(training, in: Run(continuing: directory))
    try trainer.resume(training.trainerPlan(), steps: steps)
    return try training.fit(&trainer, steps: steps, stoppingAt: stop)
  }

  @Test(.tags(.resume), arguments: 0..<4, 0..<4)
  func stoppedAnywhereEqualsNeverStopped(training index: Int, seed: Int) throws {
    let training = Self.trainings[index].training
    let key = RandomKey(seed: UInt64(seed)).fork(index)
    let stops = (0..<3).map { key.integer(at: $0, in: 0..<training.steps) }.sorted()
    try withTemporaryFolder { folder in
      let expected = try neverStopped(training, steps: training.steps, in: folder + "/whole")
      let directory = folder + "/parts"
      var trainer = try observed(training, in: Run(directory: directory))
      let first = try training.fit(&trainer, stoppingAt: stops[0])
      #expect(first.wasStopped && first.steps == stops[0])
      for stop in stops[1...] where stop > stops[0] {
        _ = try resumed(training, steps: training.steps, stoppingAt: stop, in: directory)
      }
      let outcome = try resumed(training, steps: training.steps, in: directory)
      #expect(!outcome.wasStopped)
      #expect(try Result(directory, outcome) == expected, "stopped at \(stops)")
    }
  }

  @Test(
    .tags(.resume), arguments: 0..<4, [(0, 40), (1, 40), (5, 21), (21, 40), (22, 23), (39, 40)])
  func moreStepsThanFirstAskedForEqualAskingForThemAtOnce(index: Int, steps: (Int, Int)) throws {
    let training = Self.trainings[index].training
    try withTemporaryFolder { folder in
      let expected = try neverStopped(training, steps: steps.1, in: folder + "/whole")
      let directory = folder + "/parts"
      if steps.0 >= 4 {
        _ = try neverStopped(training, steps: steps.0, in: directory)
      } else {  // too short for one of the observers
        var trainer = try training.trainer(as: Float.self, run: Run(directory: directory))
        trainer.observe(.every(5), as: "sum") { Double($0.parameterVector.reduce(0, +)) }
        _ = try training.fit(&trainer, steps: steps.0)
      }
      let outcome = try resumed(training, steps: steps.1, in: directory)
      #expect(try Result(directory, outcome) == expected)
    }
  }

  private struct Broken: Error {}

  /// Records that were written after the last checkpoint are made again.
  @Test(.tags(.resume), arguments: 0..<4, [1, 8, 12, 26, 33])
  func brokenOffAnywhereEqualsNeverStopped(index: Int, step: Int) throws {
    let training = Self.trainings[index].training
    try withTemporaryFolder { folder in
      let expected = try neverStopped(training, steps: training.steps, in: folder + "/whole")
      let directory = folder + "/parts"
      var trainer = try observed(training, in: Run(directory: directory))
      trainer.observe(.at([step]), as: "break") { _ in throw Broken() }
      #expect(throws: Broken.self) { try training.fit(&trainer) }
      let outcome = try resumed(training, steps: training.steps, in: directory)
      #expect(try Result(directory, outcome) == expected)
    }
  }

  /// Continuing a run that had ended lost the record of its last step.
  @Test(.tags(.resume), arguments: [35, 40])
  func continuingAFinishedRunChangesNothing(steps: Int) throws {
    let training = SmallTraining.perceptron()
    try withTemporaryFolder { folder in
      let directory = folder + "/run"
      let expected = try neverStopped(training, steps: steps, in: directory)
      let outcome = try resumed(training, steps: steps, in: directory)
      #expect(try Result(directory, outcome) == expected)
    }
  }

  /// The next record was written behind an unfinished line, and neither could be read.
  @Test(.tags(.resume)) func anUnfinishedLastLineIsForgotten() throws {
    let training = SmallTraining.perceptron()
    try withTemporaryFolder { folder in
      let expected = try neverStopped(training, steps: training.steps, in: folder + "/whole")
      let directory = folder + "/parts"
      var trainer = try observed(training, in: Run(directory: directory))
      _ = try training.fit(&trainer, stoppingAt: 14)
      let file = try #require(FileHandle(forWritingAtPath: directory + "/metrics.jsonl"))
      try file.seekToEnd()
      try file.write(contentsOf: Data(#"{"step":15,"sec"#.utf8))
      try file.close()
      #expect(try Run.records(in: directory).last?.step == 14)
      let outcome = try resumed(training, steps: training.steps, in: directory)
      #expect(try Result(directory, outcome) == expected)
    }
  }

  /// A run that was killed before its first checkpoint could not be continued.
  @Test(.tags(.resume)) func aRunWithoutACheckpointBeginsAgain() throws {
    let training = SmallTraining.perceptron()
    try withTemporaryFolder { folder in
      let expected = try neverStopped(training, steps: training.steps, in: folder + "/whole")
      let directory = folder + "/parts"
      let run = try Run(directory: directory)
      try run.held {
        try run.record([Record(step: 0, seconds: 0.1, name: "train/loss", value: 2)])
      }
      let outcome = try resumed(training, steps: training.steps, in: directory)
      #expect(try Result(directory, outcome) == expected)
    }
  }

  /// Somebody else went on with a run whose process had stood still for too long.
  @Test func aRunThatWasTakenOverWritesNothingMore() throws {
    let training = SmallTraining.perceptron()
    try withTemporaryFolder { folder in
      let directory = folder + "/run"
      let run = try Run(
        creating: directory, description: [:], timing: .init(interval: 0.001, expiry: 100))
      var trainer = try training.trainer(as: Float.self, run: run)
      var wasTaken = false
      let error = #expect(throws: RunError.self) {
        try trainer.fit(training.data, steps: 40, plan: training.trainerPlan(), key: training.key) {
          guard $0 == 15 else { return true }
          try? AtomicFile.write("{}", to: directory + "/owner-2.json")
          for _ in 0..<10_000 where !wasTaken {
            usleep(1_000)
            wasTaken = (try? run.check()) == nil
          }
          return true
        }
      }
      #expect(wasTaken)
      #expect(
        error?.description.hasPrefix("\(directory) was taken over by another process") == true)
      #expect(try Run.records(in: directory).last?.step == 14)
      #expect(try Run.checkpoints(in: directory).last?.step == 11)
      #expect(try Run.description(of: directory)["state"] == .string("running"))
      #expect(Folder.names(in: directory).contains("owner-2.json"))
    }
  }

  @Test func aRunWhoseCheckpointsAreGoneIsRefused() throws {
    let training = SmallTraining.perceptron()
    try withTemporaryFolder { folder in
      let directory = folder + "/run"
      _ = try neverStopped(training, steps: 5, in: directory)
      try FileManager.default.removeItem(atPath: directory + "/checkpoints")
      let error = #expect(throws: RunError.self) {
        try resumed(training, steps: 6, in: directory)
      }
      #expect(error?.description == "\(directory) has no checkpoint to continue from")
    }
  }
}
