import Foundation
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// Runs that are killed, or that the disk refuses, end up as if nothing had happened.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"), .serialized)
struct FaultTests {
  private let small = [
    "data.modulus=11", "model.width=16", "model.perceptronWidth=32", "train.steps=300",
    "train.threads=1", "checkpoint.every=20", "checkpoint.keep=2", "record.every=3", "--quiet",
  ]

  private func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Trains, kills at random instants, and continues until the run is done; how often it was killed.
  private func killAndResume(_ run: String, in folder: String, key: RandomKey, seconds: Double)
    throws -> Int
  {
    var kills = 0
    for attempt in 0..<40 {
      let program = try ProgramProcess(
        exists(run) ? ["resume", run, "--quiet"] : ["train", "--name", lastName(of: run)] + small,
        in: folder)
      if kills < 4 {
        // A third of the kills hit the first milliseconds, when the folder is made or opened.
        let span = key.integer(at: 2 * attempt, in: 0..<3) == 0 ? 0.03 : 0.4 * seconds
        usleep(UInt32(key.integer(at: 2 * attempt + 1, in: 0..<Int(span * 1e6))))
        program.send(SIGKILL)
      }
      let end = program.end()
      if end.status == 0 { return kills }
      #expect(end.status == 128 + SIGKILL, "\(end.errors)")
      kills += 1
    }
    return kills
  }

  @Test(.tags(.resume), arguments: 0..<4 as Range<UInt64>)
  func killedAtAnyMomentAndResumedEqualsNeverStopped(seed: UInt64) throws {
    try withTemporaryFolder { folder in
      let start = monotonicSeconds()
      #expect(try ProgramProcess.run(["train", "--name", "whole"] + small, in: folder).status == 0)
      let seconds = monotonicSeconds() - start
      let run = folder + "/runs/parts"
      let kills = try killAndResume(run, in: folder, key: RandomKey(seed: seed), seconds: seconds)
      #expect(kills > 0)
      try expectSameRuns(run, folder + "/runs/whole", "seed \(seed), \(kills) kills")
      // What was killed while it was made is gone with the next run, unless it had no owner yet.
      #expect(try ProgramProcess.run(["train", "train.steps=1"] + small, in: folder).status == 0)
      let left = names(in: folder + "/runs").filter { name in
        !name.hasPrefix(".") || names(in: folder + "/runs/" + name).contains("owner-1.json")
      }
      #expect(left == ["modular-addition", "parts", "whole"])
    }
  }

  /// Wherever the disk refuses, the run says so in one line, keeps what it had, and goes on when there is room.
  @Test(.tags(.resume)) func whatTheDiskRefusesCanBeContinued() throws {
    try withTemporaryFolder { folder in
      let whole = folder + "/runs/whole"
      #expect(try ProgramProcess.run(["train", "--name", "whole"] + small, in: folder).status == 0)
      for kilobytes in [1, 2, 3, 4, 6, 14, 30, 40, 48] {
        let run = folder + "/runs/\(kilobytes)"
        let end = try ProgramProcess.run(
          ["train", "--name", "\(kilobytes)"] + small, in: folder, fileLimit: kilobytes)
        #expect(end.status == 1)
        #expect(end.output == "")
        #expect(end.errors.hasPrefix("error: "))
        #expect(end.errors.hasSuffix(": File too large\n"), "\(end.errors)")
        #expect(end.errors.count { $0 == "\n" } == 1)
        guard exists(run) else {
          #expect(kilobytes < 6)  // the first files did not fit, and nothing was made
          continue
        }
        for (_, path) in try Run.checkpoints(in: run) { _ = try Archive(contentsOf: path) }
        _ = try Run.records(in: run)
        #expect(try Run.description(of: run)["state"]?.string == "failed" || kilobytes < 6)
        let again = try ProgramProcess.run(["resume", run, "--quiet"], in: folder)
        #expect(again.status == 0, "\(again.errors)")
        try expectSameRuns(run, whole, "\(kilobytes) kB")
      }
    }
  }
}
