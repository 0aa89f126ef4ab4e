import GrokTraining

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
  ///
  /// - Throws: ``ConfigurationError`` for what is no override, an unknown name, or a value out of range.
  public mutating func apply(overrides: [String]) throws(ConfigurationError) {
    for override in overrides {
      guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
        throw .notAnOverride(override)
      }
      try set(String(override[..<equals]), to: String(override[override.index(after: equals)...]))
    }
  }

  /// Applies a settings file: YAML with the dotted names as nested maps, or as they are, after the files that
  /// its `base` names.
  ///
  /// - Throws: ``ConfigurationError`` for a file that cannot be read or is no YAML, an unknown name, or a value out of range.
  public mutating func apply(file path: String) throws(ConfigurationError) {
    var composition = Composition(self)
    try composition.apply(file: path)
    self = composition.settings
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
