/// A convolution of a network: its windows, and where its weights are among the parameters.
///
/// Parameters `name.weight` `[outputs, inputs / groups, kernel, kernel]` and, where there is one,
/// `name.bias` `[outputs]`.
struct ConvolutionLayer: Sendable {
  /// How the weights are drawn.
  enum Initialization {
    /// Uniform in ±1/√inputs for weights and bias, as PyTorch's `Conv2d`.
    case uniform
    /// Normal with variance 2 / (outputs · kernel²) and no bias, as torchvision's residual networks and VGG.
    case normalByOutputs
  }

  let windows: PictureWindows
  let outputCount: Int
  let groupCount: Int
  private let weight: String
  private let bias: String?

  init(
    _ name: String, inputs: Int, outputs: Int, windows: PictureWindows, groupCount: Int = 1,
    hasBias: Bool, initialization: Initialization, layout: inout ParameterLayout
  ) {
    self.windows = windows
    self.outputCount = outputs
    self.groupCount = groupCount
    weight = name + ".weight"
    bias = hasBias ? name + ".bias" : nil
    let fanIn = inputs / groupCount * windows.kernelCount
    let fanOut = Double(outputs / groupCount * windows.kernelCount)
    let (weights, biases): (Initializer, Initializer) =
      switch initialization {
      case .uniform:
        (.kaimingUniform(fanIn: fanIn), .uniform(bound: 1 / Double(fanIn).squareRoot()))
      case .normalByOutputs:
        (.normal(standardDeviation: 2.0.squareRoot() / fanOut.squareRoot()), .constant(0))
      }
    layout.append(
      weight, [outputs, inputs / groupCount, windows.kernelHeight, windows.kernelWidth], weights)
    if let bias { layout.append(bias, Shape(outputs), biases) }
  }

  func callAsFunction<Scalar>(
    _ pictures: Tensor<Scalar>, _ parameters: Parameters<Scalar>,
    activation: Activation = .identity
  ) -> Tensor<Scalar> {
    pictures.convolved(
      with: parameters[weight], bias: bias.map { parameters[$0] }, activation: activation,
      windows: windows, groupCount: groupCount)
  }
}
