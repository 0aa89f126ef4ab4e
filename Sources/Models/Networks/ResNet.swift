/// A residual network of basic blocks, with torchvision's names.
///
/// Parameters `conv1.weight`, `bn1.weight`, `bn1.bias`, `layer1.0.conv1.weight`, `layer1.0.bn1.weight`, …,
/// `layer2.0.downsample.0.weight`, …, `fc.weight`, `fc.bias`; the state has `bn1.running_mean`,
/// `bn1.running_var`, …. Convolutions are drawn normal with variance 2 / (outputs · kernel²), the last layer as
/// PyTorch's `Linear`.
///
/// - Source: He, Zhang, Ren & Sun, arXiv 1512.03385, §3.3 and §4.2; torchvision's `resnet.py`.
/// - Differs from: §4.2 of the paper, whose networks for CIFAR have shortcuts without parameters (option A);
///   here a stage that changes the size has a 1×1 convolution with batch norm (option B), as in torchvision.
public struct ResNet: Model {
  /// What comes before the residual blocks.
  public enum Stem: Sendable, Hashable {
    /// A 7×7 convolution of stride 2 and a 3×3 maximum of stride 2.
    case imageNet
    /// A 3×3 convolution.
    case small
  }

  /// The pictures it reads.
  public let pictures: PictureSize
  /// The number of outputs for an example.
  public let outputCount: Int
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// `conv1`, `relu`, `layer1.0.conv1`, `layer1.0.relu`, …, `layer4.1`, `avgpool`, `fc`
  public let tapNames: [String]
  private let stem: ConvolutionLayer
  private let stemNorm: BatchNormLayer
  private let stemPooling: PictureWindows?
  private let blocks: [[BasicBlock]]
  private let output: LinearLayer
  /// The number of channels behind each stage of blocks.
  let widths: [Int]

  /// A network of `blocks.count` stages; each but the first halves the extents of the pictures.
  ///
  /// - Parameter blocks: The number of blocks of each stage.
  /// - Parameter widths: The number of channels of each stage.
  public init(
    pictures: PictureSize, stem: Stem, blocks: [Int], widths: [Int], outputs: Int
  ) {
    precondition(
      blocks.count == widths.count && !blocks.isEmpty,
      "ResNet: \(blocks.count) stages with \(widths.count) widths")
    self.pictures = pictures
    outputCount = outputs
    var layout = ParameterLayout()
    var taps = ["conv1", "relu"]
    let isLarge = stem == .imageNet
    let windows = PictureWindows(
      height: pictures.height, width: pictures.width, kernel: isLarge ? 7 : 3,
      stride: isLarge ? 2 : 1, padding: isLarge ? 3 : 1)
    self.stem = ConvolutionLayer(
      "conv1", inputs: pictures.channels, outputs: widths[0], windows: windows, hasBias: false,
      initialization: .normalByOutputs, layout: &layout)
    stemNorm = BatchNormLayer("bn1", channels: widths[0], layout: &layout)
    stemPooling =
      isLarge
      ? PictureWindows(
        height: windows.outputHeight, width: windows.outputWidth, kernel: 3, stride: 2, padding: 1)
      : nil
    if isLarge { taps.append("maxpool") }
    var size = (
      stemPooling?.outputHeight ?? windows.outputHeight,
      stemPooling?.outputWidth ?? windows.outputWidth
    )
    var all = [[BasicBlock]](repeating: [], count: blocks.count)
    var inputs = widths[0]
    for (stage, (count, width)) in zip(blocks, widths).enumerated() {
      for index in 0..<count {
        let block = BasicBlock(
          "layer\(stage + 1).\(index)", height: size.0, width: size.1, inputs: inputs,
          outputs: width, stride: stage > 0 && index == 0 ? 2 : 1, layout: &layout)
        all[stage].append(block)
        taps += block.tapNames
        size = (block.outputHeight, block.outputWidth)
        inputs = width
      }
    }
    self.blocks = all
    self.widths = widths
    output = LinearLayer("fc", inputs: inputs, outputs: outputs, layout: &layout)
    self.layout = layout
    tapNames = taps + ["avgpool", "fc"]
  }

  /// Those of torchvision, which makes the convolution of a shortcut before the block that it leads around.
  public var pyTorchDraws: [PyTorchDraw] {
    layout.torchvisionDraws { later, earlier in
      guard let shortcut = later.firstRange(of: "downsample") else { return false }
      return earlier.hasPrefix(later[..<shortcut.lowerBound]) && !earlier.contains("downsample")
    }
  }

  /// torchvision's `resnet18`, or with `.small` what is usual for pictures of 32 × 32 pixels.
  public static func resNet18(
    pictures: PictureSize, stem: Stem = .imageNet, outputs: Int
  ) -> ResNet {
    ResNet(
      pictures: pictures, stem: stem, blocks: [2, 2, 2, 2], widths: [64, 128, 256, 512],
      outputs: outputs)
  }

  /// The network of 8 layers for pictures of 32 × 32 pixels: three stages of one block.
  public static func resNet8(pictures: PictureSize, outputs: Int) -> ResNet {
    ResNet(
      pictures: pictures, stem: .small, blocks: [1, 1, 1], widths: [16, 32, 64], outputs: outputs)
  }

  /// The network of 20 layers for pictures of 32 × 32 pixels: three stages of three blocks.
  public static func resNet20(pictures: PictureSize, outputs: Int) -> ResNet {
    ResNet(
      pictures: pictures, stem: .small, blocks: [3, 3, 3], widths: [16, 32, 64], outputs: outputs)
  }

  /// `stem`, `layer1`, `layer2`, …, `fc`
  public var stages: [ModelStage] {
    layout.stages { name in
      name.hasPrefix("layer")
        ? String(name.prefix { $0 != "." }) : name.hasPrefix("fc.") ? "fc" : "stem"
    }
  }

  /// The outputs for each example: `[examples, outputs]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var values = stemValues(for: input, parameters, pass)
    for stage in blocks.indices { values = stageValues(stage, values, parameters, pass) }
    return outputs(of: values, parameters, pass)
  }

  /// What the first stage of blocks reads.
  func stemValues<Scalar>(
    for input: ModelInput<Scalar>, _ parameters: Parameters<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var values = pass.tapPictures("conv1", stem(pictures.pictures(of: input, "ResNet"), parameters))
    values = pass.tapPictures("relu", stemNorm(values, parameters, pass, rectified: true))
    if let stemPooling { values = pass.tapPictures("maxpool", values.maxPooled(stemPooling)) }
    return values
  }

  /// What a stage of blocks makes of the values before it.
  func stageValues<Scalar>(
    _ stage: Int, _ values: Tensor<Scalar>, _ parameters: Parameters<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    blocks[stage].reduce(values) { $1($0, parameters, pass) }
  }

  /// The outputs from the values behind the last stage.
  func outputs<Scalar>(
    of values: Tensor<Scalar>, _ parameters: Parameters<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    pass.taps("fc", output(pass.taps("avgpool", values.globallyAveraged()), parameters))
  }

  /// Checks that examples are pictures of the right size.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    try pictures.check(input)
  }

  /// Fewer for large pictures, so that intermediate values stay small.
  public var evaluationBatchSize: Int { 128 }
}

/// Two 3×3 convolutions with batch norm around which the values are carried over.
private struct BasicBlock: Sendable {
  let tapNames: [String]
  private let first, second: ConvolutionLayer
  private let firstNorm, secondNorm: BatchNormLayer
  private let shortcut: (convolution: ConvolutionLayer, norm: BatchNormLayer)?

  init(
    _ name: String, height: Int, width: Int, inputs: Int, outputs: Int, stride: Int,
    layout: inout ParameterLayout
  ) {
    func windows(_ height: Int, _ width: Int, kernel: Int, stride: Int) -> PictureWindows {
      PictureWindows(
        height: height, width: width, kernel: kernel, stride: stride, padding: kernel / 2)
    }
    func layer(_ part: String, _ inputs: Int, _ windows: PictureWindows) -> ConvolutionLayer {
      ConvolutionLayer(
        "\(name).\(part)", inputs: inputs, outputs: outputs, windows: windows, hasBias: false,
        initialization: .normalByOutputs, layout: &layout)
    }
    first = layer("conv1", inputs, windows(height, width, kernel: 3, stride: stride))
    firstNorm = BatchNormLayer("\(name).bn1", channels: outputs, layout: &layout)
    let (rows, columns) = (first.windows.outputHeight, first.windows.outputWidth)
    second = layer("conv2", outputs, windows(rows, columns, kernel: 3, stride: 1))
    secondNorm = BatchNormLayer("\(name).bn2", channels: outputs, layout: &layout)
    var names = ["conv1", "relu", "conv2"]
    if stride != 1 || inputs != outputs {
      let convolution = layer(
        "downsample.0", inputs, windows(height, width, kernel: 1, stride: stride))
      shortcut = (
        convolution, BatchNormLayer("\(name).downsample.1", channels: outputs, layout: &layout)
      )
      names.append("downsample")
    } else {
      shortcut = nil
    }
    tapNames = names.map { "\(name).\($0)" } + [name]
  }

  var outputHeight: Int { second.windows.outputHeight }
  var outputWidth: Int { second.windows.outputWidth }

  func callAsFunction<Scalar>(
    _ input: Tensor<Scalar>, _ parameters: Parameters<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var values = pass.tapPictures(tapNames[0], first(input, parameters))
    values = pass.tapPictures(tapNames[1], firstNorm(values, parameters, pass, rectified: true))
    values = pass.tapPictures(tapNames[2], second(values, parameters))
    var carried = input
    if let shortcut {
      carried = shortcut.norm(
        shortcut.convolution(input, parameters), parameters, pass, rectified: false)
      carried = pass.tapPictures(tapNames[3], carried)
    }
    let sum = secondNorm(values, parameters, pass, adding: carried, rectified: true)
    return pass.tapPictures(tapNames[tapNames.count - 1], sum)
  }
}
