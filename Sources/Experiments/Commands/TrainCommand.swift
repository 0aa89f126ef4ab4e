import ArgumentParser
import GrokTraining

struct TrainCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "train", abstract: "Train a network and leave a run folder with a report.",
      discussion: """
        Settings come from the preset, then the settings file, then the key=value overrides; later ones \
        win. 'settings' lists them.

        Examples:
          \(P.name)
          \(P.name) train seed=3 train.weightDecay=0.3
          \(P.name) train --name 'decay-{train.weightDecay}-seed-{seed}' seed=1
          \(P.name) train --config runs/\(P.presets[0].name)/settings.yaml seed=4
        """)
  }

  @OptionGroup var start: SettingsOptions<P>

  @Option(help: "The folder that run folders are made in.", completion: .directory)
  var out = "runs"

  @Option(
    help: """
      The name of the run folder, in which {train.weightDecay} stands for the value of that setting; by \
      default the preset's, with a number if it is taken.
      """)
  var name: String?

  @OptionGroup var common: CommonOptions

  @Argument(
    help: ArgumentHelp("Settings.", valueName: "key=value"), completion: .settings)
  var overrides: [String] = []

  func run() throws {
    try reportingErrors {
      var composition = try start.composition()
      try composition.apply(overrides: overrides)
      let settings = composition.settings
      let preset = composition.preset ?? P.name
      let name = try name.map { try RunName($0).name(for: settings, preset: preset) }
      let experiment = try Experiment(settings, folders: common.dataFolders)
      let run = try Run(
        creating: out + "/" + (name ?? freeName(after: preset)),
        description: Provenance.members(
          program: P.name, preset: composition.preset, experiment: experiment),
        files: ["settings.yaml": settings.yaml])
      try Session(experiment: experiment, run: run, isQuiet: common.quiet).run(resuming: false)
    }
  }

  /// `name`, with the first number that makes it free where it is taken.
  private func freeName(after name: String) -> String {
    if !exists(out + "/" + name) { return name }
    return (2...).lazy.map { "\(name)-\($0)" }.first { !exists(out + "/" + $0) }!
  }
}
