/// Settings put together: a preset, then files with what they build upon, then overrides. Later ones win.
struct Composition {
  private(set) var settings: Settings
  /// The name of the preset that was asked for, `nil` where files alone say what is wanted.
  private(set) var preset: String?
  /// What the preset varies in a sweep, as arguments of `sweep`, but for what files set.
  private var axes: [String] = []
  /// Lists of keys of the preset's axes that advance together.
  private var zips: [[String]] = []
  private let presets: [Preset]
  private var hasValues = false

  /// The first preset's settings, until another is asked for; files may name any of `presets`.
  init(presets: [Preset]) {
    self.presets = presets
    settings = presets.first?.settings ?? Settings()
  }

  /// Settings to put files on that name no presets.
  init(_ settings: Settings) {
    self.settings = settings
    presets = []
  }

  /// Starts from a preset.
  mutating func apply(_ preset: Preset) {
    settings = preset.settings
    self.preset = preset.name
    (axes, zips) = (preset.axes, preset.zips)
    hasValues = true
  }

  /// The jobs of these settings: the preset's axes, but for settings that something later sets, and those of
  /// `key=value` arguments; see ``Sweep/init(_:arguments:zipping:repeats:)``.
  func sweep(arguments: [String], zipping: [[String]] = [], repeats: Int = 1)
    throws(ConfigurationError) -> Sweep
  {
    var own = self
    own.fix(arguments.map { String($0.prefix { $0 != "=" }) } + (repeats == 1 ? [] : ["seed"]))
    return try Sweep(
      settings, arguments: own.axes + arguments, zipping: own.zips + zipping, repeats: repeats)
  }

  /// Leaves out of the preset's axes those of `paths`, and what advances with them.
  private mutating func fix(_ paths: [String]) {
    for path in paths {
      let fixed = zips.first { $0.contains(path) } ?? [path]
      zips.removeAll { $0.contains(path) }
      axes.removeAll { axis in fixed.contains { axis.hasPrefix("\($0)=") } }
    }
  }

  /// Puts a file on top, after the presets and files that its `base` names.
  ///
  /// - Throws: ``ConfigurationError/badFile(path:problem:)`` with the file and line of what is wrong.
  mutating func apply(file path: String) throws(ConfigurationError) {
    try apply(file: path, below: [])
  }

  /// Applies `key=value` overrides in order.
  mutating func apply(overrides: [String]) throws(ConfigurationError) {
    try settings.apply(overrides: overrides)
  }

  private mutating func apply(file path: String, below chain: [String]) throws(ConfigurationError) {
    let file = try SettingsFile(contentsOf: path)
    let chain = chain + [path]
    for name in file.base {
      if let preset = presets.first(where: { $0.name == name }) {
        guard !hasValues else {
          throw .badFile(
            path: path,
            problem: "base: the preset '\(name)' would replace what came before it; name it first, "
              + "and give no --preset")
        }
        apply(preset)
        continue
      }
      let isAbsolute = name.hasPrefix("/")
      let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
      let base = isAbsolute ? name : folder + name
      guard exists(base) else {
        throw .badFile(
          path: path,
          problem: "base: '\(name)' is neither a file beside it nor a preset"
            + suggestion(for: name, among: presets.map(\.name)))
      }
      guard !chain.contains(base) else {
        throw .badFile(path: path, problem: "base: '\(name)' builds upon this file itself")
      }
      try apply(file: base, below: chain)
    }
    for value in file.values {
      do {
        try settings.set(value.path, to: value.text)
      } catch {
        throw file.error(line: value.line, "\(error)")
      }
    }
    fix(file.values.map(\.path))
    hasValues = true
  }
}
