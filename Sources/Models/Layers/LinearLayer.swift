/// A linear layer of a network: `name.weight` `[outputs, inputs]` and `name.bias` `[outputs]`.
struct LinearLayer: Sendable {
  let outputCount: Int
  private let weight, bias: String

  /// A layer drawn as PyTorch's `Linear`: weights and biases uniform in ±1/√inputs.
  init(_ name: String, inputs: Int, outputs: Int, layout: inout ParameterLayout) {
    self.init(
      name, inputs: inputs, outputs: outputs, weights: .kaimingUniform(fanIn: inputs),
      biases: .uniform(bound: 1 / Double(inputs).squareRoot()), layout: &layout)
  }

  init(
    _ name: String, inputs: Int, outputs: Int, weights: Initializer, biases: Initializer,
    layout: inout ParameterLayout
  ) {
    outputCount = outputs
    weight = name + ".weight"
    bias = name + ".bias"
    layout.append(weight, Shape(outputs, inputs), weights)
    layout.append(bias, Shape(outputs), biases)
  }

  func callAsFunction<Scalar>(
    _ rows: Tensor<Scalar>, _ parameters: Parameters<Scalar>, activation: Activation = .identity
  ) -> Tensor<Scalar> {
    rows.linear(weight: parameters[weight], bias: parameters[bias], activation: activation)
  }
}
