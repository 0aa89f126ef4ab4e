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

  /// The rows of numbers that pictures are.
  func features(for purpose: String) throws(DatasetError) -> Matrix<Float> {
    guard case .features(let pictures) = inputs else {
      throw .invalidSetting(
        name: "the input of \(purpose)", value: "sequences of tokens", expected: "pictures")
    }
    return pictures
  }
}
