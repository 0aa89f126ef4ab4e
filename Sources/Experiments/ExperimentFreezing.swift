import GrokTraining

// What stops being trained, as the settings say.

extension Experiment {
  /// A residual network, with a head behind each stage where it is trained layer by layer.
  static func residual(_ network: ResNet, _ settings: Settings) -> any Model {
    if case .layerwise = settings.train.freezing.freezing { return GrowingResNet(network) }
    return network
  }

  /// - Throws: ``ConfigurationError`` where the network has not what is to be frozen.
  func checkFreezing() throws {
    let train = settings.train
    do {
      try train.freezing.freezing.check(for: model, options: train.updateOptions)
    } catch TrainingError.unsuitableFreezing(let problem) {
      throw ConfigurationError.conflict("train.freezing=\(train.freezing): \(problem)")
    }
  }
}
