/// One setting: its dotted name, what it may be, and what it means.
public struct Setting: Sendable {
  /// The dotted name: `train.weightDecay`.
  public let path: String
  /// What a value must be: `a number from 0 to 1000`.
  public let expectation: String
  /// What it does, in one line.
  public let meaning: String
  /// The value as text.
  let read: @Sendable (Settings) -> String
  /// Whether the value is the path of a file.
  var isFile = false
  /// Sets the value from text; `false` where the text is none of the expected values.
  let write: @Sendable (inout Settings, String) -> Bool

  /// Every setting, in the order of the tables and files.
  public static let all: [Setting] =
    dataSettings + modelSettings + trainSettings + recordSettings
    + measureSettings

  /// The setting of a dotted name.
  ///
  /// - Throws: ``ConfigurationError/unknownSetting(_:)`` with the close names.
  public static func named(_ path: String) throws(ConfigurationError) -> Setting {
    guard let setting = all.first(where: { $0.path == path }) else { throw .unknownSetting(path) }
    return setting
  }
}

// MARK: - Kinds of settings

private typealias Key<Value> = WritableKeyPath<Settings, Value> & Sendable

extension Setting {
  private static func number<Value: LosslessStringConvertible & Comparable & Sendable>(
    _ path: String, _ key: Key<Value>, _ range: ClosedRange<Value>, _ meaning: String
  ) -> Setting {
    let kind = Value.self == Double.self ? "a number" : "a whole number"
    return Setting(
      path: path, expectation: "\(kind) from \(range.lowerBound) to \(range.upperBound)",
      meaning: meaning, read: { "\($0[keyPath: key])" }
    ) { settings, text in
      guard let value = Value(text) ?? wholeNumber(text), range.contains(value) else {
        return false
      }
      settings[keyPath: key] = value
      return true
    }
  }

  /// A whole number written as 1e5.
  private static func wholeNumber<Value: LosslessStringConvertible>(_ text: String) -> Value? {
    guard Value.self != Double.self, let value = Double(text), value.magnitude < 1e15,
      value == value.rounded()
    else { return nil }
    return Value("\(Int(value))")
  }

  private static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ key: Key<Value>, _ meaning: String
  ) -> Setting {
    let names = Value.allCases.map(\.rawValue)
    return Setting(
      path: path, expectation: "one of \(names.joined(separator: ", "))", meaning: meaning,
      read: { $0[keyPath: key].rawValue }
    ) { settings, text in
      guard let value = Value(rawValue: text) else { return false }
      settings[keyPath: key] = value
      return true
    }
  }

  /// A setting whose type reads its own text.
  private static func text<Value: LosslessStringConvertible & Sendable>(
    _ path: String, _ key: Key<Value>, _ expectation: String, _ meaning: String
  ) -> Setting {
    Setting(
      path: path, expectation: expectation, meaning: meaning,
      read: { $0[keyPath: key].description }
    ) { settings, text in
      guard let value = Value(text) else { return false }
      settings[keyPath: key] = value
      return true
    }
  }

  private static func steps(_ path: String, _ key: Key<Steps>, _ meaning: String) -> Setting {
    text(path, key, "steps such as 100+1000, or none", meaning)
  }

  private static func names(_ path: String, _ key: Key<Names>, _ meaning: String) -> Setting {
    text(path, key, "names such as a+b, or none", meaning)
  }

  private static func flag(_ path: String, _ key: Key<Bool>, _ meaning: String) -> Setting {
    text(path, key, "true or false", meaning)
  }

  private static func file(_ path: String, _ key: Key<String>, _ meaning: String) -> Setting {
    Setting(
      path: path, expectation: "the path of a file, or nothing", meaning: meaning,
      read: { $0[keyPath: key] }, isFile: true
    ) { settings, text in
      settings[keyPath: key] = text
      return true
    }
  }
}

// MARK: - The settings

extension Setting {
  private static let dataSettings = [
    choice("data.name", \.data.name, "the data set"),
    choice("data.operation", \.data.operation, "modular arithmetic: what is computed from a and b"),
    number("data.modulus", \.data.modulus, 2...2_000, "modular arithmetic: the modulus p"),
    number(
      "data.trainFraction", \.data.trainFraction, 0.001...0.999,
      "modular arithmetic and other sets of all there is: the share to train on"),
    number(
      "data.pythonSeed", \.data.pythonSeed, -1...Int(Int32.max),
      "those sets: split as Python's random.seed and random.shuffle do; -1 splits by the seed"
    ),
    number(
      "data.torchSeed", \.data.torchSeed, -1...Int(Int32.max),
      "train on the first examples of torch.randperm after torch.manual_seed; -1: not"),
    choice(
      "data.order", \.data.order,
      "batches in orders of the run's key, or those of PyTorch's DataLoader(shuffle=True) and the seed"
    ),
    number(
      "data.trainCount", \.data.trainCount, 1...1_000_000,
      "pictures: train on the first so many; others: draw so many to train on"),
    number(
      "data.testCount", \.data.testCount, 1...1_000_000,
      "pictures: test on the first so many; others: draw so many to test with"),
    choice("data.emnistSplit", \.data.emnistSplit, "emnist: the published selection of classes"),
    choice(
      "data.transposition", \.data.transposition,
      "emnist: upright pictures, or rows and columns exchanged as in the files"),
    choice(
      "data.normalization", \.data.normalization,
      "pictures: (x - mean) / deviation with mnist's 0.1307, 0.3081 or emnist's 0.1751, 0.3332, or those of "
        + "each color of cifar10 or cifar100"),
    flag(
      "data.mirrors", \.data.mirrors,
      "pictures: left and right exchanged in half of them, drawn anew in each epoch"),
    number(
      "data.margin", \.data.margin, 0...1_000,
      "pictures: shifted by up to so many pixels, drawn anew in each epoch"),
    number(
      "data.degree", \.data.degree, 1...1_000,
      "permutation-group: things; sparse-parity: bits that matter; digit-addition: digits; "
        + "polynomial-regression: degree; synthetic-manifolds: dimension"),
    choice(
      "data.permutationOperation", \.data.permutationOperation,
      "permutation-group: a b, a b a^-1, or a b a"),
    number(
      "data.inputCount", \.data.inputCount, 1...100_000,
      "sparse-parity: bits; polynomial-regression, synthetic-manifolds: features"),
    number(
      "data.vocabularySize", \.data.vocabularySize, 2...1_000_000,
      "repeated-tokens, skip-trigrams: tokens to fill with; text: words, or bytes and byte pairs"),
    number(
      "data.context", \.data.context, 2...1_000_000,
      "repeated-tokens, skip-trigrams, text: the length of a sequence"),
    number(
      "data.shortestPeriod", \.data.shortestPeriod, 0...1_000_000,
      "repeated-tokens: the shortest segment; 0: a sixth of the context, and half of it the longest"
    ),
    number(
      "data.longestPeriod", \.data.longestPeriod, 0...1_000_000,
      "repeated-tokens: the longest segment; the shortest where that is more"),
    text(
      "data.teacher", \.data.teacher, "widths such as 5x100x100x5",
      "teacher-student: the widths of the teacher, from inputs to outputs"),
    number(
      "data.manifoldCount", \.data.manifoldCount, 1...100_000, "synthetic-manifolds: how many"),
    number(
      "data.manifoldRadius", \.data.manifoldRadius, 0...1_000,
      "synthetic-manifolds: the radius, in lengths of a center"),
    file(
      "data.file", \.data.file, "text: the file; nothing: the plays of text/tinyshakespeare.txt"),
    choice("data.vocabulary", \.data.vocabulary, "text: what is a token"),
    file(
      "data.split", \.data.split, "train on the examples with the indices in this npy or npz file"),
  ]

  private static let modelSettings = [
    choice("model.kind", \.model.kind, "the architecture"),
    text(
      "model.hidden", \.model.hidden, "widths such as 200x200, or none",
      "mlp, cnn, vgg11: the widths of the hidden layers; lstm: those of its layers"),
    number(
      "model.width", \.model.width, 1...65_536,
      "transformer: the width of the residual stream; lstm: that of an embedded token"),
    number("model.depth", \.model.depth, 1...1_024, "transformer: blocks"),
    number("model.headCount", \.model.headCount, 1...1_024, "transformer: attention heads"),
    number(
      "model.perceptronWidth", \.model.perceptronWidth, 0...1_000_000,
      "transformer: the width of the perceptrons; 0 for attention alone"),
    choice("model.layerNorm", \.model.layerNorm, "transformer: where layers are normalized"),
    choice("model.positions", \.model.positions, "transformer: what tells positions apart"),
    flag("model.tied", \.model.tied, "transformer: read tokens out with their embedding"),
    flag(
      "model.attentionBiases", \.model.attentionBiases,
      "transformer: biases of queries, keys, values and the output of attention"),
    flag(
      "model.smearedKeys", \.model.smearedKeys,
      "transformer: mix each key with that of the position before"),
    flag(
      "model.causal", \.model.causal, "transformer: a position sees only those up to itself"),
    text(
      "model.channels", \.model.channels, "widths such as 16x32, or none",
      "cnn: the channels of each 3x3 convolution, which a 2x2 maximum follows"),
    flag(
      "model.smallStem", \.model.smallStem,
      "resnet18: begin with a 3x3 convolution, and not with a 7x7 one and a maximum"),
    number(
      "model.dropout", \.model.dropout, 0...0.99,
      "cnn, vgg11: the share of the last hidden values that training drops"),
    choice("model.activation", \.model.activation, "the function between layers"),
    choice(
      "model.initialization", \.model.initialization,
      "initial numbers from the run's key, those that PyTorch has after torch.manual_seed(seed), or normal ones of "
        + "deviation 1/√inputs without tails, with biases of 0"),
    number(
      "model.initializationScale", \.model.initializationScale, 0...1_000,
      "a factor on all initial parameters, biases too"),
    number("model.outputScale", \.model.outputScale, 0...1e6, "a factor on the outputs"),
    flag(
      "model.linearized", \.model.linearized,
      "train the network's tangent at the initial parameters: features stay what they are"),
    flag("model.centered", \.model.centered, "subtract the outputs at the initial parameters"),
    number(
      "model.laziness", \.model.laziness, 1e-6...1e6,
      "with model.centered: a factor on the outputs, while the loss is divided by its square"),
    number(
      "model.noise", \.model.noise, 0...1_000,
      "the standard deviation of normal noise behind every layer, the outputs too"),
    choice(
      "model.noiseScale", \.model.noiseScale, "what it is measured in: fixed units, or each value"),
    choice(
      "model.noiseExtent", \.model.noiseExtent,
      "whether there is noise in training too, or only where the network is looked at"),
    file(
      "model.initialParameters", \.model.initialParameters,
      "start from these parameters, by name, in a safetensors or npz file"),
  ]

  private static let trainSettings = [
    number("train.steps", \.train.steps, 0...Int(Int32.max), "updates in all"),
    number("train.batchSize", \.train.batchSize, 0...1_000_000, "examples a step; 0 takes all"),
    choice("train.loss", \.train.loss, "what is made small"),
    choice("train.optimizer", \.train.optimizer, "the update rule"),
    number("train.learningRate", \.train.learningRate, 0...1_000, "the optimizer's rate"),
    number(
      "train.weightDecay", \.train.weightDecay, 0...1_000,
      "decoupled with adamW, added to the gradient with adam and sgd"),
    number("train.beta1", \.train.beta1, 0...0.999_999, "adam, adamW: decay of the first moment"),
    number(
      "train.beta2", \.train.beta2, 0...0.999_999_9, "adam, adamW: decay of the second moment"),
    number("train.momentum", \.train.momentum, 0...0.999_999, "sgd: momentum"),
    flag("train.nesterov", \.train.nesterov, "sgd: Nesterov's momentum"),
    number(
      "train.warmUpSteps", \.train.warmUpSteps, 0...1_000_000,
      "the rate rises in a line from 0 over so many steps"),
    choice("train.rateCourse", \.train.rateCourse, "what the rate does after its rise"),
    number(
      "train.rateSteps", \.train.rateSteps, 0...Int(Int32.max),
      "cosine, linear: the step where the course ends; 0: the last of the training"),
    number(
      "train.finalRate", \.train.finalRate, 0...1, "cosine, linear: what is left, as a factor"),
    number(
      "train.rateFallSteps", \.train.rateFallSteps, 1...Int(Int32.max),
      "stepwise: the rate falls after every so many steps"),
    number("train.rateFall", \.train.rateFall, 0...1, "stepwise: the factor by which it falls"),
    choice(
      "train.gradientFilter", \.train.gradientFilter,
      "exponential-average adds the average of gradients so far (Grokfast)"),
    number(
      "train.filterDecay", \.train.filterDecay, 0...0.999_999_9, "the filter: decay of the average"),
    number(
      "train.filterAmplification", \.train.filterAmplification, 0...1_000,
      "the filter: how much of the average is added"),
    flag(
      "train.orthogonalGradient", \.train.orthogonalGradient,
      "take out of each parameter's gradient what is along the parameter (⊥Grad)"),
    number(
      "train.maximumGradientNorm", \.train.maximumGradientNorm, 0...1e9,
      "a longer gradient is scaled down to this norm; 0: none is"),
    flag(
      "train.keepNorm", \.train.keepNorm,
      "scale the parameters after each step back to their norm at the start"),
    text(
      "train.groups", \.train.groups,
      "groups such as *.bias:1:0+head.*:10:1 (names, factor of the rate, factor of the decay), or none",
      "parameters with a rate and a decay of their own; the last that matches counts"),
    choice("train.precision", \.train.precision, "the precision of parameters and arithmetic"),
    number(
      "train.threads", \.train.threads, 1...256,
      "threads that share each operation; the numbers do not depend on it"),
    number(
      "train.accuracyThreshold", \.train.accuracyThreshold, 0...1,
      "the accuracy that counts as fitting and generalizing"),
  ]

  private static let recordSettings = [
    number(
      "record.perDecade", \.record.perDecade, 0...1_000,
      "records evenly spaced on a logarithmic axis of steps, so many to each factor of 10"),
    number(
      "record.every", \.record.every, 0...1_000_000_000,
      "also a record every so many steps; 0: none"),
    steps("record.at", \.record.at, "also records at these steps"),
    flag(
      "record.tensorBoard", \.record.tensorBoard, "keep an event file for TensorBoard too"),
    number(
      "record.histogramsPerDecade", \.record.histogramsPerDecade, 0...1_000,
      "TensorBoard: histograms of each parameter, so many to each factor of 10 of steps; 0: none"),
    number(
      "checkpoint.perDecade", \.checkpoint.perDecade, 0...1_000,
      "checkpoints evenly spaced on a logarithmic axis of steps, so many to each factor of 10"),
    number(
      "checkpoint.every", \.checkpoint.every, 0...1_000_000_000,
      "also a checkpoint every so many steps; 0: none"),
    number(
      "checkpoint.keep", \.checkpoint.keep, 0...1_000_000,
      "of the checkpoints of checkpoint.every, only so many of the newest stay; 0: all"),
    steps("checkpoint.at", \.checkpoint.at, "also checkpoints at these steps"),
    number(
      "checkpoint.safetySeconds", \.checkpoint.safetySeconds, 0...1e6,
      "after so many seconds without a checkpoint one is written that goes when a later one is there; "
        + "0: never"),
  ]

  private static let measureSettings = [
    names(
      "measure.names", \.measure.names,
      "measures to take on the checkpoints when the training has ended; 'measures' lists them"),
    names(
      "measure.layers", \.measure.layers,
      "only these layers, input being the examples themselves; none: all"),
    names(
      "measure.examples", \.measure.examples,
      "on which examples: train, test, all for both together, either with :shuffled labels, changed test pictures such as "
        + "rotation:30, or the test pictures of another set such as emnist, joined by +"),
    number(
      "measure.exampleCount", \.measure.exampleCount, 0...1_000_000,
      "on so many of them, drawn once for all checkpoints; 0: all"),
    steps("measure.steps", \.measure.steps, "only the checkpoints of these steps; none: all"),
    number(
      "measure.drawCount", \.measure.drawCount, 2...1_000_000,
      "capacity, GLUE: random vectors for each manifold"),
    number("measure.margin", \.measure.margin, 0...1_000, "capacity: the margin κ"),
    choice(
      "measure.centers", \.measure.centers,
      "capacity: how the directions that the centers of manifolds share are removed"),
    number(
      "measure.neighborCount", \.measure.neighborCount, 0...10_000,
      "neighbors of each example; 0: the measure's own default"),
    number(
      "measure.kernelExampleCount", \.measure.kernelExampleCount, 1...100_000,
      "tangent kernels, Jacobians, curvature: so many examples"),
    number(
      "measure.langevinStep", \.measure.langevinStep, 1e-12...1,
      "local learning coefficient: the size of its sampling steps"),
    choice(
      "measure.compression", \.measure.compression,
      "information by neighbors: how the values of a layer become few; sliced: along many random directions instead"
    ),
    choice(
      "measure.inputCompression", \.measure.inputCompression,
      "information by neighbors: how the numbers of an example become few"),
    number(
      "measure.codeCount", \.measure.codeCount, 1...1_000,
      "information by neighbors: how many numbers"),
    flag(
      "measure.whitened", \.measure.whitened,
      "information by neighbors: principal components are scaled to variance 1"),
    flag(
      "measure.standardized", \.measure.standardized,
      "information by neighbors: every number is scaled to mean 0 and variance 1 at the end"),
    choice(
      "measure.labels", \.measure.labels,
      "information by neighbors: labels are names, or numbers on a line as published"),
    number(
      "measure.encoderEpochs", \.measure.encoderEpochs, 1...10_000,
      "information by neighbors: how often an autoencoder sees every example"),
    number(
      "measure.encoderExamples", \.measure.encoderExamples, 2...10_000_000,
      "information by neighbors: train the autoencoder of the examples on so many pictures"),
    number(
      "measure.sliceCount", \.measure.sliceCount, 2...1_000_000,
      "information by neighbors: random directions of measure.compression=sliced"),
    choice(
      "measure.errors", \.measure.errors,
      "information by neighbors: standard errors of local values as if these were independent, or of parts"
    ),
    text(
      "measure.binning", \.measure.binning, BinningText.expectation,
      "binned information: where the bins are"),
    number(
      "measure.pairwiseNoise", \.measure.pairwiseNoise, 1e-9...1e9,
      "bounds from pairs: the standard deviation of the noise that is added"),
    choice(
      "measure.reference", \.measure.reference,
      "the checkpoint that representations and kernels are compared with"),
    number(
      "measure.seed", \.measure.seed, 0...UInt64.max,
      "every random number of the measures follows from it"),
    number("seed", \.seed, 0...UInt64.max, "every random number of the run follows from it"),
  ]
}
