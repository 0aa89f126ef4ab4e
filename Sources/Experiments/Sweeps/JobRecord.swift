import GrokTraining

/// How a job of a sweep stands, as its `job.json` says.
struct JobRecord: Equatable {
  enum State: String, CaseIterable, Sendable {
    /// Not begun, or stopped or killed before its end: it will be run.
    case waiting
    /// A process works on it.
    case running
    /// Trained to its last step.
    case done
    /// Ended by an error.
    case failed
  }

  var state = State.waiting
  /// How often it was begun or continued.
  var attempts = 0
  /// How many of the last attempts ended without a word, as by a kill.
  var deaths = 0
  /// Why it failed.
  var error: String?
  /// What came out: the `outcome` of its `run.json`.
  var outcome: JSONObject?
}

extension JobRecord {
  /// Reads the record of a job as it was written: `running` says that somebody began, not that he lives.
  ///
  /// A job without a record waits.
  init(writtenIn folder: String) throws {
    let path = folder + "/job.json"
    guard let text = systemText(of: path) else {
      self.init()
      return
    }
    guard let object = (try? JSONValue(parsing: text))?.object,
      let state = object["state"]?.string.flatMap(State.init)
    else { throw RunError.unreadable(path: path, problem: "is no record of a job") }
    self.init(
      state: state, attempts: object["attempts"]?.integer ?? 0,
      deaths: object["deaths"]?.integer ?? 0, error: object["error"]?.string,
      outcome: object["outcome"]?.object)
  }

  /// Writes the record. Only the owner of the job may.
  ///
  /// - Parameter varied: What distinguishes the job from others.
  func write(to folder: String, varied: [(path: String, value: String)]) throws {
    let object: JSONObject = [
      "state": .string(state.rawValue), "attempts": JSONValue(attempts),
      "deaths": JSONValue(deaths),
      "settings": .object(JSONObject(varied.map { ($0.path, JSONValue.string($0.value)) })),
      "error": error.map(JSONValue.string) ?? .null,
      "outcome": outcome.map(JSONValue.object) ?? .null,
    ]
    let text = try JSONValue.object(object).text(.indented)
    try AtomicFile.write(text + "\n", to: folder + "/job.json")
  }
}

extension SweepFolder {
  /// How a job stands now: one that says `running` but whose process has ended waits again.
  ///
  /// - Parameter now: The time by the clock of the file system, where many jobs are looked at.
  func record(ofJob number: Int, now: Double? = nil) throws -> JobRecord {
    var record = try JobRecord(writtenIn: job(number))
    if record.state == .running && !isOwned(job: number, now: now) { record.state = .waiting }
    return record
  }

  /// Whether a process works on a job.
  func isOwned(job number: Int, now: Double? = nil) -> Bool {
    if case .held = Owner.state(of: job(number), now: now) { true } else { false }
  }
}
