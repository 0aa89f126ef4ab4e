import GrokTraining

// The same seed as a program in PyTorch: its initial parameters, its choice of examples and its batches.

extension Experiment {
  /// Refuses settings by which examples would be chosen twice, or in an order that full batches do not have.
  static func checkSources(_ settings: Settings) throws(ConfigurationError) {
    let (data, batchSize) = (settings.data, settings.train.batchSize)
    if settings.model.initialization == .truncatedNormal, settings.model.kind == .transformer {
      throw .conflict(
        "model.initialization=truncated-normal does not suit model.kind=transformer, whose weights have "
          + "inputs by outputs")
    }
    if data.torchSeed >= 0 && (data.pythonSeed >= 0 || !data.split.isEmpty) {
      let other = data.split.isEmpty ? "data.pythonSeed" : "data.split"
      throw .conflict("data.torchSeed and \(other) both choose the examples; give one of them")
    }
    if data.order == .torch && batchSize == 0 {
      throw .conflict("data.order=torch needs a train.batchSize: 0 takes all examples as they are")
    }
  }

  /// The training examples by `torch.randperm`, `nil` where the settings do not ask for it.
  static func permutedIndices(_ options: Settings.Data, of count: Int) throws -> [Int]? {
    guard options.torchSeed >= 0 else { return nil }
    guard options.trainCount <= count else {
      throw DatasetError.invalidSetting(
        name: "data.trainCount", value: "\(options.trainCount)", expected: "at most \(count)")
    }
    var generator = PyTorchRandom(seed: UInt64(options.torchSeed))
    return Array(generator.randperm(count).prefix(options.trainCount))
  }

  /// θ as a program in PyTorch has it, and its default generator after that.
  func pyTorchParameters<Scalar: RealScalar>() -> (values: [Scalar], generator: PyTorchRandom) {
    var generator = PyTorchRandom(seed: settings.seed)
    let values: [Scalar] = model.initialParameters(
      scale: settings.model.initializationScale, from: &generator)
    return (values, generator)
  }

  /// Which examples each step takes.
  ///
  /// PyTorch's orders begin where its initialization has left the generator, and else with the seed.
  func batching<Scalar: RealScalar>(as type: Scalar.Type) -> Batching {
    let batchSize = settings.train.batchSize
    switch settings.data.order {
    case .keyed:
      let isFull = batchSize == 0 || batchSize >= data.train.count
      return isFull ? .full : .epochPermutation(batchSize: batchSize)
    case .torch:
      let generator =
        settings.model.initialization == .torch
        ? (pyTorchParameters() as (values: [Scalar], PyTorchRandom)).1
        : PyTorchRandom(seed: settings.seed)
      return .dataLoader(batchSize: batchSize, generator: generator)
    }
  }
}
