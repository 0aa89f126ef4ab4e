import GrokTraining

// What is recorded of how the weights move, as the settings say.

extension Settings {
  /// What is recorded of how the weights move; `nil` for nothing.
  var motion: MotionRecording? {
    if record.motion == .none { return nil }
    return MotionRecording(
      interval: record.motionEvery, countsInEpochs: record.motionInEpochs,
      comparesSteps: record.motion != .norms, measuresDisplacement: record.motion == .everything)
  }
}

extension Experiment {
  /// Updates in an epoch.
  var stepsPerEpoch: Int {
    let size = settings.train.batchSize
    return size == 0 ? 1 : (data.train.count + size - 1) / size
  }

  /// The number of rows of motion that the training makes.
  private var motionCount: Int {
    settings.motion?.count(steps: settings.train.steps, stepsPerEpoch: stepsPerEpoch) ?? 0
  }

  /// - Throws: ``ConfigurationError`` where motion is to be recorded and no step would be.
  func checkMotion() throws {
    guard settings.motion != nil, settings.train.steps > 0, motionCount == 0 else { return }
    let length =
      settings.record.motionInEpochs
      ? "epochs of \(stepsPerEpoch) steps" : "train.steps=\(settings.train.steps)"
    throw ConfigurationError.conflict(
      "record.motionEvery=\(settings.record.motionEvery) is more than \(length): no motion would be recorded"
    )
  }

  /// Bytes of the table of motion.
  var motionByteCount: Int {
    guard let motion = settings.motion else { return 0 }
    return motionCount * motionRowByteCount(of: model.layout, recording: motion)
  }
}
