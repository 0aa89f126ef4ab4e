/// A small convolutional network: convolutions with an activation, some followed by a 2×2 maximum, then linear
/// layers.
///
/// Parameters `convolutions.0.weight` `[channels, inputs, kernel, kernel]`, `convolutions.0.bias`, …,
/// `hidden.0.weight`, …, `output.weight`, `output.bias`, all uniform in ±1/√inputs as PyTorch draws them.
public struct ConvolutionalNetwork: Model {
  /// One convolution.
  public struct Stage: Sendable, Hashable {
    /// The number of channels that it makes.
    public var channels: Int
    /// The extent of its window; the picture is padded by half of it.
    public var kernel: Int
    /// Pixels from one window to the next.
    public var stride: Int
    /// Whether the largest of every 2×2 pixels are taken behind it.
    public var isPooled: Bool

    /// A convolution with a 3×3 window.
    public init(channels: Int, kernel: Int = 3, stride: Int = 1, isPooled: Bool = false) {
      self.channels = channels
      self.kernel = kernel
      self.stride = stride
      self.isPooled = isPooled
    }
  }

  /// The pictures it reads.
  public let pictures: PictureSize
  /// The number of outputs for an example.
  public let outputCount: Int
  /// The function behind all layers but the last.
  public let activation: Activation
  /// The share of the last hidden values that training drops.
  public let dropout: Double
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// `convolutions.0`, …, `hidden.0`, …, `output`; a stage's value is that behind its maximum.
  public let tapNames: [String]
  private let stages: [(layer: ConvolutionLayer, pooling: PictureWindows?, tap: String)]
  private let hidden: [LinearLayer]
  private let output: LinearLayer

  /// A network with the given stages and hidden layers.
  public init(
    pictures: PictureSize, stages: [Stage], hidden: [Int] = [], outputs: Int,
    activation: Activation = .relu, dropout: Double = 0
  ) {
    self.pictures = pictures
    outputCount = outputs
    self.activation = activation
    self.dropout = dropout
    var layout = ParameterLayout()
    var all: [(layer: ConvolutionLayer, pooling: PictureWindows?, tap: String)] = []
    var (height, width, channels) = (pictures.height, pictures.width, pictures.channels)
    for (index, stage) in stages.enumerated() {
      let tap = "convolutions.\(index)"
      let layer = ConvolutionLayer(
        tap, inputs: channels, outputs: stage.channels,
        windows: PictureWindows(
          height: height, width: width, kernel: stage.kernel, stride: stage.stride,
          padding: stage.kernel / 2), hasBias: true, initialization: .uniform, layout: &layout)
      (height, width, channels) = (
        layer.windows.outputHeight, layer.windows.outputWidth, stage.channels
      )
      var pooling: PictureWindows?
      if stage.isPooled {
        pooling = PictureWindows(height: height, width: width, kernel: 2, stride: 2)
        (height, width) = (height / 2, width / 2)
      }
      all.append((layer, pooling, tap))
    }
    var features = channels * height * width
    self.hidden = hidden.enumerated().map { index, count in
      defer { features = count }
      return LinearLayer("hidden.\(index)", inputs: features, outputs: count, layout: &layout)
    }
    output = LinearLayer("output", inputs: features, outputs: outputs, layout: &layout)
    self.stages = all
    self.layout = layout
    tapNames = all.map(\.tap) + hidden.indices.map { "hidden.\($0)" } + ["output"]
  }

  /// The outputs for each example: `[examples, outputs]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var values = pictures.pictures(of: input, "ConvolutionalNetwork")
    for stage in stages {
      values = stage.layer(values, parameters, activation: activation)
      if let pooling = stage.pooling { values = values.maxPooled(pooling) }
      values = pass.tapPictures(stage.tap, values)
    }
    var rows = values.flattenedPictures()
    for (index, layer) in hidden.enumerated() {
      rows = pass.taps("hidden.\(index)", layer(rows, parameters, activation: activation))
    }
    if let key = pass.trainingKey { rows = rows.dropout(dropout, key: key.fork("dropout")) }
    return pass.taps("output", output(rows, parameters))
  }

  /// Checks that examples are pictures of the right size.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    try pictures.check(input)
  }

  /// Fewer than for vectors, so that intermediate values stay small.
  public var evaluationBatchSize: Int { 250 }
}
