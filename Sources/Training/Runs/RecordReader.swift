import GrokNumerics

/// Reads the records of a run folder one after the other, in constant memory.
///
/// ```swift
/// var reader = try RecordReader(in: "runs/a")
/// while let record = try reader.next() { … }
/// ```
///
/// An unfinished last line is no record yet; a reader that starts at the ``offset`` of an earlier one goes
/// on with what has been added since.
package struct RecordReader {
  /// Bytes up to the end of the last record that was read.
  package private(set) var offset: Int
  private let source: ByteSource
  private var lineCount = 0
  private var isFromStart: Bool
  private var bytes: [UInt8] = []
  // Where the next line starts, and up to where no end of it has been found.
  private var start = 0
  private var searched = 0
  private var line = RecordLine()

  /// Opens `metrics.jsonl` of a run folder.
  ///
  /// - Parameter offset: Where to begin; the start of a line.
  /// - Throws: `ArchiveError.cannotRead`.
  package init(in directory: String, startingAt offset: Int = 0) throws {
    try self.init(path: directory + "/metrics.jsonl", startingAt: offset)
  }

  /// Opens a file of records.
  package init(path: String, startingAt offset: Int = 0) throws {
    source = try ByteSource(path: path)
    self.offset = offset
    isFromStart = offset == 0
  }

  /// The last bytes ahead of an offset, at most a hundred; fewer where the file has become shorter.
  ///
  /// Times of records differ, so a file in which other bytes stand there is another one than before.
  ///
  /// - Throws: `ArchiveError.cannotRead`.
  package func bytesBefore(_ offset: Int) throws -> [UInt8] {
    let start = max(0, offset - 100)
    guard start < source.count else { return [] }
    return try source.bytes(
      at: start, count: min(offset, source.count) - start, for: "records")
  }

  /// The next record, `nil` at the end.
  ///
  /// - Throws: ``RunError/unreadable(path:problem:)`` with the number of a line that is no record.
  package mutating func next() throws -> Record? {
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        lineCount += 1
        let range = start..<end
        (start, searched) = (end + 1, end + 1)
        offset += range.count + 1
        guard let record = line.record(in: bytes, range) else {
          let place = isFromStart ? "line \(lineCount)" : "the line before byte \(offset)"
          throw RunError.unreadable(path: source.path, problem: "\(place) is no record")
        }
        return record
      }
      let position = offset + bytes.count - start
      guard position < source.count else { return nil }
      bytes.removeSubrange(..<start)
      searched = bytes.count
      start = 0
      bytes += try source.bytes(
        at: position, count: min(1 << 18, source.count - position), for: "records")
    }
  }
}

/// Turns lines of `metrics.jsonl` into records: lines as this package writes them in one pass over their
/// bytes, all others as JSON.
struct RecordLine {
  // A file has few different names, which take turns.
  private var names: [[UInt8]: String] = [:]

  /// The record in a range of bytes; `nil` where there is none.
  mutating func record(in bytes: [UInt8], _ range: Range<Int>) -> Record? {
    if let record = bytes.withUnsafeBufferPointer({ plainRecord($0, range) }) { return record }
    return Self.anyRecord(in: bytes, range)
  }

  /// The plain way, which takes members in any order.
  static func anyRecord(in bytes: [UInt8], _ range: Range<Int>) -> Record? {
    (try? JSONValue(parsing: bytes[range])).flatMap(Record.init)
  }

  private mutating func plainRecord(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>)
    -> Record?
  {
    var cursor = LineCursor(bytes: bytes, place: range.lowerBound, end: range.upperBound)
    guard cursor.skip(#"{"step":"#), let step = cursor.count(), cursor.skip(#","seconds":"#),
      let seconds = cursor.number(), cursor.skip(#","name":""#), let name = cursor.plainText(),
      cursor.skip(#"","value":"#)
    else { return nil }
    var value = Double.nan
    if !cursor.skip("null") {
      guard let number = cursor.number() else { return nil }
      value = number
    }
    var error: Double?
    if cursor.skip(#","error":"#) {
      guard let number = cursor.number() else { return nil }
      error = number
    }
    guard cursor.skip("}"), cursor.isAtEnd else { return nil }
    return Record(step: step, seconds: seconds, name: text(name), value: value, error: error)
  }

  private mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    // Short strings need no memory of their own.
    if bytes.count <= 15 { return String(decoding: bytes, as: UTF8.self) }
    let key = Array(bytes)
    if let known = names[key] { return known }
    let text = String(decoding: bytes, as: UTF8.self)
    names[key] = text
    return text
  }
}

/// A place in a line, and the few things that a record is made of.
private struct LineCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var place: Int
  let end: Int

  var isAtEnd: Bool { place == end }

  private var digit: UInt8? {
    guard place < end, bytes[place] &- 0x30 < 10 else { return nil }
    return bytes[place] - 0x30
  }

  /// Passes a text if it stands here.
  mutating func skip(_ text: StaticString) -> Bool {
    guard end - place >= text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount where bytes[place + index] != text.utf8Start[index] {
      return false
    }
    place += text.utf8CodeUnitCount
    return true
  }

  /// A whole number without sign and leading zero, of at most 18 digits.
  mutating func count() -> Int? {
    let start = place
    var value = 0
    while let digit, place - start < 19 {
      value = value &* 10 &+ Int(digit)
      place += 1
    }
    let length = place - start
    return length == 0 || length > 18 || (length > 1 && bytes[start] == 0x30) ? nil : value
  }

  /// A number by the grammar of JSON, rounded correctly.
  mutating func number() -> Double? {
    let start = place
    let isNegative = skip("-")
    let wholeStart = place
    var digits: UInt64 = 0
    var exponent = 0
    while let digit {
      digits = digits &* 10 &+ UInt64(digit)
      place += 1
    }
    let wholeCount = place - wholeStart
    guard wholeCount == 1 || (wholeCount > 1 && bytes[wholeStart] != 0x30) else { return nil }
    var digitCount = wholeCount
    // JSON's integers have no negative zero and no more than 64 bits; they are left to the plain way.
    let next = place < end ? bytes[place] : 0
    let isFraction =
      next == UInt8(ascii: ".") || next == UInt8(ascii: "e") || next == UInt8(ascii: "E")
    if !isFraction, wholeCount > 18 || (isNegative && digits == 0) { return nil }
    if skip(".") {
      let fractionStart = place
      while let digit {
        digits = digits &* 10 &+ UInt64(digit)
        place += 1
      }
      guard place > fractionStart else { return nil }
      digitCount += place - fractionStart
      exponent = fractionStart - place
    }
    if skip("e") || skip("E") {
      let isSmall = skip("-")
      if !isSmall { _ = skip("+") }
      let exponentStart = place
      var written = 0
      while let digit, written < 10_000 {
        written = written * 10 + Int(digit)
        place += 1
      }
      guard place > exponentStart else { return nil }
      exponent += isSmall ? -written : written
    }
    // Both numbers are exact, so that one operation rounds once.
    if digitCount <= 15, abs(exponent) <= 22 {
      let value = Double(digits)
      let scaled =
        exponent < 0 ? value / Self.powers[-exponent] : value * Self.powers[exponent]
      return isNegative ? -scaled : scaled
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The text up to a quotation mark; `nil` where it has escapes, control characters or more than ASCII.
  mutating func plainText() -> UnsafeBufferPointer<UInt8>? {
    let start = place
    while place < end, bytes[place] != UInt8(ascii: "\"") {
      guard bytes[place] >= 0x20, bytes[place] < 0x7F, bytes[place] != UInt8(ascii: "\\") else {
        return nil
      }
      place += 1
    }
    return UnsafeBufferPointer(rebasing: bytes[start..<place])
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
