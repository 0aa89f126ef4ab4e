/// The convolutional autoencoder that compresses digits to four numbers.
///
/// Encoder: dropout, a 3×3 convolution, a 2×2 maximum and leaky ReLU three times (1 → 8 → 16 → 32 channels), then
/// 128 leaky units and a sigmoid code. Decoder: 128 and 1,568 leaky units, pictures `[32, 7, 7]`, 3×3 convolutions
/// to 16, 8 and 1 channels with nearest upsampling in between, a linear output. In training Gaussian noise of
/// relative size 0.1 is put on the code.
///
/// Parameters `encoder.convolutions.0.weight`, …, `encoder.hidden.weight`, `encoder.code.weight`,
/// `decoder.hidden.weight`, `decoder.pictures.weight`, `decoder.convolutions.0.weight`, … and their biases, drawn
/// as PyTorch draws them. The outputs are the 784 pixels; the code is the tap `code`.
public struct ConvolutionalAutoencoder: Model {
  /// The pictures it reads and makes.
  public let pictures = PictureSize(channels: 1, height: 28, width: 28)
  /// The number of elements of the code.
  public let codeCount: Int
  /// The share of values that training drops before each convolution of the encoder.
  public let dropout: Double
  /// The size of the noise on the code in training, relative to the code.
  public let noise: Double
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// `encoder.convolutions.0`, …, `code`, `decoder.convolutions.0`, …
  public let tapNames: [String]
  private let encoder, decoder: [ConvolutionLayer]
  private let encoderHidden, code, decoderHidden, decoderPictures: LinearLayer

  private static let function = Activation.leakyReLU(slope: 0.01)

  /// The autoencoder with a code of `codeCount` numbers.
  public init(codeCount: Int = 4, dropout: Double = 0.1, noise: Double = 0.1) {
    self.codeCount = codeCount
    self.dropout = dropout
    self.noise = noise
    var layout = ParameterLayout()
    func convolution(_ name: String, _ inputs: Int, _ outputs: Int, _ extent: Int)
      -> ConvolutionLayer
    {
      ConvolutionLayer(
        name, inputs: inputs, outputs: outputs,
        windows: PictureWindows(height: extent, width: extent, kernel: 3, padding: 1),
        hasBias: true, initialization: .uniform, layout: &layout)
    }
    encoder = [(1, 8, 28), (8, 16, 14), (16, 32, 7)].enumerated().map {
      convolution("encoder.convolutions.\($0)", $1.0, $1.1, $1.2)
    }
    encoderHidden = LinearLayer("encoder.hidden", inputs: 288, outputs: 128, layout: &layout)
    code = LinearLayer("encoder.code", inputs: 128, outputs: codeCount, layout: &layout)
    decoderHidden = LinearLayer("decoder.hidden", inputs: codeCount, outputs: 128, layout: &layout)
    decoderPictures = LinearLayer("decoder.pictures", inputs: 128, outputs: 1_568, layout: &layout)
    decoder = [(32, 16, 7), (16, 8, 14), (8, 1, 28)].enumerated().map {
      convolution("decoder.convolutions.\($0)", $1.0, $1.1, $1.2)
    }
    self.layout = layout
    tapNames =
      (0..<3).map { "encoder.convolutions.\($0)" } + ["code"]
      + (0..<3).map { "decoder.convolutions.\($0)" }
  }

  /// One output for each pixel.
  public var outputCount: Int { pictures.featureCount }

  /// The pictures made from the code of each example: `[examples, 784]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var values = pictures.pictures(of: input, "ConvolutionalAutoencoder")
    for (index, layer) in encoder.enumerated() {
      if let key = pass.trainingKey {
        values = values.dropout(dropout, key: key.fork(tapNames[index]))
      }
      let extent = layer.windows.height
      values = layer(values, parameters).maxPooled(
        PictureWindows(height: extent, width: extent, kernel: 2, stride: 2)
      ).activated(Self.function)
      values = pass.tapPictures(tapNames[index], values)
    }
    var rows = encoderHidden(values.flattenedPictures(), parameters, activation: Self.function)
    rows = pass.taps("code", code(rows, parameters, activation: .sigmoid))
    if noise > 0, let key = pass.trainingKey {
      let draws: [Scalar] = key.fork("code").normal(
        count: rows.count, mean: 1, standardDeviation: Scalar(noise))
      rows = rows * Tensor(draws, shape: rows.shape)
    }
    rows = decoderHidden(rows, parameters, activation: Self.function)
    rows = decoderPictures(rows, parameters, activation: Self.function)
    values = rows.pictures(channels: 32, height: 7, width: 7)
    for (index, layer) in decoder.enumerated() {
      if index > 0 { values = values.upsampled(by: 2) }
      values = layer(
        values, parameters, activation: index < 2 ? Self.function : .identity)
      values = pass.tapPictures("decoder.convolutions.\(index)", values)
    }
    return values.flattenedPictures()
  }

  /// Checks that examples are pictures of the right size.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    try pictures.check(input)
  }
}

/// A dense autoencoder with a sigmoid code: by default D → 24 → 16 → 4 and back.
///
/// Parameters `encoder.0.weight`, `encoder.0.bias`, …, `decoder.0.weight`, …, drawn as PyTorch's `Linear`. ReLU
/// between layers, sigmoid on the code, a linear output; training drops a share of every hidden layer of the encoder.
public struct DenseAutoencoder: Model {
  /// The number of features of an example, and of outputs.
  public let outputCount: Int
  /// The share of hidden values of the encoder that training drops.
  public let dropout: Double
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// `encoder.0`, …, `code`, `decoder.0`, …
  public let tapNames: [String]
  private let encoder, decoder: [LinearLayer]

  /// An autoencoder whose encoder has the given widths, the last of them that of the code.
  public init(inputs: Int, encoder widths: [Int] = [24, 16, 4], dropout: Double = 0.1) {
    outputCount = inputs
    self.dropout = dropout
    var layout = ParameterLayout()
    func layers(_ name: String, _ widths: [Int]) -> [LinearLayer] {
      zip(widths, widths.dropFirst()).enumerated().map { index, pair in
        LinearLayer("\(name).\(index)", inputs: pair.0, outputs: pair.1, layout: &layout)
      }
    }
    encoder = layers("encoder", [inputs] + widths)
    decoder = layers("decoder", widths.reversed() + [inputs])
    self.layout = layout
    let last = widths.count - 1
    tapNames =
      (0..<last).map { "encoder.\($0)" } + ["code"] + (0...last).map { "decoder.\($0)" }
  }

  /// What is made from the code of each example: `[examples, inputs]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    guard case .features(var rows) = input else {
      preconditionFailure("DenseAutoencoder: reads features, not \(input.summary)")
    }
    for (index, layer) in encoder.enumerated() {
      let isCode = index == encoder.count - 1
      rows = pass.taps(
        tapNames[index], layer(rows, parameters, activation: isCode ? .sigmoid : .relu))
      if !isCode, let key = pass.trainingKey {
        rows = rows.dropout(dropout, key: key.fork(tapNames[index]))
      }
    }
    for (index, layer) in decoder.enumerated() {
      let isLast = index == decoder.count - 1
      rows = pass.taps(
        "decoder.\(index)", layer(rows, parameters, activation: isLast ? .identity : .relu))
    }
    return rows
  }

  /// Checks that examples are vectors of as many features.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    if case .features(let features) = input, features.shape[-1] == outputCount { return }
    throw .unsuitableInput(found: input.summary, expected: "vectors of \(outputCount) features")
  }
}
