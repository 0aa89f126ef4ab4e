import Foundation
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// Lazy networks start from numbers that are in no setting: their runs must go on, and be measured, from the very same.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"), .serialized)
struct LazyRunTests {
  private let small = [
    "data.modulus=7", "model.width=8", "model.headCount=2", "model.perceptronWidth=16",
    "train.threads=1", "checkpoint.every=10", "model.activation=gelu",
  ]

  @Test(
    .tags(.resume),
    arguments: [
      ["model.linearized=true"], ["model.centered=true", "model.laziness=100"],
      ["model.linearized=true", "model.centered=true", "train.precision=double"],
    ])
  func stoppedAndResumedIsNeverHavingStopped(kind: [String]) throws {
    try withTemporaryFolder { folder in
      let whole = try ProgramProcess.run(
        ["train", "--name", "whole", "--quiet", "train.steps=40"] + small + kind, in: folder)
      #expect(whole.status == 0, "\(whole.errors)")
      let part = try ProgramProcess.run(
        ["train", "--name", "part", "--quiet", "train.steps=20"] + small + kind, in: folder)
      #expect(part.status == 0)
      let rest = try ProgramProcess.run(
        ["resume", "runs/part", "train.steps=40", "--quiet"], in: folder)
      #expect(rest.status == 0, "\(rest.errors)")
      try expectSameRuns(folder + "/runs/whole", folder + "/runs/part")
      let losses = try Run.records(in: folder + "/runs/whole").filter { $0.name == "train/loss" }
      let (first, last) = (try #require(losses.first), try #require(losses.last))
      #expect(last.value < 0.95 * first.value, "it has learned")
    }
  }

  /// A copy of the parameters that a run began with goes on as they did, even where their file is gone.
  @Test(.tags(.resume)) func theStoredStateCountsAndNotTheFileItCameFrom() throws {
    try withTemporaryFolder { folder in
      let first = try ProgramProcess.run(
        ["train", "--name", "first", "--quiet", "train.steps=10"] + small, in: folder)
      #expect(first.status == 0)
      let weights = folder + "/weights.safetensors"
      try FileManager.default.copyItem(
        atPath: folder + "/runs/first/checkpoints/step-00000010.safetensors", toPath: weights)
      let lazy = ["model.linearized=true", "model.initialParameters=weights.safetensors"]
      for (name, steps) in [("whole", 40), ("part", 20)] {
        let run = try ProgramProcess.run(
          ["train", "--name", name, "--quiet", "train.steps=\(steps)"] + small + lazy, in: folder)
        #expect(run.status == 0, "\(run.errors)")
      }
      // Another network of the same shape stands in its place.
      try FileManager.default.removeItem(atPath: weights)
      try FileManager.default.copyItem(
        atPath: folder + "/runs/first/checkpoints/step-00000000.safetensors", toPath: weights)
      let rest = try ProgramProcess.run(
        ["resume", "runs/part", "train.steps=40", "--quiet"], in: folder)
      #expect(rest.status == 0, "\(rest.errors)")
      try expectSameRuns(folder + "/runs/whole", folder + "/runs/part")

      try FileManager.default.removeItem(
        atPath: folder + "/runs/part/checkpoints/step-00000000.safetensors")
      let lost = try ProgramProcess.run(["resume", "runs/part", "train.steps=50"], in: folder)
      #expect(lost.status != 0)
      #expect(
        lost.errors
          == "error: model.linearized and model.centered need the checkpoint of step 0, which is not "
          + "there\n")
    }
  }

  @Test func linearizedRunsCanBeMeasured() throws {
    try withTemporaryFolder { folder in
      let run = try ProgramProcess.run(
        ["train", "--name", "a", "--quiet", "train.steps=20", "model.linearized=true"] + small,
        in: folder)
      #expect(run.status == 0)
      let stored = try StoredTraining(
        run: folder + "/runs/a", settings: settings(of: folder + "/runs/a"), dataFolders: [])
      let training = MeasuredTraining<Float>(
        stored: stored, checkpoints: stored.checkpoints, context: ComputeContext())
      let last = try training.snapshot(of: #require(stored.checkpoints.last))
      let found = try stored.experiment.loss(of: last)
      let records = try Run.records(in: folder + "/runs/a")
      let recorded = try #require(records.last { $0.name == "test/loss" }?.value)
      #expect(abs(found - recorded) < 1e-6)
    }
  }

  private func settings(of run: String) throws -> Settings {
    var settings = Settings()
    try settings.apply(file: run + "/settings.yaml")
    return settings
  }
}

extension Experiment {
  /// The mean cross-entropy of a snapshot on the examples to test with.
  fileprivate func loss(of snapshot: Snapshot<Float>) throws -> Double {
    let outputs = try snapshot.outputs(on: data.test)
    let losses = (0..<outputs.rowCount).map { row in
      let values = outputs.row(row).map(Double.init)
      let largest = values.max() ?? 0
      let sum = values.reduce(0) { $0 + exp($1 - largest) }
      return log(sum) + largest - values[Int(data.test.labels[row])]
    }
    return losses.reduce(0, +) / Double(losses.count)
  }
}
