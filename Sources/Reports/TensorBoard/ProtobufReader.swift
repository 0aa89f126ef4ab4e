import GrokNumerics

/// Reads a message in the wire format of Protocol Buffers, field by field; every length is checked.
struct ProtobufReader {
  /// The value of a field as it is laid out.
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(Range<Int>)
    case fixed32(UInt32)
  }

  /// The bytes of the whole file; this message is a part of them.
  private let bytes: [UInt8]
  private let path: String
  private let end: Int
  private var offset: Int

  init(_ bytes: [UInt8], _ range: Range<Int>, path: String) {
    self.bytes = bytes
    self.path = path
    offset = range.lowerBound
    end = range.upperBound
  }

  /// The next field; `nil` at the end of the message.
  mutating func next() throws(ArchiveError) -> (field: UInt64, value: Value)? {
    guard offset < end else { return nil }
    let start = offset
    let key = try varint()
    let value: Value
    switch ProtobufWriter.Wire(rawValue: key & 7) {
    case .varint: value = .varint(try varint())
    case .fixed64: value = .fixed64(try fixed(UInt64.self))
    case .fixed32: value = .fixed32(try fixed(UInt32.self))
    case .lengthDelimited:
      let length = try varint()
      guard let count = Int(exactly: length), count <= end - offset else {
        throw failure(at: offset, "a field of at most \(end - offset) bytes", "\(length) bytes")
      }
      value = .bytes(offset..<offset + count)
      offset += count
    case nil: throw failure(at: start, "a field of a message", "wire type \(key & 7)")
    }
    guard key >> 3 > 0 else { throw failure(at: start, "a field of a message", "number 0") }
    return (key >> 3, value)
  }

  // MARK: Values

  func double(_ value: Value) throws(ArchiveError) -> Double {
    guard case .fixed64(let bits) = value else { throw unexpected("a double") }
    return Double(bitPattern: bits)
  }

  func float(_ value: Value) throws(ArchiveError) -> Float {
    guard case .fixed32(let bits) = value else { throw unexpected("a float") }
    return Float(bitPattern: bits)
  }

  func integer(_ value: Value) throws(ArchiveError) -> Int {
    guard case .varint(let bits) = value else { throw unexpected("an integer") }
    return Int(truncatingIfNeeded: bits)
  }

  func string(_ value: Value) throws(ArchiveError) -> String {
    guard let text = String(validating: try data(value), as: UTF8.self) else {
      throw unexpected("UTF-8 text")
    }
    return text
  }

  func data(_ value: Value) throws(ArchiveError) -> [UInt8] { Array(bytes[try range(value)]) }

  func message(_ value: Value) throws(ArchiveError) -> ProtobufReader {
    ProtobufReader(bytes, try range(value), path: path)
  }

  /// One double, or many in one field.
  func doubles(_ value: Value) throws(ArchiveError) -> [Double] {
    if case .fixed64 = value { return [try double(value)] }
    let range = try range(value)
    guard range.count % 8 == 0 else { throw unexpected("doubles") }
    var packed = ProtobufReader(bytes, range, path: path)
    var values: [Double] = []
    values.reserveCapacity(range.count / 8)
    while packed.offset < packed.end {
      values.append(Double(bitPattern: try packed.fixed(UInt64.self)))
    }
    return values
  }

  private func range(_ value: Value) throws(ArchiveError) -> Range<Int> {
    guard case .bytes(let range) = value else { throw unexpected("bytes") }
    return range
  }

  // MARK: Parts

  private mutating func varint() throws(ArchiveError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard offset < end else { throw failure(at: offset, "a number", "the end of the message") }
      let byte = bytes[offset]
      offset += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw failure(at: offset, "a number of at most 10 bytes", "more")
  }

  private mutating func fixed<Word: FixedWidthInteger>(
    _ type: Word.Type
  ) throws(ArchiveError) -> Word {
    let count = Word.bitWidth / 8
    guard count <= end - offset else {
      throw failure(at: offset, "\(count) bytes of a number", "\(end - offset)")
    }
    defer { offset += count }
    return bytes.withUnsafeBytes {
      Word(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Word.self))
    }
  }

  private func unexpected(_ expected: String) -> ArchiveError {
    failure(at: offset, expected, "another kind of field before it")
  }

  private func failure(at offset: Int, _ expected: String, _ found: String) -> ArchiveError {
    .malformed(path: path, byteOffset: offset, expected: expected, found: found)
  }
}
