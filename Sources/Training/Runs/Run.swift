import GrokNumerics
import GrokModels

/// The folder of one training: what was asked for, what was measured, and checkpoints.
///
/// `run.json` describes the run and its state, `metrics.jsonl` has one record a line,
/// `checkpoints/step-00001000.safetensors` the state after a number of steps. The folder is made
/// exclusively and never overwritten; files appear whole or not at all.
public final class Run: RecordSink, @unchecked Sendable {
  /// Where a run stands.
  public enum State: String, Sendable {
    /// Training, or ended without saying so.
    case running
    /// Ended as asked.
    case done
    /// Ended by an error.
    case failed
    /// Stopped before its last step; can be continued.
    case stopped
  }

  /// The version of the folder's layout.
  public static let formatVersion = 1

  /// The folder.
  public let directory: String
  // All of these are used from the thread that trains.
  private var description: JSONObject
  private var metrics: RecordFile?
  /// `motion.bin`, once a row has been made.
  var motion: MotionFile?
  private var owner: Owner?
  private let timing: Owner.Timing
  private var holdCount = 0
  /// Where a continued run goes on, until it does; `nil` where that is the beginning.
  package private(set) var start: Archive?
  var lastCheckpointPath: String?
  /// The steps whose checkpoints may go when later ones are there.
  var passingSteps: [Int] = []
  /// What was found and mended when the run was opened, each in one line.
  package internal(set) var notices: [String] = []

  /// Makes a run folder.
  ///
  /// - Parameter directory: A path at which nothing exists yet, or an empty folder.
  /// - Throws: ``RunError/exists(_:)``, or what the system says.
  public convenience init(directory: String) throws {
    try self.init(creating: directory, description: [:])
  }

  /// Makes a run folder whose `run.json` also has the members of `description`.
  ///
  /// The folder is made whole beside its place and renamed, so that a run exists or does not.
  ///
  /// - Parameter files: Texts to write by name.
  package init(
    creating directory: String, description: JSONObject, files: [String: String] = [:],
    timing: Owner.Timing = .standard
  ) throws {
    self.directory = directory
    self.timing = timing
    var whole: JSONObject = [
      "formatVersion": JSONValue(Run.formatVersion), "state": .string(State.running.rawValue),
      "error": nil,
    ]
    for (name, value) in description { whole[name] = value }
    self.description = whole
    let provisional = try ProvisionalFolder(for: directory)
    do {
      owner = try Owner.claim(provisional.path, calling: directory, timing: timing)
      try Folder.create(provisional.path + "/checkpoints")
      let texts = files.merging(["metrics.jsonl": "", "run.json": try Run.text(of: whole)]) { $1 }
      for (name, text) in texts { try AtomicFile.write(text, to: provisional.path + "/" + name) }
      try provisional.becomeFinal()
    } catch {
      owner = nil
      provisional.remove()
      throw error
    }
  }

  /// Opens the folder of an earlier run to continue it, unless another process works in it. What interrupted
  /// writers left is removed, and damaged checkpoints are set aside.
  ///
  /// - Throws: ``RunError/owned(path:by:)``; ``RunError/noCheckpoint(_:)`` where steps have been recorded but
  ///   none has a checkpoint.
  package init(continuing directory: String, timing: Owner.Timing = .standard) throws {
    self.directory = directory
    self.timing = timing
    description = try Run.description(of: directory)
    owner = try Owner.claim(directory, timing: timing)
    description = try Run.description(of: directory)
    for folder in ["", "/checkpoints", "/figures"] {
      Folder.removeUnfinishedFiles(in: directory + folder)
    }
    let records = try Run.soundRecords(in: directory)
    if let problem = records.problem {
      notices.append("\(problem); going on from the last checkpoint before it")
    }
    start = try newestWholeCheckpoint(before: records.problem == nil ? .max : records.lastStep ?? 0)
    lastCheckpointPath = start?.path
    if start == nil, records.problem == nil, let step = records.lastStep, step > 0 {
      throw RunError.noCheckpoint(directory)
    }
  }

  /// Keeps other processes out of the folder while `body` runs. Held already, it stays so.
  package func held<Result>(_ body: () throws -> Result) throws -> Result {
    if owner == nil { owner = try Owner.claim(directory, timing: timing) }
    holdCount += 1
    defer {
      holdCount -= 1
      if holdCount == 0 { owner = nil }
    }
    return try body()
  }

  /// Whether a hold is within another one.
  var isHeldTwice: Bool { holdCount > 1 }

  /// To be called before something is written.
  ///
  /// - Throws: ``RunError/superseded(path:)`` where another process has taken over.
  package func check() throws { try owner?.check() }

  /// `run.json` as it would be in a state, with members that tell how the run ended.
  package func description(in state: State, _ members: JSONObject = [:]) -> JSONObject {
    var description = description
    description["state"] = .string(state.rawValue)
    for (name, value) in members { description[name] = value }
    return description
  }

  /// Changes the state in `run.json`, with members that tell how the run ended.
  package func change(to state: State, _ members: JSONObject = [:]) throws {
    try check()
    description = description(in: state, members)
    try AtomicFile.write(try Run.text(of: description), to: directory + "/run.json")
  }

  private static func text(of description: JSONObject) throws -> String {
    try JSONValue.object(description).text(.indented) + "\n"
  }

  /// `metrics.jsonl`, open for adding.
  func openMetrics() throws -> RecordFile {
    if let metrics { return metrics }
    let file = try RecordFile(path: directory + "/metrics.jsonl")
    metrics = file
    return file
  }
}

// MARK: - Continuing

extension Run {
  /// Goes back to where the run continues.
  ///
  /// Records after that step are moved to `metrics.tail.jsonl`, and so are losses, accuracies and the weight
  /// norm of the step itself where it is not on the schedule `recording`: they were made only because a
  /// training ended there. Where it is to end there again, at `steps`, they stay.
  func goBack(to start: Int?, recording: Schedule, checkpoints: CheckpointPolicy, steps: Int) throws
  {
    try check()
    try Run.cutMetrics(in: directory) { record in
      guard let start, record.step <= start else { return false }
      return record.step < start || record.step == 0 || record.step == steps
        || recording.contains(record.step) || !Run.ownNames.contains(record.name)
    }
    try cutMotion(to: start ?? 0)
    self.start = nil
    // Where records were damaged, there are later ones, which will be made again.
    for (step, path) in try Run.checkpoints(in: directory) where step > start ?? -1 {
      Folder.removeFile(path)
    }
    if let start {
      passingSteps = try Run.checkpoints(in: directory).map(\.step).filter {
        !checkpoints.alwaysKeeps($0)
      }
      removePassingCheckpoints(through: start, checkpoints)
    }
    description["outcome"] = nil
    try change(to: .running, ["error": nil])
  }
}

// MARK: - Reading

extension Run {
  /// The contents of a folder's `run.json`.
  package static func description(of directory: String) throws -> JSONObject {
    let path = directory + "/run.json"
    let bytes: [UInt8]
    do {
      bytes = try ByteSource(path: path).all()
    } catch {
      throw RunError.unreadable(path: directory, problem: "is no run folder: \(error)")
    }
    guard let object = try? JSONValue(parsing: bytes).object else {
      throw RunError.unreadable(path: path, problem: "is no JSON object")
    }
    return object
  }
}
