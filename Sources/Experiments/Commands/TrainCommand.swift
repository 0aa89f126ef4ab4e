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

struct CommonOptions: ParsableArguments {
  @Option(help: "A folder with data files; GROK_DATA_DIR is searched as well.")
  var data: String?

  @Flag(help: "No progress, only the result.")
  var quiet = false

  var dataFolders: [String] { [data, environment("GROK_DATA_DIR")].compactMap { $0 } }
}

struct ResumeCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "resume",
      abstract: "Continue a run from its last checkpoint, as if it had never stopped.",
      discussion: "train.steps=N continues to more steps; no other setting may change.")
  }

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"))
  var directory: String

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("train.steps=N or train.threads=N.", valueName: "key=value"))
  var overrides: [String] = []

  func run() throws {
    try reportingErrors {
      _ = try Run.description(of: directory)
      var settings = Settings()
      try settings.apply(file: directory + "/settings.yaml")
      let before = settings
      try settings.apply(overrides: overrides)
      var unchanged = settings
      unchanged.train.steps = before.train.steps
      unchanged.train.threads = before.train.threads
      if unchanged != before {
        throw ConfigurationError.conflict(
          "only train.steps and train.threads may change when a run is continued")
      }
      let lastStep = try Run.checkpoints(in: directory).last?.step
      if let lastStep, settings.train.steps < lastStep {
        throw ConfigurationError.conflict(
          "train.steps=\(settings.train.steps) are fewer than the \(lastStep) that are done")
      }
      let experiment = try Experiment(
        settings, folders: common.dataFolders, isContinued: lastStep != nil)
      let folder = try Run(
        continuing: directory, recording: experiment.recording, steps: settings.train.steps)
      try AtomicFile.write(settings.yaml, to: directory + "/settings.yaml")
      try folder.change(to: .running, ["settings": Provenance.settings(of: experiment)])
      try Session(experiment: experiment, run: folder, isQuiet: common.quiet).run(resuming: true)
    }
  }
}

struct ReportCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "report", abstract: "Make the report of a run folder again.")
  }

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"))
  var directory: String

  func run() throws {
    try reportingErrors {
      let report = TrainingReport(
        name: lastName(of: directory), records: try Run.records(in: directory),
        description: try Run.description(of: directory))
      try report.write(to: directory)
      print(directory + "/report.html")
    }
  }
}

/// The last part of a path.
func lastName(of path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}
