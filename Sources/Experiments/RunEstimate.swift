import GrokReports
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a run will do and leave, reckoned before it starts.
struct RunEstimate {
  /// Updates in all.
  let stepCount: Int
  /// Steps that are recorded.
  let recordedStepCount: Int
  /// Checkpoints that the finished run has.
  let checkpointCount: Int
  /// Bytes of one checkpoint.
  let checkpointBytes: Int
  /// Bytes of all that the run writes.
  let totalBytes: Int

  init(of experiment: Experiment) {
    let (settings, steps) = (experiment.settings, experiment.settings.train.steps)
    stepCount = steps
    recordedStepCount = (settings.recording | .at([0, steps])).count(through: steps)
    checkpointCount = settings.checkpoints.count(through: steps)
    checkpointBytes = checkpointByteCount(
      of: experiment.model.layout, optimizer: experiment.optimizer,
      options: settings.train.updateOptions, motion: settings.motion,
      scalarByteCount: settings.train.precision == .double ? 8 : 4)
    // Five records of a hundred bytes each, once more for TensorBoard, and the figures.
    totalBytes =
      checkpointCount * checkpointBytes + recordedStepCount * 5 * 2 * 100 + 200_000
      + experiment.motionByteCount
  }

  /// Bytes that are needed while it runs: a checkpoint is written beside the one that it takes the place of.
  private var neededBytes: Int { totalBytes + 2 * checkpointBytes }

  /// Bytes that are free where the run is to be, `nil` where the system does not say.
  static func freeBytes(at path: String) -> Int? {
    var folder = path
    var information = statvfs()
    while statvfs(folder.isEmpty ? "." : folder, &information) != 0 {
      guard !folder.isEmpty, folder != "/" else { return nil }
      let above = folder.lastIndex(of: "/").map { folder[..<$0] } ?? ""
      folder = above.isEmpty && folder.hasPrefix("/") ? "/" : String(above)
    }
    return Int(information.f_bavail) * Int(information.f_frsize)
  }

  /// One line for people, and a second one where the disk has not enough room.
  func lines(freeBytes: Int?) -> [String] {
    func plural(_ count: Int, _ name: String) -> String {
      "\(Readable.count(count)) \(name)\(count == 1 ? "" : "s")"
    }
    var line =
      "plan: \(plural(stepCount, "step")), \(Readable.count(recordedStepCount)) of them recorded; "
      + "\(plural(checkpointCount, "checkpoint")) of \(Readable.bytes(checkpointBytes)); "
      + "\(Readable.bytes(totalBytes)) in all"
    guard let freeBytes else { return [line] }
    line += ", \(Readable.bytes(freeBytes)) free"
    guard freeBytes < neededBytes else { return [line] }
    return [
      line,
      "warning: the disk has room for \(Readable.bytes(freeBytes)), and the run needs "
        + "\(Readable.bytes(neededBytes)); make space, or choose fewer checkpoints with "
        + "checkpoint.every and checkpoint.keep",
    ]
  }

  /// The member `plan` of `run.json`.
  var json: JSONObject {
    [
      "steps": JSONValue(stepCount), "recordedSteps": JSONValue(recordedStepCount),
      "checkpoints": JSONValue(checkpointCount), "checkpointBytes": JSONValue(checkpointBytes),
      "bytes": JSONValue(totalBytes),
    ]
  }
}
