import GrokMeasures
import GrokTraining

/// Takes measures on the checkpoints of a stored training and leaves what they find beside them.
///
/// Checkpoints that were measured with the same options already are not measured again, so that an interrupted
/// measurement goes on and a longer training needs only its new ones.
struct Measurement {
  let training: StoredTraining
  let measures: [NamedMeasure]
  let options: Settings.Measuring
  let threadCount: Int
  /// Measures again what is there.
  var isAnew = false
  /// Whether a measure that has no value anywhere is an error: it was asked in vain. At the end of a training, which is worth
  /// more, it is a warning.
  var failsWithoutValues = true
  /// Forgets what was found on checkpoints that are gone, as the end of a part of a training that went on.
  var forgetsGone = false
  /// Whether measures that take long say nothing of how far they are.
  var isQuiet = true
  /// Asked ahead of each checkpoint, with its place among those that are measured now; `false` stops.
  var mayContinue: (_ step: Int, _ index: Int, _ count: Int) -> Bool = { _, _, _ in true }

  /// What was done.
  struct Summary {
    /// Checkpoints that were measured now.
    var measuredCount = 0
    /// Records of these measures that there are in all.
    var recordCount = 0
    /// Where a measure has no value: the measure, how often, and the first case.
    var undefined: [(measure: String, count: Int, first: String)] = []
    /// Whether it was stopped before its end.
    var wasStopped = false

    /// What a user should know, a line each.
    var warnings: [String] {
      undefined.map { measure, count, first in
        "\(measure) has no value \(count == 1 ? "once" : "\(count) times"): \(first)"
      }
    }
  }

  /// Measures in the precision of the training.
  func perform() throws -> Summary {
    switch training.experiment.settings.train.precision {
    case .float: return try perform(as: Float.self)
    case .double: return try perform(as: Double.self)
    }
  }

  private func perform<Scalar: RealScalar>(as type: Scalar.Type) throws -> Summary {
    var pass = try MeasurementPass<Scalar>(self)
    return try pass.perform()
  }
}

/// One measurement in one precision.
struct MeasurementPass<Scalar: RealScalar> {
  let measurement: Measurement
  let training: MeasuredTraining<Scalar>
  let sets: [(name: String, examples: LabeledExamples)]
  let layers: [String]
  let workers: Workers
  var files: [MeasurementFile]
  var undefined: [String: (count: Int, first: String)] = [:]
  var errors: [String: any Error] = [:]
  private let cache = MeasureCache()

  init(_ measurement: Measurement) throws {
    self.measurement = measurement
    let (stored, options) = (measurement.training, measurement.options)
    let checkpoints = try stored.selected(options.steps)
    training = MeasuredTraining(
      stored: stored, checkpoints: checkpoints,
      context: ComputeContext(threadCount: measurement.threadCount))
    var digests: [String: String] = [:]
    try options.checkReferenceRun(measurement.measures)
    let compared = try stored.compared(options)
    func digest(_ measure: NamedMeasure) throws -> String? {
      guard let reference = measure.body.reference(options) else { return nil }
      let isPair = if case .pair = measure.body { true } else { false }
      let path = try (isPair ? compared : stored).reference(reference).path
      if digests[path] == nil { digests[path] = try checkpointDigest(of: path) }
      return digests[path]
    }
    let experiment = Provenance.measuredDigest(of: stored.experiment)
    workers = Workers(threadCount: measurement.threadCount)
    sets = try stored.experiment.examples(for: options)
    layers = try stored.experiment.layers(for: options)
    files = try measurement.measures.map { measure in
      try MeasurementFile(
        of: measure, in: stored.directory, options: options.members(of: measure),
        reference: digest(measure), experiment: experiment,
        isAnew: measurement.isAnew)
    }
    guard measurement.forgetsGone else { return }
    let steps = Set(stored.checkpoints.map(\.step))
    for index in files.indices { files[index].forget { !steps.contains($0) } }
  }

  mutating func perform() throws -> Measurement.Summary {
    var summary = Measurement.Summary()
    let digests = try training.checkpoints.map { try checkpointDigest(of: $0.path) }
    let pending = training.checkpoints.indices.filter { index in
      measurement.measures.indices.contains {
        isPending($0, training.checkpoints[index], digests[index])
      }
    }
    let steps = StepMeasuring(self)
    for (place, index) in pending.enumerated() {
      let checkpoint = training.checkpoints[index]
      guard measurement.mayContinue(checkpoint.step, place, pending.count) else {
        summary.wasStopped = true
        return summary
      }
      let wanted = measurement.measures.indices.filter {
        isPending($0, checkpoint, digests[index])
      }
      let snapshot = try training.snapshot(of: checkpoint)
      for position in wanted { files[position].forget { $0 == checkpoint.step } }
      for position in wanted {
        let measure = measurement.measures[position]
        do {
          try steps.measure(measure, snapshot) { name, result in
            take(result, of: position, named: name, atStep: checkpoint.step)
          }
        } catch is StoppedEncoder {
          summary.wasStopped = true
          return summary
        }
        files[position].finish(step: checkpoint.step, digest: digests[index])
        try files[position].write()
      }
    }
    for position in measurement.measures.indices {
      guard case .training(let body) = measurement.measures[position].body else { continue }
      let all = Dictionary(
        uniqueKeysWithValues: zip(training.checkpoints.map(\.step), digests))
      if files[position].digests == all { continue }
      files[position].forgetAll()
      guard measurement.mayContinue(training.checkpoints[0].step, 0, 1) else {
        summary.wasStopped = true
        return summary
      }
      for (name, examples) in body.readsExamples ? sets : [("", sets[0].examples)] {
        do {
          let found = try body.findings(
            of: training, on: examples, context(of: measurement.measures[position]))
          let prefix = name.isEmpty ? "" : name + "/"
          for (step, findings) in found.steps.sorted(by: { $0.key < $1.key }) {
            var named = Findings()
            named.add(findings, before: prefix)
            files[position].add(named, atStep: step)
          }
          var named = Findings()
          named.add(found.all, before: prefix)
          files[position].add(named)
        } catch let error as MeasureError {
          let last = training.checkpoints[training.checkpoints.count - 1]
          take(.failure(error), of: position, named: name, atStep: last.step)
        }
      }
      for (step, digest) in all { files[position].finish(step: step, digest: digest) }
      try files[position].write()
    }
    summary.measuredCount = pending.count
    summary.recordCount = files.reduce(0) { $0 + $1.recordCount }
    for (position, measure) in measurement.measures.enumerated() {
      if measurement.failsWithoutValues, files[position].recordCount == 0,
        let error = errors[measure.name]
      {
        throw error
      }
      if let (count, first) = undefined[measure.name] {
        summary.undefined.append((measure.name, count, first))
      }
    }
    return summary
  }

  func context(of measure: NamedMeasure) -> MeasureContext {
    let model = training.experiment.settings.model
    return MeasureContext(
      options: measurement.options, workers: workers,
      key: RandomKey(seed: measurement.options.seed).fork(measure.name),
      noise: model.noiseScale == .absolute ? model.noise : 0,
      isQuiet: measurement.isQuiet, cache: cache)
  }

  private func isPending(
    _ position: Int, _ checkpoint: StoredTraining.Checkpoint, _ digest: String
  ) -> Bool {
    if case .training = measurement.measures[position].body { return false }
    return files[position].digests[checkpoint.step] != digest
  }

  private mutating func take(
    _ result: Result<Findings, any Error>, of position: Int, named name: String, atStep step: Int
  ) {
    switch result {
    case .success(let findings): files[position].add(findings, atStep: step)
    case .failure(let error):
      let measure = measurement.measures[position].name
      files[position].addUndefined(name, atStep: step, "\(error)")
      let place = "\(name.isEmpty ? "" : "\(name) ")at step \(step): \(error)"
      undefined[measure] = (
        (undefined[measure]?.count ?? 0) + 1, undefined[measure]?.first ?? place
      )
      errors[measure] = errors[measure] ?? error
    }
  }
}

/// What tells a checkpoint from another one of the same step.
private func checkpointDigest(of path: String) throws -> String {
  if let digest = try Archive(contentsOf: path).metadata["digest"] { return digest }
  return SHA256.hexadecimal(of: try ByteSource(path: path).all())
}
