extension Preset {
  /// A small transformer that groks addition modulo 59 in under a minute.
  public static let modularAddition = Preset(
    "modular-addition", "a small transformer learns addition modulo 59; groks in about a minute"
  ) { _ in }

  /// The main run of Nanda et al., arXiv 2301.05217.
  public static let modularAdditionPaper = Preset(
    "modular-addition-paper",
    "the transformer of Nanda et al. (2023): addition modulo 113, full batch"
  ) {
    $0.data.modulus = 113
    $0.data.trainFraction = 0.3
    $0.data.pythonSeed = 0
    $0.model.width = 128
    $0.model.perceptronWidth = 512
    $0.train.steps = 40_000
  }

  /// The first experiment of Liu, Michaud & Tegmark, arXiv 2210.01117.
  public static let mnistOmnigrok = Preset(
    "mnist-omnigrok", "grokking on handwritten digits by a large initialization: Liu et al. (2022)"
  ) {
    $0.data.name = .mnist
    $0.model.kind = .mlp
    $0.model.initializationScale = 8
    $0.train.loss = .meanSquaredError
    $0.train.batchSize = 200
    $0.train.steps = 100_000
    $0.train.weightDecay = 0.01
    $0.train.beta2 = 0.999
    $0.train.warmUpSteps = 0
    $0.train.accuracyThreshold = 0.85  // 1,000 digits do not teach more than 0.89
    $0.record.every = 1_000
  }

  /// The network of Zheng et al. (2024) on the split *balanced* of EMNIST that they call `10, 2000, 1, 1e-3`.
  public static let emnistGrokking = Preset(
    "emnist-grokking", "grokking on 47 handwritten characters: Zheng et al. (2024)"
  ) {
    $0.data.name = .emnist
    $0.data.trainCount = 2_000
    $0.data.testCount = 18_800
    $0.data.transposition = .kept
    $0.data.normalization = .mnist
    $0.model.kind = .mlp
    $0.model.hidden = Widths([128, 512, 128])
    $0.model.initializationScale = 10
    $0.train.batchSize = 128
    $0.train.steps = 160_000  // 10,000 epochs of 2,000 examples
    $0.train.weightDecay = 1e-3
    $0.train.beta2 = 0.999
    $0.train.warmUpSteps = 0
    $0.train.accuracyThreshold = 0.45  // 2,000 characters teach 0.57
    $0.record.every = 2_000
    $0.checkpoint.perDecade = 5
  }

  /// A small network on pictures that the program makes itself.
  public static let smallCharacters = Preset(
    "small-characters", "47 made-up characters, no files needed; groks in about half a minute"
  ) {
    $0.data.name = .syntheticCharacters
    $0.data.trainCount = 1_000
    $0.data.testCount = 2_000
    $0.model.kind = .mlp
    $0.model.hidden = Widths([128, 128])
    $0.model.initializationScale = 12
    $0.train.batchSize = 200
    $0.train.steps = 6_000
    $0.train.weightDecay = 0.3
    $0.train.beta2 = 0.999
    $0.train.warmUpSteps = 0
    $0.train.accuracyThreshold = 0.6  // 1,000 of these characters teach 0.72
    $0.record.every = 500
  }

  /// All presets of the program `grokking`: single runs, then the routes to grokking.
  public static let grokking: [Preset] =
    [modularAddition, modularAdditionPaper, mnistOmnigrok, emnistGrokking, smallCharacters]
    + Family.allCases.flatMap { family in Route.allCases.compactMap { family.preset(of: $0) } }
}
