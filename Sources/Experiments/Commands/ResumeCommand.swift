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

  @Argument(
    help: ArgumentHelp(
      "train.steps=N, train.threads=N or checkpoint.safetySeconds=N.", valueName: "key=value"))
  var overrides: [String] = []

  func run() throws {
    try reportingErrors {
      let settings = try settings()
      if let outcome = try Continuation.finishedOutcome(of: directory, steps: settings.train.steps)
      {
        try Owner.removeAbandoned(in: directory)
        printError(
          "\(directory) is done: all \(settings.train.steps) steps; train.steps=N continues to more"
        )
        print(try JSONValue.object(outcome).text())
        return
      }
      let continuation = try Continuation(
        of: directory, settings: settings, dataFolders: common.dataFolders)
      try continuation.session(isQuiet: common.quiet, presets: P.presets).run(resuming: true)
    }
  }

  /// The settings of the run with the overrides, which may change nothing that its numbers depend on.
  private func settings() throws -> Settings {
    _ = try Run.description(of: directory)
    var settings = Settings()
    try settings.apply(file: directory + "/settings.yaml")
    let before = settings
    try settings.apply(overrides: overrides)
    var unchanged = settings
    unchanged.train.steps = before.train.steps
    unchanged.train.threads = before.train.threads
    unchanged.measure = before.measure
    unchanged.checkpoint.safetySeconds = before.checkpoint.safetySeconds
    if unchanged != before {
      throw ConfigurationError.conflict(
        "only train.steps, train.threads, checkpoint.safetySeconds and measure.… may change when a run "
          + "is continued"
      )
    }
    if settings.train.steps != before.train.steps && before.train.ratesDependOnEnd {
      throw ConfigurationError.conflict(
        "train.rateCourse=\(before.train.rateCourse) ended at train.steps=\(before.train.steps); a longer "
          + "training would have had other rates from its start, unless train.rateSteps says where they end"
      )
    }
    let lastStep = try Run.checkpoints(in: directory).last?.step
    if let lastStep, settings.train.steps < lastStep {
      throw ConfigurationError.conflict(
        "train.steps=\(settings.train.steps) are fewer than the \(lastStep) that are done")
    }
    return settings
  }
}
