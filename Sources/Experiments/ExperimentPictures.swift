import GrokTraining

// Pictures to train on and to test with: from files or generated, normalized, and changed for tests out of
// distribution.

extension Experiment {
  /// The pictures that the settings name.
  static func pictures(_ settings: Settings, _ trainIndices: [Int]?, _ folders: [String]) throws
    -> (TrainTestSplit, digests: [String: String])
  {
    if settings.model.kind.readsTokens {
      throw ConfigurationError.conflict(
        "data.name=\(settings.data.name.rawValue) does not suit model.kind=transformer: pictures are no tokens"
      )
    }
    let read = try readPictures(settings.data, isWhole: trainIndices != nil, folders)
    let count = read.train.count
    if let wrong = trainIndices?.first(where: { $0 < 0 || $0 >= count }) {
      throw ConfigurationError.conflict("data.split names example \(wrong) of \(count)")
    }
    if let trainIndices, Set(trainIndices).count < trainIndices.count {
      throw ConfigurationError.conflict("data.split names an example more than once")
    }
    let normalization = settings.data.normalization.constants
    let train = trainIndices.map { read.train.selecting($0) } ?? read.train
    let split = TrainTestSplit(
      train: try train.normalized(by: normalization),
      test: try read.test.normalized(by: normalization),
      trainIndices: trainIndices ?? Array(0..<count), testIndices: Array(0..<read.test.count))
    return (split, read.digests)
  }

  /// Pixels between 0 and 1.
  ///
  /// - Parameter isWhole: Whether all training examples are wanted, for a split to choose from.
  private static func readPictures(
    _ options: Settings.Data, isWhole: Bool, _ folders: [String]
  ) throws -> (train: LabeledExamples, test: LabeledExamples, digests: [String: String]) {
    let trainCount = isWhole ? nil : options.trainCount
    func mnist(_ variant: MNIST.Variant) throws -> (
      train: LabeledExamples, test: LabeledExamples, digests: [String: String]
    ) {
      let files = try MNIST(
        variant, in: folders, trainCount: trainCount, testCount: options.testCount,
        acceptsUnknownContents: variant != .digits)
      return (files.train, files.test, files.digests)
    }
    switch options.name {
    case .mnist: return try mnist(.digits)
    case .fashionMNIST: return try mnist(.fashion)
    case .kmnist: return try mnist(.kuzushiji)
    case .emnist:
      let files = try EMNIST(
        options.emnistSplit.split, in: folders, trainCount: trainCount,
        testCount: options.testCount,
        transposition: options.transposition == .kept ? .kept : .corrected)
      return (files.train, files.test, files.digests)
    case .syntheticCharacters, .modularArithmetic:
      // One alphabet and one set of pictures for all seeds, as if they were files.
      let key = RandomKey(seed: 0).fork("synthetic-characters")
      let alphabet = SyntheticCharacters(key: key.fork("alphabet"))
      return (
        alphabet.examples(count: options.trainCount, key: key.fork("train")),
        alphabet.examples(count: options.testCount, key: key.fork("test")), [:]
      )
    }
  }
}

extension Settings.Data.EMNISTSplit {
  var split: EMNIST.Split {
    switch self {
    case .byclass: .byClass
    case .bymerge: .byMerge
    case .balanced: .balanced
    case .letters: .letters
    case .digits: .digits
    case .mnist: .mnist
    }
  }
}

// MARK: - Out of distribution

extension Experiment {
  /// The examples to test with, changed, in the units that the network was trained in.
  ///
  /// - Throws: `DatasetError.invalidSetting` where they are no pictures.
  func testPictures(distortedBy distortion: PictureDistortion, key: RandomKey) throws
    -> LabeledExamples
  {
    let normalization = settings.data.normalization.constants
    return try data.test.distorted(
      by: distortion, black: normalization.black, white: normalization.white, key: key)
  }

  /// The examples to test with of another set of pictures, normalized as those of the training. Labels are the
  /// other set's own: the digits of MNIST and of EMNIST have the same.
  ///
  /// - Throws: ``ConfigurationError`` where it is no set of pictures, `DatasetError` where it is not there.
  func testPictures(of name: Settings.Data.Name) throws -> LabeledExamples {
    guard name != .modularArithmetic else {
      throw ConfigurationError.conflict("\(name.rawValue) has no pictures")
    }
    var options = settings.data
    (options.name, options.trainCount) = (name, 1)
    return try Experiment.readPictures(options, isWhole: false, folders).test
      .normalized(by: settings.data.normalization.constants)
  }
}
