import TestSupport
import Testing

@testable import GrokTraining

/// The fast way of writing lines equals the plain one.
@Suite struct RecordTextTests {
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

  @Test(.tags(.oracle)) func linesAreWrittenAsThePlainWayWritesThem() throws {
    for record in Self.records { #expect(try fastLine(record) == record.line()) }
  }

  @Test(.tags(.law)) func whatIsWrittenIsReadBackBitByBit() throws {
    var reader = RecordLine()
    for record in Self.records {
      let bytes = Array(fastLine(record).utf8.dropLast())
      let found = reader.record(in: bytes, bytes.indices)
      let read = try #require(found)
      #expect(read.step == record.step && read.name == record.name)
      if record.value.isFinite {
        #expect(read.value.bitPattern == record.value.bitPattern)
      } else {
        #expect(read.value.isNaN)
      }
      #expect(read.error == record.error.flatMap { $0.isFinite ? $0 : nil })
    }
  }
}
