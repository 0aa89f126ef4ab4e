import Foundation
import GrokReports
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// The program as a user meets it: exit statuses, run folders, signals.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"), .serialized)
struct ProgramTests {
  private let small = [
    "data.modulus=11", "model.width=16", "model.perceptronWidth=32", "train.steps=400",
    "checkpoint.every=50", "record.every=30", "--quiet",
  ]

  private func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0 != "output" && $0 != "errors" }.sorted()
  }

  // MARK: Runs

  @Test func trainingLeavesAFolderWithAReport() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(["train", "--name", "a"] + small, in: folder)
      #expect(end.status == 0)
      #expect(end.errors == "")
      let run = folder + "/runs/a"
      #expect(
        files(in: run) == [
          "checkpoints", "events.out.tfevents.0.grok", "figures", "metrics.jsonl", "report.html",
          "run.json", "settings.yaml",
        ])
      #expect(files(in: run + "/figures") == ["accuracy.svg", "loss.svg", "weight-norm.svg"])
      let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
      #expect(page.components(separatedBy: "class=\"plot\"").count == 4)
      let line = try #require(end.output.split(separator: "\n").last)
      let result = try #require(JSONValue(parsing: Array(line.utf8)).object)
      #expect(
        result.keys == [
          "run", "steps", "trainLoss", "testLoss", "trainAccuracy", "testAccuracy", "fitStep",
          "generalizationStep", "delay", "relapses", "seconds", "stepsPerSecond", "peakMemoryBytes",
        ])
      #expect(result["steps"]?.integer == 400)
      #expect(try Run.description(of: run)["state"] == .string("done"))
      // The settings of a run make the same run.
      let again = try ProgramProcess.run(
        ["train", "--config", run + "/settings.yaml", "--name", "b", "--quiet"], in: folder)
      #expect(again.status == 0)
      try expectSameRuns(run, folder + "/runs/b")
      let report = try ProgramProcess.run(["report", "runs/a"], in: folder)
      #expect(report.status == 0 && report.output == "runs/a/report.html\n")
      // By default a number is added to a name that is taken; a name that was asked for is refused.
      let taken = try ProgramProcess.run(["train", "--name", "a"] + small, in: folder)
      #expect(taken.status == 1)
      #expect(
        taken.errors
          == "error: runs/a exists already, and a run is never overwritten; give another --out or "
          + "--name\n")
    }
  }

  @Test func listsGoToStandardOutput() throws {
    try withTemporaryFolder { folder in
      let presets = try ProgramProcess.run(["presets"], in: folder)
      #expect(presets.status == 0)
      // What a sweep of a route varies stands below its line.
      let lines = presets.output.split(separator: "\n")
      #expect(lines.count { !$0.hasPrefix(" ") } == Preset.grokking.count)
      #expect(lines.contains { $0.hasSuffix("  sweep: model.outputScale=0.001,0.1,0.5 seed=0..4") })
      let settings = try ProgramProcess.run(["settings", "mnist-omnigrok"], in: folder)
      #expect(settings.status == 0)
      #expect(settings.output.contains("\nmodel.initializationScale=8.0\n"))
      #expect(settings.output.split(separator: "\n").count == 3 * Setting.all.count)
      #expect(settings.output.contains("from 0.0 to 1000.0; default 1.0\n"))
      let group = try ProgramProcess.run(["settings", "checkpoint"], in: folder)
      #expect(group.output.split(separator: "\n").count % 3 == 0)
      #expect(group.output.hasPrefix("checkpoint."))
      let unknown = try ProgramProcess.run(["settings", "mnist"], in: folder)
      #expect(unknown.status == 64)
    }
  }

  /// TensorBoard's own reader finds the numbers of metrics.jsonl, and the settings with the outcome.
  @Test(
    .tags(.golden),
    .enabled(if: PeerPython.has("tensorboard"), "\(PeerPython.howToProvide("tensorboard"))"))
  func tensorBoardShowsTheRun() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(["train", "--name", "a", "seed=4"] + small, in: folder)
      #expect(end.status == 0)
      let script = fixtureURL("tensorboard/describe.py").path
      let run = folder + "/runs/a"
      let found = try JSONValue(
        parsing: PeerPython.run([script, run + "/events.out.tfevents.0.grok"]))
      let records = try Run.records(in: run)
      for name in Set(records.map(\.name)) {
        let rows = try #require(found["scalars"]?[name]?.array)
        let expected = records.filter { $0.name == name }
        #expect(rows.map { $0.array?[1].integer } == expected.map(\.step))
        #expect(
          rows.map { $0.array?[2].double.map { Float($0) } } == expected.map { Float($0.value) })
      }
      #expect(found["histograms"]?["parameters/embed.W_E"]?.array?.count ?? 0 > 3)
      #expect(
        Set(found["images"]?.object?.keys ?? []) == [
          "figures/accuracy", "figures/loss", "figures/weight-norm",
        ])
      let table = try JSONValue(parsing: PeerPython.run([script, "runs", folder + "/runs"]))
      let group = try #require(table["groups"]?["a"])
      #expect(group["status"]?.integer == 1)
      #expect(group["settings"]?["seed"]?.double == 4)
      #expect(group["settings"]?["model.kind"]?.string == "transformer")
      let loss = records.last { $0.name == "test/loss" }
      #expect(
        group["metrics"]?["test/loss"]?.double.map { Float($0) } == loss.map { Float($0.value) })
    }
  }

  @Test func recordsAreExported() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(["train", "--name", "a"] + small, in: folder)
      #expect(end.status == 0)
      let records = try Run.records(in: folder + "/runs/a")
      let files = try ProgramProcess.run(
        ["export", "runs/a", "--csv", "a.csv", "--npz", "a.npz"], in: folder)
      #expect(
        files.output
          == #"{"runs":1,"records":\#(records.count),"csv":"a.csv","npz":"a.npz"}"# + "\n")
      let table = try Archive(contentsOf: folder + "/a.csv")
      #expect(table.names.prefix(3) == ["step", "seconds", "train/loss"])
      let losses = records.filter { $0.name == "test/loss" }.map(\.value)
      #expect(try table.doubles("test/loss") == losses)
      #expect(try Archive(contentsOf: folder + "/a.npz").doubles("test/loss/value") == losses)
      let streamed = try ProgramProcess.run(["export", "runs/a"], in: folder)
      #expect(streamed.output == (try String(contentsOfFile: folder + "/a.csv", encoding: .utf8)))
      for (arguments, message) in [
        (["--csv", "-", "--npz", "-"], "only one of --csv and --npz can be standard output"),
        (["--npz", "a.npz", "--long"], "--long is a layout of --csv, which is missing"),
      ] {
        let end = try ProgramProcess.run(["export", "runs/a"] + arguments, in: folder)
        #expect(end.status == 64 && end.errors == "error: \(message)\n")
      }
    }
  }

  // MARK: Failures

  @Test(
    arguments: [
      (
        ["train.stepz=1"], 64, "error: unknown setting 'train.stepz'; did you mean 'train.steps'?\n"
      ),
      (["--preset", "x"], 64, nil),
      (["--config", "no.yaml"], 64, "error: no.yaml: cannot be read\n"),
      (["--nonsense"], 64, nil),
      (["data.name=mnist", "model.kind=mlp"], 1, nil),
      (
        ["model.initialParameters=no.npz"], 1,
        "error: cannot read no.npz: No such file or directory\n"
      ),
      (["data.split=no.npy"], 1, "error: cannot read no.npy: No such file or directory\n"),
    ] as [([String], Int32, String?)])
  func mistakesCreateNothing(arguments: [String], status: Int32, message: String?) throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(["train"] + arguments, in: folder)
      #expect(end.status == status)
      #expect(end.output == "")
      if let message { #expect(end.errors == message) }
      #expect(files(in: folder) == [])
    }
  }

  @Test func aFailedRunSaysWhy() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        ["train", "--name", "a"] + small
          + [
            "train.optimizer=sgd", "train.learningRate=1000", "train.warmUpSteps=0",
            "model.initializationScale=1000",
          ],
        in: folder)
      #expect(end.status == 1)
      let line = try #require(end.errors.split(separator: "\n").last)
      #expect(line.hasPrefix("error: ") && line.hasSuffix("; try a smaller train.learningRate"))
      let description = try Run.description(of: folder + "/runs/a")
      #expect(description["state"] == .string("failed"))
      #expect(description["error"]?.string.map { "error: " + $0 } == String(line))
    }
  }

  @Test func resumingRefusesOtherSettings() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(["train", "--name", "a"] + small, in: folder).status == 0)
      let before = try Data(contentsOf: URL(fileURLWithPath: folder + "/runs/a/run.json"))
      for (override, message) in [
        (
          "seed=1",
          "only train.steps, train.threads, checkpoint.safetySeconds and measure.… may change when a "
            + "run is continued"
        ),
        ("train.steps=399", "train.steps=399 are fewer than the 400 that are done"),
      ] {
        let end = try ProgramProcess.run(["resume", "runs/a", override], in: folder)
        #expect(end.status == 64)
        #expect(end.errors == "error: \(message)\n")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/runs/a/run.json")) == before)
      let missing = try ProgramProcess.run(["resume", "runs/b"], in: folder)
      #expect(missing.status == 1)
      #expect(
        missing.errors
          == "error: runs/b: is no run folder: cannot read runs/b/run.json: No such file or "
          + "directory\n")
    }
  }

  // MARK: Signals

  @Test(.tags(.resume), arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func signalsStopWithACheckpoint(signal: Int32, status: Int32) throws {
    try withTemporaryFolder { folder in
      let run = folder + "/runs/a"
      let long = try ProgramProcess(
        ["train", "--name", "a"] + small + ["train.steps=100000000"], in: folder)
      #expect(wait { ((try? Run.checkpoints(in: run)) ?? []).count > 2 })
      long.send(signal)
      let hasEnded = wait { !long.isRunning }
      if !hasEnded { long.send(SIGKILL) }
      let end = long.end()
      #expect(end.status == status)
      #expect(try Run.description(of: run)["state"] == .string("stopped"))
      let line = try #require(end.output.split(separator: "\n").last)
      let steps = try #require(JSONValue(parsing: Array(line.utf8))["steps"]?.integer)
      #expect(try Run.checkpoints(in: run).last?.step == steps)
      // Continued for a few steps, it equals a run that never stopped.
      let last = "train.steps=\(steps + 20)"
      #expect(
        try ProgramProcess.run(["resume", "runs/a", last, "--quiet"], in: folder).status == 0)
      #expect(try Run.description(of: run)["settings"]?["train.steps"]?.string == "\(steps + 20)")
      let whole = try ProgramProcess.run(["train", "--name", "b"] + small + [last], in: folder)
      #expect(whole.status == 0)
      try expectSameRuns(run, folder + "/runs/b")
    }
  }
}
