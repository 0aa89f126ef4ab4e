/// The pictures that a network reads.
///
/// Examples come as rows of features in PyTorch's order, channel after channel, row after row.
public struct PictureSize: Sendable, Hashable {
  /// The number of channels, and of rows and columns of pixels.
  public let channels, height, width: Int

  /// A size of pictures.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The number of features of an example.
  public var featureCount: Int { channels * height * width }

  /// The pictures of a network's input; stops where it has none.
  func pictures<Scalar>(of input: ModelInput<Scalar>, _ network: String) -> Tensor<Scalar> {
    guard case .features(let features) = input else {
      preconditionFailure("\(network): reads pictures, not \(input.summary)")
    }
    return features.pictures(channels: channels, height: height, width: width)
  }

  /// Checks that examples are such pictures.
  func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    if case .features(let features) = input, features.shape[-1] == featureCount { return }
    throw .unsuitableInput(
      found: input.summary,
      expected: "pictures of \(channels) × \(height) × \(width), \(featureCount) features")
  }
}

extension Pass {
  /// What takes the place of pictures at a tap, which sees them with the examples first,
  /// `[examples, channels, height, width]`.
  func tapPictures(_ name: String, _ pictures: Tensor<Scalar>) -> Tensor<Scalar> {
    guard taps.isActive else { return pictures }
    return taps(name, pictures.examplesFirst()).permuted([2, 3, 0, 1])
  }
}
