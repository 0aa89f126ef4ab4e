import GrokTraining
import Yams

extension Settings {
  /// Sets one setting from text.
  ///
  /// - Throws: ``ConfigurationError`` for unknown names and unexpected values.
  public mutating func set(_ path: String, to text: String) throws(ConfigurationError) {
    let setting = try Setting.named(path)
    guard setting.write(&self, text) else {
      throw .badValue(path: path, value: text, expectation: setting.expectation)
    }
  }

  /// Applies `key=value` overrides in order.
  public mutating func apply(overrides: [String]) throws(ConfigurationError) {
    for override in overrides {
      guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
        throw .notAnOverride(override)
      }
      try set(String(override[..<equals]), to: String(override[override.index(after: equals)...]))
    }
  }

  /// Applies a settings file: YAML with the dotted names as nested maps, or as they are.
  public mutating func apply(file path: String) throws {
    let bytes: [UInt8]
    do {
      bytes = try ByteSource(path: path).all()
    } catch {
      throw ConfigurationError.badFile(path: path, problem: "cannot be read")
    }
    let document: Node?
    do {
      document = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw ConfigurationError.badFile(path: path, problem: "is no YAML: \(problem(of: error))")
    }
    guard let document else { return }
    guard case .mapping = document else {
      throw ConfigurationError.badFile(path: path, problem: "has no names with values")
    }
    do {
      try apply(document, at: "")
    } catch {
      throw ConfigurationError.badFile(path: path, problem: "\(error)")
    }
  }

  private mutating func apply(_ node: Node, at path: String) throws(ConfigurationError) {
    switch node {
    case .mapping(let mapping):
      for (name, value) in mapping {
        guard let name = name.string else { throw .unknownSetting("\(path).\(name)") }
        try apply(value, at: path.isEmpty ? name : "\(path).\(name)")
      }
    case .scalar(let scalar): try set(path, to: scalar.string)
    case .sequence(let list):
      // Widths may be written as a list.
      try set(path, to: list.map { $0.string ?? "?" }.joined(separator: "x"))
    case .alias: throw .badValue(path: path, value: "*", expectation: "no aliases")
    }
  }

  /// All settings as a YAML document that ``apply(file:)`` reads back.
  public var yaml: String {
    var lines: [String] = []
    var group = ""
    for setting in Setting.all {
      let value = setting.read(self)
      let text = quoted(value)
      let parts = setting.path.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 1 {
        lines.append("\(parts[0]): \(text)")
        continue
      }
      if parts[0] != group {
        lines.append("\(parts[0]):")
        group = parts[0]
      }
      lines.append("  \(parts[1]): \(text)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// All settings by dotted name, as text, in the order of ``Setting/all``.
  public var table: [(path: String, value: String)] {
    Setting.all.map { ($0.path, $0.read(self)) }
  }
}

// MARK: - YAML

/// A value as YAML that is read back as the same text: in quotes unless its characters mean nothing there.
private func quoted(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy {
    $0.isASCII
      && ($0.properties.isAlphabetic || $0.properties.numericType != nil
        || "./_+-".contains(Character($0)))
  }
  if isPlain && !text.isEmpty && text != "-" { return text }
  return (try? JSONValue.string(text).text()) ?? text
}

/// What is wrong with a document, in one line.
private func problem(of error: any Error) -> String {
  switch error as? YamlError {
  case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
    .composer(_, let problem, let mark, _):
    "\(problem) in line \(mark.line), column \(mark.column)"
  case .duplicatedKeysInMapping(let names, _):
    "\(names.sorted().map { "'\($0)'" }.joined(separator: ", ")) occurs twice"
  default: "\(error)".split(separator: "\n").first.map(String.init) ?? "\(error)"
  }
}
