import TestSupport
import Testing

@testable import GrokTraining

/// The fast way of writing and reading lines equals the plain one.
@Suite struct RecordLineTests {
  private static let names = [
    "train/loss", "", "läyer/\"0\"\n", "a\\b", "tab\t", "\u{7F}", "weights/norm 🐟", "x\u{1}",
  ]

  private static let values = [
    0, -0.0, 1, 0.1, -1 / 3, 1e15, 1e16, 123_456_789.123, .leastNonzeroMagnitude,
    1.7976931348623157e308, .pi,
    .infinity, -.infinity, .nan,
  ]

  private static let records: [Record] = {
    let key = RandomKey(seed: 5)
    var records: [Record] = []
    for (index, name) in names.enumerated() {
      for (place, value) in values.enumerated() {
        let step = [0, 7, 1_000_000_007, Int.max][(index + place) % 4]
        let error = place % 2 == 0 ? nil : values[(place * 3) % values.count]
        records.append(
          Record(
            step: step, seconds: Double(place) * 0.1234567, name: name, value: value,
            error: error))
      }
    }
    let bits = key.integers(count: 4_000, in: 0..<Int.max)
    for (index, bits) in bits.enumerated() {
      let value = Double(bitPattern: UInt64(bits) << 1 | UInt64(index & 1))
      records.append(Record(step: index, seconds: 86_400.123, name: "bits", value: value))
    }
    return records
  }()

  private func fastLine(_ record: Record) -> String {
    var bytes: [UInt8] = []
    record.appendLine(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What a line says, with the bits of its numbers; "no record" where it says nothing.
  private func text(_ record: Record?) -> String {
    guard let record else { return "no record" }
    return "\(record.step) \(record.seconds.bitPattern) \(record.name) \(record.value) "
      + "\(record.value.sign) \(record.error.map { "\($0)" } ?? "none")"
  }

  private func fast(_ bytes: [UInt8]) -> Record? {
    bytes.withUnsafeBufferPointer { Record(line: $0) }
  }

  private func plain(_ bytes: [UInt8]) -> Record? {
    (try? JSONValue(parsing: bytes)).flatMap(Record.init)
  }

  @Test(.tags(.oracle)) func linesAreWrittenAsThePlainWayWritesThem() throws {
    for record in Self.records { #expect(try fastLine(record) == record.line()) }
  }

  @Test(.tags(.oracle)) func linesAreReadAsThePlainWayReadsThem() throws {
    for record in Self.records {
      let bytes = Array(try record.line().utf8.dropLast())
      #expect(text(fast(bytes)) == text(plain(bytes)))
      if record.value.isFinite { #expect(fast(bytes)?.value.bitPattern == record.value.bitPattern) }
    }
  }

  @Test(.tags(.oracle)) func linesOfOthersAreReadAsThePlainWayReadsThem() throws {
    let lines = [
      #"{"step":1,"seconds":0,"name":"a","value":1}"#,
      #"{"step":01,"seconds":0.0,"name":"a","value":1.0}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":01.5}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":1.}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":.5}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":1e}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":1e05}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":1E+5}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":1e999}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":-0}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":nan}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":null,"error":null}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":1.0,"error":2.5,"more":[1]}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":1.0}}"#,
      #"{"step":1,"seconds":0.0,"name":"a","value":1.0"#,
      #"{"step":99999999999999999999,"seconds":0.0,"name":"a","value":1.0}"#,
      #"{"step":-4,"seconds":0.0,"name":"a","value":1.0}"#,
      #"{"value":2,"name":"\u00e9","seconds":1,"step":3}"#,
      #" { "step" : 1, "seconds":0.5, "name":"a", "value":1.0 } "#, "", "{}", "[]", "1",
    ]
    for line in lines {
      #expect(text(fast(Array(line.utf8))) == text(plain(Array(line.utf8))), "\(line)")
    }
    var mutator = FileMutator(seed: 11)
    for index in 0..<20_000 {
      let line = try Self.records[index % 400].line().dropLast()
      let damaged = mutator.mutated(Array(line.utf8))
      #expect(
        text(fast(damaged)) == text(plain(damaged)), "\(String(decoding: damaged, as: UTF8.self))")
    }
  }

  /// Lines lie across the pieces that a file is read in.
  @Test(.tags(.law)) func manyRecordsAreReadInOrder() throws {
    let names = ["a", "b/c", "a longer name"]
    let records = (0..<60_000).map { index in
      let (value, error): (Double, Double?) = (1 / Double(index + 1), index % 5 == 0 ? 0.25 : nil)
      return Record(
        step: index / 3, seconds: Double(index) / 8, name: names[index % 3], value: value,
        error: error)
    }
    try withTemporaryFolder { folder in
      let run = try Run(directory: folder + "/run")
      try run.record(records)
      #expect(try ByteSource(path: run.directory + "/metrics.jsonl").count > 3 << 20)
      #expect(try Run.records(in: run.directory) == records)
      var count = 0
      struct Enough: Error {}
      #expect(throws: Enough.self) {
        try Run.forEachRecord(in: run.directory) { _ in
          count += 1
          if count == 7 { throw Enough() }
        }
      }
      #expect(count == 7)
    }
  }
}
