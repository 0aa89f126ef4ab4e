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
      let description = try Run.description(of: directory)
      let settings = try settings()
      if let outcome = try finishedOutcome(description, steps: settings.train.steps) {
        printError(
          "\(directory) is done: all \(settings.train.steps) steps; train.steps=N continues to more"
        )
        print(try JSONValue.object(outcome).text())
        return
      }
      let folder = try Run(continuing: directory)
      folder.notices.forEach { printError("warning: \($0)") }
      let experiment = try experiment(settings, description, isContinued: folder.start != nil)
      let estimate = RunEstimate(of: experiment)
      if !common.quiet {
        estimate.lines(freeBytes: RunEstimate.freeBytes(at: directory)).forEach(printError)
      }
      try folder.check()
      try AtomicFile.write(settings.yaml, to: directory + "/settings.yaml")
      try folder.change(
        to: .running,
        ["settings": Provenance.settings(of: experiment), "plan": .object(estimate.json)])
      try Session(experiment: experiment, run: folder, isQuiet: common.quiet).run(resuming: true)
    }
  }

  /// The settings of the run with the overrides, which may change nothing that its numbers depend on.
  private func settings() throws -> Settings {
    var settings = Settings()
    try settings.apply(file: directory + "/settings.yaml")
    let before = settings
    try settings.apply(overrides: overrides)
    var unchanged = settings
    unchanged.train.steps = before.train.steps
    unchanged.train.threads = before.train.threads
    unchanged.checkpoint.safetySeconds = before.checkpoint.safetySeconds
    if unchanged != before {
      throw ConfigurationError.conflict(
        "only train.steps, train.threads and checkpoint.safetySeconds may change when a run is continued"
      )
    }
    let lastStep = try Run.checkpoints(in: directory).last?.step
    if let lastStep, settings.train.steps < lastStep {
      throw ConfigurationError.conflict(
        "train.steps=\(settings.train.steps) are fewer than the \(lastStep) that are done")
    }
    return settings
  }

  /// How the run ended, where it has done all of `steps`.
  private func finishedOutcome(_ description: JSONObject, steps: Int) throws -> JSONObject? {
    guard description["state"]?.string == Run.State.done.rawValue,
      let outcome = description["outcome"]?.object, outcome["steps"]?.integer == steps,
      try Run.checkpoints(in: directory).last?.step == steps
    else { return nil }
    return outcome
  }

  /// The training on the data that the run began with.
  private func experiment(_ settings: Settings, _ description: JSONObject, isContinued: Bool)
    throws -> Experiment
  {
    let earlier = description["dataFolders"]?.array?.compactMap(\.string) ?? []
    let experiment = try Experiment(
      settings, folders: common.dataFolders + earlier, isContinued: isContinued)
    let digests = Provenance.digests(of: experiment)
    for (name, digest) in description["dataDigests"]?.object ?? [:] where digests[name] != digest {
      throw RunError.unreadable(
        path: directory,
        problem: "\(name) is not the file that the run began with; give its folder "
          + "with --data")
    }
    return experiment
  }
}
