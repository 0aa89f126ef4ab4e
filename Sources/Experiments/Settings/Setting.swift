/// One setting: its dotted name, what it may be, and what it means.
public struct Setting: Sendable {
  /// The dotted name: `train.weightDecay`.
  public let path: String
  /// What a value must be: `a number from 0 to 1000`.
  public let expectation: String
  /// What it does, in one line.
  public let meaning: String
  /// The value as text.
  let read: @Sendable (Settings) -> String
  /// Whether the value is the path of a file.
  var isFile = false
  /// Sets the value from text; `false` where the text is none of the expected values.
  let write: @Sendable (inout Settings, String) -> Bool

  /// Every setting, in the order of the tables and files.
  public static let all: [Setting] =
    dataSettings + modelSettings + trainSettings + recordSettings
    + measureSettings

  /// The setting of a dotted name.
  ///
  /// - Throws: ``ConfigurationError/unknownSetting(_:)`` with the close names.
  public static func named(_ path: String) throws(ConfigurationError) -> Setting {
    guard let setting = all.first(where: { $0.path == path }) else { throw .unknownSetting(path) }
    return setting
  }
}

// MARK: - Kinds of settings

typealias SettingPath<Value> = WritableKeyPath<Settings, Value> & Sendable

extension Setting {
  static func number<Value: LosslessStringConvertible & Comparable & Sendable>(
    _ path: String, _ key: SettingPath<Value>, _ range: ClosedRange<Value>, _ meaning: String
  ) -> Setting {
    let kind = Value.self == Double.self ? "a number" : "a whole number"
    return Setting(
      path: path, expectation: "\(kind) from \(range.lowerBound) to \(range.upperBound)",
      meaning: meaning, read: { "\($0[keyPath: key])" }
    ) { settings, text in
      guard let value = Value(text) ?? wholeNumber(text), range.contains(value) else {
        return false
      }
      settings[keyPath: key] = value
      return true
    }
  }

  /// A whole number written as 1e5.
  private static func wholeNumber<Value: LosslessStringConvertible>(_ text: String) -> Value? {
    guard Value.self != Double.self, let value = Double(text), value.magnitude < 1e15,
      value == value.rounded()
    else { return nil }
    return Value("\(Int(value))")
  }

  static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ key: SettingPath<Value>, _ meaning: String
  ) -> Setting {
    let names = Value.allCases.map(\.rawValue)
    return Setting(
      path: path, expectation: "one of \(names.joined(separator: ", "))", meaning: meaning,
      read: { $0[keyPath: key].rawValue }
    ) { settings, text in
      guard let value = Value(rawValue: text) else { return false }
      settings[keyPath: key] = value
      return true
    }
  }

  /// A setting whose type reads its own text.
  static func text<Value: LosslessStringConvertible & Sendable>(
    _ path: String, _ key: SettingPath<Value>, _ expectation: String, _ meaning: String
  ) -> Setting {
    Setting(
      path: path, expectation: expectation, meaning: meaning,
      read: { $0[keyPath: key].description }
    ) { settings, text in
      guard let value = Value(text) else { return false }
      settings[keyPath: key] = value
      return true
    }
  }

  static func steps(_ path: String, _ key: SettingPath<Steps>, _ meaning: String) -> Setting {
    text(path, key, "steps such as 100+1000, or none", meaning)
  }

  static func names(_ path: String, _ key: SettingPath<Names>, _ meaning: String) -> Setting {
    text(path, key, "names such as a+b, or none", meaning)
  }

  static func flag(_ path: String, _ key: SettingPath<Bool>, _ meaning: String) -> Setting {
    text(path, key, "true or false", meaning)
  }

  static func file(_ path: String, _ key: SettingPath<String>, _ meaning: String) -> Setting {
    Setting(
      path: path, expectation: "the path of a file, or nothing", meaning: meaning,
      read: { $0[keyPath: key] }, isFile: true
    ) { settings, text in
      settings[keyPath: key] = text
      return true
    }
  }
}
