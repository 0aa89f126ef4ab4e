import GrokNumerics

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

// MARK: - Without a JSON tree

extension Record {
  /// Adds what ``line()`` gives to `bytes`.
  package func appendLine(to bytes: inout [UInt8]) {
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
