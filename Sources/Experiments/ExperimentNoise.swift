import GrokTraining

// Noise between layers.

extension Experiment {
  /// A network with noise behind its layers, if the settings ask for it.
  ///
  /// - Throws: ``ConfigurationError/conflict(_:)`` for lazy networks, whose outputs would be differences of noise.
  func noisy(_ model: any Model) throws(ConfigurationError) -> any Model {
    let options = settings.model
    guard options.noise > 0 else { return model }
    if options.linearized || options.centered {
      throw .conflict(
        "model.noise=\(options.noise) does not go with model.linearized or model.centered")
    }
    let layers = model.tapNames.filter(hasNoise)
    return NoisyModel(
      model,
      noise: ActivationNoise(
        deviation: options.noise, scale: options.noiseScale, extent: options.noiseExtent),
      on: layers, key: RandomKey(seed: settings.seed).fork("activation noise"))
  }

  /// Attention patterns are probabilities, which stay as they are.
  private func hasNoise(_ tap: String) -> Bool {
    !tap.hasSuffix("pattern") && !tap.hasSuffix("scores")
  }
}
