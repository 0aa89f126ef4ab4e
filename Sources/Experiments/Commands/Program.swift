import ArgumentParser

/// One of the programs: its name and the presets that it offers. All programs share their verbs.
public protocol Program: Sendable {
  /// The name of the executable.
  static var name: String { get }
  /// What it is for, in one line.
  static var abstract: String { get }
  /// Named settings to start from; the first is what the program runs without arguments: with its axes as a sweep, or
  /// else once.
  static var presets: [Preset] { get }
}

extension Program {
  /// Runs the program with the arguments of the process, and exits.
  public static func main() {
    RootCommand<Self>.main(arguments(given: CommandLine.arguments.dropFirst()))
  }

  /// What the program does when it is told nothing: a preset that is about several runs is swept.
  static func arguments(given: some Collection<String>) -> [String] {
    guard given.isEmpty, !presets[0].axes.isEmpty else { return Array(given) }
    let first = "runs/" + presets[0].name
    var (out, number) = (first, 1)
    while exists(out) {
      number += 1
      out = "\(first)-\(number)"
    }
    return ["sweep", "--out", out]
  }

  static func preset(named name: String?) throws(ConfigurationError) -> Preset {
    guard let name else { return presets[0] }
    guard let preset = presets.first(where: { $0.name == name }) else {
      throw .unknownPreset(name, known: presets.map(\.name))
    }
    return preset
  }
}

struct RootCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: P.name, abstract: P.abstract,
      discussion: """
        Examples:
          \(P.name)                          the default preset, on data that it makes itself
          \(P.name) train seed=3             the same with another seed
          \(P.name) resume runs/NAME         go on after a stop, a kill or an error

        Exit status: 0 as asked, 1 failed, 64 settings that cannot be used (nothing was made), \
        130 and 143 stopped by a signal with a checkpoint written.

        Completions: \(P.name) --generate-completion-script bash, zsh or fish.
        """, version: GrokExperimentsVersion.current,
      subcommands: [
        TrainCommand<P>.self, SweepCommand<P>.self, SweepJobCommand<P>.self,
        SweepTaskCommand<P>.self, ResumeCommand<P>.self, ReportCommand<P>.self,
        MeasureCommand<P>.self,
        MeasuresCommand<P>.self, ExportCommand<P>.self, PresetsCommand<P>.self,
        SettingsCommand<P>.self, DataCommand<P>.self,
      ], defaultSubcommand: TrainCommand<P>.self)
  }
}

struct PresetsCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "presets", abstract: "List the presets.")
  }

  func run() {
    let width = P.presets.map(\.name.count).max() ?? 0
    for (index, preset) in P.presets.enumerated() {
      let name = preset.name + String(repeating: " ", count: width - preset.name.count)
      print("\(name)  \(preset.summary)\(index == 0 ? " (default)" : "")")
      if !preset.axes.isEmpty {
        let indent = String(repeating: " ", count: width + 2)
        print("\(indent)sweep: \(preset.axes.joined(separator: " "))")
      }
    }
  }
}

struct SettingsCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "settings", abstract: "List every setting with its value, range and meaning.")
  }

  @Argument(
    help: "Show the values of this preset, or only this setting or group, such as train.",
    completion: .list(P.presets.map(\.name)))
  var name: String?

  func run() throws {
    try reportingErrors {
      let part = Setting.all.filter { $0.path == name || $0.path.hasPrefix("\(name ?? "").") }
      let settings = try P.preset(named: part.isEmpty ? name : nil).settings
      let defaults = Settings()
      for setting in part.isEmpty ? Setting.all : part {
        print("\(setting.path)=\(setting.read(settings))")
        let value = setting.read(defaults)
        print("    \(setting.meaning)")
        print("    \(setting.expectation); default \(value.isEmpty ? "nothing" : value)")
      }
    }
  }
}
