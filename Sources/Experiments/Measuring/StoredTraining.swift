import GrokTraining

/// The checkpoints of a training, with the examples and the network that they belong to.
struct StoredTraining {
  /// One stored state of a network.
  struct Checkpoint: Sendable {
    let step: Int
    let path: String
  }

  let experiment: Experiment
  /// By rising step; the first is where the training began.
  let checkpoints: [Checkpoint]
  /// The folder that gets what is measured, in its folder `measures`.
  let directory: String
  /// Whether the checkpoints are those of a run folder.
  let isRun: Bool

  /// The checkpoints of a run folder, of a run that has ended or still goes on.
  ///
  /// - Throws: `RunError.noCheckpoint` where it has none, and what reading settings and data throws.
  init(run directory: String, settings: Settings, dataFolders: [String]) throws {
    try self.init(
      Experiment(
        ofRun: directory, settings: settings, dataFolders: dataFolders, isContinued: true),
      checkpointsOfRun: directory)
  }

  /// The checkpoints of a run folder of a given experiment.
  init(_ experiment: Experiment, checkpointsOfRun directory: String) throws {
    self.directory = directory
    self.experiment = experiment
    isRun = true
    checkpoints = try Run.checkpoints(in: directory).map {
      Checkpoint(step: $0.step, path: $0.path)
    }
    guard !checkpoints.isEmpty else { throw RunError.noCheckpoint(directory) }
  }

  /// Checkpoints that another program has written: safetensors files in a folder.
  ///
  /// - Parameter settings: Data and network.
  /// - Parameter steps: The step of each file by its name; without it, the last number in each name.
  /// - Throws: ``ConfigurationError`` for files without a step, or two with the same.
  init(
    checkpoints folder: String, steps: [String: Int]?, settings: Settings, dataFolders: [String],
    directory: String
  ) throws {
    self.directory = directory
    isRun = false
    checkpoints = try Self.files(in: folder, steps: steps)
    experiment = try Experiment(
      settings, folders: dataFolders, isContinued: true, origin: checkpoints.first?.path)
  }

  /// The safetensors files in a folder by rising step.
  ///
  /// - Parameter steps: The step of each file by its name; without it, the last number in each name.
  /// - Throws: ``ConfigurationError`` for files without a step, or two with the same.
  static func files(in folder: String, steps: [String: Int]?) throws -> [Checkpoint] {
    let names = Folder.names(in: folder).filter { $0.hasSuffix(".safetensors") }
    guard !names.isEmpty else {
      throw ConfigurationError.conflict("--checkpoints \(folder): has no safetensors files")
    }
    var paths: [Int: String] = [:]
    for name in names {
      guard let step = steps.map({ $0[name] }) ?? lastNumber(in: name) else {
        throw ConfigurationError.conflict(
          steps == nil
            ? "--checkpoints \(folder): \(name) has no number; give the steps with --steps"
            : "--steps: does not say the step of \(name)")
      }
      if let other = paths[step] {
        throw ConfigurationError.conflict(
          "--checkpoints \(folder): \(name) and \(lastName(of: other)) are both of step \(step)")
      }
      paths[step] = folder + "/" + name
    }
    return paths.sorted { $0.key < $1.key }.map { Checkpoint(step: $0.key, path: $0.value) }
  }

  /// The checkpoint that the others are compared with.
  ///
  /// - Throws: `RunError.unreadable` for the start of a run whose first checkpoint is gone.
  func reference(_ reference: Settings.Measuring.Reference) throws -> Checkpoint {
    switch reference {
    case .final: return checkpoints[checkpoints.count - 1]
    case .initial:
      guard !isRun || checkpoints[0].step == 0 else {
        throw RunError.unreadable(
          path: directory,
          problem: "has no checkpoint of step 0 to compare with; its first is of step "
            + "\(checkpoints[0].step)")
      }
      return checkpoints[0]
    }
  }

  /// Only the checkpoints of some steps.
  ///
  /// - Throws: ``ConfigurationError`` for a step without a checkpoint.
  func selected(_ steps: Steps) throws(ConfigurationError) -> [Checkpoint] {
    if steps.steps.isEmpty { return checkpoints }
    let known = checkpoints.map(\.step)
    if let missing = steps.steps.first(where: { !known.contains($0) }) {
      throw .conflict(
        "measure.steps=\(steps): no checkpoint of step \(missing); there are "
          + known.prefix(20).map(String.init).joined(separator: ", ")
          + (known.count > 20 ? " … \(known[known.count - 1])" : ""))
    }
    return checkpoints.filter { steps.steps.contains($0.step) }
  }
}

/// A stored training in the precision that it was trained in.
struct MeasuredTraining<Scalar: RealScalar> {
  let stored: StoredTraining
  /// Those that are measured.
  let checkpoints: [StoredTraining.Checkpoint]
  let context: ComputeContext

  var experiment: Experiment { stored.experiment }

  /// The network of a checkpoint.
  func snapshot(of checkpoint: StoredTraining.Checkpoint) throws -> Snapshot<Scalar> {
    try Snapshot(
      contentsOf: checkpoint.path, step: checkpoint.step, model: experiment.model,
      loss: experiment.loss, lossFactor: experiment.lossFactor, context: context)
  }
}

/// The last number in a name: 1000 of `step-00001000.safetensors`.
private func lastNumber(in name: String) -> Int? {
  name.dropLast(".safetensors".count).split { !$0.isNumber }.last.flatMap { Int($0) }
}
