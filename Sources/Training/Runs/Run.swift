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
  let metrics: RecordFile
  // Written from the thread that trains.
  private var description: JSONObject
  private(set) var lastCheckpointPath: String?

  /// Makes a run folder.
  ///
  /// - Parameter directory: A path at which nothing exists yet.
  /// - Throws: ``RunError/exists(_:)``, or what the system says.
  public convenience init(directory: String) throws {
    try self.init(creating: directory, description: [:])
  }

  /// Makes a run folder whose `run.json` also has the members of `description`.
  ///
  /// - Parameter files: Texts to write by name. `run.json` comes last, so that a folder that has it is whole.
  package init(
    creating directory: String, description: JSONObject, files: [String: String] = [:]
  ) throws {
    self.directory = directory
    var whole: JSONObject = [
      "formatVersion": JSONValue(Run.formatVersion), "state": .string(State.running.rawValue),
    ]
    for (name, value) in description { whole[name] = value }
    self.description = whole
    try Folder.createExclusively(directory)
    try Folder.create(directory + "/checkpoints")
    metrics = try RecordFile(path: directory + "/metrics.jsonl")
    for (name, text) in files { try AtomicFile.write(text, to: directory + "/" + name) }
    try writeDescription()
  }

  /// Opens the folder of an earlier run to continue it.
  ///
  /// Records after the last checkpoint are moved to `metrics.tail.jsonl`, and so are losses, accuracies
  /// and the weight norm of its step where that is not on the schedule `recording`: they were made only
  /// because a training ended there. Where it is to end there again, at `steps`, they stay.
  ///
  /// - Throws: ``RunError/noCheckpoint(_:)`` where steps have been recorded but none has a checkpoint.
  package init(continuing directory: String, recording: Schedule, steps: Int) throws {
    self.directory = directory
    description = try Run.description(of: directory)
    let last = try Run.checkpoints(in: directory).last
    lastCheckpointPath = last?.path
    if last == nil, try Run.records(in: directory).contains(where: { $0.step > 0 }) {
      throw RunError.noCheckpoint(directory)
    }
    try Run.cutMetrics(in: directory) { record in
      guard let last, record.step <= last.step else { return false }
      return record.step < last.step || record.step == 0 || record.step == steps
        || recording.contains(record.step) || !Run.ownNames.contains(record.name)
    }
    metrics = try RecordFile(path: directory + "/metrics.jsonl")
    try change(to: .running)
  }

  /// Changes the state in `run.json`, with members that tell how the run ended.
  package func change(to state: State, _ members: JSONObject = [:]) throws {
    description["state"] = .string(state.rawValue)
    for (name, value) in members { description[name] = value }
    try writeDescription()
  }

  private func writeDescription() throws {
    let text = try JSONValue.object(description).text(.indented)
    try AtomicFile.write(text + "\n", to: directory + "/run.json")
  }

  /// Writes the state after its number of steps.
  func write<Scalar>(_ state: TrainingState<Scalar>, layout: ParameterLayout) throws {
    let path = directory + "/checkpoints/" + Run.checkpointName(step: state.step)
    try Checkpoint.archive(of: state, layout: layout).write(to: path)
    lastCheckpointPath = path
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

  /// The checkpoints of a folder, by rising step.
  package static func checkpoints(in directory: String) throws -> [(step: Int, path: String)] {
    let folder = directory + "/checkpoints"
    return Folder.names(in: folder).compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors"),
        let step = Int(name.dropFirst("step-".count).dropLast(".safetensors".count))
      else { return nil }
      return (step, folder + "/" + name)
    }.sorted { $0.step < $1.step }
  }

  private static func checkpointName(step: Int) -> String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
      + ".safetensors"
  }
}
