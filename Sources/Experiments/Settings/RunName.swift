/// The name of a run made from its settings: `scale-{model.initializationScale}-seed-{seed}`.
///
/// A dotted name in braces stands for the value of that setting, `{preset}` for the preset's name. Slashes in
/// values become underscores; those of the template itself make folders.
struct RunName {
  private enum Part {
    case text(String)
    case setting(Setting)
    case preset
  }

  private let template: String
  private let parts: [Part]

  /// Reads a template.
  ///
  /// - Throws: ``ConfigurationError/badName(_:problem:)``, ``ConfigurationError/unknownSetting(_:)``.
  init(_ template: String) throws(ConfigurationError) {
    self.template = template
    var parts: [Part] = []
    var rest = template[...]
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      if brace > rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
      let inside = rest[rest.index(after: brace)...]
      guard rest[brace] == "{", let end = inside.firstIndex(where: { $0 == "{" || $0 == "}" }),
        inside[end] == "}"
      else {
        throw .badName(template, problem: "a brace has no partner; write {seed} or {train.steps}")
      }
      let path = String(inside[..<end])
      parts.append(path == "preset" ? .preset : .setting(try Setting.named(path)))
      rest = inside[inside.index(after: end)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.parts = parts
  }

  /// The name for the given settings.
  ///
  /// - Throws: ``ConfigurationError/badName(_:problem:)`` where it is no name of a folder.
  func name(for settings: Settings, preset: String) throws(ConfigurationError) -> String {
    var name = ""
    for part in parts {
      switch part {
      case .text(let text): name += text
      case .preset: name += preset
      case .setting(let setting):
        name += String(setting.read(settings).map { $0 == "/" || $0 == "\0" ? "_" : $0 })
      }
    }
    for folder in name.split(separator: "/", omittingEmptySubsequences: false) {
      if folder.isEmpty || folder.hasPrefix(".") || folder.utf8.count > 200 {
        throw .badName(
          template,
          problem:
            "gives '\(name)'; expected names of folders of 1 to 200 bytes that begin with no dot")
      }
    }
    return name
  }
}
