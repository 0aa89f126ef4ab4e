import Foundation
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokTraining

/// Sweeps as a user runs them: processes, signals, kills, and what is left on the disk.
@Suite(
  .serialized, .enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
struct LocalSweepTests {
  private let small = ["data.modulus=7", "model.width=8", "model.perceptronWidth=12"]

  private func sweep(
    _ arguments: String..., in folder: String
  ) throws -> (status: Int32, output: String, errors: String) {
    try ProgramProcess.run(["sweep"] + arguments, in: folder)
  }

  /// The last line of the standard output.
  private func result(_ output: String) throws -> JSONObject {
    let line = try #require(output.split(separator: "\n").last)
    var object = try #require(JSONValue(parsing: Array(line.utf8)).object)
    object["seconds"] = nil
    return object
  }

  private func expected(jobs: Int, done: Int, failed: Int = 0, waiting: Int = 0) -> JSONObject {
    [
      "sweep": "s", "jobs": JSONValue(jobs), "done": JSONValue(done), "failed": JSONValue(failed),
      "running": 0, "waiting": JSONValue(waiting),
    ]
  }

  private func records(_ folder: String) throws -> [JobRecord] {
    let opened = try SweepFolder(opening: folder + "/s")
    return try (0..<opened.sweep.jobCount).map { try opened.record(ofJob: $0) }
  }

  /// What training must leave, whatever happened to it: the last checkpoint of a job's run.
  private func checkpoint(_ folder: String, _ job: Int) throws -> Data {
    let run = try SweepFolder(opening: folder + "/s").run(ofJob: job)
    let path = try #require(Run.checkpoints(in: run).last).path
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// The process that works on a job, once its run has checkpoints.
  private func worker(_ folder: String, job: Int, checkpoints: Int = 3) throws -> Int32 {
    let path = "\(folder)/s/jobs/000/00000\(job)"
    #expect(wait { ((try? Run.checkpoints(in: path + "/run")) ?? []).count >= checkpoints })
    let state = Owner.state(of: path)
    guard case .held(let holder) = state, let identity = holder.identity else {
      Issue.record("job \(job): \(state)")
      return 0
    }
    return Int32(identity.process)
  }

  // MARK: Running

  @Test func everyJobIsTheRunOfItsSettings() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        ["sweep"] + small + ["train.weightDecay=0.1,1", "--repeats", "2", "train.steps=60"]
          + ["--out", "s", "--workers", "2"], in: folder)
      #expect(end.status == 0, "\(end.errors)")
      #expect(try result(end.output) == expected(jobs: 4, done: 4))
      #expect(try records(folder).map(\.attempts) == [1, 1, 1, 1])
      let single = try ProgramProcess.run(
        ["train", "--name", "r"] + small + ["train.weightDecay=1", "seed=1", "train.steps=60"],
        in: folder)
      #expect(single.status == 0)
      let last = try #require(Run.checkpoints(in: folder + "/runs/r").last).path
      #expect(try checkpoint(folder, 3) == Data(contentsOf: URL(fileURLWithPath: last)))
      let index = try String(contentsOfFile: folder + "/s/jobs.csv", encoding: .utf8)
      #expect(index.split(separator: "\n").count == 5)
      let log = try String(contentsOfFile: folder + "/s/jobs/000/000003/log.txt", encoding: .utf8)
      #expect(log.contains(": train.weightDecay=1.0 seed=1\n"))
      // Nothing is left to do, and nothing is done twice.
      let again = try sweep("--out", "s", "--resume", in: folder)
      #expect(again.status == 0)
      #expect(try result(again.output) == expected(jobs: 4, done: 4))
      #expect(try records(folder).map(\.attempts) == [1, 1, 1, 1])
    }
  }

  @Test(
    arguments: [
      (
        ["seed=0..3", "train.stepz=1"], 64,
        "unknown setting 'train.stepz'; did you mean 'train.steps'?"
      ),
      (["seed=0..3", "model.headCount=4,5"], 64, nil),
      (["seed=0..3", "seed=1"], 64, "'seed' is varied twice"),
      (["seed=0..3", "data.name=mnist", "model.kind=mlp"], 1, nil),
    ] as [([String], Int32, String?)])
  func mistakesCreateNothing(arguments: [String], status: Int32, message: String?) throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(["sweep", "--out", "s"] + arguments, in: folder)
      #expect(end.status == status && end.output == "")
      if let message { #expect(end.errors == "error: \(message)\n") }
      #expect(!exists(folder + "/s"))
    }
  }

  @Test func aDryRunShowsTheJobsAndCreatesNothing() throws {
    try withTemporaryFolder { folder in
      let end = try sweep(
        "train.weightDecay=0.1,1,10", "--repeats", "8", "--out", "s", "--dry-run", in: folder)
      #expect(end.status == 0 && end.errors == "")
      #expect(
        end.output.hasPrefix(
          """
          24 jobs
            train.weightDecay  3 values  0.1 1.0 10.0
            seed               8 values  0 1 2 3 4 5 6 7
          about 
          """))
      #expect(
        end.output.hasSuffix(
          """

            job  train.weightDecay  seed
            0    0.1                0
            1    0.1                1
            2    0.1                2
            3    0.1                3
            …
            20   10.0               4
            21   10.0               5
            22   10.0               6
            23   10.0               7

          """))
      #expect(!exists(folder + "/s"))
    }
  }

  @Test func aFolderForOtherSettingsIsRefused() throws {
    try withTemporaryFolder { folder in
      let first = ["sweep"] + small + ["train.steps=3", "--out", "s"]
      #expect(try ProgramProcess.run(first + ["seed=0..1"], in: folder).status == 0)
      let taken = try ProgramProcess.run(first + ["seed=0..1"], in: folder)
      #expect(taken.status == 1)
      #expect(
        taken.errors
          == "error: s exists already; --resume goes on with a sweep, another --out begins a new "
          + "one\n")
      let other = try ProgramProcess.run(first + ["seed=0..2", "--resume"], in: folder)
      #expect(other.status == 1)
      #expect(
        other.errors
          == "error: s was made for other settings: seed has 2 values there and 3 here; give "
          + "another --out, or --resume alone\n")
      let same = try ProgramProcess.run(first + ["seed=0..1", "--resume"], in: folder)
      #expect(same.status == 0)
    }
  }

  // MARK: Failures

  /// The second job's numbers grow out of bounds at once.
  private let diverging = [
    "model.initializationScale=1,1000,0.5", "train.optimizer=sgd", "train.learningRate=0.1",
    "train.warmUpSteps=0",
  ]

  @Test func aFailedJobLosesOnlyItself() throws {
    try withTemporaryFolder { folder in
      let arguments = ["sweep"] + small + diverging
      let more = ["train.steps=30", "--out", "s", "--workers", "1"]
      let end = try ProgramProcess.run(arguments + more, in: folder)
      #expect(end.status == 1)
      #expect(try result(end.output) == expected(jobs: 3, done: 2, failed: 1))
      #expect(
        end.errors.contains(
          "job 1 failed (model.initializationScale=1000.0); the end of s/jobs/000/000001/log.txt:\n"
        ))
      #expect(end.errors.contains("; try a smaller train.learningRate\n"))
      let error = try #require(records(folder)[1].error)
      #expect(error.hasSuffix("; try a smaller train.learningRate"))
      // It is what is not done, so it is run again.
      let again = try sweep("--out", "s", "--resume", in: folder)
      #expect(again.status == 1)
      #expect(try records(folder).map(\.attempts) == [1, 2, 1])
    }
  }

  @Test func failFastStopsTheOthersWithACheckpoint() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        ["sweep"] + small + diverging + [
          "train.steps=100000000", "--out", "s", "--workers", "2", "--fail-fast",
        ], in: folder)
      #expect(end.status == 1)
      #expect(try result(end.output) == expected(jobs: 3, done: 0, failed: 1, waiting: 2))
      let run = folder + "/s/jobs/000/000000/run"
      #expect(try Run.description(of: run)["state"] == .string("stopped"))
    }
  }

  // MARK: Signals and kills

  private let steps = ["train.steps=1500"]

  /// The last checkpoints of the same jobs, undisturbed.
  private static let undisturbed = Result {
    try withTemporaryFolder { folder in
      let tests = LocalSweepTests()
      let end = try ProgramProcess.run(
        ["sweep"] + tests.small + tests.steps + ["seed=0..1", "--out", "s"], in: folder)
      #expect(end.status == 0)
      return try [tests.checkpoint(folder, 0), tests.checkpoint(folder, 1)]
    }
  }

  @Test(.tags(.resume), arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func signalsStopAllJobsWithCheckpoints(signal: Int32, status: Int32) throws {
    let whole = try Self.undisturbed.get()
    try withTemporaryFolder { folder in
      let program = try ProgramProcess(
        ["sweep"] + small + steps + ["seed=0..1", "--out", "s", "--workers", "2"], in: folder)
      _ = try worker(folder, job: 0)
      program.send(signal)
      let end = program.end()
      #expect(end.status == status)
      #expect(try records(folder)[0].state == .waiting)
      #expect(
        try Run.description(of: folder + "/s/jobs/000/000000/run")["state"] == .string("stopped"))
      #expect(try sweep("--out", "s", "--resume", in: folder).status == 0)
      #expect(try [checkpoint(folder, 0), checkpoint(folder, 1)] == whole)
      #expect(try records(folder)[0].attempts == 2)
    }
  }

  @Test(.tags(.resume)) func aKilledJobGoesOnFromItsCheckpoint() throws {
    let whole = try Self.undisturbed.get()
    try withTemporaryFolder { folder in
      let program = try ProgramProcess(
        ["sweep"] + small + steps + ["seed=0..1", "--out", "s", "--workers", "1"], in: folder)
      kill(try worker(folder, job: 0), SIGKILL)
      let end = program.end()
      #expect(end.status == 0)
      #expect(try records(folder).map(\.attempts) == [2, 1])
      #expect(try [checkpoint(folder, 0), checkpoint(folder, 1)] == whole)
    }
  }

  @Test func aJobThatIsKilledTooOftenHasFailed() throws {
    try withTemporaryFolder { folder in
      let program = try ProgramProcess(
        ["sweep"] + small + steps
          + ["seed=0..1", "--out", "s", "--workers", "1", "--attempts", "1"], in: folder)
      kill(try worker(folder, job: 0), SIGKILL)
      let end = program.end()
      #expect(end.status == 1)
      #expect(try result(end.output) == expected(jobs: 2, done: 1, failed: 1))
      #expect(
        try records(folder)[0].error
          == "was killed in 1 attempts; the end of log.txt may say why")
    }
  }

  /// Nobody waits for the processes of a sweep that has been killed: they end after a checkpoint.
  @Test func jobsOfAKilledSweepStop() throws {
    try withTemporaryFolder { folder in
      let program = try ProgramProcess(
        ["sweep"] + small + ["train.steps=100000000", "seed=0..1", "--out", "s", "--workers", "1"],
        in: folder)
      let process = try worker(folder, job: 0)
      program.send(SIGKILL)
      #expect(program.end().status == 128 + SIGKILL)
      #expect(wait { kill(process, 0) != 0 })
      #expect(
        try Run.description(of: folder + "/s/jobs/000/000000/run")["state"] == .string("stopped"))
      #expect(try records(folder).map(\.state) == [.waiting, .waiting])
    }
  }

  @Test(.tags(.resume)) func aSweepKilledWithItsJobsIsResumed() throws {
    let whole = try Self.undisturbed.get()
    try withTemporaryFolder { folder in
      let program = try ProgramProcess(
        ["sweep"] + small + steps + ["seed=0..1", "--out", "s", "--workers", "1"], in: folder)
      let process = try worker(folder, job: 0)
      program.send(SIGKILL)
      kill(process, SIGKILL)
      _ = program.end()
      #expect(wait { (try? records(folder)[0].state) == .waiting })
      #expect(try sweep("--out", "s", "--resume", in: folder).status == 0)
      #expect(try [checkpoint(folder, 0), checkpoint(folder, 1)] == whole)
      #expect(try records(folder).map(\.attempts) == [2, 1])
    }
  }

  @Test func severalSweepsOverOneFolderShareItsJobs() throws {
    try withTemporaryFolder { folder in
      let made = try Sweep(
        Settings(), arguments: small + ["train.steps=500", "train.threads=1", "seed=0..7"])
      _ = try SweepFolder.create(made, at: folder + "/s", program: "grokking", preset: nil)
      for name in ["a", "b"] { try makeFolder("\(folder)/\(name)") }
      let programs = try ["a", "b"].map { name in
        try ProgramProcess(
          ["sweep", "--out", "../s", "--resume", "--workers", "2"], in: "\(folder)/\(name)")
      }
      // Both end when all jobs have, whoever ran them.
      for program in programs {
        let end = program.end()
        #expect(end.status == 0)
        #expect(end.output.contains("\"done\":8,\"failed\":0,\"running\":0,\"waiting\":0"))
      }
      #expect(try records(folder).map(\.attempts) == [Int](repeating: 1, count: 8))
    }
  }
}
