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
  /// A template of run names that gives none.
  case badName(String, problem: String)
  /// Settings that do not go together.
  case conflict(String)

  /// What is wrong and what was expected, in one line.
  public var description: String {
    switch self {
    case .unknownSetting(let path):
      "unknown setting '\(path)'\(closeSettings(to: path))"
    case .badValue(let path, let value, let expectation):
      "\(path)=\(value): expected \(expectation)"
    case .notAnOverride(let text): "'\(text)' is no setting; expected key=value, as in seed=1"
    case .unknownPreset(let name, let known):
      "unknown preset '\(name)'\(suggestion(for: name, among: known))"
    case .badFile(let path, let problem): "\(path): \(problem)"
    case .badName(let name, let problem): "--name '\(name)': \(problem)"
    case .conflict(let text): text
    }
  }
}

/// The names that somebody may have meant: those below a group, those that end alike, or close ones.
private func closeSettings(to path: String) -> String {
  let paths = Setting.all.map(\.path)
  let below = paths.filter { $0.hasPrefix(path + ".") || $0.hasSuffix("." + path) }
  guard !below.isEmpty else { return suggestion(for: path, among: paths) }
  let names = below.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
  return "; did you mean \(names)\(below.count > 3 ? " or another of that group" : "")?"
}
