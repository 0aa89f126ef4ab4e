/// A recursive-descent parser of RFC 8259, bounded in depth; see `JSONValue.init(parsing:)`.
struct JSONParser {
  private let bytes: [UInt8]
  private let depthLimit: Int
  private var offset = 0

  init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// The whole text as one value.
  mutating func document() throws(JSONError) -> JSONValue {
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard offset == bytes.count else { throw unexpected("the end") }
    return value
  }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  private func unexpected(_ expected: String) -> JSONError {
    let found = next.map(shown) ?? "the end"
    return .syntax(byteOffset: offset, expected: expected, found: found)
  }

  private mutating func take(_ byte: UInt8, _ expected: String) throws(JSONError) {
    guard next == byte else { throw unexpected(expected) }
    offset += 1
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"): return try number()
    case let byte? where isDigit(byte): return try number()
    default: throw unexpected("a value")
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for byte in text.utf8 { try take(byte, "'\(text)'") }
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= depthLimit else { throw .tooDeep(byteOffset: offset, limit: depthLimit) }
    offset += 1
    var elements: [JSONValue] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      offset += 1
      return .array([])
    }
    while true {
      skipSpace()
      elements.append(try value(depth: depth))
      skipSpace()
      if next == UInt8(ascii: "]") { break }
      try take(UInt8(ascii: ","), "',' or ']'")
    }
    offset += 1
    return .array(elements)
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= depthLimit else { throw .tooDeep(byteOffset: offset, limit: depthLimit) }
    offset += 1
    var members = JSONObject()
    skipSpace()
    if next == UInt8(ascii: "}") {
      offset += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
      let start = offset
      let key = try string()
      guard members[key] == nil else { throw .duplicateKey(byteOffset: start, key: key) }
      skipSpace()
      try take(UInt8(ascii: ":"), "':'")
      skipSpace()
      members[key] = try value(depth: depth)
      skipSpace()
      if next == UInt8(ascii: "}") { break }
      try take(UInt8(ascii: ","), "',' or '}'")
    }
    offset += 1
    return .object(members)
  }

  // MARK: Numbers

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = offset
    if next == UInt8(ascii: "-") { offset += 1 }
    if next == UInt8(ascii: "0") {
      offset += 1
      if isDigit(next) { throw unexpected("no digit after a leading zero") }
    } else {
      try digits()
    }
    var isInteger = true
    if next == UInt8(ascii: ".") {
      offset += 1
      isInteger = false
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      offset += 1
      isInteger = false
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isInteger, let value = Int128(text), value >= Int64.min, value <= UInt64.max {
      return .integer(value)
    }
    guard !isInteger, let value = Double(text), value.isFinite else {
      // A hostile file may hold a number of a million digits; the message need not.
      let shown = text.utf8.count > 40 ? String(text.prefix(40)) + "…" : text
      throw .numberOutOfRange(byteOffset: start, text: shown)
    }
    return .double(value)
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func digits() throws(JSONError) {
    guard isDigit(next) else { throw unexpected("a digit") }
    while isDigit(next) { offset += 1 }
  }

  // MARK: Strings

  private mutating func string() throws(JSONError) -> String {
    offset += 1
    var result = ""
    while true {
      let start = offset
      while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        offset += 1
      }
      guard let run = String(validating: bytes[start..<offset], as: UTF8.self) else {
        throw .syntax(byteOffset: start, expected: "UTF-8 text", found: "malformed bytes")
      }
      result += run
      switch next {
      case UInt8(ascii: "\""):
        offset += 1
        return result
      case UInt8(ascii: "\\"):
        offset += 1
        result.unicodeScalars.append(try escape())
      default:
        throw unexpected("a character or '\"'")
      }
    }
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let scalar: Unicode.Scalar
    switch next {
    case UInt8(ascii: "\""): scalar = "\""
    case UInt8(ascii: "\\"): scalar = "\\"
    case UInt8(ascii: "/"): scalar = "/"
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"):
      offset += 1
      return try unicodeEscape()
    default: throw unexpected("an escape letter")
    }
    offset += 1
    return scalar
  }

  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // Characters beyond U+FFFF are two escapes: a high surrogate, then a low one.
    if first < 0xDC00, next == UInt8(ascii: "\\") {
      offset += 1
      try take(UInt8(ascii: "u"), "a low surrogate")
      let second = try fourHexDigits()
      if second >= 0xDC00, second <= 0xDFFF,
        let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw .syntax(byteOffset: start, expected: "a character", found: "an unpaired surrogate")
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw unexpected("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
