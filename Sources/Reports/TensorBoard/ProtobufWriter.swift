/// Writes messages in the wire format of Protocol Buffers: fields of a number and a value, one after another.
///
/// As proto3 asks, scalar fields at their default are the caller's to leave out.
struct ProtobufWriter {
  /// How a field's value is laid out.
  enum Wire: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// What has been written.
  var bytes: [UInt8] = []

  mutating func integer(_ field: UInt64, _ value: Int) {
    key(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func double(_ field: UInt64, _ value: Double) {
    key(field, .fixed64)
    fixed(value.bitPattern)
  }

  mutating func float(_ field: UInt64, _ value: Float) {
    key(field, .fixed32)
    fixed(value.bitPattern)
  }

  mutating func string(_ field: UInt64, _ value: String) {
    key(field, .lengthDelimited)
    varint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  mutating func data(_ field: UInt64, _ value: [UInt8]) {
    key(field, .lengthDelimited)
    varint(UInt64(value.count))
    bytes += value
  }

  /// Many doubles in one field.
  mutating func doubles(_ field: UInt64, _ values: [Double]) {
    key(field, .lengthDelimited)
    varint(UInt64(8 * values.count))
    for value in values { fixed(value.bitPattern) }
  }

  /// A message inside this one. One byte is kept for its length, and more are made where it needs them.
  mutating func message(_ field: UInt64, _ body: (inout ProtobufWriter) -> Void) {
    key(field, .lengthDelimited)
    let start = bytes.count
    bytes.append(0)
    body(&self)
    let count = bytes.count - start - 1
    if count < 0x80 {
      bytes[start] = UInt8(count)
    } else {
      var length = ProtobufWriter()
      length.varint(UInt64(count))
      bytes.replaceSubrange(start...start, with: length.bytes)
    }
  }

  private mutating func key(_ field: UInt64, _ wire: Wire) { varint(field << 3 | wire.rawValue) }

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func fixed<Word: FixedWidthInteger>(_ value: Word) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
