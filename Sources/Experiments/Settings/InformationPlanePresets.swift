extension Preset {
  /// The experiment that the information plane was first drawn of: Shwartz-Ziv & Tishby, arXiv 1703.00810.
  public static let tishby = Preset(
    "tishby",
    "12 bits on an icosahedron, a tanh network: fitting, then compression, on the binned plane",
    from: Settings(), axes: ["seed=0..9"]
  ) {
    $0.data.name = .icosahedron
    $0.data.trainFraction = 0.85
    $0.model.kind = .mlp
    $0.model.hidden = Widths([10, 7, 5, 4, 3])
    $0.model.activation = .tanh
    $0.model.initialization = .truncatedNormal
    $0.train.optimizer = .adam
    $0.train.learningRate = 4e-4
    $0.train.weightDecay = 0
    $0.train.beta2 = 0.999
    $0.train.warmUpSteps = 0
    $0.train.batchSize = 512
    $0.train.steps = 56_000  // 8,000 epochs of 7 batches
    $0.train.accuracyThreshold = 0.97
    $0.train.threads = 1  // the products are too small to share
    $0.record.perDecade = 20
    $0.record.every = 0
    $0.checkpoint.perDecade = 20
    $0.measure.names = Names(["binnedInformation", "unitActivity"])
    $0.measure.examples = Names(["all"])
    $0.measure.exampleCount = 0
    $0.measure.binning = .tishby
  }

  /// Grokking of digits on the plane, every setting as published, with estimators that can be trusted.
  public static let informationPlaneMNIST = Preset(
    "mnist", "grokking of handwritten digits on the information plane, by nearest neighbors",
    from: Preset.mnistOmnigrok.settings
  ) {
    $0.data.normalization = .mnist
    $0.model.noise = 1e-3
    $0.record.perDecade = 0
    $0.record.every = 1_000
    $0.record.at = Steps(Array(0..<30))
    $0.checkpoint.perDecade = 0
    $0.checkpoint.every = 1_000
    $0.checkpoint.at = Steps(Array(0..<30))
    $0.measure.names = Names(["neighborInformation", "unitActivity", "weightNorms"])
    $0.measure.examples = Names(["test", "train"])
    $0.measure.exampleCount = 0
    $0.measure.layers = Names(["hidden.0", "hidden.1", "output"])
    $0.measure.neighborCount = 20
    $0.measure.inputCompression = .autoencoder
  }

  /// The same with the choices of the published program: codes in their own units, labels as numbers.
  public static let informationPlaneMNISTAsPublished = Preset(
    "mnist-as-published", "the same with the estimator's settings as published",
    from: Preset.informationPlaneMNIST.settings
  ) {
    $0.measure.standardized = false
    $0.measure.labels = .numbers
  }

  /// Training at a fixed norm over sample size and initial scale: Liu et al., arXiv 2210.01117, Fig. 2.
  public static let landscape = Preset(
    "landscape", "training at a fixed norm of the weights, over sample size and initial scale",
    from: Preset.mnistOmnigrok.settings,
    axes: ["data.trainCount=200,1000,5000", "model.initializationScale=0.1..10:log7"]
  ) {
    $0.train.keepNorm = true
    $0.train.weightDecay = 0
    $0.train.batchSize = 100
    $0.train.steps = 10_000
    $0.data.testCount = 2_000
    $0.record.every = 50
    $0.checkpoint.perDecade = 2
  }

  /// All presets of the program `information-plane`.
  public static let informationPlane: [Preset] = [
    tishby, informationPlaneMNIST, informationPlaneMNISTAsPublished, landscape,
  ]
}
