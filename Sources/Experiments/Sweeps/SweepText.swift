import GrokNumerics

extension Sweep {
  /// A sweep from `key=value` arguments, of which some list several values.
  ///
  /// | text | values |
  /// | --- | --- |
  /// | `key=a,b,c` | these |
  /// | `key=0..9` | the whole numbers from 0 to 9 |
  /// | `key=0..1:0.25` | 0, 0.25, 0.5, 0.75, 1 |
  /// | `key=1e-4..1:log5` | five from 0.0001 to 1, evenly spaced on a logarithmic axis |
  /// | `key=0..1:linear5` | five from 0 to 1, evenly spaced |
  /// | `key='a,b'` | the one text `a,b` |
  ///
  /// Lists may contain ranges. Values between the ends of a range are rounded to 12 significant digits,
  /// and to whole numbers where the setting takes no others. An argument with one value sets it for all
  /// jobs.
  ///
  /// - Parameter zipping: Lists of keys that advance together.
  /// - Parameter repeats: So many runs of each combination, with seeds from the base's on, innermost.
  /// - Throws: ``ConfigurationError``.
  public init(
    _ base: Settings, arguments: [String], zipping: [[String]] = [], repeats: Int = 1
  ) throws(ConfigurationError) {
    var (base, axes) = (base, [Axis]())
    for argument in arguments {
      guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
        throw .notAnOverride(argument)
      }
      let (path, text) = (String(argument[..<equals]), argument[argument.index(after: equals)...])
      let setting = try Setting.named(path)
      var values: [String] = []
      for part in try parts(of: text, path: path) {
        values += try AxisText(part.text, isQuoted: part.isQuoted, setting: setting).values()
      }
      if values.count == 1 && !axes.contains(where: { $0.paths == [path] }) {
        try base.set(path, to: values[0])
      } else {
        axes.append(try Axis(path, listing: values))
      }
    }
    for keys in zipping { axes = try zipped(axes, keys: keys) }
    for axis in axes { try axis.checkPositions() }
    if repeats != 1 { axes.append(try seeds(from: base.seed, count: repeats, beside: axes)) }
    try self.init(base, over: axes)
  }
}

/// Puts one axis in place of those of `keys`, where the first of them stands.
private func zipped(_ axes: [Axis], keys: [String]) throws(ConfigurationError) -> [Axis] {
  var members: [Axis] = []
  for key in keys {
    _ = try Setting.named(key)
    guard let axis = axes.first(where: { $0.paths == [key] }) else {
      let isZipped =
        axes.contains { $0.paths.contains(key) } || members.contains { $0.paths == [key] }
      throw .conflict(
        isZipped
          ? "--zip \(keys.joined(separator: ",")): '\(key)' advances with others already"
          : "--zip \(keys.joined(separator: ",")): '\(key)' does not vary")
    }
    members.append(axis)
  }
  guard Set(keys).count == keys.count, keys.count > 1 else {
    throw .conflict("--zip \(keys.joined(separator: ",")): expected two or more different keys")
  }
  let joint: Axis
  do {
    joint = try Axis(zipping: members)
  } catch {
    throw .conflict("--zip \(keys.joined(separator: ",")): \(error)")
  }
  let place = axes.firstIndex { members.contains($0) } ?? axes.endIndex
  var result = axes.filter { !members.contains($0) }
  result.insert(joint, at: place)
  return result
}

private func seeds(
  from first: UInt64, count: Int, beside axes: [Axis]
) throws(ConfigurationError) -> Axis {
  if axes.contains(where: { $0.paths.contains("seed") }) {
    throw .conflict("--repeats varies the seed, which seed=… does already; give one of them")
  }
  guard (1...Sweep.largestJobCount).contains(count), first <= .max - UInt64(count - 1) else {
    throw .conflict(
      "--repeats \(count): expected a whole number from 1 to \(Sweep.largestJobCount), and seeds "
        + "below 2^64")
  }
  return try Axis("seed", over: (0..<UInt64(count)).map { first + $0 })
}

// MARK: - Lists

/// The parts between commas that stand outside quotes.
private func parts(
  of text: Substring, path: String
) throws(ConfigurationError) -> [(text: String, isQuoted: Bool)] {
  var result: [(text: String, isQuoted: Bool)] = []
  var rest = text
  while true {
    if let quote = rest.first, quote == "'" || quote == "\"" {
      let inner = rest.dropFirst()
      guard let end = inner.firstIndex(of: quote) else {
        throw .badValue(path: path, value: String(text), expectation: "a closing \(quote)")
      }
      result.append((String(inner[..<end]), true))
      rest = inner[inner.index(after: end)...]
      guard rest.isEmpty || rest.first == "," else {
        throw .badValue(path: path, value: String(text), expectation: "a comma after \(quote)")
      }
    } else {
      let end = rest.firstIndex(of: ",") ?? rest.endIndex
      result.append((String(rest[..<end]), false))
      rest = rest[end...]
    }
    guard !rest.isEmpty else { return result }
    rest = rest.dropFirst()
  }
}
