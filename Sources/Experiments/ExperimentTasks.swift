import GrokTraining

// Data sets that are generated, or cut from a text: the examples that the settings name.

extension Experiment {
  /// The examples of a generated task or a text, and SHA-256 of the files read.
  static func tasks(
    _ settings: Settings, _ trainIndices: [Int]?, _ folders: [String]
  ) throws -> (TrainTestSplit, digests: [String: String]) {
    let options = settings.data
    let key = RandomKey(seed: settings.seed).fork("data")
    let encoding: PairEncoding = settings.model.kind == .mlp ? .oneHot : .tokens
    func chosen(_ all: LabeledExamples) throws -> (TrainTestSplit, digests: [String: String]) {
      (try split(all, settings, trainIndices), [:])
    }
    /// Sets of examples drawn for training and for testing.
    func drawn(
      _ examples: (Int, RandomKey) -> LabeledExamples
    ) throws -> (TrainTestSplit, digests: [String: String]) {
      if trainIndices != nil || options.torchSeed >= 0 || options.pythonSeed >= 0 {
        throw ConfigurationError.conflict(
          "data.name=\(options.name.rawValue) draws its examples from the seed; data.split, "
            + "data.torchSeed and data.pythonSeed choose among given ones")
      }
      let split = TrainTestSplit(
        train: examples(options.trainCount, key.fork("train")),
        test: examples(options.testCount, key.fork("test")),
        trainIndices: Array(0..<options.trainCount), testIndices: Array(0..<options.testCount))
      return (split, [:])
    }
    switch options.name {
    case .permutationGroup:
      let group = try PermutationGroup(
        degree: options.degree, operation: options.permutationOperation.operation)
      return try chosen(group.examples(encoding: encoding))
    case .icosahedron: return try chosen(IcosahedralPatterns.examples())
    case .sparseParity:
      let task = try SparseParity(
        bitCount: options.inputCount, relevantCount: options.degree, key: key.fork("task"))
      return try drawn(task.examples)
    case .digitAddition:
      return try drawn(DigitAddition(digitCount: options.degree).examples)
    case .repeatedTokens:
      let task = try RepeatedTokens(
        vocabularySize: options.vocabularySize, contextLength: options.context,
        periods: options.periods,
        copyCount: options.copies == 0 ? nil : options.copies)
      return try drawn(task.examples)
    case .skipTrigrams:
      let task = try SkipTrigrams(
        fillerCount: options.vocabularySize, contextLength: options.context, key: key.fork("task"))
      return try drawn(task.examples)
    case .teacherStudent:
      let task = try TeacherStudent(widths: options.teacher.counts, key: key.fork("task"))
      return try drawn(task.examples)
    case .polynomialRegression:
      let task = try PolynomialRegression(
        inputCount: options.inputCount, degree: options.degree, key: key.fork("task"))
      return try drawn(task.examples)
    case .syntheticManifolds: return try chosen(manifolds(options, key: key))
    case .text: return try text(options, trainIndices, folders)
    case .modularArithmetic, .mnist, .fashionMNIST, .kmnist, .emnist, .syntheticCharacters,
      .cifar10, .cifar100, .cifar100Coarse:
      throw ConfigurationError.conflict("data.name=\(options.name.rawValue) is no such task")
    }
  }

  /// As many points of each manifold as make the examples to train and test on together.
  private static func manifolds(_ options: Settings.Data, key: RandomKey) throws -> LabeledExamples
  {
    let task = try SyntheticManifolds(
      manifoldCount: options.manifoldCount, featureCount: options.inputCount,
      dimension: options.degree, radius: options.manifoldRadius)
    let count = options.trainCount + options.testCount
    let points = (count + options.manifoldCount - 1) / options.manifoldCount
    return task.examples(pointCount: points, key: key)
  }

  private static func text(
    _ options: Settings.Data, _ trainIndices: [Int]?, _ folders: [String]
  ) throws -> (TrainTestSplit, digests: [String: String]) {
    let size = options.vocabularySize
    let kind: TextSequences.Kind =
      switch options.vocabulary {
      case .bytes: .bytes
      case .words: .words(size: size)
      case .bytePairs: .bytePairs(size: size)
      }
    let path = try textPath(options.file, in: folders)
    let text = try TextSequences(
      contentsOf: path, vocabulary: kind, contextLength: options.context)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if trainIndices != nil || options.torchSeed >= 0 || options.pythonSeed >= 0 {
      throw ConfigurationError.conflict(
        "data.name=text trains on the beginning of the text and tests with its end; data.split, "
          + "data.torchSeed and data.pythonSeed cannot choose")
    }
    return (
      try text.split(trainCount: options.trainCount, testCount: options.testCount),
      [name: text.sha256]
    )
  }

  /// The file that is named, or the plays that `data --download text` fetches.
  private static func textPath(_ file: String, in folders: [String]) throws -> String {
    guard file.isEmpty else { return file }
    let name = "tinyshakespeare.txt"
    let candidates = folders.flatMap { ["\($0)/text/\(name)", "\($0)/\(name)"] }
    guard let path = candidates.first(where: exists) else {
      throw ConfigurationError.conflict(
        "data.name=text needs data.file, or the plays in text/\(name): grokking data --download text"
      )
    }
    return path
  }

  /// A split of a given set of examples: by indices, by PyTorch's order, by Python's, or by the seed.
  private static func split(
    _ all: LabeledExamples, _ settings: Settings, _ trainIndices: [Int]?
  ) throws -> TrainTestSplit {
    let options = settings.data
    var order = [Int]()
    if let trainIndices {
      let taken = Set(trainIndices)
      return try TrainTestSplit(
        of: all, trainIndices: trainIndices,
        testIndices: (0..<all.count).filter { !taken.contains($0) })
    } else if options.torchSeed >= 0 {
      var generator = PyTorchRandom(seed: UInt64(options.torchSeed))
      order = generator.randperm(all.count)
    } else if options.pythonSeed >= 0 {
      var generator = PythonRandom(seed: options.pythonSeed)
      order = Array(0..<all.count)
      generator.shuffle(&order)
    } else {
      order = RandomKey(seed: settings.seed).fork("split").permutation(of: all.count)
    }
    let count = Int(options.trainFraction * Double(all.count))
    return try TrainTestSplit(
      of: all, trainIndices: Array(order[..<count]), testIndices: Array(order[count...]))
  }
}

extension Settings.Data.PermutationOperation {
  var operation: PermutationGroup.Operation {
    switch self {
    case .product: .product
    case .conjugation: .conjugation
    case .sandwich: .sandwich
    }
  }
}

extension Settings.Data {
  /// Repeated tokens: the lengths of segments; `nil` where they follow from the context.
  var periods: ClosedRange<Int>? {
    shortestPeriod == 0 ? nil : shortestPeriod...max(shortestPeriod, longestPeriod)
  }
}
