import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// Damaged files in a run folder cost some steps, never the run.
@Suite struct DamageTests {
  private let training = SmallTraining.perceptron()

  /// Continues to the end, and says what was noticed.
  private func resume(_ directory: String) throws -> [String] {
    let run = try Run(continuing: directory)
    var trainer = try training.trainer(as: Float.self, run: run)
    try trainer.resume(training.trainerPlan(), steps: training.steps)
    _ = try training.fit(&trainer)
    return run.notices
  }

  private func expectEqual(_ directory: String, _ other: String) throws {
    #expect(try Run.records(in: directory).timeless == Run.records(in: other).timeless)
    let (found, expected) = (
      try Run.checkpoints(in: directory), try Run.checkpoints(in: other)
    )
    #expect(found.map(\.step) == expected.map(\.step))
    for (one, two) in zip(found, expected) {
      #expect(try bytes(of: one.path) == bytes(of: two.path))
    }
  }

  private func stopped(at step: Int, in folder: String) throws -> (whole: String, parts: String) {
    let (whole, parts) = (folder + "/whole", folder + "/parts")
    var first = try training.trainer(as: Float.self, run: Run(directory: whole))
    _ = try training.fit(&first)
    var trainer = try training.trainer(as: Float.self, run: Run(directory: parts))
    _ = try training.fit(&trainer, stoppingAt: step)
    return (whole, parts)
  }

  @Test(.tags(.resume), arguments: 0..<60 as Range<UInt64>)
  func aDamagedCheckpointIsSetAside(seed: UInt64) throws {
    try withTemporaryFolder { folder in
      let (whole, parts) = try stopped(at: 25, in: folder)
      let path = parts + "/checkpoints/step-00000025.safetensors"
      let good = try Array(bytes(of: path))
      var mutator = FileMutator(seed: seed)
      let damaged = mutator.mutated(good)
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      let notices = try resume(parts)
      if damaged == good {
        #expect(notices == [])
      } else if let notice = notices.first {
        #expect(notices.count == 1)
        #expect(notice.contains(path) && notice.hasSuffix("; set aside as \(path).damaged"))
        #expect(!notice.contains("\n"))
        #expect(try bytes(of: path + ".damaged") == Data(damaged))
      }
      try expectEqual(parts, whole)
    }
  }

  @Test(.tags(.resume)) func severalDamagedCheckpointsAreSetAside() throws {
    try withTemporaryFolder { folder in
      let (whole, parts) = try stopped(at: 39, in: folder)
      for step in [22, 33, 39] {
        let path = parts + "/checkpoints/step-000000\(step).safetensors"
        try Data(bytes(of: path).dropLast()).write(to: URL(fileURLWithPath: path))
      }
      #expect(try resume(parts).count == 3)
      try expectEqual(parts, whole)
    }
  }

  /// After a power failure there may be anything behind the last checkpoint; a disk may change what is before it.
  @Test(.tags(.resume), arguments: [0, 1, 2, 5, 20, 31, 36])
  func aDamagedLineOfRecordsIsCutOff(line: Int) throws {
    try withTemporaryFolder { folder in
      let (whole, parts) = try stopped(at: 36, in: folder)
      let path = parts + "/metrics.jsonl"
      var lines = try String(decoding: bytes(of: path), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 40)
      lines[line] = "\0\0\0"
      try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: path)
      let notices = try resume(parts)
      #expect(
        notices == [
          "\(path): line \(line + 1) is no record; going on from the last checkpoint before it"
        ])
      try expectEqual(parts, whole)
      let tail = try String(decoding: bytes(of: parts + "/metrics.tail.jsonl"), as: UTF8.self)
      #expect(
        tail.hasSuffix("\n" + lines[line...].joined(separator: "\n") + "\n") || tail.hasPrefix("\0")
      )
    }
  }

  /// A file that the system does not give out may be whole.
  @Test func aCheckpointThatCannotBeReadIsLeftAlone() throws {
    try withTemporaryFolder { folder in
      let (_, parts) = try stopped(at: 25, in: folder)
      let path = parts + "/checkpoints/step-00000025.safetensors"
      try FileManager.default.removeItem(atPath: path)
      try Folder.create(path)
      let error = #expect(throws: ArchiveError.self) { try Run(continuing: parts) }
      #expect(error?.description == "cannot read \(path): it is a folder")
      #expect(Folder.names(in: parts + "/checkpoints").last == "step-00000025.safetensors")
    }
  }

  @Test(.tags(.resume)) func unfinishedFilesAreRemoved() throws {
    try withTemporaryFolder { folder in
      let (whole, parts) = try stopped(at: 25, in: folder)
      for name in ["run.json.a.partial", "checkpoints/step-00000033.safetensors.b.partial"] {
        try AtomicFile.write("half", to: parts + "/" + name)
      }
      #expect(try resume(parts) == [])
      try expectEqual(parts, whole)
      #expect(Folder.names(in: parts) == Folder.names(in: whole))
      #expect(
        Folder.names(in: parts + "/checkpoints") == Folder.names(in: whole + "/checkpoints"))
    }
  }
}
