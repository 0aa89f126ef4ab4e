import GrokNumerics

/// What can be wrong with settings, before anything has been made.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// A dotted name that no setting has.
  case unknownSetting(String)
  /// A value of the wrong type or out of range.
  case badValue(path: String, value: String, expectation: String)
  /// An argument that is no `key=value`.
  case notAnOverride(String)
  /// A preset that the program does not have.
  case unknownPreset(String, known: [String])
  /// A settings file that cannot be used.
  case badFile(path: String, problem: String)
  /// Settings that do not go together.
  case conflict(String)

  /// What is wrong and what was expected, in one line.
  public var description: String {
    switch self {
    case .unknownSetting(let path):
      "unknown setting '\(path)'\(suggestion(for: path, among: Setting.all.map(\.path)))"
    case .badValue(let path, let value, let expectation):
      "\(path)=\(value): expected \(expectation)"
    case .notAnOverride(let text): "'\(text)' is no setting; expected key=value, as in seed=1"
    case .unknownPreset(let name, let known):
      "unknown preset '\(name)'\(suggestion(for: name, among: known))"
    case .badFile(let path, let problem): "\(path): \(problem)"
    case .conflict(let text): text
    }
  }
}
