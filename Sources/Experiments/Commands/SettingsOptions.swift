import ArgumentParser

/// What settings are made of: the options `--preset` and `--config`. All commands that train share them.
struct SettingsOptions<P: Program>: ParsableArguments {
  @Option(
    help: "Named settings to start from; 'presets' lists them.",
    completion: .list(P.presets.map(\.name)))
  var preset: String?

  @Option(
    help: ArgumentHelp(
      "A settings file, as a run folder's settings.yaml; its 'base' may name presets and other files.",
      valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  /// The preset, then the settings file. Overrides come on top.
  func composition() throws(ConfigurationError) -> Composition {
    var composition = Composition(presets: P.presets)
    if preset != nil { composition.apply(try P.preset(named: preset)) }
    if let config {
      try composition.apply(file: config)
    } else if preset == nil {
      composition.apply(P.presets[0])
    }
    return composition
  }
}

extension CompletionKind {
  /// Names of settings, each with its equals sign.
  static var settings: CompletionKind {
    .custom { _, _, prefix in
      Setting.all.map { $0.path + "=" }.filter { $0.hasPrefix(prefix) }
    }
  }
}
