/// Named settings to start from.
public struct Preset: Sendable {
  /// The name on the command line.
  public let name: String
  /// What it does, in one line.
  public let summary: String
  /// The settings.
  public let settings: Settings

  /// A preset as changes of the defaults.
  public init(_ name: String, _ summary: String, _ change: (inout Settings) -> Void) {
    var settings = Settings()
    change(&settings)
    self.name = name
    self.summary = summary
    self.settings = settings
  }
}

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
}
