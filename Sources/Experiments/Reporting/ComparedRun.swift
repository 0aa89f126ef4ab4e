import GrokTraining

/// One run as a comparison sees it: what was set, how it stands, and what came of it.
struct ComparedRun: Sendable {
  /// How a run, or a job of a sweep, stands.
  enum State: String, Sendable, CaseIterable {
    case done, running, stopped, failed, waiting, cancelled
  }

  /// What the report calls it: the name of its folder, or the number of its job.
  var name: String
  var state: State
  /// Settings by dotted name, as text. Names that are absent are taken to be equal in all runs.
  var settings: [String: String]
  /// The run folder, whose records are drawn; `nil` where there is none.
  var folder: String?
  /// Why it failed.
  var error: String?
  /// What came out, once something has.
  var outcome: Outcome?

  /// The members of `outcome` in `run.json` and `job.json` that a comparison shows.
  struct Outcome: Sendable, Equatable {
    var steps: Int
    var fitStep: Int?
    var generalizationStep: Int?
    var relapses = 0
    var trainLoss = Double.nan
    var testLoss = Double.nan
    var trainAccuracy = Double.nan
    var testAccuracy = Double.nan
    var seconds = Double.nan

    /// Steps from fitting to generalizing; `nil` unless both happened.
    var delay: Int? {
      guard let fitStep, let generalizationStep else { return nil }
      return generalizationStep - fitStep
    }
  }
}

extension ComparedRun.Outcome {
  /// The outcome in a JSON object; `nil` where there is none.
  init?(_ members: JSONObject?) {
    guard let members, let steps = members["steps"]?.integer else { return nil }
    func number(_ name: String) -> Double { members[name]?.double ?? .nan }
    self.init(
      steps: steps, fitStep: members["fitStep"]?.integer,
      generalizationStep: members["generalizationStep"]?.integer,
      relapses: members["relapses"]?.integer ?? 0, trainLoss: number("trainLoss"),
      testLoss: number("testLoss"), trainAccuracy: number("trainAccuracy"),
      testAccuracy: number("testAccuracy"), seconds: number("seconds"))
  }
}

extension ComparedRun {
  /// The run in a run folder.
  ///
  /// - Throws: `RunError.unreadable` where there is none.
  init(folder: String) throws {
    let description = try Run.description(of: folder)
    var settings: [String: String] = [:]
    for (path, value) in description["settings"]?.object ?? [:] { settings[path] = value.string }
    self.init(
      name: lastName(of: folder),
      state: description["state"]?.string.flatMap(State.init) ?? .running, settings: settings,
      folder: folder, error: description["error"]?.string,
      outcome: Outcome(description["outcome"]?.object))
  }
}
