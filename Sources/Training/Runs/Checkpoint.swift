import GrokNumerics
import GrokModels

/// The state of a training as an archive of named arrays.
///
/// θ by parameter name, the optimizer's vectors as `optimizer.NAME`, and the counters as metadata. It
/// holds no clock, host or path: equal states make equal files. The order of the examples and every other
/// random number is a function of the run's settings and the step, so nothing else is needed to go on.
enum Checkpoint {
  static let format = "grok-checkpoint-1"

  static func archive<Scalar>(of state: TrainingState<Scalar>, layout: ParameterLayout) -> Archive {
    var archive = Archive()
    archive.metadata = [
      "format": format, "step": String(state.step),
      "optimizerSteps": String(state.optimizer.stepCount), "precision": Scalar.precision.rawValue,
    ]
    let values = state.parameters.values
    for entry in layout.entries {
      archive.set(entry.name, Array(values[entry.range]), shape: entry.shape.dimensions)
    }
    for (name, vector) in zip(state.optimizer.optimizer.stateNames, state.optimizer.vectors) {
      archive.set("optimizer.\(name)", vector.values)
    }
    return archive
  }

  /// Puts a stored state in place of `state`.
  ///
  /// - Throws: ``TrainingError/unsuitableCheckpoint(path:problem:)`` where it belongs to another
  ///   network, optimizer or precision.
  static func restore<Scalar>(
    _ state: inout TrainingState<Scalar>, from archive: Archive, layout: ParameterLayout,
    in context: ComputeContext
  ) throws {
    func unsuitable(_ problem: String) -> TrainingError {
      .unsuitableCheckpoint(path: archive.path, problem: problem)
    }
    guard archive.metadata["format"] == format else { throw unsuitable("is no checkpoint") }
    guard archive.metadata["precision"] == Scalar.precision.rawValue else {
      throw unsuitable(
        "has precision \(archive.metadata["precision"] ?? "unknown"), not \(Scalar.precision)")
    }
    guard let step = archive.metadata["step"].flatMap(Int.init), step >= 0,
      let optimizerSteps = archive.metadata["optimizerSteps"].flatMap(Int.init), optimizerSteps >= 0
    else { throw unsuitable("lacks its counters") }
    let optimizerNames = state.optimizer.optimizer.stateNames.map { "optimizer.\($0)" }
    let names = layout.names + optimizerNames
    if let name = archive.names.first(where: { !names.contains($0) }) {
      throw unsuitable("has '\(name)', which this network and optimizer do not have")
    }
    func array(_ name: String, _ shape: [Int]) throws(TrainingError) -> [Scalar] {
      guard let array = archive[name] else {
        throw unsuitable("lacks '\(name)', which this network and optimizer have")
      }
      guard array.shape == shape, let values = array.values(as: Scalar.self) else {
        throw unsuitable(
          "'\(name)' is \(array.elementType) \(array.shape), not \(Scalar.self) \(shape)")
      }
      return values
    }
    var values: [Scalar] = []
    for entry in layout.entries { values += try array(entry.name, entry.shape.dimensions) }
    let vectors = try optimizerNames.map { name in
      Tensor(try array(name, [layout.count]), shape: Shape(layout.count), in: context)
    }
    state.step = step
    state.optimizer.stepCount = optimizerSteps
    state.optimizer.vectors = vectors
    state.parameters = Tensor(values, shape: Shape(layout.count), in: context)
  }
}

// MARK: - Continuing

extension Trainer {
  /// Continues from the last checkpoint of this trainer's run folder, as if it had never stopped; from
  /// the beginning where it stopped before the first one.
  ///
  /// - Parameter recording: The schedule of the training: a record that was made only because an
  ///   earlier part ended there does not count.
  public mutating func resume(recording: Schedule) throws {
    guard let run else { throw RunError.noCheckpoint("this training") }
    guard let path = run.lastCheckpointPath else { return }
    try Checkpoint.restore(
      &state, from: Archive(contentsOf: path), layout: model.layout, in: context)
    let records = try Run.records(in: run.directory)
    state.secondsBefore = records.last?.seconds ?? 0
    recordedStep = records.last { $0.name == "train/loss" }?.step
    var train: [Int: Double] = [:]
    for record in records where record.step == 0 || recording.contains(record.step) {
      if record.name == "train/accuracy" { train[record.step] = record.value }
      if record.name == "test/accuracy", let fit = train[record.step] {
        try state.detector.append(
          step: record.step, trainAccuracy: fit, testAccuracy: record.value)
      }
    }
  }
}
