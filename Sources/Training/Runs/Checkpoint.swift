import GrokNumerics
import GrokModels

/// The state of a training as an archive of named arrays.
///
/// θ and the network's state by name, the optimizer's vectors as `optimizer.NAME`, and the counters as metadata. It
/// holds no clock, host or path: equal states make equal files. The order of the examples and every other
/// random number is a function of the run's settings and the step, so nothing else is needed to go on.
enum Checkpoint {
  static let format = "grok-checkpoint-2"
  /// That of version 0.1, without a digest.
  private static let firstFormat = "grok-checkpoint-1"

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
    if let modelState = state.modelState?.values {
      for entry in layout.stateEntries {
        archive.set(entry.name, Array(modelState[entry.range]), shape: entry.shape.dimensions)
      }
    }
    archive.metadata["keptNorm"] = state.keptNorm.map { "\($0)" }
    let frozen = layout.names.filter(state.freezing.frozenNames.contains)
    archive.metadata["frozen"] = frozen.isEmpty ? nil : frozen.joined(separator: " ")
    archive.metadata["cooling"] = state.freezing.cooling?.text
    archive.metadata["operations"] = state.freezing.operations.map { "\($0)" }
    for (name, vector) in zip(state.optimizer.vectorNames, state.optimizer.vectors) {
      archive.set("optimizer.\(name)", vector.values)
    }
    archive.metadata["digest"] = digest(of: archive)
    return archive
  }

  /// Refuses an archive that is no checkpoint, or not as it was written.
  static func verify(_ archive: Archive) throws(TrainingError) {
    switch archive.metadata["format"] {
    case firstFormat: return
    case format:
      if archive.metadata["digest"] == digest(of: archive) { return }
      throw .unsuitableCheckpoint(
        path: archive.path, problem: "is damaged: its contents do not have its digest")
    default: throw .unsuitableCheckpoint(path: archive.path, problem: "is no checkpoint")
    }
  }

  /// The SHA-256 digest of everything else in an archive: metadata and arrays by name, each text ended by a line
  /// feed.
  private static func digest(of archive: Archive) -> String {
    // By bytes, which does not depend on the version of Unicode.
    func isOrdered(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
    var digest = SHA256()
    func add(_ text: String) { Array((text + "\n").utf8).withUnsafeBytes { digest.update($0) } }
    for (key, value) in archive.metadata.sorted(by: { isOrdered($0.key, $1.key) })
    where key != "digest" {
      add(key)
      add(value)
    }
    for name in archive.names.sorted(by: isOrdered) {
      guard let array = archive[name] else { continue }
      add(name)
      add("\(array.elementType.rawValue) \(array.shape.map(String.init).joined(separator: " "))")
      array.bytes.withUnsafeBytes { digest.update($0) }
    }
    return digest.hexadecimal
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
    try verify(archive)
    guard archive.metadata["precision"] == Scalar.precision.rawValue else {
      throw unsuitable(
        "has precision \(archive.metadata["precision"] ?? "unknown"), not \(Scalar.precision)")
    }
    guard let step = archive.metadata["step"].flatMap(Int.init), step >= 0,
      let optimizerSteps = archive.metadata["optimizerSteps"].flatMap(Int.init), optimizerSteps >= 0
    else { throw unsuitable("lacks its counters") }
    let keptNorm = archive.metadata["keptNorm"].flatMap(Double.init)
    guard (keptNorm == nil) == (state.keptNorm == nil) else {
      throw unsuitable("and this training do not both keep the norm of the parameters")
    }
    let freezing = try freezing(in: archive, beside: state.freezing, layout: layout)
    let optimizerNames = state.optimizer.vectorNames.map { "optimizer.\($0)" }
    let names = layout.names + layout.stateEntries.map(\.name) + optimizerNames
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
    var modelState: [Scalar] = []
    for entry in layout.stateEntries {
      modelState += try array(entry.name, entry.shape.dimensions)
    }
    let vectors = try optimizerNames.map { name in
      Tensor(changeable: try array(name, [layout.count]), shape: Shape(layout.count), in: context)
    }
    state.step = step
    state.keptNorm = keptNorm
    state.optimizer.stepCount = optimizerSteps
    state.optimizer.vectors = vectors
    state.freezing = freezing
    if !freezing.frozenNames.isEmpty { state.optimizer.freeze(freezing.frozenNames) }
    state.parameters = Tensor(changeable: values, shape: Shape(layout.count), in: context)
    state.modelState =
      modelState.isEmpty
      ? nil : Tensor(changeable: modelState, shape: Shape(modelState.count), in: context)
  }
}

extension Checkpoint {
  /// What was frozen, for a training whose own beginning is `start`.
  private static func freezing(
    in archive: Archive, beside start: FreezingState, layout: ParameterLayout
  ) throws(TrainingError) -> FreezingState {
    func unsuitable(_ problem: String) -> TrainingError {
      .unsuitableCheckpoint(path: archive.path, problem: problem)
    }
    var freezing = start
    let names = archive.metadata["frozen"]?.split(separator: " ").map(String.init) ?? []
    if let name = names.first(where: { layout[$0] == nil }) {
      throw unsuitable("has frozen '\(name)', which this network does not have")
    }
    freezing.frozenNames = Set(names)
    freezing.cooling = archive.metadata["cooling"].flatMap(CoolingHistory.init)
    guard freezing.cooling?.stages.count == start.cooling?.stages.count else {
      throw unsuitable("and this training do not freeze the same stages when they cool")
    }
    freezing.operations = archive.metadata["operations"].flatMap(Double.init)
    guard (freezing.operations == nil) == (start.operations == nil) else {
      throw unsuitable("and this training do not both count operations")
    }
    return freezing
  }
}

// MARK: - Looking in

extension Checkpoint {
  /// θ and the network's state, for measures: from a checkpoint of this package, or from another archive that has
  /// them all by name.
  ///
  /// - Returns: The number of updates, where the archive says it, and the parameters.
  static func parameters<Scalar: RealScalar>(
    in archive: Archive, layout: ParameterLayout, context: ComputeContext
  ) throws -> (step: Int?, parameters: Parameters<Scalar>) {
    if archive.metadata["format"]?.hasPrefix("grok-checkpoint-") == true { try verify(archive) }
    func unsuitable(_ problem: String) -> TrainingError {
      .unsuitableCheckpoint(path: archive.path, problem: problem)
    }
    func tensor(_ entries: [ParameterLayout.Entry], count: Int) throws -> Tensor<Scalar> {
      var values: [Scalar] = []
      values.reserveCapacity(count)
      for entry in entries {
        guard let array = archive[entry.name] else {
          throw unsuitable("lacks '\(entry.name)', which this network has")
        }
        guard array.shape == entry.shape.dimensions else {
          throw unsuitable("'\(entry.name)' has shape \(array.shape), not \(entry.shape)")
        }
        if let same = array.values(as: Scalar.self) {
          values += same
        } else {
          values += try archive.doubles(entry.name).map { Scalar($0) }
        }
      }
      return Tensor(values, shape: Shape(count), in: context)
    }
    let vector = try tensor(layout.entries, count: layout.count)
    let state =
      layout.stateCount == 0 ? nil : try tensor(layout.stateEntries, count: layout.stateCount)
    return (
      archive.metadata["step"].flatMap(Int.init),
      Parameters(vector, state: state, layout: layout)
    )
  }
}

/// About how many bytes a checkpoint takes: θ, the network's state, what is carried from step to step, and their names.
package func checkpointByteCount(
  of layout: ParameterLayout, optimizer: Optimizer, options: UpdateOptions,
  motion: MotionRecording? = nil, scalarByteCount: Int
) -> Int {
  let carried =
    optimizer.stateNames + options.stateNames
    + (motion.map(MotionWay(optimizer, options).stateNames) ?? [])
  let names =
    layout.names + layout.stateEntries.map(\.name)
    + carried.map { "optimizer.\($0)" }
  let header = 300 + names.reduce(0) { $0 + $1.utf8.count + 70 }
  let count = layout.count * (1 + carried.count) + layout.stateCount
  return count * scalarByteCount + header
}

// MARK: - Continuing

extension Trainer {
  /// Continues from the last checkpoint of this trainer's run folder, as if it had never stopped; from
  /// the beginning where it stopped before the first one.
  ///
  /// - Parameter plan: The plan of the training: a record or checkpoint that was made only because an earlier
  ///   part ended there does not count.
  /// - Parameter steps: Where the training is to end.
  /// - Throws: ``RunError`` where the trainer has no folder, or its checkpoint or records cannot be read or are not of this network.
  public mutating func resume(_ plan: Plan, steps: Int) throws {
    guard let run else { throw RunError.noCheckpoint("this training") }
    let start = run.start
    if let start { try Checkpoint.restore(&state, from: start, layout: model.layout, in: context) }
    try run.goBack(
      to: start == nil ? nil : state.step, recording: plan.recording, checkpoints: plan.checkpoints,
      steps: steps)
    try restoreOrigin(of: run)
    let records = try Run.records(in: run.directory)
    state.secondsBefore = records.last?.seconds ?? 0
    recordedStep = records.last { $0.name == "train/loss" }?.step
    var train: [Int: Double] = [:]
    for record in records where record.step == 0 || plan.recording.contains(record.step) {
      if record.name == "train/accuracy" { train[record.step] = record.value }
      if record.name == "test/accuracy", let fit = train[record.step] {
        try state.detector.append(
          step: record.step, trainAccuracy: fit, testAccuracy: record.value)
      }
    }
  }
  /// Takes the weights at the start, which the recorded motion is measured from, out of the first checkpoint.
  private mutating func restoreOrigin(of run: Run) throws {
    guard state.step > 0, state.optimizer.motion?.origin != nil else { return }
    guard let first = try Run.checkpoints(in: run.directory).first, first.step == 0 else {
      throw RunError.unreadable(
        path: run.directory,
        problem: "has no checkpoint of step 0, from which the recorded displacement is measured")
    }
    let stored: Parameters<Scalar> = try Checkpoint.parameters(
      in: Archive(contentsOf: first.path), layout: model.layout, context: context
    ).parameters
    state.optimizer.motion!.origin = Tensor(
      changeable: stored.vector.values, shape: stored.vector.shape, in: context)
  }
}
