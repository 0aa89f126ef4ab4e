import Foundation
import TestSupport
import Testing

@testable import GrokTraining

@Suite struct RunTests {
  @Test func aFolderIsNeverOverwritten() throws {
    try withTemporaryFolder { folder in
      let directory = folder + "/runs/deep/one"
      let run = try Run(directory: directory)
      try run.record([Record(step: 0, seconds: 0, name: "a", value: 1)])
      let before = try bytes(of: directory + "/metrics.jsonl")
      let error = #expect(throws: RunError.self) { try Run(directory: directory) }
      #expect(
        error?.description
          == "\(directory) exists already, and a run is never overwritten; give another --out or "
          + "--name")
      #expect(try bytes(of: directory + "/metrics.jsonl") == before)
      try Data().write(to: URL(fileURLWithPath: folder + "/file"))
      #expect(throws: RunError.self) { try Run(directory: folder + "/file") }
      let inside = #expect(throws: RunError.self) { try Run(directory: folder + "/file/run") }
      #expect(
        inside?.description == "\(folder)/file/run: cannot make this folder: Not a directory")
    }
  }

  @Test func theDescriptionSaysWhereTheRunStands() throws {
    try withTemporaryFolder { folder in
      let directory = folder + "/run"
      let run = try Run(
        creating: directory, description: ["seed": JSONValue(3)], files: ["a.txt": "text\n"])
      #expect(try String(decoding: bytes(of: directory + "/a.txt"), as: UTF8.self) == "text\n")
      var description = try Run.description(of: directory)
      #expect(description.keys == ["formatVersion", "state", "error", "seed"])
      #expect(description["state"] == .string("running"))
      try run.change(to: .done, ["outcome": .string("good")])
      description = try Run.description(of: directory)
      #expect(description["state"] == .string("done"))
      #expect(description["outcome"] == .string("good"))
    }
  }

  @Test(.tags(.law)) func recordsAreReadAsTheyWereWritten() throws {
    let values = [
      0, -0.0, 1.5, 0.1, 1e-300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -1 / 3,
    ]
    let records = values.enumerated().map { index, value in
      Record(
        step: index * 1_000_000_007, seconds: Double(index) * 0.125, name: "läyer/\"\(index)\"\n",
        value: value, error: index % 2 == 0 ? nil : value / 7)
    }
    try withTemporaryFolder { folder in
      let run = try Run(directory: folder + "/run")
      for record in records { try run.record([record]) }
      #expect(try Run.records(in: run.directory) == records)
      // What is no number is written as null.
      try run.record([Record(step: 9, seconds: 1, name: "x", value: .infinity)])
      let last = try #require(Run.records(in: run.directory).last)
      #expect(last.value.isNaN && last.name == "x")
    }
  }

  @Test func linesThatAreNoRecordsAreNamed() throws {
    try withTemporaryFolder { folder in
      let run = try Run(directory: folder + "/run")
      try run.record([Record(step: 0, seconds: 0, name: "a", value: 1)])
      let path = folder + "/run/metrics.jsonl"
      let good = try bytes(of: path)
      // The last line may be unfinished, whatever it says.
      try (good + Data("{\"step\":".utf8)).write(to: URL(fileURLWithPath: path))
      #expect(try Run.records(in: run.directory).count == 1)
      for line in [
        "{\"step\":", "[]", "{\"step\":1.5,\"seconds\":0,\"name\":\"a\",\"value\":1}", "",
      ] {
        try (good + Data("\(line)\n".utf8) + good).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: RunError.self) { try Run.records(in: run.directory) }
        #expect(error?.description == "\(path): line 2 is no record")
      }
    }
  }

  @Test func foldersThatAreNoRunsAreRefused() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: RunError.self) {
        try Run(continuing: folder)
      }
      #expect(
        error?.description
          == "\(folder): is no run folder: cannot read \(folder)/run.json: No such file or directory"
      )
      try Data("[1]".utf8).write(to: URL(fileURLWithPath: folder + "/run.json"))
      let other = #expect(throws: RunError.self) { try Run.description(of: folder) }
      #expect(other?.description == "\(folder)/run.json: is no JSON object")
    }
  }

  @Test func metricsAreCutBackAndTheTailIsKept() throws {
    let training = SmallTraining.perceptron()
    try withTemporaryFolder { folder in
      let run = try Run(directory: folder + "/run")
      var trainer = try training.trainer(as: Float.self, run: run)
      _ = try training.fit(&trainer, steps: 25)
      try FileManager.default.removeItem(
        atPath: folder + "/run/checkpoints/step-00000025.safetensors")
      let before = try Run.records(in: run.directory)
      var next = try training.trainer(as: Float.self, run: Run(continuing: run.directory))
      try next.resume(training.trainerPlan(), steps: 40)
      let kept = try Run.records(in: run.directory)
      #expect(kept == before.filter { $0.step <= 22 })
      let tail = try String(
        decoding: bytes(of: folder + "/run/metrics.tail.jsonl"), as: UTF8.self)
      #expect(tail == (try before.filter { $0.step > 22 }.map { try $0.line() }.joined()))
    }
  }
}
