/// A long short-term memory read at its last step: PyTorch's `LSTM` and a `Linear` behind it.
///
/// Parameters are named `embedding.weight` `[vocabulary, width]` where tokens are read, `lstm.weight_ih_l0`
/// `[4·units, inputs]`, `lstm.weight_hh_l0` `[4·units, units]`, `lstm.bias_ih_l0`, `lstm.bias_hh_l0` `[4·units]`, the
/// same with `_l1` … for further layers, `output.weight` `[outputs, units]` and `output.bias`. Gates stand in the
/// order input, forget, candidate, output. Weights and biases are uniform in ±1/√units, embeddings normal with
/// deviation 1, as PyTorch draws them.
public struct LSTMClassifier: Model {
  /// What a step of a sequence is.
  public enum Steps: Sendable, Hashable {
    /// A run of numbers: an example is a row of `context · width` features.
    case features(width: Int)
    /// A token, looked up in a table of vectors.
    case tokens(vocabularySize: Int, width: Int)

    var width: Int {
      switch self {
      case .features(let width), .tokens(_, let width): width
      }
    }
  }

  /// What a step is.
  public let steps: Steps
  /// The length of a sequence.
  public let context: Int
  /// The width of each layer's memory.
  public let units: [Int]
  /// The number of outputs for an example.
  public let outputCount: Int
  /// A factor on the outputs.
  public let outputScale: Double
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// `embedding` where tokens are read, `lstm.0`, … with all positions, and `output`.
  public let tapNames: [String]
  private let layers: [Layer]

  private struct Layer: Sendable {
    let inputWeight, hiddenWeight, inputBias, hiddenBias, tap: String

    init(index: Int) {
      inputWeight = "lstm.weight_ih_l\(index)"
      hiddenWeight = "lstm.weight_hh_l\(index)"
      inputBias = "lstm.bias_ih_l\(index)"
      hiddenBias = "lstm.bias_hh_l\(index)"
      tap = "lstm.\(index)"
    }
  }

  /// A memory of one or more layers.
  public init(
    steps: Steps, context: Int, units: [Int], outputs: Int, outputScale: Double = 1
  ) {
    precondition(!units.isEmpty && context >= 1, "LSTMClassifier: \(units) units, \(context) steps")
    self.steps = steps
    self.context = context
    self.units = units
    outputCount = outputs
    self.outputScale = outputScale
    layers = units.indices.map { Layer(index: $0) }
    var layout = ParameterLayout()
    var taps: [String] = []
    if case .tokens(let vocabularySize, let width) = steps {
      layout.append(
        "embedding.weight", [vocabularySize, width], .normal(standardDeviation: 1))
      taps.append("embedding")
    }
    var width = steps.width
    for (layer, count) in zip(layers, units) {
      let initializer = Initializer.uniform(bound: 1 / Double(count).squareRoot())
      layout.append(layer.inputWeight, [4 * count, width], initializer)
      layout.append(layer.hiddenWeight, [4 * count, count], initializer)
      layout.append(layer.inputBias, [4 * count], initializer)
      layout.append(layer.hiddenBias, [4 * count], initializer)
      width = count
    }
    let initializer = Initializer.uniform(bound: 1 / Double(width).squareRoot())
    layout.append("output.weight", [outputs, width], .kaimingUniform(fanIn: width))
    layout.append("output.bias", [outputs], initializer)
    self.layout = layout
    tapNames = taps + layers.map(\.tap) + ["output"]
  }

  /// The outputs for each example: `[examples, outputs]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    let examples = input.exampleCount
    var values: Tensor<Scalar>
    switch input {
    case .features(let features):
      values = features.reshaped(to: Shape(examples * context, steps.width))
    case .tokens(let batch):
      values = pass.taps(
        "embedding", parameters["embedding.weight"].gather(rows: batch.tokens),
        as: Shape(examples, context, steps.width))
    }
    for (layer, count) in zip(layers, units) {
      let gates = values.linear(
        weight: parameters[layer.inputWeight], bias: parameters[layer.inputBias])
      values = pass.taps(
        layer.tap,
        gates.longShortTermMemory(
          recurrent: parameters[layer.hiddenWeight], bias: parameters[layer.hiddenBias],
          context: context),
        as: Shape(examples, context, count))
    }
    let last = values.gather(rows: (0..<examples).map { Int32(($0 + 1) * context - 1) })
    let outputs = last.linear(
      weight: parameters["output.weight"], bias: parameters["output.bias"])
    return pass.taps("output", outputScale == 1 ? outputs : outputs * Scalar(outputScale))
  }

  /// Checks that examples are sequences of `context` steps of the right kind.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    switch (input, steps) {
    case (.features(let features), .features(let width)) where features.shape[-1] == context * width:
      return
    case (.tokens(let batch), .tokens(let vocabularySize, _))
    where batch.context == context && batch.vocabularySize <= vocabularySize:
      return
    case (_, .features(let width)):
      throw .unsuitableInput(
        found: input.summary,
        expected: "vectors of \(context * width) features, \(context) steps of \(width)")
    case (_, .tokens(let vocabularySize, _)):
      throw .unsuitableInput(
        found: input.summary,
        expected: "sequences of \(context) tokens of a vocabulary of \(vocabularySize)")
    }
  }
}
