import GrokModels
import GrokNumerics

extension Run {
  /// Writes the state after its number of steps; then removes the checkpoints that may go.
  func write<Scalar>(
    _ state: TrainingState<Scalar>, layout: ParameterLayout, policy: CheckpointPolicy
  ) throws {
    try check()
    // Otherwise a power failure could leave a checkpoint without the records before it.
    try openMetrics().synchronize()
    try motion?.synchronize()
    let path = directory + "/checkpoints/" + Run.checkpointName(step: state.step)
    try Checkpoint.archive(of: state, layout: layout).write(to: path)
    lastCheckpointPath = path
    if !policy.alwaysKeeps(state.step) { passingSteps.append(state.step) }
    removePassingCheckpoints(through: state.step, policy)
  }

  func removePassingCheckpoints(through last: Int, _ policy: CheckpointPolicy) {
    passingSteps.removeAll { step in
      guard !policy.keeps(step, through: last) else { return false }
      Folder.removeFile("\(directory)/checkpoints/\(Run.checkpointName(step: step))")
      return true
    }
  }

  /// The newest checkpoint that can be read, of those before `limit`. Damaged ones get the ending `.damaged`.
  func newestWholeCheckpoint(before limit: Int) throws -> Archive? {
    for (step, path) in try Run.checkpoints(in: directory).reversed() where step < limit {
      do {
        let archive = try Archive(contentsOf: path)
        try Checkpoint.verify(archive)
        return archive
      } catch ArchiveError.cannotRead(let path, let reason) {
        throw ArchiveError.cannotRead(path: path, reason: reason)
      } catch {
        try Folder.rename(path, to: path + ".damaged")
        notices.append("\(error); set aside as \(path).damaged")
      }
    }
    return nil
  }
}

// MARK: - Reading

extension Run {
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
