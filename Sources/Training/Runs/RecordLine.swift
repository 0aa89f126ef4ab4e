import GrokNumerics

// MARK: - The plain way

extension Record {
  /// This record as a line of `metrics.jsonl`.
  func line() throws -> String {
    var object: JSONObject = [
      "step": JSONValue(step), "seconds": .finite(roundedSeconds),
      "name": .string(name), "value": .finite(value),
    ]
    if let error { object["error"] = .finite(error) }
    return try JSONValue.object(object).text(.compact) + "\n"
  }

  /// A record from a line of `metrics.jsonl`; `nil` where it is none.
  init?(_ json: JSONValue) {
    guard let step = json["step"]?.integer, let seconds = json["seconds"]?.double,
      let name = json["name"]?.string, let value = json["value"]
    else { return nil }
    self.init(
      step: step, seconds: seconds, name: name, value: value.double ?? .nan,
      error: json["error"]?.double)
  }

  private var roundedSeconds: Double { (seconds * 1000).rounded() / 1000 }
}

// MARK: - The fast way

extension Record {
  /// Adds what ``line()`` gives to `bytes`.
  func appendLine(to bytes: inout [UInt8]) {
    bytes.append(text: #"{"step":"#)
    bytes.append(text: String(step))
    bytes.append(text: #","seconds":"#)
    bytes.append(number: roundedSeconds)
    bytes.append(text: #","name":"#)
    if name.utf8.allSatisfy(isPlain) {
      bytes.append(UInt8(ascii: "\""))
      bytes.append(text: name)
      bytes.append(UInt8(ascii: "\""))
    } else {
      bytes.append(text: quoted(name))
    }
    bytes.append(text: #","value":"#)
    bytes.append(number: value)
    if let error {
      bytes.append(text: #","error":"#)
      bytes.append(number: error)
    }
    bytes.append(text: "}\n")
  }

  /// A record from a line of `metrics.jsonl` without its end; `nil` where it is none.
  ///
  /// Lines as ``appendLine(to:)`` writes them are read in one pass; all others are parsed as JSON.
  init?(line: UnsafeBufferPointer<UInt8>) {
    var cursor = LineCursor(bytes: line)
    if let record = cursor.record() {
      self = record
      return
    }
    guard let json = try? JSONValue(parsing: line) else { return nil }
    self.init(json)
  }
}

/// Whether JSON has a character of one byte as it is.
private func isPlain(_ byte: UInt8) -> Bool {
  byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
}

extension [UInt8] {
  fileprivate mutating func append(text: String) { append(contentsOf: text.utf8) }

  /// A number with the fewest digits that read back as the same; null where it is not finite.
  fileprivate mutating func append(number: Double) {
    append(contentsOf: (number.isFinite ? number.description : "null").utf8)
  }
}

/// Reads a line whose members stand in the usual order, without spaces; gives up on everything else.
private struct LineCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  private var offset = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func record() -> Record? {
    guard take(#"{"step":"#), let step = integer(), take(#","seconds":"#),
      let seconds = number(), take(#","name":""#), let name = name(), take(#"","value":"#)
    else { return nil }
    let isNull = take("null")
    guard let value = isNull ? .nan : number() else { return nil }
    var error: Double?
    if take(#","error":"#) {
      guard let number = number() else { return nil }
      error = number
    }
    guard take("}"), offset == bytes.count else { return nil }
    return Record(step: step, seconds: seconds, name: name, value: value, error: error)
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard count <= bytes.count - offset else { return false }
    for index in 0..<count where bytes[offset + index] != text.utf8Start[index] { return false }
    offset += count
    return true
  }

  private mutating func name() -> String? {
    let start = offset
    while offset < bytes.count, isPlain(bytes[offset]) { offset += 1 }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  /// The digits at the cursor; -1 where there are none, or zeros that JSON does not allow.
  private mutating func digits(isWhole: Bool) -> Int {
    let start = offset
    while offset < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] {
      offset += 1
    }
    let hasLeadingZero = offset - start > 1 && bytes[start] == UInt8(ascii: "0")
    return offset == start || (isWhole && hasLeadingZero) ? -1 : offset - start
  }

  private mutating func integer() -> Int? {
    let start = offset
    guard digits(isWhole: true) > 0 else { return nil }
    return Int(String(decoding: bytes[start..<offset], as: UTF8.self))
  }

  /// A number with a fraction or an exponent; JSON's whole numbers have no sign of zero.
  private mutating func number() -> Double? {
    let start = offset
    _ = take("-")
    guard digits(isWhole: true) > 0 else { return nil }
    let hasFraction = take(".")
    if hasFraction, digits(isWhole: false) < 0 { return nil }
    let hasExponent = take("e")
    guard hasFraction || hasExponent else { return nil }
    if hasExponent {
      if !take("-") { _ = take("+") }
      guard digits(isWhole: false) > 0 else { return nil }
    }
    let value = Double(String(decoding: bytes[start..<offset], as: UTF8.self))
    return value?.isFinite == true ? value : nil
  }
}
