@_exported import GrokTraining

/// Settings made ready to run: examples, network and training, all checked before anything is written.
struct Experiment {
  private(set) var settings: Settings
  let data: TrainTestSplit
  private(set) var model: any Model
  /// SHA-256 of the data files by name.
  let digests: [String: String]
  /// Where data files are looked for.
  let folders: [String]
  /// Whether the parameters come from a checkpoint.
  let isContinued: Bool
  /// How pictures change from epoch to epoch; `nil` where they do not.
  private var pictureChanges: PictureAugmentation?

  /// Reads the data and builds the network.
  ///
  /// - Parameter folders: Where data files are looked for, in this order.
  /// - Parameter isContinued: Whether a checkpoint will give the parameters; initial ones are not needed.
  /// - Parameter origin: The checkpoint of the state that the training began with, once there is one: lazy networks
  ///   go on from it.
  /// - Throws: ``ConfigurationError`` for settings that do not go together, `DatasetError` for data that
  ///   is missing or damaged, `ArchiveError` and `ModelError` for files that cannot be used.
  init(
    _ settings: Settings, folders: [String], isContinued: Bool = false, origin: String? = nil
  ) throws {
    self.settings = settings
    self.folders = folders
    self.isContinued = isContinued
    if settings.recording == .never {
      throw ConfigurationError.conflict(
        "record.perDecade and record.every are both 0 and record.at is none: nothing would be recorded"
      )
    }
    try Experiment.checkSources(settings)
    let trainIndices = try settings.data.split.isEmpty ? nil : indices(from: settings.data.split)
    switch settings.data.name {
    case .modularArithmetic:
      (data, model) = try Experiment.modularArithmetic(settings, trainIndices)
      digests = [:]
    case .mnist, .fashionMNIST, .kmnist, .emnist, .syntheticCharacters:
      (data, digests) = try Experiment.pictures(settings, trainIndices, folders)
      model = try Experiment.network(
        settings, for: data.train, pictures: PictureSize(channels: 1, height: 28, width: 28))
    case .cifar10, .cifar100, .cifar100Coarse:
      (data, digests) = try Experiment.pictures(settings, trainIndices, folders)
      model = try Experiment.network(
        settings, for: data.train, pictures: PictureSize(channels: 3, height: 32, width: 32))
    case .permutationGroup, .icosahedron, .sparseParity, .digitAddition, .repeatedTokens,
      .skipTrigrams, .teacherStudent, .polynomialRegression, .syntheticManifolds, .text:
      do {
        (data, digests) = try Experiment.tasks(settings, trainIndices, folders)
      } catch let error as DatasetError {
        guard case .invalidSetting = error else { throw error }
        throw ConfigurationError.conflict(
          "data.name=\(settings.data.name.rawValue): \(error.description)")
      }
      model = try Experiment.network(settings, for: data.train)
    }
    if data.train.numbers != nil && settings.train.loss != .meanSquaredError {
      throw ConfigurationError.conflict(
        "data.name=\(settings.data.name.rawValue) has numbers to be told; set "
          + "train.loss=mean-squared-error")
    }
    if data.train.count == 0 || data.test.count == 0 {
      let cause =
        trainIndices == nil ? "data.trainFraction=\(settings.data.trainFraction)" : "data.split"
      throw ConfigurationError.conflict(
        "\(cause) leaves \(data.train.count) examples to train on and \(data.test.count) to test "
          + "with")
    }
    pictureChanges = try augmentation()
    if !settings.model.initialParameters.isEmpty { _ = try initialParameters() as [Float] }
    model = try lazy(noisy(model), from: origin)
    for group in settings.train.groups.groups
    where !model.layout.names.contains(where: group.contains) {
      throw ConfigurationError.conflict(
        "train.groups: no parameter is named '\(group.pattern)'; there are "
          + model.layout.names.joined(separator: ", "))
    }
    try checkMotion()
    try checkFreezing()
    _ = try measures()
  }

  /// What a run folder was made from, with the data files that it began with.
  ///
  /// - Parameter dataFolders: Where data files are looked for, before the folders of the run.
  /// - Throws: What the other initializer throws, and `RunError.unreadable` for data files that have changed.
  init(
    ofRun directory: String, settings: Settings, dataFolders: [String], isContinued: Bool
  ) throws {
    let description = try Run.description(of: directory)
    let earlier = description["dataFolders"]?.array?.compactMap(\.string) ?? []
    let origin = try Run.checkpoints(in: directory).first { $0.step == 0 }
    try self.init(
      settings, folders: dataFolders + earlier, isContinued: isContinued,
      origin: isContinued ? origin?.path : nil)
    let digests = Provenance.digests(of: self)
    for (name, digest) in description["dataDigests"]?.object ?? [:] where digests[name] != digest {
      throw RunError.unreadable(
        path: directory,
        problem: "\(name) is not the file that the run began with; give its folder "
          + "with --data")
    }
  }

  /// The modular task of the settings; nil for other examples.
  var modularTask: ModularArithmetic? {
    settings.data.name == .modularArithmetic ? try? Experiment.modularTask(settings) : nil
  }

  private static func modularTask(_ settings: Settings) throws -> ModularArithmetic {
    let options = settings.data
    let operation: ModularArithmetic.Operation =
      switch options.operation {
      case .addition: .addition
      case .subtraction: .subtraction
      case .multiplication: .multiplication
      case .division: .division
      case .squareSum: .sumOfSquares
      case .quadraticForm: .quadraticForm
      case .cubicForm: .cubicForm
      case .randomTable: .randomTable(key: RandomKey(seed: settings.seed).fork("table"))
      }
    do {
      try ModularArithmetic.check(operation, modulus: options.modulus)
    } catch DatasetError.invalidSetting(_, let value, let expected) {
      throw ConfigurationError.badValue(path: "data.modulus", value: value, expectation: expected)
    }
    return ModularArithmetic(operation, modulus: options.modulus)
  }

  private static func modularArithmetic(_ settings: Settings, _ trainIndices: [Int]?) throws
    -> (TrainTestSplit, any Model)
  {
    let (options, key) = (settings.data, RandomKey(seed: settings.seed))
    let task = try modularTask(settings)
    let encoding: PairEncoding = settings.model.kind.readsTokens ? .tokens : .oneHot
    let split =
      if let trainIndices {
        try task.split(trainIndices: trainIndices, encoding: encoding)
      } else if options.torchSeed >= 0 {
        task.split(
          trainFraction: options.trainFraction, encoding: encoding,
          torchSeed: UInt64(options.torchSeed))
      } else if options.pythonSeed >= 0 {
        task.split(
          trainFraction: options.trainFraction, encoding: encoding, pythonSeed: options.pythonSeed)
      } else {
        task.split(
          trainFraction: options.trainFraction, encoding: encoding, key: key.fork("split"))
      }
    return (split, try network(settings, for: split.train))
  }
}

/// The training indices in a file: its only array, or the one named `train`.
private func indices(from path: String) throws -> [Int] {
  let archive = try Archive(contentsOf: path)
  let name = archive.names.count == 1 ? archive.names[0] : "train"
  return try archive.integers(name)
}

// MARK: - Training

extension Experiment {
  private var key: RandomKey { RandomKey(seed: settings.seed) }

  /// A trainer at step 0.
  func trainer<Scalar: RealScalar>(as type: Scalar.Type, run: Run?) throws -> Trainer<Scalar> {
    let train = settings.train
    return try Trainer(
      model, parameters: initialParameters(), modelState: initialState(), loss: loss,
      optimizer: optimizer,
      lossFactor: lossFactor,
      learningRate: train.learningRateSchedule, updateOptions: train.updateOptions,
      accuracyThreshold: train.accuracyThreshold, motion: settings.motion,
      freezing: train.freezing.freezing, countsOperations: settings.record.operations, run: run,
      context: ComputeContext(threadCount: train.threads))
  }

  /// Trains to the last step.
  func fit<Scalar: RealScalar>(
    _ trainer: inout Trainer<Scalar>, mayContinue: (Int) -> Bool
  ) throws -> Outcome {
    try trainer.fit(
      data, steps: settings.train.steps, plan: plan(), key: key.fork("batches"),
      mayContinue: mayContinue)
  }

  /// Batches, records and checkpoints.
  func plan<Scalar: RealScalar>() -> Trainer<Scalar>.Plan {
    var plan = Trainer<Scalar>.Plan(
      batching: batching(as: Scalar.self), recording: settings.recording,
      checkpoints: settings.checkpoints, augmentation: pictureChanges)
    if settings.record.compatibility == .original { plan.evaluationMultiple = 256 }
    return plan
  }

  /// Writes the paths of files in the settings so that they mean the same in every folder.
  mutating func anchorFiles(in folder: String) { settings.anchorFiles(in: folder) }

  /// θ at the start; of no meaning where a checkpoint will give it.
  private func initialParameters<Scalar: RealScalar>() throws -> [Scalar] {
    if isContinued { return [Scalar](repeating: 0, count: model.layout.count) }
    return try drawnParameters()
  }

  /// θ as the settings say.
  func drawnParameters<Scalar: RealScalar>() throws -> [Scalar] {
    let options = settings.model
    guard !options.initialParameters.isEmpty else {
      return switch options.initialization {
      case .keyed:
        model.initialParameters(scale: options.initializationScale, key: key.fork("weights"))
      case .torch: pyTorchParameters().values
      case .truncatedNormal:
        model.layout.truncatedNormalValues(
          scale: options.initializationScale, key: key.fork("weights"))
      }
    }
    let arrays: [String: (shape: [Int], values: [Scalar])] = try initialArrays()
    let scale = Scalar(options.initializationScale)
    return try model.layout.values(from: arrays).map { $0 * scale }
  }

  /// What the network keeps besides, from the file of initial parameters where it has that; else nil.
  private func initialState<Scalar: RealScalar>() throws -> [Scalar]? {
    if settings.model.initialParameters.isEmpty || isContinued { return nil }
    return try model.layout.state(from: initialArrays())
  }

  /// The arrays of the file of initial parameters, without those of optimizers and PyTorch's counters of batches.
  private func initialArrays<Scalar: RealScalar>() throws -> [String: (
    shape: [Int], values: [Scalar]
  )] {
    let archive = try Archive(contentsOf: settings.model.initialParameters)
    var arrays: [String: (shape: [Int], values: [Scalar])] = [:]
    for name in archive.names
    where !name.hasPrefix("optimizer.") && !name.hasSuffix(".num_batches_tracked") {
      let values =
        try Scalar.self == Float.self
        ? archive.floats(name, rounding: true).map { Scalar($0) }
        : archive.doubles(name).map { Scalar($0) }
      arrays[name] = (try archive.array(name).shape, values)
    }
    return arrays
  }

  var loss: Loss {
    switch settings.train.loss {
    case .crossEntropy: .crossEntropy
    case .meanSquaredError: .meanSquaredError
    case .stableMax: .stableMax
    }
  }

  var optimizer: Optimizer {
    let train = settings.train
    switch train.optimizer {
    case .sgd:
      return .sgd(
        learningRate: train.learningRate, momentum: train.momentum, weightDecay: train.weightDecay,
        nesterov: train.nesterov)
    case .adam:
      return .adam(
        learningRate: train.learningRate, beta1: train.beta1, beta2: train.beta2,
        weightDecay: train.weightDecay)
    case .adamW:
      return .adamW(
        learningRate: train.learningRate, beta1: train.beta1, beta2: train.beta2,
        weightDecay: train.weightDecay)
    }
  }
}

// MARK: - Schedules

extension Settings {
  /// Writes the paths of files so that they mean the same in every folder.
  mutating func anchorFiles(in folder: String) {
    for setting in Setting.all where setting.isFile {
      _ = setting.write(&self, setting.anchored(setting.read(self), in: folder))
    }
  }

  /// When records are made.
  var recording: Schedule { Schedule(record.perDecade, every: record.every, at: record.at) }

  /// When checkpoints are written, and which of them stay.
  var checkpoints: CheckpointPolicy {
    CheckpointPolicy(
      Schedule(checkpoint.perDecade, every: 0, at: checkpoint.at), every: checkpoint.every,
      newestCount: checkpoint.keep, safetySeconds: checkpoint.safetySeconds)
  }
}

extension Schedule {
  fileprivate init(_ perDecade: Int, every: Int, at steps: Steps) {
    self = .never
    if perDecade > 0 { self = self | .logarithmic(perDecade: perDecade) }
    if every > 0 { self = self | .every(every) }
    if !steps.steps.isEmpty { self = self | .at(steps.steps) }
  }
}

extension Setting {
  /// A value that means the same in every folder.
  func anchored(_ value: String, in folder: String) -> String {
    isFile && !value.isEmpty && !value.hasPrefix("/") ? folder + "/" + value : value
  }
}
