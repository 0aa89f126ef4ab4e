/// A shift and a scale that pixels go through before a network reads them: (x − mean) / deviation.
public struct PixelNormalization: Sendable, Hashable {
  /// What is subtracted.
  public let mean: Double
  /// What the difference is divided by.
  public let standardDeviation: Double

  /// A normalization with the given constants.
  ///
  /// - Precondition: `standardDeviation` is above 0.
  public init(mean: Double, standardDeviation: Double) {
    precondition(
      standardDeviation > 0, "PixelNormalization: deviation \(standardDeviation) is not above 0")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Pixels stay between 0 and 1.
  public static let none = PixelNormalization(mean: 0, standardDeviation: 1)
  /// The mean and deviation of the training pictures of MNIST, as PyTorch's examples round them.
  public static let mnist = PixelNormalization(mean: 0.1307, standardDeviation: 0.3081)
  /// Those of the split *balanced* of EMNIST.
  public static let emnist = PixelNormalization(mean: 0.1751, standardDeviation: 0.3332)

  /// The means and deviations of the training pictures of CIFAR-10: red, green, blue.
  public static let cifar10 = [
    PixelNormalization(mean: 0.4914, standardDeviation: 0.2470),
    PixelNormalization(mean: 0.4822, standardDeviation: 0.2435),
    PixelNormalization(mean: 0.4465, standardDeviation: 0.2616),
  ]
  /// Those of CIFAR-100.
  public static let cifar100 = [
    PixelNormalization(mean: 0.5071, standardDeviation: 0.2673),
    PixelNormalization(mean: 0.4865, standardDeviation: 0.2564),
    PixelNormalization(mean: 0.4409, standardDeviation: 0.2762),
  ]
  /// From −1 to 1, whatever the pictures.
  public static let halves = PixelNormalization(mean: 0.5, standardDeviation: 0.5)

  /// What a pixel of 0, the background, becomes.
  public var black: Float { self(0) }
  /// What a pixel of 1, full ink, becomes.
  public var white: Float { self(1) }

  /// The normalized value of a pixel, computed in `Float`.
  public func callAsFunction(_ pixel: Float) -> Float {
    (pixel - Float(mean)) / Float(standardDeviation)
  }
}

extension LabeledExamples {
  /// The same examples with every feature normalized.
  ///
  /// - Throws: `DatasetError.invalidSetting` where the inputs are tokens.
  public func normalized(by normalization: PixelNormalization) throws(DatasetError)
    -> LabeledExamples
  {
    let pictures = try features(for: "normalization")
    guard normalization != .none else { return self }
    return LabeledExamples(
      checkedInputs: .features(pictures.map { normalization($0) }), labels: labels,
      classCount: classCount)
  }

  /// The same examples with each channel normalized by constants of its own.
  ///
  /// - Shapes: features are `[n, channels · pixels]`, channel after channel, all alike in size.
  /// - Throws: `DatasetError.invalidSetting` where the inputs are tokens or no such pictures.
  public func normalized(byChannel channels: [PixelNormalization]) throws(DatasetError)
    -> LabeledExamples
  {
    let pictures = try features(for: "normalization")
    guard !channels.isEmpty, pictures.columnCount % channels.count == 0 else {
      throw .invalidSetting(
        name: "the number of features", value: "\(pictures.columnCount)",
        expected: "a multiple of the \(channels.count) channels to normalize")
    }
    let (width, size) = (pictures.columnCount, pictures.columnCount / channels.count)
    var values = pictures.values
    for index in values.indices { values[index] = channels[index % width / size](values[index]) }
    return LabeledExamples(
      checkedInputs: .features(
        Matrix(values: values, rowCount: pictures.rowCount, columnCount: width)),
      labels: labels, classCount: classCount)
  }

  /// The rows of numbers that pictures are.
  func features(for purpose: String) throws(DatasetError) -> Matrix<Float> {
    guard case .features(let pictures) = inputs else {
      throw .invalidSetting(
        name: "the input of \(purpose)", value: "sequences of tokens", expected: "pictures")
    }
    return pictures
  }
}
