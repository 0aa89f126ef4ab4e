import GrokMeasures
import GrokModels

// What a training records of itself, and its checkpoints.

extension Trainer {
  /// Loss and accuracy of the network as it is on a set of examples.
  ///
  /// - Returns: The mean loss in `Double`, and the share of targets where the largest output is at the label; for
  ///   examples with numbers to be told, that of those whose mean square error is below 10⁻³.
  /// - Throws: ``ModelError/unsuitableInput(found:expected:)`` and others for examples that the network cannot take.
  public func evaluate(on examples: LabeledExamples) throws -> (loss: Double, accuracy: Double) {
    try evaluate(prepare(examples))
  }

  func evaluate(_ examples: PreparedExamples<Scalar>) throws -> (
    loss: Double, accuracy: Double
  ) {
    let parameters = currentParameters
    var (total, correct) = (0.0, 0)
    for piece in examples.pieces {
      let readout = model.readout(for: piece.input, parameters: parameters, pass: Pass())
      readout.forEachRun { rows, outputs in
        let own = piece.rows(rows)
        total += loss.total(outputs, own)
        correct += own.correctCount(outputs)
      }
    }
    let count = Double(examples.all.targetCount)
    return (total / count, Double(correct) / count)
  }

  /// Records what is due after this step: the measures of the observers whose schedule has it, and
  /// before them, where asked for, losses, accuracies and the weight norm.
  mutating func record(
    _ train: PreparedExamples<Scalar>, _ test: PreparedExamples<Scalar>?, _ clock: TrainingClock,
    withLosses: Bool, observing: Bool = true, into outcome: inout Outcome
  ) throws {
    let (step, seconds) = (state.step, clock.seconds)
    func entry(_ name: String, _ value: Double) -> Record {
      Record(step: step, seconds: seconds, name: name, value: value)
    }
    var records: [Record] = []
    if withLosses {
      let fit = try evaluate(train)
      guard fit.loss.isFinite else { throw nonFiniteLoss(fit.loss, train.pieces) }
      let generalization = try test.map { try evaluate($0) }
      outcome.update(from: fit, test: generalization)
      records += [entry("train/loss", fit.loss), entry("train/accuracy", fit.accuracy)]
      if let generalization {
        records += [
          entry("test/loss", generalization.loss), entry("test/accuracy", generalization.accuracy),
        ]
        try state.detector.append(
          step: step, trainAccuracy: fit.accuracy, testAccuracy: generalization.accuracy)
      }
      records.append(entry("weights/norm", state.parameters.norm))
      records += arithmetic.map { entry($0.name, $0.value) }
      recordedStep = step
    }
    for observer in observers where observing && observer.schedule.contains(step) {
      records.append(entry(observer.name, try observer.measure(snapshot)))
    }
    if !records.isEmpty {
      try run?.record(records)
      for sink in sinks { try sink.record(records) }
    }
    for viewer in viewers where observing && viewer.schedule.contains(step) {
      try viewer.body(snapshot)
    }
  }

  /// Records the end of a training, unless that was done before it was continued. A record that is there
  /// only because the training ends here must not change how it goes on.
  mutating func recordEnd(
    _ train: PreparedExamples<Scalar>, _ test: PreparedExamples<Scalar>?, _ clock: TrainingClock,
    isScheduled: Bool, observing: Bool, into outcome: inout Outcome
  ) throws {
    let detector = state.detector
    if recordedStep == state.step {
      let (fit, generalization) = (try evaluate(train), try test.map { try evaluate($0) })
      outcome.update(from: fit, test: generalization)
      if let generalization, !isScheduled {
        try state.detector.append(
          step: state.step, trainAccuracy: fit.accuracy, testAccuracy: generalization.accuracy)
      }
    } else {
      try record(
        train, test, clock, withLosses: true, observing: observing, into: &outcome)
    }
    outcome.detection = state.detector
    if !isScheduled { state.detector = detector }
  }

  mutating func checkpoint(_ clock: TrainingClock, _ policy: CheckpointPolicy) throws {
    state.secondsBefore = clock.seconds
    guard let run else { return }
    // Finite parameters may still give a loss that is not; others always do.
    for name in model.layout.names where !snapshot.parameters[name].isFinite {
      throw TrainingError.nonFiniteParameter(
        name, step: state.step, lastCheckpoint: run.lastCheckpointPath)
    }
    for sink in sinks { try sink.synchronize() }
    try run.write(state, layout: model.layout, policy: policy)
  }
}
