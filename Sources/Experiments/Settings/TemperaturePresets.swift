extension Preset {
  /// A transformer of attention alone that learns to copy from earlier in a sequence, suddenly, and beside it one of a
  /// single layer, which cannot: after Olsson et al. (2022).
  public static let induction = Preset(
    "induction",
    "two layers of attention learn to copy what came before, one cannot: a phase change in a minute",
    from: Settings(), axes: ["model.depth=2,1"]
  ) {
    $0.data.name = .repeatedTokens
    $0.data.vocabularySize = 32
    $0.data.context = 36
    $0.data.shortestPeriod = 6
    $0.data.longestPeriod = 18
    $0.data.trainCount = 4_000
    $0.data.testCount = 200
    $0.model.depth = 2
    $0.model.perceptronWidth = 0
    $0.train.batchSize = 48
    $0.train.steps = 2_400
    $0.train.learningRate = 3e-3
    $0.train.weightDecay = 0.01
    $0.train.warmUpSteps = 50
    $0.train.accuracyThreshold = 0.55  // the first round of a segment cannot be foreseen
    $0.record.perDecade = 5
    $0.record.every = 100
    $0.record.motion = .everything
    $0.checkpoint.every = 100
    $0.checkpoint.perDecade = 8
    $0.measure.names = Names([
      "inductionHeads", "lossTrajectory", "cooling", "heatFlow", "heatSpectrum", "pathComponents",
    ])
    $0.measure.exampleCount = 200
  }

  /// Its control, which cannot do it.
  public static let inductionOneLayer = Preset(
    "induction-one-layer", "the same with one layer, which cannot copy by content: the control",
    from: Preset.induction.settings
  ) { $0.model.depth = 1 }

  /// The same network on a text.
  public static let inductionText = Preset(
    "induction-text", "two layers of attention on byte pairs of any text: data.file, or the plays",
    from: Preset.induction.settings
  ) {
    $0.data.name = .text
    $0.data.vocabulary = .bytePairs
    $0.data.vocabularySize = 512
    $0.data.context = 64
    $0.data.trainCount = 8_000
    $0.data.testCount = 200
    $0.model.width = 128
    $0.train.batchSize = 32
    $0.train.steps = 4_000
    $0.train.learningRate = 1e-3
    $0.record.every = 250
    $0.checkpoint.every = 500
  }

  /// Grokking of addition modulo 59, with the motion of every step.
  public static let temperatureAddition = Preset(
    "modular-addition", "a small transformer groks addition modulo 59; every step's motion",
    from: Preset.modularAddition.settings
  ) {
    $0.record.motion = .everything
    $0.measure.names = Names(["fourierProgress", "pathComponents"])
  }

  /// The main run of Nanda et al., arXiv 2301.05217.
  public static let temperatureAdditionPaper = Preset(
    "modular-addition-paper",
    "the transformer of Nanda et al. (2023), addition modulo 113, full batch",
    from: Preset.modularAdditionPaper.settings
  ) {
    $0.record.motion = .everything
    $0.measure.names = Names(["fourierProgress", "pathComponents"])
  }

  /// The original program: ResNet-18 with its ImageNet stem on CIFAR-10, norms at every twentieth step of an epoch.
  public static let resnetCIFAR10 = Preset(
    "resnet-cifar10", "ResNet-18 on CIFAR-10 by SGD, norms every 20 steps, as the original program"
  ) {
    $0.data.name = .cifar10
    $0.data.trainCount = 50_000
    $0.data.testCount = 10_000
    $0.data.normalization = .halves
    $0.data.mirrors = true
    $0.data.margin = 4
    $0.model.kind = .resnet18
    $0.model.smallStem = false
    $0.train.optimizer = .sgd
    $0.train.momentum = 0.9
    $0.train.learningRate = 0.01
    $0.train.weightDecay = 5e-4
    $0.train.warmUpSteps = 0
    $0.train.batchSize = 128
    $0.train.steps = 20 * 391
    $0.record.perDecade = 0
    $0.record.every = 391
    $0.record.histogramsPerDecade = 0
    $0.record.motion = .everything
    $0.record.motionEvery = 20
    $0.record.motionInEpochs = true
    $0.checkpoint.perDecade = 0
    $0.checkpoint.every = 5 * 391
    $0.checkpoint.keep = 2
  }

  /// A residual network whose training takes minutes, with every kind of parameter of the original.
  public static let resnetSmall = Preset(
    "resnet-small", "ResNet-8 on 5,000 pictures of CIFAR-10: every kind of parameter in minutes",
    from: Preset.resnetCIFAR10.settings
  ) {
    $0.data.trainCount = 5_000
    $0.data.testCount = 1_000
    $0.model.kind = .resnet8
    $0.train.learningRate = 0.05
    $0.train.steps = 20 * 40
    $0.record.every = 40
    $0.record.motionEvery = 1
    $0.record.motionInEpochs = false
    $0.checkpoint.every = 400
  }

  /// Which layers can stop being trained, and when: early ones first, late ones first, or one after the other from the start.
  public static let layerwise = Preset(
    "layerwise",
    "ResNet-8 on 5,000 pictures of CIFAR-10: all layers to the end, early or late ones frozen, or one after the other",
    from: Preset.resnetSmall.settings,
    // As many operations in each as in 400 steps of the whole network, to less than 1 % but where cooling decides.
    axes: [
      "train.freezing=none,stem@182+layer1@182+layer2@364,fc@148+layer3@148+layer2@296,"
        + "early-when-cool,late-when-cool,layerwise:306+612,layerwise:174+347+520",
      "train.steps=400,546,444,575,453,918,694",
      "train.rateRestarts=none,none,none,none,none,306+612,174+347+520",
      "seed=0..2",
    ], zips: [["train.freezing", "train.steps", "train.rateRestarts"]]
  ) {
    $0.train.steps = 400
    $0.train.rateCourse = .cosine
    $0.record.operations = true
    $0.record.every = 40
    $0.checkpoint.every = 0
    $0.measure.names = Names(["stageMotion"])
  }

  /// Sums of numbers of five digits: a phase change for each digit of the sum.
  public static let digitsAddition = Preset(
    "digits-addition",
    "sums of five digits by a transformer: a phase change for each digit of the sum"
  ) {
    $0.data.name = .digitAddition
    $0.data.degree = 5
    $0.data.trainCount = 10_000
    $0.data.testCount = 500
    $0.model.width = 128
    $0.model.perceptronWidth = 512
    $0.train.batchSize = 64
    $0.train.steps = 3_000
    $0.train.weightDecay = 0.1
    $0.record.perDecade = 5
    $0.record.every = 100
    $0.record.motion = .everything
  }

  /// Segments that come again among random tokens, every sequence seen once: section 5 of Nanda et al.,
  /// arXiv 2301.05217.
  public static let repeatedSubsequence = Preset(
    "repeated-subsequence",
    "16 tokens come again twice in 85 random ones, never the same: attention alone, as published",
    from: Preset.induction.settings
  ) {
    $0.data.vocabularySize = 128
    $0.data.context = 85
    $0.data.shortestPeriod = 16
    $0.data.longestPeriod = 16
    $0.data.copies = 3
    $0.data.trainCount = 256_000
    $0.model.width = 48
    $0.train.batchSize = 128
    $0.train.steps = 2_000
    $0.train.learningRate = 1e-3
    $0.train.weightDecay = 1
    $0.train.beta2 = 0.999
    $0.train.accuracyThreshold = 0.3  // of 84 tokens 30 can be foreseen
  }

  /// One earlier token decides the answer.
  public static let skipTrigram = Preset(
    "skip-trigram", "one marker somewhere before decides the answer: one layer of attention"
  ) {
    $0.data.name = .skipTrigrams
    $0.data.trainCount = 512
    $0.data.testCount = 1_000
    $0.model.perceptronWidth = 0
    $0.train.batchSize = 128
    $0.train.steps = 3_000
    $0.record.motion = .everything
  }

  /// All presets of the program `temperature`.
  public static let temperature: [Preset] = [
    induction, inductionOneLayer, inductionText, temperatureAddition, temperatureAdditionPaper,
    resnetCIFAR10, resnetSmall, layerwise, digitsAddition, repeatedSubsequence, skipTrigram,
  ]
}
