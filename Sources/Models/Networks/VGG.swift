/// VGG-11 without batch norm, with torchvision's names.
///
/// Parameters `features.0.weight`, `features.0.bias`, `features.3.weight`, …, `classifier.0.weight`, …,
/// `classifier.6.bias`. Convolutions are drawn normal with variance 2 / (outputs · 9), linear layers normal
/// with standard deviation 0.01, biases 0.
///
/// - Source: Simonyan & Zisserman, arXiv 1409.1556, configuration A; torchvision's `vgg11`.
public struct VGG: Model {
  /// The pictures it reads.
  public let pictures: PictureSize
  /// The number of outputs for an example.
  public let outputCount: Int
  /// The share of each hidden layer of the classifier that training drops.
  public let dropout: Double
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// `features.0`, …, `features.18` (behind ReLU and maximum), `avgpool`, `classifier.0`, …
  public let tapNames: [String]
  private let stages: [(layer: ConvolutionLayer, pooling: PictureWindows?, tap: String)]
  private let classifier: [(layer: LinearLayer, tap: String)]
  /// How often each pixel of the last pictures is repeated: torchvision makes 7 × 7 of any size.
  private let repetition: Int

  /// VGG-11.
  ///
  /// - Parameter pictures: 224 to 255 pixels on each side, or 32 to 63.
  /// - Parameter hidden: The widths of the classifier's hidden layers. With none of them, pictures of 32 to 63
  ///   pixels keep one pixel, and there is one layer, `classifier.0`.
  public init(
    pictures: PictureSize, outputs: Int, hidden: [Int] = [4_096, 4_096], dropout: Double = 0.5
  ) {
    self.pictures = pictures
    outputCount = outputs
    self.dropout = dropout
    var layout = ParameterLayout()
    var all: [(layer: ConvolutionLayer, pooling: PictureWindows?, tap: String)] = []
    var (height, width, inputs, index) = (pictures.height, pictures.width, pictures.channels, 0)
    for (channels, isPooled) in VGG.elevenLayers {
      let tap = "features.\(index)"
      let layer = ConvolutionLayer(
        tap, inputs: inputs, outputs: channels,
        windows: PictureWindows(height: height, width: width, kernel: 3, padding: 1),
        hasBias: true, initialization: .normalByOutputs, layout: &layout)
      var pooling: PictureWindows?
      if isPooled {
        pooling = PictureWindows(height: height, width: width, kernel: 2, stride: 2)
        (height, width) = (height / 2, width / 2)
      }
      all.append((layer, pooling, tap))
      inputs = channels
      index += isPooled ? 3 : 2
    }
    precondition(
      height == width && (height == 7 || height == 1),
      "VGG: pictures of \(pictures.height) × \(pictures.width) pixels; "
        + "224 to 255 or 32 to 63 on each side are possible")
    repetition = height == 1 && !hidden.isEmpty ? 7 : 1
    var features = inputs * height * width * repetition * repetition
    classifier = (hidden + [outputs]).enumerated().map { index, count in
      defer { features = count }
      let tap = "classifier.\(3 * index)"
      return (
        LinearLayer(
          tap, inputs: features, outputs: count, weights: .normal(standardDeviation: 0.01),
          biases: .constant(0), layout: &layout), tap
      )
    }
    stages = all
    self.layout = layout
    tapNames = all.map(\.tap) + ["avgpool"] + classifier.map(\.tap)
  }

  /// The channels of each convolution, and whether a maximum follows.
  private static let elevenLayers = [
    (64, true), (128, true), (256, false), (256, true), (512, false), (512, true), (512, false),
    (512, true),
  ]

  /// Those of torchvision.
  public var pyTorchDraws: [PyTorchDraw] { layout.torchvisionDraws() }

  /// The outputs for each example: `[examples, outputs]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var values = pictures.pictures(of: input, "VGG")
    for stage in stages {
      values = stage.layer(values, parameters, activation: .relu)
      if let pooling = stage.pooling { values = values.maxPooled(pooling) }
      values = pass.tapPictures(stage.tap, values)
    }
    if repetition > 1 { values = values.upsampled(by: repetition) }
    var rows = pass.tapPictures("avgpool", values).flattenedPictures()
    for (index, (layer, tap)) in classifier.enumerated() {
      let isLast = index == classifier.count - 1
      rows = pass.taps(tap, layer(rows, parameters, activation: isLast ? .identity : .relu))
      if !isLast, let key = pass.trainingKey { rows = rows.dropout(dropout, key: key.fork(tap)) }
    }
    return rows
  }

  /// Checks that examples are pictures of the right size.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    try pictures.check(input)
  }

  /// Fewer than for vectors, so that intermediate values stay small.
  public var evaluationBatchSize: Int { 128 }
}
