import GrokTraining

// Pictures to train on and to test with: from files or generated, normalized, and changed for tests out of
// distribution.

extension Experiment {
  /// The pictures that the settings name.
  static func pictures(_ settings: Settings, _ givenIndices: [Int]?, _ folders: [String]) throws
    -> (TrainTestSplit, digests: [String: String])
  {
    if settings.model.kind.readsTokens {
      throw ConfigurationError.conflict(
        "data.name=\(settings.data.name.rawValue) does not suit model.kind="
          + "\(settings.model.kind.rawValue): pictures are no tokens"
      )
    }
    let isChosen = givenIndices != nil || settings.data.torchSeed >= 0
    let read = try readPictures(settings.data, isWhole: isChosen, folders)
    let count = read.train.count
    let trainIndices = try givenIndices ?? permutedIndices(settings.data, of: count)
    if let wrong = trainIndices?.first(where: { $0 < 0 || $0 >= count }) {
      throw ConfigurationError.conflict("data.split names example \(wrong) of \(count)")
    }
    if let trainIndices, Set(trainIndices).count < trainIndices.count {
      throw ConfigurationError.conflict("data.split names an example more than once")
    }
    let train = trainIndices.map { read.train.selecting($0) } ?? read.train
    let split = TrainTestSplit(
      train: try normalized(train, settings.data), test: try normalized(read.test, settings.data),
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
    case .cifar10, .cifar100, .cifar100Coarse:
      let variant: CIFAR.Variant =
        switch options.name {
        case .cifar10: .ten
        case .cifar100: .hundred
        default: .hundredCoarse
        }
      let files = try CIFAR(
        variant, in: folders, trainCount: trainCount, testCount: options.testCount)
      return (files.train, files.test, files.digests)
    default:
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

// MARK: - Other pictures

extension Experiment {
  /// All pictures that there are to train on, of which the settings may take few; `nil` where examples are no pictures.
  func allTrainingPictures() throws -> LabeledExamples? {
    guard settings.data.name.pictureShape != nil else { return nil }
    let pictures = try Experiment.readPictures(settings.data, isWhole: true, folders).train
    return try Experiment.normalized(pictures, settings.data)
  }

  /// The examples to test with, changed, in the units that the network was trained in.
  ///
  /// - Throws: `DatasetError.invalidSetting` where they are no pictures.
  func testPictures(distortedBy distortion: PictureDistortion, key: RandomKey) throws
    -> LabeledExamples
  {
    guard settings.data.name.pictureShape?.channelCount == 1 else {
      throw ConfigurationError.conflict(
        "\(distortion) is for gray pictures, which data.name=\(settings.data.name.rawValue) are not"
      )
    }
    let normalization = settings.data.normalization.channels[0]
    return try data.test.distorted(
      by: distortion, black: normalization.black, white: normalization.white, key: key)
  }

  /// The examples to test with of another set of pictures, normalized as those of the training. Labels are the
  /// other set's own: the digits of MNIST and of EMNIST have the same.
  ///
  /// - Throws: ``ConfigurationError`` where it is no set of pictures, `DatasetError` where it is not there.
  func testPictures(of name: Settings.Data.Name) throws -> LabeledExamples {
    guard name.pictureShape != nil else {
      throw ConfigurationError.conflict("\(name.rawValue) has no pictures")
    }
    var options = settings.data
    (options.name, options.trainCount) = (name, 1)
    let pictures = try Experiment.readPictures(options, isWhole: false, folders).test
    guard name.pictureShape == settings.data.name.pictureShape else {
      throw ConfigurationError.conflict(
        "the pictures of \(name.rawValue) have another shape than those of "
          + settings.data.name.rawValue)
    }
    return try Experiment.normalized(pictures, settings.data)
  }
}

// MARK: - Shapes, normalization and augmentation

extension Settings.Data.Name {
  /// The extents of the pictures; `nil` where the examples are none.
  var pictureShape: PictureShape? {
    switch self {
    case .mnist, .fashionMNIST, .kmnist, .emnist, .syntheticCharacters: .mnist
    case .cifar10, .cifar100, .cifar100Coarse: .cifar
    default: nil
    }
  }
}

extension Experiment {
  /// Pictures in the units that the network reads.
  private static func normalized(
    _ pictures: LabeledExamples, _ options: Settings.Data
  ) throws -> LabeledExamples {
    let channels = options.normalization.channels
    if channels.count == 1 { return try pictures.normalized(by: channels[0]) }
    guard options.name.pictureShape?.channelCount == channels.count else {
      throw ConfigurationError.conflict(
        "data.normalization=\(options.normalization.rawValue) is for color pictures, which "
          + "data.name=\(options.name.rawValue) are not")
    }
    return try pictures.normalized(byChannel: channels)
  }

  /// How pictures change from epoch to epoch; `nil` where they do not.
  func augmentation() throws -> PictureAugmentation? {
    let options = settings.data
    guard options.mirrors || options.margin > 0 else { return nil }
    guard let shape = options.name.pictureShape else {
      throw ConfigurationError.conflict(
        "data.mirrors and data.margin are for pictures, which data.name=\(options.name.rawValue) has "
          + "none of")
    }
    let black = options.normalization.channels.map(\.black)
    return PictureAugmentation(
      shape: shape, mirrors: options.mirrors, margin: options.margin,
      background: black.count == 1
        ? [Float](repeating: black[0], count: shape.channelCount) : black)
  }
}
