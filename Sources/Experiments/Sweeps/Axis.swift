import GrokNumerics

/// Settings that vary together in a sweep, and the values that they take in turn.
public struct Axis: Sendable, Equatable {
  /// The dotted names. More than one advance together.
  public let paths: [String]
  /// At each position, a value for each of ``paths``, as the settings write it.
  public let values: [[String]]

  /// The number of positions.
  public var count: Int { values.count }

  /// One setting and its values.
  ///
  /// - Throws: ``ConfigurationError`` for an unknown name, a value that the setting does not take, no
  ///   value at all, and a value that occurs twice.
  public init<Value: LosslessStringConvertible>(
    _ path: String, over values: some Sequence<Value>
  ) throws(ConfigurationError) {
    try self.init(path, listing: values.map(\.description))
    try checkPositions()
  }

  /// One setting and its values, of which some may be equal: those that advance with others.
  init(_ path: String, listing values: [String]) throws(ConfigurationError) {
    let setting = try Setting.named(path)
    var texts: [[String]] = []
    for value in values {
      guard let text = setting.canonical(value) else {
        throw .badValue(path: path, value: value, expectation: setting.expectation)
      }
      texts.append([text])
    }
    guard !texts.isEmpty else {
      throw .badValue(path: path, value: "", expectation: "at least one value to sweep over")
    }
    self.paths = [path]
    self.values = texts
  }

  /// Checks that no two positions are the same.
  func checkPositions() throws(ConfigurationError) {
    var known: Set<[String]> = []
    for position in values where !known.insert(position).inserted {
      let text = zip(paths, position).map { "\($0)=\($1)" }.joined(separator: " ")
      throw .conflict("\(text) occurs twice in a sweep")
    }
  }

  /// Axes that advance together, as one: of four and four values come four positions.
  ///
  /// - Throws: ``ConfigurationError/conflict(_:)`` where their lengths differ.
  public init(zipping axes: [Axis]) throws(ConfigurationError) {
    let lengths = axes.map { "\($0.paths.joined(separator: ",")) has \($0.count)" }
    guard Set(axes.map(\.count)).count == 1 else {
      throw .conflict(
        "settings that advance together need equally many values: "
          + lengths.joined(separator: ", "))
    }
    paths = axes.flatMap(\.paths)
    values = axes[0].values.indices.map { position in axes.flatMap { $0.values[position] } }
  }

  /// Positions read from a file; every value must be one that its setting takes.
  init(paths: [String], values: [[String]]) throws(ConfigurationError) {
    guard !paths.isEmpty, !values.isEmpty, values.allSatisfy({ $0.count == paths.count }) else {
      throw .conflict("an axis needs paths, and at each position a value for each of them")
    }
    for (index, path) in paths.enumerated() {
      let setting = try Setting.named(path)
      for position in values where setting.canonical(position[index]) == nil {
        throw .badValue(path: path, value: position[index], expectation: setting.expectation)
      }
    }
    self.paths = paths
    self.values = values
  }

  /// The same axis with paths of files that mean the same in every folder.
  func anchored(in folder: String) throws(ConfigurationError) -> Axis {
    let settings = try paths.map { path throws(ConfigurationError) in try Setting.named(path) }
    return try Axis(
      paths: paths,
      values: values.map { zip(settings, $0).map { $0.anchored($1, in: folder) } })
  }

  /// Sets this axis's settings to their values at a position.
  func apply(_ position: Int, to settings: inout Settings) {
    for (path, value) in zip(paths, values[position]) {
      // Both were tried when the axis was made.
      _ = try? settings.set(path, to: value)
    }
  }
}

extension Setting {
  /// A value as this setting writes it: `0.001` for `1e-3`; `nil` where it is none of the expected ones.
  func canonical(_ text: String) -> String? {
    var settings = Settings()
    return write(&settings, text) ? read(settings) : nil
  }
}
