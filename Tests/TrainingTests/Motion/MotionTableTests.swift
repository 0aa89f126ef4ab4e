import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// The table of motion in a run folder: what is in it, and that it is the same however often a run was stopped.
@Suite struct MotionTableTests {
  private static let cases = ["momentum and decay", "AdamW, heads", "clipped", "AdamW"].map {
    name in
    MotionRecorderTests.cases.first { $0.testDescription == name }!
  }

  private func trainer(_ test: MotionRecorderTests.Case, _ run: Run, interval: Int = 1) throws
    -> Trainer<Float>
  {
    try test.trainer(MotionRecording(interval: interval), run: run)
  }

  @Test(.tags(.oracle)) func aTableHoldsTheRows() throws {
    try withTemporaryFolder { folder in
      let (test, keeper) = (Self.cases[1], RowKeeper())
      var trainer = try trainer(test, Run(directory: folder + "/run"))
      trainer.observeMotion { keeper.rows.append($0) }
      _ = try test.training.fit(&trainer)
      let table = try MotionTable(ofRun: folder + "/run")
      #expect(table.columns == keeper.rows[0].columns)
      var rows: [MotionRow] = []
      try table.forEachRow { rows.append($0) }
      #expect(rows.map(\.bits) == keeper.rows.map(\.bits))
      #expect(try table.steps() == keeper.rows.map(\.step))
      #expect(try table.losses() == keeper.rows.map(\.loss))
      for quantity in table.columns.availableQuantities {
        let name = "blocks.0.attn.W_O.head.1"
        let series = try table.series(quantity, of: name)
        #expect(
          series.map(\.bitPattern)
            == keeper.rows.map { ($0[quantity, of: name] ?? 0).bitPattern })
      }
      let bytes = try bytes(of: folder + "/run/motion.bin")
      let header = try #require(bytes.firstIndex(of: UInt8(ascii: "\n"))) + 1
      #expect(header.isMultiple(of: 64))
      #expect((bytes.count - header) % (8 * (3 + table.columns.count)) == 0)
    }
  }

  @Test(.tags(.resume), arguments: cases, [(1, 0), (1, 5), (1, 11), (3, 6), (3, 8), (5, 7)])
  func stoppedAndResumedIsNeverHavingStopped(test: MotionRecorderTests.Case, at: (Int, Int)) throws
  {
    try withTemporaryFolder { folder in
      var whole = try trainer(test, Run(directory: folder + "/whole"), interval: at.0)
      _ = try test.training.fit(&whole)
      var first = try trainer(test, Run(directory: folder + "/parts"), interval: at.0)
      _ = try test.training.fit(&first, stoppingAt: at.1)
      var second = try trainer(test, Run(continuing: folder + "/parts"), interval: at.0)
      try second.resume(test.training.trainerPlan(), steps: test.training.steps)
      _ = try test.training.fit(&second)
      #expect(
        try bytes(of: folder + "/whole/motion.bin") == bytes(of: folder + "/parts/motion.bin"))
      let last = try (
        Run.checkpoints(in: folder + "/whole"), Run.checkpoints(in: folder + "/parts")
      )
      #expect(
        try bytes(of: #require(last.0.last).path) == bytes(of: #require(last.1.last).path))
    }
  }

  private struct Broken: Error {}

  /// Rows behind the last checkpoint, whole or not, are made again.
  @Test(.tags(.resume), arguments: cases, [1, 4, 12])
  func brokenOffIsNeverHavingStopped(test: MotionRecorderTests.Case, step: Int) throws {
    try withTemporaryFolder { folder in
      var whole = try trainer(test, Run(directory: folder + "/whole"))
      _ = try test.training.fit(&whole)
      var first = try trainer(test, Run(directory: folder + "/parts"))
      first.observe(.at([step])) { _ in throw Broken() }
      #expect(throws: Broken.self) { try test.training.fit(&first) }
      let file = try #require(FileHandle(forWritingAtPath: folder + "/parts/motion.bin"))
      try file.seekToEnd()
      try file.write(contentsOf: Data([1, 2, 3]))
      try file.close()
      #expect(try MotionTable(ofRun: folder + "/parts").rowCount == step)
      var second = try trainer(test, Run(continuing: folder + "/parts"))
      try second.resume(test.training.trainerPlan(), steps: test.training.steps)
      _ = try test.training.fit(&second)
      #expect(
        try bytes(of: folder + "/whole/motion.bin") == bytes(of: folder + "/parts/motion.bin"))
    }
  }

  @Test(.tags(.resume)) func aDamagedTableIsSetAside() throws {
    try withTemporaryFolder { folder in
      let (test, directory) = (Self.cases[0], folder + "/run")
      var first = try trainer(test, Run(directory: directory))
      _ = try test.training.fit(&first, stoppingAt: 7)
      try AtomicFile.write("no table", to: directory + "/motion.bin")
      let run = try Run(continuing: directory)
      var second = try trainer(test, run)
      try second.resume(test.training.trainerPlan(), steps: test.training.steps)
      _ = try test.training.fit(&second)
      let path = directory + "/motion.bin"
      #expect(
        run.notices == [
          "\(path): is no table of motion of this version; set aside as \(path).damaged"
        ])
      #expect(try MotionTable(ofRun: directory).steps() == [7, 8, 9, 10, 11])
    }
  }

  /// However long a training is, no more than a buffer of it is held.
  @Test func memoryStaysFlat() throws {
    try withTemporaryFolder { folder in
      let columns = MotionColumns(
        components: [
          MotionComponent(
            name: "a", kind: .fullyConnectedWeight, depth: 0, head: nil, count: 1, rateFactor: 1,
            decay: 0)
        ], quantities: MotionQuantity.basic)
      let path = folder + "/motion.bin"
      let file = try MotionFile(path: path, columns: columns)
      var row = MotionRow(columns: columns)
      var mostHeld = 0
      for step in 0..<100_000 {
        row.step = step
        file.append(row)
        mostHeld = max(mostHeld, file.heldByteCount)
        if file.isFull { try file.flush() }
      }
      #expect(mostHeld < MotionFile.bufferLength + 64)
      try file.synchronize()
      #expect(file.heldByteCount == 0)
      let table = try MotionTable(path: path)
      #expect(table.rowCount == 100_000)
      var sum = 0
      try table.forEachRow { sum += $0.step }
      #expect(sum == 100_000 * 99_999 / 2)
      for steps in [0, 1, 777, 100_000, 200_000] {
        let start = try bytes(of: path).firstIndex(of: UInt8(ascii: "\n"))! + 1
        #expect(try table.end(ofSteps: steps) == start + 64 * min(steps, 100_000))
      }
    }
  }

  @Test func whatCannotBeReadSaysWhy() throws {
    try withTemporaryFolder { folder in
      let test = Self.cases[0]
      var trainer: Trainer<Float> = try test.trainer(
        MotionRecording(comparesSteps: false), run: Run(directory: folder + "/run"))
      _ = try test.training.fit(&trainer)
      let (table, path) = (try MotionTable(ofRun: folder + "/run"), folder + "/run/motion.bin")
      let name = #expect(throws: RunError.self) {
        try table.series(.gradientNorm, of: "output.weigth")
      }
      #expect(
        name?.description
          == "\(path): has no component 'output.weigth'; did you mean 'output.weight'?")
      let quantity = #expect(throws: RunError.self) {
        try table.series(.updateCosine, of: "output.weight")
      }
      #expect(quantity?.description == "\(path): has no 'updateCosine', which was not recorded")
      #expect(throws: ArchiveError.self) { try MotionTable(ofRun: folder) }
      #expect(MotionTable.exists(inRun: folder + "/run") && !MotionTable.exists(inRun: folder))
    }
  }
}
