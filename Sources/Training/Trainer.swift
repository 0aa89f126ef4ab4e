import GrokMeasures
@_exported import GrokModels

/// Trains a network: steps, records, snapshots and checkpoints.
///
/// ```swift
/// var trainer = try Trainer(
///   model, parameters: model.initialParameters(as: Float.self, key: key.fork("weights")),
///   loss: .crossEntropy, optimizer: .adamW(weightDecay: 1))
/// let outcome = try trainer.fit(data, steps: 10_000, key: key.fork("batches"))
/// ```
///
/// The numbers of a run depend on its settings and keys alone: not on the number of threads, on what is
/// observed, or on whether it was stopped and resumed.
public struct Trainer<Scalar: RealScalar> {
  /// The architecture.
  public let model: any Model
  /// What the training makes small.
  public let loss: Loss
  /// A factor on the loss where its gradient is taken; records hold the loss without it.
  public let lossFactor: Double
  /// How the learning rate changes.
  public let learningRate: LearningRateSchedule
  /// What happens to gradients before the optimizer, and to θ behind it.
  public var updateOptions: UpdateOptions { state.optimizer.options }
  /// Where the tensors live.
  public let context: ComputeContext
  /// The folder that keeps the run, if any.
  public let run: Run?
  /// What stops being trained, and when.
  public var freezing: Freezing { freezingPlan.freezing }

  let freezingPlan: FreezingPlan

  var state: TrainingState<Scalar>
  var observers: [Observer<Scalar>] = []
  var viewers: [Viewer<Scalar>] = []
  private var gradientViewers: [GradientViewer<Scalar>] = []
  private var motionViewers: [@Sendable (MotionRow) throws -> Void] = []
  var sinks: [any RecordSink] = []
  private let tape = Tape<Scalar>()
  private var gradient: Tensor<Scalar>
  private var batch: Batch<Scalar>?
  private var indices: [Int32] = []
  private let stateUpdates = StateUpdates<Scalar>()
  /// The arithmetic of a step by example; `nil` where it is to be counted anew.
  var operationsPerExample: Int?
  /// The last step whose losses are among the records.
  var recordedStep: Int?

  /// A training at step 0.
  ///
  /// - Parameter parameters: θ at the start, in the layout of the model.
  /// - Parameter modelState: What the model keeps besides, such as running statistics; else what it has before
  ///   training.
  /// - Parameter lossFactor: A factor on the loss where its gradient is taken, as ``CenteredModel/lossFactor``.
  /// - Parameter motion: What is recorded of how the weights move: in the run folder, and for ``observeMotion(with:)``.
  /// - Parameter freezing: What stops being trained, and when; recorded as `compute/frozen`, the share of θ.
  /// - Parameter countsOperations: Whether the arithmetic of all updates so far is recorded, as `compute/operations`: see
  ///   ``OperationCount``.
  /// - Parameter run: A run folder for records and checkpoints.
  /// - Throws: ``TrainingError/parameterCount(found:expected:)``, ``TrainingError/unsuitableFreezing(_:)``.
  public init(
    _ model: any Model, parameters: [Scalar], modelState: [Scalar]? = nil, loss: Loss,
    optimizer: Optimizer,
    lossFactor: Double = 1, learningRate: LearningRateSchedule = .constant,
    updateOptions: UpdateOptions = UpdateOptions(),
    accuracyThreshold: Double = 0.99, motion: MotionRecording? = nil,
    freezing: Freezing = .never, countsOperations: Bool = false, run: Run? = nil,
    context: ComputeContext = ComputeContext()
  ) throws {
    guard parameters.count == model.layout.count else {
      throw TrainingError.parameterCount(found: parameters.count, expected: model.layout.count)
    }
    self.model = model
    self.loss = loss
    self.lossFactor = lossFactor
    self.learningRate = learningRate
    self.context = context
    self.run = run
    freezingPlan = try FreezingPlan(freezing, of: model, options: updateOptions)
    gradient = Tensor(repeating: 0, shape: Shape(parameters.count), in: context)
    state = TrainingState(
      parameters: Tensor(changeable: parameters, shape: Shape(parameters.count), in: context),
      modelState: model.layout.stateCount == 0
        ? nil
        : Tensor(
          changeable: modelState ?? model.layout.initialState(),
          shape: Shape(model.layout.stateCount),
          in: context),
      optimizer: OptimizerState(
        optimizer, options: updateOptions, layout: model.layout, motion: motion, in: context),
      detector: try GrokkingDetector(threshold: accuracyThreshold))
    if case .whenCool = freezing {
      state.freezing.cooling = CoolingHistory(stageCount: freezingPlan.coolingStages.count)
    }
    if countsOperations { state.freezing.operations = 0 }
    if updateOptions.keepsNorm { state.keptNorm = state.parameters.norm }
    if motion?.measuresDisplacement == true {
      state.optimizer.motion!.origin = Tensor(
        changeable: parameters, shape: Shape(parameters.count), in: context)
    }
  }

  /// Updates done.
  public var step: Int { state.step }

  /// θ as it is now.
  public var parameters: [Scalar] { state.parameters.values }

  var currentParameters: Parameters<Scalar> {
    Parameters(state.parameters, state: state.modelState, layout: model.layout)
  }

  /// The network as it is now.
  public var snapshot: Snapshot<Scalar> {
    Snapshot(
      step: state.step, model: model,
      parameters: currentParameters, loss: loss, lossFactor: lossFactor, context: context)
  }

  /// Takes a measure at scheduled steps and records it under a name.
  ///
  /// - Parameter schedule: When; step 0 is before the first update. A schedule without any step of the
  ///   training is an error when the training begins.
  public mutating func observe(
    _ schedule: Schedule, as name: String,
    measure: @escaping @Sendable (Snapshot<Scalar>) throws -> Double
  ) {
    observers.append(Observer(schedule: schedule, name: name, measure: measure))
  }

  /// Shows the network to `body` at scheduled steps, after the records of the step.
  ///
  /// - Parameter schedule: When; step 0 is before the first update. A step from which a training is
  ///   continued was shown before.
  public mutating func observe(
    _ schedule: Schedule, with body: @escaping @Sendable (Snapshot<Scalar>) throws -> Void
  ) {
    viewers.append(Viewer(schedule: schedule, body: body))
  }

  /// Shows the gradient of the batch to `body` at scheduled steps, before the update that they begin: the parts by
  /// name, as `gradient["output.weight"].norm`.
  ///
  /// - Parameter schedule: When; step 0 is the first update.
  public mutating func observeGradient(
    _ schedule: Schedule,
    with body: @escaping @Sendable (_ step: Int, _ gradient: Parameters<Scalar>) throws -> Void
  ) {
    gradientViewers.append(GradientViewer(schedule: schedule, body: body))
  }

  /// Gives every row of the recorded motion to `body`, after the update that it is of.
  public mutating func observeMotion(with body: @escaping @Sendable (MotionRow) throws -> Void) {
    motionViewers.append(body)
  }

  /// Gives every record also to `sink`.
  public mutating func report(to sink: any RecordSink) { sinks.append(sink) }
}

// MARK: - Fitting

extension Trainer {
  /// How a training is run.
  public struct Plan: Sendable {
    /// Which examples each step uses.
    public var batching: Batching
    /// When losses, accuracies and the weight norm are recorded; always at step 0 and at the end.
    public var recording: Schedule
    /// When checkpoints are written, and which of them stay; those of step 0 and of the end always do.
    public var checkpoints: CheckpointPolicy
    /// How pictures are changed anew in each epoch, in training alone.
    public var augmentation: PictureAugmentation?
    /// Losses and accuracies are those of as many of the first examples as make whole batches of so many; 1: of all.
    public var evaluationMultiple = 1

    /// Full batches, records at 20 steps a decade and checkpoints at 2.
    public init(
      batching: Batching = .full, recording: Schedule = .logarithmic(perDecade: 20),
      checkpoints: CheckpointPolicy = CheckpointPolicy(), augmentation: PictureAugmentation? = nil
    ) {
      self.augmentation = augmentation
      self.batching = batching
      self.recording = recording
      self.checkpoints = checkpoints
    }
  }

  /// Trains until `steps` updates have been done in all.
  ///
  /// - Parameter key: The order of the examples.
  /// - Parameter mayContinue: Asked before each step with the number of updates done; `false` ends the
  ///   training after a checkpoint.
  /// - Throws: ``TrainingError``, `ModelError`, or what an observer or the run folder throws.
  public mutating func fit(
    _ data: TrainTestSplit, steps: Int, plan: Plan = Plan(), key: RandomKey,
    mayContinue: (_ step: Int) -> Bool = { _ in true }
  ) throws -> Outcome {
    guard let run else {
      return try train(data, steps: steps, plan: plan, key: key, mayContinue: mayContinue)
    }
    return try run.held {
      do {
        let outcome = try train(
          data, steps: steps, plan: plan, key: key, mayContinue: mayContinue)
        // Whoever holds the folder for longer says how it ended.
        if !run.isHeldTwice { try run.change(to: outcome.wasStopped ? .stopped : .done) }
        return outcome
      } catch {
        try? run.flushMotion()
        if !run.isHeldTwice { try? run.change(to: .failed, ["error": .string("\(error)")]) }
        throw error
      }
    }
  }

  private mutating func train(
    _ data: TrainTestSplit, steps: Int, plan: Plan, key: RandomKey, mayContinue: (Int) -> Bool
  ) throws -> Outcome {
    var clock = TrainingClock(secondsBefore: state.secondsBefore)
    let train = try prepare(data.train)
    let multiple = plan.evaluationMultiple
    let known = try wholeBatches(of: data.train, multiple).map { try prepare($0) } ?? train
    let test =
      data.test.count == 0
      ? nil : try prepare(wholeBatches(of: data.test, multiple) ?? data.test)
    // From step 0, whatever part is left: earlier ones were measured before the training was stopped.
    for observer in observers where !observer.schedule.hasStep(through: max(steps, state.step)) {
      throw TrainingError.observerNeverFires(observer.name, steps: steps)
    }
    var batches = try Batches(plan.batching, exampleCount: data.train.count, key: key)
    if let motion = state.optimizer.motion?.recording, steps > 0,
      motion.count(steps: max(steps, state.step), stepsPerEpoch: batches.stepsPerEpoch) == 0
    {
      throw TrainingError.observerNeverFires("motion", steps: steps)
    }
    if plan.batching == .full { batch = train.all }
    let augmenter = plan.augmentation.map {
      Augmenter(
        augmentation: $0, key: key.fork("augmentation"), stepsPerEpoch: batches.stepsPerEpoch)
    }
    try augmenter?.check(train)
    let noise = key.fork("noise")
    var outcome = Outcome()
    if state.step == 0 && recordedStep == nil {
      try record(known, test, clock, withLosses: true, into: &outcome)
      try checkpoint(clock, plan.checkpoints)
    } else if state.step == steps {
      let isScheduled = steps == 0 || plan.recording.contains(steps)
      try recordEnd(known, test, clock, isScheduled: isScheduled, observing: false, into: &outcome)
    } else {
      outcome.update(from: try evaluate(known), test: try test.map { try evaluate($0) })
    }
    var (checkpointStep, checkpointTime) = (state.step, clock.seconds)
    while state.step < steps {
      guard mayContinue(state.step) else {
        outcome.wasStopped = true
        if checkpointStep != state.step { try checkpoint(clock, plan.checkpoints) }
        break
      }
      clock.beginStep()
      try flushingDenormals {
        try oneStep(train, batches: &batches, augmenter, key: noise.fork(state.step))
      }
      clock.endStep()
      let isLast = state.step == steps
      let isScheduled = plan.recording.contains(state.step)
      if isLast {
        try recordEnd(known, test, clock, isScheduled: isScheduled, observing: true, into: &outcome)
      } else {
        try record(known, test, clock, withLosses: isScheduled, into: &outcome)
      }
      let (policy, age) = (plan.checkpoints, clock.seconds - checkpointTime)
      let isUnsafe = policy.safetySeconds > 0 && age >= policy.safetySeconds
      if isLast || isUnsafe || policy.contains(state.step) {
        try checkpoint(clock, policy)
        (checkpointStep, checkpointTime) = (state.step, clock.seconds)
      }
    }
    if outcome.detection == nil { outcome.detection = state.detector }
    outcome.finish(steps: state.step, clock: clock)
    state.secondsBefore = clock.seconds
    return outcome
  }

  /// The first examples that make whole batches; `nil` where that is all of them, or none.
  private func wholeBatches(of examples: LabeledExamples, _ size: Int) -> LabeledExamples? {
    let count = examples.count - examples.count % size
    return count == 0 || count == examples.count ? nil : examples.prefix(count)
  }

  func prepare(_ examples: LabeledExamples) throws -> PreparedExamples<Scalar> {
    try PreparedExamples(
      examples, for: model, loss: loss, notesZeros: true, in: context)
  }

  private mutating func oneStep(
    _ train: PreparedExamples<Scalar>, batches: inout Batches, _ augmenter: Augmenter?,
    key: RandomKey
  ) throws {
    if batches.batching != .full || augmenter != nil {
      batches.indices(ofStep: state.step, into: &indices)
      if batch == nil { batch = train.emptyBatch }
      train.select(indices, into: &batch!)
      augmenter?.change(&batch!, indices, step: state.step, in: context)
    }
    freeze()
    try countOperations(of: batch!)
    let loss = writeGradient(batch!, key: key)
    guard loss.isFinite else { throw nonFiniteLoss(Double(loss), [batch!]) }
    settle(gradient)
    for viewer in gradientViewers where viewer.schedule.contains(state.step) {
      try viewer.body(state.step, Parameters(gradient, layout: model.layout))
    }
    let motion = motionAtThisStep(stepsPerEpoch: batches.stepsPerEpoch)
    let rateFactor = learningRate.factor(atStep: state.step)
    state.optimizer.update(
      &state.parameters, gradient: &gradient, rateFactor: rateFactor, norm: state.keptNorm,
      seesMotion: motion.isSeen, keepsGradient: motion.isKept)
    if motion.isRecorded { try recordMotion(loss: Double(loss) * lossFactor, rateFactor) }
    stateUpdates.apply(to: &state.modelState, layout: model.layout)
    state.step += 1
  }

  /// Whether the update that comes now is recorded, whether its sums are taken, for that or so that the next one can be
  /// compared with it, and whether its gradient is kept for that.
  private func motionAtThisStep(
    stepsPerEpoch: Int
  ) -> (isSeen: Bool, isRecorded: Bool, isKept: Bool) {
    guard let motion = state.optimizer.motion else { return (false, false, false) }
    let recording = motion.recording
    let isRecorded = recording.contains(state.step, stepsPerEpoch: stepsPerEpoch)
    let isKept =
      recording.comparesSteps && recording.contains(state.step + 1, stepsPerEpoch: stepsPerEpoch)
    // The momentum is kept anyway.
    return (isRecorded || (isKept && !motion.way.updatesAreMomentum), isRecorded, isKept)
  }

  private mutating func recordMotion(loss: Double, _ rateFactor: Double) throws {
    let row = state.optimizer.motion!.row(
      step: state.step, loss: loss, rateFactor: rateFactor,
      previousRateFactor: state.step == 0 ? 0 : learningRate.factor(atStep: state.step - 1))
    try run?.record(row)
    for body in motionViewers { try body(row) }
  }

  // In a function of its own, so that nothing refers to θ any more when the optimizer changes it.
  private func writeGradient(_ batch: Batch<Scalar>, key: RandomKey) -> Scalar {
    let vector = tape.watch(state.parameters)
    let parameters = Parameters(
      vector, state: state.modelState, layout: model.layout,
      frozenNames: state.freezing.frozenNames)
    let pass = Pass(.training(key: key), taps: Taps(), updates: stateUpdates)
    let value = loss(model.readout(for: batch.input, parameters: parameters, pass: pass), batch)
    let number = value.value
    if number.isFinite {
      let small = lossFactor == 1 ? value : value * Scalar(lossFactor)
      tape.writeGradient(of: small, by: vector, to: gradient)
    } else {
      tape.clear()
    }
    return number
  }

  func nonFiniteLoss(_ loss: Double, _ batches: [Batch<Scalar>]) -> TrainingError {
    .nonFiniteLoss(
      step: state.step, loss: loss,
      firstTap: batches.lazy.compactMap { firstNonFiniteTap($0) }.first,
      lastCheckpoint: run?.lastCheckpointPath)
  }

  private func firstNonFiniteTap(_ batch: Batch<Scalar>) -> String? {
    let finder = NonFiniteFinder<Scalar>()
    _ = model.outputs(
      for: batch.input, parameters: currentParameters,
      taps: Taps { finder.see($0, $1) })
    return finder.name
  }
}

private final class NonFiniteFinder<Scalar: RealScalar>: @unchecked Sendable {
  private(set) var name: String?

  func see(_ name: String, _ value: Tensor<Scalar>) -> Tensor<Scalar> {
    if self.name == nil && !value.isFinite { self.name = name }
    return value
  }
}
