import Foundation
import TestSupport
import Testing

@testable import GrokTraining

@Suite struct RecordReaderTests {
  private func records(_ text: String) throws -> [Record] {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/metrics.jsonl"))
      return try Run.records(in: folder)
    }
  }

  @Test func readsWhatRunsWrite() throws {
    let written = [
      Record(step: 0, seconds: 0, name: "train/loss", value: 4.077537443905720),
      Record(step: 1, seconds: 0.001, name: "a name that is longer than others", value: -1e-300),
      Record(
        step: 123_456_789_012, seconds: 1e7, name: "é \"x\"\n", value: 0,
        error: .leastNonzeroMagnitude),
      Record(step: 2, seconds: 0.5, name: "train/loss", value: 1.7976931348623157e308, error: 0.25),
    ]
    #expect(try records(written.map { try $0.line() }.joined()) == written)
    let lost = try records(#"{"step":3,"seconds":1.5,"name":"x","value":null}"# + "\n")
    #expect(lost.count == 1 && lost[0].value.isNaN)
  }

  @Test func anUnfinishedLineIsReadLater() throws {
    let lines = try (0..<3).map { try Record(step: $0, seconds: 1, name: "x", value: 2).line() }
    try withTemporaryFolder { folder in
      let url = URL(fileURLWithPath: folder + "/metrics.jsonl")
      try Data((lines[0] + lines[1].dropLast(4)).utf8).write(to: url)
      var reader = try RecordReader(in: folder)
      #expect(try reader.next()?.step == 0)
      #expect(try reader.next() == nil)
      #expect(reader.offset == lines[0].utf8.count)
      try Data(lines.joined().utf8).write(to: url)
      var later = try RecordReader(in: folder, startingAt: reader.offset)
      #expect(try later.next()?.step == 1)
      #expect(try later.next()?.step == 2)
      #expect(try later.next() == nil)
      #expect(later.offset == lines.joined().utf8.count)
    }
  }

  @Test func aLineThatIsNoRecordIsNamed() throws {
    let line = try Record(step: 0, seconds: 1, name: "x", value: 2).line()
    do {
      _ = try records(line + line + "{}\n" + line)
      Issue.record("a line without members was read")
    } catch {
      #expect("\(error)".hasSuffix("/metrics.jsonl: line 3 is no record"))
    }
  }

  /// Lines longer than a piece of the file, and many pieces.
  @Test func piecesAreJoined() throws {
    let long = String(repeating: "n", count: 700_000)
    let written = (0..<5_000).map { index in
      Record(
        step: index, seconds: Double(index) / 8, name: index == 70 ? long : "loss/of.some.layer",
        value: Double(index) / 3)
    }
    #expect(try records(written.map { try $0.line() }.joined()) == written)
  }

  /// The fast way takes a line as the plain way does, or leaves it to that.
  @Test(.tags(.oracle)) func damagedLinesReadAsJSON() throws {
    let lines = [
      #"{"step":178,"seconds":1.2,"name":"test/accuracy","value":0.0333333333333333,"error":0.001}"#,
      #"{"step":0,"seconds":0.0,"name":"x","value":-1.25e-12}"#,
      #"{"step":10,"seconds":12,"name":"weights/norm","value":null}"#,
      #"{"step":10,"seconds":12,"name":"x","value":-0}"#,
    ].map { Array($0.utf8) }
    var mutator = FileMutator(seed: 3)
    var readCount = 0
    for round in 0..<20_000 {
      let bytes = mutator.mutated(lines[round % lines.count])
      var reader = RecordLine()
      let fast = reader.record(in: bytes, bytes.indices)
      let plain = RecordLine.anyRecord(in: bytes, bytes.indices)
      #expect(
        fast?.step == plain?.step && fast?.name == plain?.name && fast?.error == plain?.error
          && fast?.seconds == plain?.seconds
          && fast?.value.bitPattern == plain?.value.bitPattern,
        "\(String(decoding: bytes, as: UTF8.self))")
      if plain != nil { readCount += 1 }
    }
    #expect(readCount > 500)
  }

  @Test(.tags(.oracle)) func numbersAreRoundedAsSwiftDoes() throws {
    let key = RandomKey(seed: 12)
    for index in 0..<20_000 {
      let bits = Double(bitPattern: key.bits(at: index))
      guard bits.isFinite else { continue }
      let short = (bits.exponent.magnitude < 60 ? bits : Double(index) / 7) * 1e4
      let value = index % 2 == 0 ? bits : short.rounded() / 1e4
      let line = Array(
        try Record(step: 1, seconds: 1, name: "x", value: value).line().dropLast().utf8)
      var reader = RecordLine()
      #expect(reader.record(in: line, line.indices)?.value == value)
    }
  }
}
