import Foundation
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokTraining

@Suite struct ExportTests {
  private static let names = ["train/loss", "a, \"b\"\nc", "weights/norm"]

  /// Records with gaps, errors, numbers of all sizes, not-a-number, and a name that comes twice at a step.
  private static let records: [Record] = {
    let values: [Double] = RandomKey(seed: 6).normal(count: 400)
    var records: [Record] = []
    for step in 0..<100 {
      for (place, name) in names.enumerated() where step % (place + 1) == 0 {
        let value = values[4 * step + place]
        records.append(
          Record(
            step: step * step, seconds: Double(step) / 8, name: name,
            value: step == 50 ? .nan : step % 7 == 0 ? value * 1e-300 : value,
            error: place == 2 && step % 4 == 0 ? abs(value) : nil))
      }
    }
    records.append(Record(step: 9801, seconds: 13, name: "train/loss", value: 0.1))
    records.append(Record(step: 0, seconds: 14, name: "later", value: 1, error: 0.5))
    return records
  }()

  private func makeRun(_ directory: String, _ records: [Record] = records) throws {
    try Run(directory: directory).record(records)
  }

  private func text(_ folders: [String], _ layout: RecordTable.Layout) throws -> String {
    var bytes: [UInt8] = []
    let table = RecordTable(runs: try ExportedRun.all(in: folders), layout: layout)
    let count = try table.write { bytes += $0 }
    #expect(count == Self.records.count * folders.count)
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Tables

  @Test func aWideTableHasARowAStep() throws {
    try withTemporaryFolder { folder in
      try makeRun(folder + "/a")
      let lines = try text([folder + "/a"], .wide).components(separatedBy: "\n")
      #expect(lines[0] == "step,seconds,train/loss,\"a, \"\"b\"\"")
      #expect(lines[1] == "c\",weights/norm,weights/norm/error,later,later/error")
      let records = Self.records
      #expect(
        lines[2]
          == "0,0.0,\(records[0].value),\(records[1].value),\(records[2].value),\(records[2].error!),,"
      )
      #expect(lines[3] == "1,0.125,\(records[3].value),,,,,")
      #expect(lines[lines.count - 3] == "9801,13.0,0.1,,,,,")
      #expect(lines[lines.count - 2] == "0,14.0,,,,,1.0,0.5")
      #expect(lines.last == "" && lines.count == 2 + 100 + 2 + 1)
    }
  }

  @Test func aLongTableHasARowARecord() throws {
    try withTemporaryFolder { folder in
      try makeRun(folder + "/a")
      let lines = try text([folder + "/a"], .long).split(separator: "\n")
      #expect(lines[0] == "step,seconds,name,value,error")
      #expect(lines[1] == "0,0.0,train/loss,\(Self.records[0].value),")
      #expect(lines.last == "0,14.0,later,1.0,0.5")
    }
  }

  @Test func severalRunsAreToldApart() throws {
    try withTemporaryFolder { folder in
      for name in ["x/a", "x/b", "y/a"] { try makeRun("\(folder)/\(name)") }
      let two = try text([folder + "/x/a", folder + "/x/b"], .long)
      #expect(two.hasPrefix("run,step,seconds,name,value,error\na,0,0.0,train/loss,"))
      #expect(two.contains("\nb,0,14.0,later,1.0,0.5\n"))
      let clash = try ExportedRun.all(in: [folder + "/x/a", folder + "/y/a"])
      #expect(clash.map(\.name) == [folder + "/x/a", folder + "/y/a"])
      let (archive, count) = try RecordArrays(
        runs: ExportedRun.all(in: [folder + "/x/a", folder + "/x/b"])
      ).archive()
      #expect(count == 2 * Self.records.count)
      #expect(try archive.doubles("b/later/error") == [0.5])
    }
  }

  @Test func theJobsOfASweepAreRuns() throws {
    try withTemporaryFolder { folder in
      let sweep = folder + "/sweep"
      for number in [0, 17, 1_002] {
        let name = String(format: "%06d", number)
        try makeRun("\(sweep)/jobs/\(name.prefix(3))/\(name)/run")
      }
      try FileManager.default.createDirectory(
        atPath: sweep + "/jobs/000/000018", withIntermediateDirectories: false)
      try AtomicFile.write("{}", to: sweep + "/sweep.json")
      let runs = try ExportedRun.all(in: [sweep])
      #expect(runs.map(\.name) == ["000000", "000017", "001002"])
      #expect(try text([sweep], .long, runCount: 3).contains("\n001002,0,14.0,later,1.0,0.5\n"))
    }
  }

  private func text(_ folders: [String], _ layout: RecordTable.Layout, runCount: Int) throws
    -> String
  {
    var bytes: [UInt8] = []
    let runs = try ExportedRun.all(in: folders)
    #expect(runs.count == runCount)
    try RecordTable(runs: runs, layout: layout).write { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func whatIsNoRunIsNamed() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: RunError.self) { try ExportedRun.all(in: [folder]) }
      #expect(
        error?.description
          == "\(folder): is no run folder: cannot read \(folder)/run.json: No such file or directory"
      )
    }
  }

  // MARK: Read back

  private func described(_ path: String) throws -> JSONValue {
    try JSONValue(parsing: PeerPython.run([fixtureURL("export/describe.py").path, path]))
  }

  /// The number that Python writes with `hex`.
  private func number(_ value: JSONValue?) -> Double? { value?.string.flatMap { Double($0) } }

  private func areEqual(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return left == right || (left.isNaN && right.isNaN)
  }

  @Test(
    .tags(.golden), .enabled(if: PeerPython.has("numpy"), "\(PeerPython.howToProvide("numpy"))"))
  func pythonReadsEveryPointBack() throws {
    try withTemporaryFolder { folder in
      try makeRun(folder + "/a")
      let stored = try Run.records(in: folder + "/a")
      for layout in [RecordTable.Layout.wide, .long] {
        try AtomicFile.write(try text([folder + "/a"], layout), to: folder + "/a.csv")
        let table = try described(folder + "/a.csv")
        let header = (table["header"]?.array ?? []).compactMap(\.string)
        let rows = (table["rows"]?.array ?? []).compactMap(\.array)
        var found: [Record] = []
        for row in rows where layout == .long {
          let (value, error) = (try #require(number(row[3])), number(row[4]))
          found.append(
            Record(
              step: Int(number(row[0])!), seconds: number(row[1])!, name: row[2].string!,
              value: value, error: error))
        }
        for row in rows where layout == .wide {
          for (place, title) in header.enumerated().dropFirst(2) where !title.hasSuffix("/error") {
            guard let value = number(row[place]) else { continue }
            let error = header.firstIndex(of: title + "/error").flatMap { number(row[$0]) }
            found.append(
              Record(
                step: Int(number(row[0])!), seconds: number(row[1])!, name: title, value: value,
                error: error))
          }
        }
        #expect(found.count == stored.count)
        for (left, right) in zip(found, stored) {
          #expect(left.step == right.step && left.seconds == right.seconds)
          #expect(left.name == right.name && areEqual(left.value, right.value))
          #expect(areEqual(left.error, right.error))
        }
      }
    }
  }

  @Test(
    .tags(.golden), .enabled(if: PeerPython.has("numpy"), "\(PeerPython.howToProvide("numpy"))"))
  func numpyReadsEveryPointBack() throws {
    let records = Self.records.filter { !$0.name.contains("\n") }
    try withTemporaryFolder { folder in
      try makeRun(folder + "/a", records)
      let (archive, count) = try RecordArrays(runs: ExportedRun.all(in: [folder + "/a"])).archive()
      #expect(count == records.count)
      try archive.write(to: folder + "/a.npz")
      let found = try described(folder + "/a.npz")
      #expect(found.object?.count == 12)
      for name in ["train/loss", "weights/norm", "later"] {
        let expected = records.filter { $0.name == name }
        #expect(found["\(name)/step"]?["type"]?.string == "int64")
        func values(_ part: String) -> [Double] {
          found["\(name)/\(part)"]?["values"]?.array?.compactMap(number) ?? []
        }
        #expect(values("step") == expected.map { Double($0.step) })
        #expect(values("seconds") == expected.map(\.seconds))
        #expect(zip(values("value"), expected).allSatisfy { areEqual($0, $1.value) })
        #expect(zip(values("error"), expected).allSatisfy { areEqual($0, $1.error ?? .nan) })
        #expect(values("value").count == expected.count)
      }
    }
  }
}
