import Foundation
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// `train` and `resume` as a user meets them when things are not as they should be.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"), .serialized)
struct ResumeCommandTests {
  private let small = [
    "data.modulus=7", "model.width=8", "model.headCount=2", "model.perceptronWidth=16",
    "train.steps=40", "train.threads=1", "checkpoint.every=10",
  ]

  private func files(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  // MARK: Plans

  @Test func thePlanIsSaidBeforeTheRun() throws {
    try withTemporaryFolder { folder in
      let arguments = small + ["checkpoint.at=5", "checkpoint.keep=2", "checkpoint.perDecade=0"]
      let dry = try ProgramProcess.run(["train", "--dry-run"] + arguments, in: folder)
      #expect(dry.status == 0)
      #expect(dry.errors.hasPrefix("plan: 40 steps, "))
      #expect(dry.errors.contains(" of them recorded; 4 checkpoints of "))
      #expect(dry.errors.hasSuffix(" free\n"))
      #expect(files(in: folder) == ["errors", "output"])
      let plan = try #require(JSONValue(parsing: Array(dry.output.utf8)).object)
      let end = try ProgramProcess.run(["train", "--name", "a"] + arguments, in: folder)
      #expect(end.status == 0)
      #expect(end.errors.hasPrefix(dry.errors.prefix { $0 != "," }))
      let run = folder + "/runs/a"
      #expect(try Run.description(of: run)["plan"]?.object == plan)
      // What was reckoned is what is there.
      let checkpoints = try Run.checkpoints(in: run)
      #expect(checkpoints.map(\.step) == [0, 5, 30, 40])
      let steps = Set(try Run.records(in: run).map(\.step))
      #expect(plan["recordedSteps"]?.integer == steps.count)
      let size = try ByteSource(path: checkpoints[1].path).count
      let reckoned = try #require(plan["checkpointBytes"]?.integer)
      #expect(abs(Double(reckoned) / Double(size) - 1) < 0.1)
    }
  }

  @Test func aRateThatEndedIsNotContinued() throws {
    try withTemporaryFolder { folder in
      let course = ["train.rateCourse=cosine"]
      #expect(
        try ProgramProcess.run(["train", "--name", "a"] + small + course, in: folder).status == 0)
      let end = try ProgramProcess.run(["resume", "runs/a", "train.steps=60"], in: folder)
      #expect(end.status == 64)
      #expect(
        end.errors
          == "error: train.rateCourse=cosine ended at train.steps=40; a longer training would have had other "
          + "rates from its start, unless train.rateSteps says where they end\n")
      let whole = course + ["train.rateSteps=50"]
      #expect(
        try ProgramProcess.run(["train", "--name", "b"] + small + whole, in: folder).status == 0)
      #expect(
        try ProgramProcess.run(["resume", "runs/b", "train.steps=60"], in: folder).status == 0)
    }
  }

  @Test func aDiskWithoutRoomIsSaid() throws {
    let experiment = try Experiment(Settings(), folders: [])
    let estimate = RunEstimate(of: experiment)
    #expect(estimate.lines(freeBytes: nil).count == 1)
    let lines = estimate.lines(freeBytes: 1_000_000)
    #expect(lines.count == 2)
    #expect(
      lines[1].hasPrefix("warning: the disk has room for ")
        && lines[1].hasSuffix(
          "; make space, or choose fewer checkpoints with checkpoint.every and checkpoint.keep")
    )
    #expect(try #require(RunEstimate.freeBytes(at: "/no/such/folder")) > 0)
    #expect(RunEstimate.freeBytes(at: "none/at/all") == RunEstimate.freeBytes(at: "."))
  }

  // MARK: Resuming

  @Test func aFinishedRunHasNothingToDo() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(["train", "--name", "a", "--quiet"] + small, in: folder)
      #expect(end.status == 0)
      let before = try Data(contentsOf: URL(fileURLWithPath: folder + "/runs/a/run.json"))
      let again = try ProgramProcess.run(["resume", "runs/a"], in: folder)
      #expect(again.status == 0)
      #expect(
        again.errors == "runs/a is done: all 40 steps; train.steps=N continues to more\n")
      #expect(
        try JSONValue(parsing: Array(again.output.utf8))
          == JSONValue(parsing: Array(end.output.utf8)))
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/runs/a/run.json")) == before)
    }
  }

  @Test func aRunThatIsAtWorkIsRefused() throws {
    try withTemporaryFolder { folder in
      let run = folder + "/runs/a"
      let long = try ProgramProcess(
        ["train", "--name", "a", "--quiet"] + small + ["train.steps=100000000"], in: folder)
      #expect(wait { ((try? Run.checkpoints(in: run)) ?? []).count > 2 })
      try FileManager.default.createDirectory(
        atPath: folder + "/other", withIntermediateDirectories: false)
      let second = try ProgramProcess.run(["resume", run], in: folder + "/other")
      #expect(second.status == 1)
      #expect(second.output == "")
      let words = second.errors.components(separatedBy: " since ")
      #expect(words.count == 2)
      #expect(
        words[0]
          == "error: \(run) belongs to process \(long.number) on \(ProcessIdentity.current.host)")
      #expect(words[1].hasSuffix(" UTC; stop it first, or wait for its end\n"))
      #expect(long.isRunning)
      // Killed, it is known to be dead at once.
      long.send(SIGKILL)
      #expect(long.end().status == 128 + SIGKILL)
      #expect(files(in: run).contains("owner-1.json"))
      let last = try #require(Run.checkpoints(in: run).last?.step)
      let third = try ProgramProcess.run(
        ["resume", run, "train.steps=\(last + 1)", "--quiet"], in: folder + "/other")
      #expect(third.status == 0, "\(third.errors)")
      #expect(!files(in: run).contains { $0.hasPrefix("owner") })
    }
  }

  /// What a run was started with could not be found from another folder.
  @Test(.tags(.resume)) func filesAreFoundFromEveryFolder() throws {
    try withTemporaryFolder { folder in
      for name in ["start", "elsewhere"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
      }
      let start = folder + "/start"
      var split = Archive()
      split.set("train", Array(0..<30))
      try split.write(to: start + "/split.npy")
      let end = try ProgramProcess.run(
        ["train", "--name", "a", "--quiet", "data.split=split.npy"] + small, in: start)
      #expect(end.status == 0)
      let weights = "runs/a/checkpoints/step-00000010.safetensors"
      let second = try ProgramProcess.run(
        ["train", "--name", "b", "--quiet", "model.initialParameters=\(weights)"] + small, in: start
      )
      #expect(second.status == 0)
      for name in ["a", "b"] {
        let more = try ProgramProcess.run(
          ["resume", "\(start)/runs/\(name)", "train.steps=50", "--quiet"],
          in: folder + "/elsewhere")
        #expect(more.status == 0, "\(more.errors)")
      }
      let settings = try Run.description(of: start + "/runs/a")["settings"]
      #expect(settings?["data.split"]?.string?.hasSuffix("/start/split.npy") == true)
    }
  }

  @Test(.enabled(if: mnistFolder != nil, "set GROK_DATA_DIR to a folder with mnist/"))
  func otherDataIsRefused() throws {
    let data = try #require(Self.mnistFolder)
    try withTemporaryFolder { folder in
      let arguments = [
        "data.name=mnist", "model.kind=mlp", "model.hidden=4", "data.trainCount=20",
        "data.testCount=20", "train.steps=3", "--quiet",
      ]
      let end = try ProgramProcess.run(
        ["train", "--name", "a", "--data", data] + arguments, in: folder)
      #expect(end.status == 0, "\(end.errors)")
      // Found again without being told.
      let more = try ProgramProcess.run(
        ["resume", "runs/a", "train.steps=4", "--quiet"], in: folder)
      #expect(more.status == 0, "\(more.errors)")
      let path = folder + "/runs/a/run.json"
      var description = try Run.description(of: folder + "/runs/a")
      var digests = try #require(description["dataDigests"]?.object)
      let name = try #require(digests.keys.first)
      digests[name] = "0"
      description["dataDigests"] = .object(digests)
      try AtomicFile.write(JSONValue.object(description).text(), to: path)
      let other = try ProgramProcess.run(["resume", "runs/a", "train.steps=5"], in: folder)
      #expect(other.status == 1)
      #expect(
        other.errors
          == "error: runs/a: \(name) is not the file that the run began with; give its folder with "
          + "--data\n")
      #expect(!files(in: folder + "/runs/a").contains { $0.hasPrefix("owner") })
    }
  }

  private static let mnistFolder: String? = {
    guard let folder = ProcessInfo.processInfo.environment["GROK_DATA_DIR"],
      exists(folder + "/mnist/train-images-idx3-ubyte.gz")
    else { return nil }
    return folder
  }()
}
