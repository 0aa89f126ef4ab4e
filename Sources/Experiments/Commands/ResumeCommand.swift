import ArgumentParser
import GrokTraining

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
