internal import Foundation
import GrokMeasures
import GrokModels

/// How an autoencoder is trained that compresses a variable before its information is estimated.
public struct AutoencoderRecipe: Sendable, Hashable, Codable {
  /// Which network.
  public enum Architecture: Sendable, Hashable, Codable {
    /// ``ConvolutionalAutoencoder``: pictures of 28 × 28 to codes of as many numbers in 0...1.
    case convolutional(codeCount: Int)
    /// ``DenseAutoencoder``: vectors of any width, by the widths of the encoder, the last of them that of the code.
    case dense(widths: [Int])
  }

  /// What the training makes small.
  public enum Loss: String, Sendable, Hashable, Codable {
    /// The mean over examples and features of |output − input|.
    case absoluteError
    /// The mean over examples and features of (output − input)².
    case squaredError
  }

  /// Which network.
  public var architecture: Architecture
  /// What the training makes small.
  public var loss: Loss
  /// How often every example is used.
  public var epochCount: Int
  /// The number of examples in a step.
  public var batchSize: Int
  /// The rate of Adam.
  public var learningRate: Double
  /// The share of values that training drops in the encoder.
  public var dropout: Double
  /// The size of the noise on a convolutional code in training, relative to the code.
  public var noise: Double

  /// A recipe.
  public init(
    architecture: Architecture, loss: Loss, epochCount: Int, batchSize: Int = 512,
    learningRate: Double, dropout: Double = 0.1, noise: Double = 0.1
  ) {
    self.architecture = architecture
    self.loss = loss
    self.epochCount = epochCount
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.dropout = dropout
    self.noise = noise
  }

  /// The published one for digits: four numbers, absolute error, Adam with rate 0.01, 200 epochs of batches of 512.
  ///
  /// - Source: Butakov et al., ICLR 2024, and their code.
  public static func pictures(codeCount: Int = 4, epochCount: Int = 200) -> AutoencoderRecipe {
    AutoencoderRecipe(
      architecture: .convolutional(codeCount: codeCount), loss: .absoluteError,
      epochCount: epochCount, learningRate: 1e-2)
  }

  /// One for digits that is done sooner: four numbers, absolute error, Adam with rate 0.002, batches of 50.
  ///
  /// Ten times as many steps an epoch with a smaller rate come much further in one epoch than ``pictures(codeCount:epochCount:)``,
  /// which takes hundreds; Docs/InformationPreparation.md has figures.
  public static func quickPictures(codeCount: Int = 4, epochCount: Int = 10) -> AutoencoderRecipe {
    AutoencoderRecipe(
      architecture: .convolutional(codeCount: codeCount), loss: .absoluteError,
      epochCount: epochCount, batchSize: 50, learningRate: 2e-3)
  }

  /// The published one for layers: 24, 16 and as many numbers as asked for, squared error, 100 epochs; Adam with rate
  /// 0.001.
  public static func layer(codeCount: Int = 4, epochCount: Int = 100) -> AutoencoderRecipe {
    AutoencoderRecipe(
      architecture: .dense(widths: [24, 16, codeCount]), loss: .squaredError,
      epochCount: epochCount, learningRate: 1e-3)
  }

  /// What tells one trained encoder from another: the SHA-256 of the recipe, the key, and the examples.
  ///
  /// - Shapes: `examples` is `[n, features]`.
  /// - Complexity: O(elements), about 300 MB a second.
  public func digest(of examples: Matrix<Float>, key: RandomKey) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var digest = SHA256()
    digest.update(Array((try? encoder.encode(self)) ?? Data()))
    digest.update(Array("\n\(key)\n\(examples.rowCount) \(examples.columnCount)\n".utf8))
    examples.values.withUnsafeBytes { digest.update($0) }
    return digest.hexadecimal
  }

  /// What records call it: `4 numbers by a convolutional autoencoder`.
  var description: String {
    switch architecture {
    case .convolutional(let count): "\(count) numbers by a convolutional autoencoder"
    case .dense(let widths): "\(widths.last ?? 0) numbers by a dense autoencoder"
    }
  }

  /// The network for examples of that many features.
  func model(featureCount: Int) -> any Model {
    switch architecture {
    case .convolutional(let count):
      ConvolutionalAutoencoder(codeCount: count, dropout: dropout, noise: noise)
    case .dense(let widths):
      DenseAutoencoder(inputs: featureCount, encoder: widths, dropout: dropout)
    }
  }

  func check() throws(MeasureError) {
    func require(
      _ isRight: Bool, _ what: String, _ value: Double, _ expected: String
    ) throws(MeasureError) {
      if isRight { return }
      throw .outOfRange(measure: "autoencoder", what: what, value: value, expected: expected)
    }
    let widths =
      switch architecture {
      case .convolutional(let count): [count]
      case .dense(let widths): widths
      }
    try require(!widths.isEmpty, "the number of layers", 0, "at least 1")
    for width in widths { try require(width >= 1, "a width", Double(width), "at least 1") }
    try require(epochCount >= 1, "epochCount", Double(epochCount), "at least 1")
    try require(batchSize >= 1, "batchSize", Double(batchSize), "at least 1")
    try require(
      learningRate > 0 && learningRate.isFinite, "learningRate", learningRate, "above 0")
    try require(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and below 1")
    try require(noise >= 0 && noise.isFinite, "noise", noise, "at least 0")
  }
}
