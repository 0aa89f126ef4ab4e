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

  @Flag(help: "Only say what would be done and left; nothing is made.")
  var dryRun = false

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
      var experiment = try Experiment(settings, folders: common.dataFolders)
      // The run may be continued from another folder.
      experiment.anchorFiles(in: currentFolder())
      let estimate = RunEstimate(of: experiment)
      let freeBytes = RunEstimate.freeBytes(at: out)
      if !common.quiet { estimate.lines(freeBytes: freeBytes).forEach(printError) }
      if dryRun {
        print(try JSONValue.object(estimate.json).text())
        return
      }
      let description = Provenance.members(
        program: P.name, preset: composition.preset, experiment: experiment,
        dataFolders: common.dataFolders.map(absolute))
      let run = try makeRun(
        named: name, elseAfter: preset, description: description,
        files: ["settings.yaml": experiment.settings.yaml])
      try Session(
        experiment: experiment, run: run, isQuiet: common.quiet, presets: P.presets
      ).run(resuming: false)
    }
  }

  /// A run folder of the given name; without one, of `preset` with the first number that makes it free.
  private func makeRun(
    named name: String?, elseAfter preset: String, description: JSONObject, files: [String: String]
  ) throws -> Run {
    var number = 1
    while true {
      let path = out + "/" + (name ?? (number == 1 ? preset : "\(preset)-\(number)"))
      do {
        if name == nil && exists(path) { throw RunError.exists(path) }
        return try Run(creating: path, description: description, files: files)
      } catch RunError.exists(let path) {
        if name != nil { throw RunError.exists(path) }
        number += 1
      }
    }
  }
}
