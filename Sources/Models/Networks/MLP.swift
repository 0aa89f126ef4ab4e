/// A multilayer perceptron: linear layers with an activation between them.
///
/// Parameters are named `hidden.0.weight` `[hidden, inputs]`, `hidden.0.bias`, …, `output.weight`,
/// `output.bias` and drawn as PyTorch's `Linear` draws them: weights and biases uniform in ±1/√inputs.
public struct MLP: Model {
  /// The number of features of an example.
  public let inputCount: Int
  /// The width of each hidden layer.
  public let hiddenCounts: [Int]
  /// The number of outputs for an example.
  public let outputCount: Int
  /// The function between layers.
  public let activation: Activation
  /// A factor on the outputs.
  public let outputScale: Double
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// `hidden.0`, …, `output`
  public let tapNames: [String]
  private let names: [(weight: String, bias: String, tap: String)]

  /// A perceptron with the given widths.
  ///
  /// - Parameter outputScale: A factor on the outputs: the laziness α of Chizat, Oyallon & Bach,
  ///   arXiv 1812.07956.
  public init(
    inputs: Int, hidden: [Int], outputs: Int, activation: Activation = .relu,
    outputScale: Double = 1
  ) {
    inputCount = inputs
    hiddenCounts = hidden
    outputCount = outputs
    self.activation = activation
    self.outputScale = outputScale
    var layout = ParameterLayout()
    var names: [(weight: String, bias: String, tap: String)] = []
    var width = inputs
    for (index, next) in (hidden + [outputs]).enumerated() {
      let tap = index < hidden.count ? "hidden.\(index)" : "output"
      names.append((tap + ".weight", tap + ".bias", tap))
      layout.append(tap + ".weight", Shape(next, width), .kaimingUniform(fanIn: width))
      layout.append(
        tap + ".bias", Shape(next), .uniform(bound: 1 / Double(width).squareRoot()))
      width = next
    }
    self.layout = layout
    self.names = names
    tapNames = names.map(\.tap)
  }

  /// The outputs for each example: `[examples, outputs]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    guard case .features(var values) = input else {
      preconditionFailure("MLP: reads features, not \(input.summary)")
    }
    for (index, name) in names.enumerated() {
      values = values.linear(
        weight: parameters[name.weight], bias: parameters[name.bias],
        activation: index < hiddenCounts.count ? activation : .identity)
      if index == hiddenCounts.count && outputScale != 1 { values = values * Scalar(outputScale) }
      values = pass.taps(name.tap, values)
    }
    return values
  }

  /// Checks that examples are vectors of `inputCount` features.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    if case .features(let features) = input, features.shape[-1] == inputCount { return }
    throw .unsuitableInput(found: input.summary, expected: "vectors of \(inputCount) features")
  }
}
