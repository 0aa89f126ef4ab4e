import Foundation
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokTraining

@Suite struct SweepFolderTests {
  private func sweep(_ arguments: String...) throws -> Sweep {
    try Sweep(Settings(), arguments: arguments)
  }

  @Test func aFolderGivesBackItsSweep() throws {
    try withTemporaryFolder { folder in
      let sweep = try Sweep(
        Settings(),
        arguments: ["train.steps=1..3", "seed=7,9", "data.modulus=5,7", "train.weightDecay=0.25"],
        zipping: [["seed", "data.modulus"]])
      let path = folder + "/a/b"
      _ = try SweepFolder.create(
        sweep, at: path, program: "test", preset: "x", dataFolders: ["/data", "here"])
      let opened = try SweepFolder(opening: path)
      #expect(opened.sweep == sweep && opened.preset == "x")
      #expect(opened.dataFolders == ["/data", currentFolder() + "/here"])
      #expect(try files(in: path) == ["jobs", "settings.yaml", "sweep.json"])
      #expect(try files(in: folder + "/a") == ["b"])
      #expect(opened.job(5) == path + "/jobs/000/000005" && exists(opened.job(5)))
    }
  }

  /// A thousand folders to a folder, and no disk is asked to keep each of them before the next.
  @Test func manyJobsGoToManyFolders() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a"
      let sweep = try sweep("seed=0..2999")
      _ = try SweepFolder.create(sweep, at: path, program: "test", preset: nil)
      #expect(try files(in: path + "/jobs") == ["000", "001", "002"])
      #expect(try files(in: path + "/jobs/001").count == 1000)
      #expect(exists(path + "/jobs/002/002999"))
    }
  }

  @Test func whatIsThereIsNeverTaken() throws {
    try withTemporaryFolder { folder in
      let sweep = try sweep("seed=0..3")
      let path = folder + "/a"
      try makeFolder(path)  // an empty folder is nobody's
      _ = try SweepFolder.create(sweep, at: path, program: "test", preset: nil)
      let error = #expect(throws: SweepError.self) {
        try SweepFolder.create(sweep, at: path, program: "test", preset: nil)
      }
      #expect(
        error?.description
          == "\(path) exists already; --resume goes on with a sweep, another --out begins a new one"
      )
      #expect(try files(in: folder) == ["a"])
    }
  }

  @Test(arguments: [
    (nil, "FOLDER: is no sweep folder: it has no sweep.json"),
    ("[]", "FOLDER/sweep.json: does not describe a sweep"),
    (
      #"{"formatVersion": 2, "axes": []}"#,
      "FOLDER/sweep.json: has format version 2; this program reads 1"
    ),
    (
      #"{"formatVersion": 1, "axes": [{"paths": ["seeed"], "values": [["1"]]}]}"#,
      "FOLDER/sweep.json: unknown setting 'seeed'; did you mean 'seed'?"
    ),
    (
      #"{"formatVersion": 1, "axes": [{"paths": ["seed"], "values": [["1", "2"]]}]}"#,
      "FOLDER/sweep.json: an axis needs paths, and at each position a value for each of them"
    ),
  ])
  func foldersThatAreNoSweepsGiveOneLine(text: String?, message: String) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(Settings().yaml, to: folder + "/settings.yaml")
      if let text { try AtomicFile.write(text, to: folder + "/sweep.json") }
      let error = #expect(throws: RunError.self) { try SweepFolder(opening: folder) }
      #expect(error?.description.replacingOccurrences(of: folder, with: "FOLDER") == message)
    }
  }

  // MARK: Records

  @Test func aJobWithoutARecordWaitsAndARunningOneNeedsAnOwner() throws {
    try withTemporaryFolder { path in
      let folder = try SweepFolder.create(
        sweep("seed=0..3"), at: path + "/a", program: "test", preset: nil)
      #expect(try folder.record(ofJob: 2) == JobRecord())
      let written = JobRecord(
        state: .running, attempts: 2, deaths: 1, error: "why, \"so\"", outcome: ["steps": 4])
      try written.write(
        to: folder.job(2), varied: folder.sweep.varied(ofJob: 2))
      var waiting = written
      waiting.state = .waiting
      #expect(try folder.record(ofJob: 2) == waiting)
      let owner = try Owner.claim(folder.job(2))
      #expect(try folder.record(ofJob: 2) == written)
      owner.release()
      #expect(try folder.record(ofJob: 2) == waiting)
      try AtomicFile.write("nonsense", to: folder.job(1) + "/job.json")
      #expect(throws: RunError.self) { try folder.record(ofJob: 1) }
    }
  }

  @Test(.tags(.golden)) func theIndexHasALineForEachJob() throws {
    try withTemporaryFolder { path in
      let folder = try SweepFolder.create(
        sweep("data.split='a,b',c", "seed=0..1"), at: path + "/a", program: "test", preset: nil)
      let outcome: JSONObject = [
        "run": "x", "steps": 400, "trainLoss": 0.25, "testLoss": nil, "trainAccuracy": 1.0,
        "testAccuracy": 0.5, "fitStep": 100, "generalizationStep": nil, "delay": nil,
        "relapses": 0, "seconds": 1.5,
      ]
      try JobRecord(state: .done, attempts: 1, outcome: outcome).write(
        to: folder.job(1), varied: folder.sweep.varied(ofJob: 1))
      try JobRecord(state: .failed, attempts: 3, error: "a \"b\", c").write(
        to: folder.job(2), varied: folder.sweep.varied(ofJob: 2))
      let status = try SweepStatus(scanning: folder)
      #expect(status[.waiting] == 2 && status[.done] == 1 && status[.failed] == 1)
      #expect(status.numbers([.waiting, .failed]) == [0, 2, 3])
      try SweepIndex.write(status, of: folder)
      let text = try String(contentsOfFile: path + "/a/jobs.csv", encoding: .utf8)
      #expect(
        text == """
          job,data.split,seed,state,attempts,steps,trainLoss,testLoss,trainAccuracy,testAccuracy,\
          fitStep,generalizationStep,delay,relapses,seconds,error
          0,"a,b",0,waiting,0,,,,,,,,,,,
          1,"a,b",1,done,1,400,0.25,,1.0,0.5,100,,,0,1.5,
          2,c,0,failed,3,,,,,,,,,,,"a ""b"", c"
          3,c,1,waiting,0,,,,,,,,,,,

          """)
    }
  }

  // MARK: Differences

  @Test(arguments: [
    ("seed=1,2 train.steps=5", "train.steps is 20000 there and 5 here"),
    ("seed=1,2,3", "seed has 2 values there and 3 here"),
    ("seed=1,3", "value 2 of seed is 2 there and 3 here"),
    ("data.modulus=5,7", "seed varies there and data.modulus here"),
    ("train.steps=20000", "seed varies there and nothing here"),
    ("seed=1..2", nil),
  ])
  func otherSettingsAreNamed(arguments: String, difference: String?) throws {
    let other = try Sweep(
      Settings(), arguments: arguments.split(separator: " ").map(String.init))
    #expect(try sweep("seed=1,2").difference(from: other) == difference)
  }

  private func files(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }
}
