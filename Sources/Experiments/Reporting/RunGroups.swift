/// Runs sorted into groups of equal settings, but for the seed and for what does not change a training.
struct RunGroups: Sendable {
  /// The runs of one combination of settings.
  struct Group: Sendable, Equatable {
    /// The value of each of ``RunGroups/paths``.
    var values: [String]
    /// The positions of its runs.
    var runs: [Int]
  }

  /// The settings that vary between groups, in the order of `Setting.all`.
  private(set) var paths: [String] = []
  /// The groups, by rising values.
  private(set) var groups: [Group] = []
  /// Settings that vary, but only within groups, with their distinct values.
  private(set) var repeated: [(path: String, values: [String])] = []

  /// Sorts runs by their settings.
  init(_ settings: SettingColumns) {
    let varied = settings.varied
    let compared = varied.filter { !Self.isRepetition($0.path) }
    repeated = varied.filter { Self.isRepetition($0.path) }.map { ($0.path, $0.sortedValues) }
    paths = compared.map(\.path)
    let ranks = compared.map(\.ranks)
    var positions: [[Int32]: Int] = [:]
    var keys: [[Int32]] = []
    for run in 0..<settings.runCount {
      let key = zip(compared, ranks).map { column, ranks in ranks[Int(column.codes[run])] }
      if let position = positions[key] {
        groups[position].runs.append(run)
      } else {
        positions[key] = groups.count
        keys.append(key)
        groups.append(
          Group(values: compared.map { $0.values[Int($0.codes[run])] }, runs: [run]))
      }
    }
    let order = groups.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) }
    groups = order.map { groups[$0] }
  }

  /// Whether runs that differ in a setting repeat the same experiment: by another seed, or by recording,
  /// storing or computing the same numbers in another way.
  static func isRepetition(_ path: String) -> Bool {
    path == "seed" || path == "train.threads" || path.hasPrefix("record.")
      || path.hasPrefix("checkpoint.") || path.hasPrefix("measure.")
  }

  /// The values of one setting over all groups, sorted.
  func values(of path: Int) -> [String] {
    SettingColumns.sorted(Array(Set(groups.map { $0.values[path] })))
  }

  /// The values of a setting as numbers; `nil` where one is none.
  func numbers(of path: Int) -> [Double]? {
    let numbers = values(of: path).map(Double.init)
    return numbers.contains { $0 == nil || $0?.isFinite == false } ? nil : numbers.compactMap { $0 }
  }

  /// The setting that colors tell apart: the one with most values among the numeric ones, or among all
  /// where none is numeric.
  var colorPath: Int? {
    let numeric = paths.indices.filter { numbers(of: $0) != nil }
    let candidates = numeric.isEmpty ? Array(paths.indices) : numeric
    // The first of those with most values.
    return candidates.reversed().max { values(of: $0).count < values(of: $1).count }
  }

  /// The setting that tells all groups apart by itself, where others only go with it: one of names before one of numbers.
  var tellingPath: Int? {
    guard paths.count > 1 else { return nil }
    let telling = paths.indices.filter { values(of: $0).count == groups.count }
    return telling.first { numbers(of: $0) == nil } ?? telling.first
  }

  /// A name for a setting where there is little room: its last part, unless two settings share it.
  func shortName(of path: Int) -> String {
    func last(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? path }
    let name = last(paths[path])
    return paths.count { last($0) == name } > 1 ? paths[path] : name
  }
}

/// The settings of many runs, one column a setting, each distinct value stored once.
struct SettingColumns: Sendable {
  /// The values of one setting.
  struct Column: Sendable {
    var path: String
    /// The distinct values; the first stands for "absent".
    var values = [""]
    /// The value of each run.
    var codes: [Int32]
    private var positions: [String: Int32] = [:]

    init(path: String, absentCount: Int) {
      self.path = path
      codes = [Int32](repeating: 0, count: absentCount)
    }

    mutating func append(_ value: String?) {
      guard let value else {
        codes.append(0)
        return
      }
      if let position = positions[value] {
        codes.append(position)
      } else {
        let position = Int32(values.count)
        positions[value] = position
        values.append(value)
        codes.append(position)
      }
    }

    /// The values that occur, sorted.
    var sortedValues: [String] {
      SettingColumns.sorted(Set(codes).map { values[Int($0)] })
    }

    /// The place of each value in sorted order.
    var ranks: [Int32] {
      let order = SettingColumns.sorted(values)
      var places: [String: Int32] = [:]
      for (place, value) in order.enumerated() { places[value] = Int32(place) }
      return values.map { places[$0] ?? 0 }
    }
  }

  private(set) var runCount = 0
  private var columns: [Column] = []
  private var positions: [String: Int] = [:]

  /// Adds the settings of one more run.
  mutating func append(_ settings: [String: String]) {
    for path in settings.keys where positions[path] == nil {
      positions[path] = columns.count
      columns.append(Column(path: path, absentCount: runCount))
    }
    for index in columns.indices { columns[index].append(settings[columns[index].path]) }
    runCount += 1
  }

  /// The value of a run's setting; `nil` where it has none.
  func value(_ path: String, ofRun run: Int) -> String? {
    guard let position = positions[path], columns[position].codes[run] > 0 else { return nil }
    return columns[position].values[Int(columns[position].codes[run])]
  }

  /// The value that all runs share; `nil` where they do not.
  func common(_ path: String) -> String? {
    guard let position = positions[path], Set(columns[position].codes).count == 1 else {
      return nil
    }
    return columns[position].sortedValues[0]
  }

  /// The columns with more than one value, in the order of `Setting.all`.
  var varied: [Column] { inOrder.filter { Set($0.codes).count > 1 } }

  /// The settings that are the same in all runs, in the order of `Setting.all`.
  var shared: [(path: String, value: String)] {
    inOrder.filter { Set($0.codes).count == 1 }.map { ($0.path, $0.sortedValues[0]) }
  }

  private var inOrder: [Column] {
    let places = Dictionary(
      Setting.all.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
    return columns.sorted {
      let (left, right) = (places[$0.path] ?? .max, places[$1.path] ?? .max)
      return left == right ? $0.path < $1.path : left < right
    }
  }

  /// Values by rising number, texts after them in alphabetical order.
  static func sorted(_ values: [String]) -> [String] {
    values.map { (text: $0, number: Double($0)) }.sorted { left, right in
      switch (left.number, right.number) {
      case (let left?, let right?) where left != right: left < right
      case (.some, nil): true
      case (nil, .some): false
      default: left.text < right.text
      }
    }.map(\.text)
  }
}
