import GrokTraining

/// A run folder that is taken up again where its training ended.
struct Continuation {
  private let directory: String
  private let folder: Run
  private let experiment: Experiment

  /// Takes up the run in a folder.
  ///
  /// - Parameter settings: Those of the run; more steps are allowed.
  /// - Parameter dataFolders: Where data files are looked for, before the folders that the run began with.
  /// - Throws: `RunError` where another process trains there or data files have changed.
  init(of directory: String, settings: Settings, dataFolders: [String]) throws {
    self.directory = directory
    folder = try Run(continuing: directory)
    experiment = try Experiment(
      ofRun: directory, settings: settings, dataFolders: dataFolders,
      isContinued: folder.start != nil)
  }

  /// The training from here on, after its plan has been said and written down.
  func session(isQuiet: Bool, presets: [Preset]) throws -> Session {
    folder.notices.forEach { printError("warning: \($0)") }
    let estimate = RunEstimate(of: experiment)
    if !isQuiet {
      estimate.lines(freeBytes: RunEstimate.freeBytes(at: directory)).forEach(printError)
    }
    try folder.check()
    try AtomicFile.write(experiment.settings.yaml, to: directory + "/settings.yaml")
    try folder.change(
      to: .running,
      ["settings": Provenance.settings(of: experiment), "plan": .object(estimate.json)])
    return Session(experiment: experiment, run: folder, isQuiet: isQuiet, presets: presets)
  }

  /// How the run in a folder ended, where it has done all of `steps`.
  static func finishedOutcome(of directory: String, steps: Int) throws -> JSONObject? {
    let description = try Run.description(of: directory)
    guard description["state"]?.string == Run.State.done.rawValue,
      let outcome = description["outcome"]?.object, outcome["steps"]?.integer == steps,
      try Run.checkpoints(in: directory).last?.step == steps
    else { return nil }
    return outcome
  }
}
