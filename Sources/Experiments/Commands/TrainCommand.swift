import ArgumentParser
import GrokTraining

struct TrainCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "train", abstract: "Train a network and leave a run folder with a report.",
      discussion: """
        Settings come from the preset, then the settings file, then the key=value overrides. \
        'settings' lists them.
        """)
  }

  @Option(help: "Named settings to start from; 'presets' lists them.")
  var preset: String?

  @Option(
    help: ArgumentHelp("A settings file, as a run folder's settings.yaml.", valueName: "file"))
  var config: String?

  @Option(help: "The folder that run folders are made in.")
  var out = "runs"

  @Option(
    help: "The name of the run folder; by default the preset's, with a number if it is taken.")
  var name: String?

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("Settings.", valueName: "key=value"))
  var overrides: [String] = []

  func run() throws {
    try reportingErrors {
      let preset = try P.preset(named: preset)
      var settings = preset.settings
      if let config { try settings.apply(file: config) }
      try settings.apply(overrides: overrides)
      let experiment = try Experiment(settings, folders: common.dataFolders)
      let run = try Run(
        creating: directory(for: preset),
        description: Provenance.members(
          program: P.name, preset: config == nil ? preset.name : nil, experiment: experiment),
        files: ["settings.yaml": settings.yaml])
      try Session(experiment: experiment, run: run, isQuiet: common.quiet).run(resuming: false)
    }
  }

  private func directory(for preset: Preset) -> String {
    if let name { return out + "/" + name }
    let base = out + "/" + preset.name
    if !exists(base) { return base }
    return (2...).lazy.map { "\(base)-\($0)" }.first { !exists($0) }!
  }
}
