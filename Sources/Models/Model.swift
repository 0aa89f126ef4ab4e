@_exported import GrokTensor

/// A network: an immutable description of an architecture, and the function from θ and examples to
/// outputs. It holds no numbers; one description may be used by many threads.
public protocol Model: Sendable {
  /// The parameters: names, shapes, and places in θ.
  var layout: ParameterLayout { get }
  /// The number of outputs for an example, or for each of its positions.
  var outputCount: Int { get }
  /// The number of positions of an example that there are outputs for; 1 unless a network says otherwise.
  var positionCount: Int { get }
  /// The names of the intermediate values that taps can read and replace, in the order of computation.
  var tapNames: [String] { get }
  /// The parts that can be frozen one after the other, in the order of computation.
  var stages: [ModelStage] { get }
  /// The calls by which the same network in PyTorch draws its initial parameters, in their order there.
  var pyTorchDraws: [PyTorchDraw] { get }

  /// How many examples are computed at once where nothing else decides it; 1,000 unless a network says otherwise.
  var evaluationBatchSize: Int { get }

  /// The outputs (logits, or predictions) for each example.
  ///
  /// - Shapes: `[examples · positionCount, outputCount]`; the positions of one example stand together.
  /// - Parameter pass: The purpose, training or evaluation, and taps on the intermediate values.
  func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar>

  /// What the outputs are read from, for whoever wants something of the outputs without holding them all.
  func readout<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Readout<Scalar>

  /// Checks examples before they are used.
  ///
  /// - Throws: ``ModelError/unsuitableInput(found:expected:)``.
  func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError)
}

extension Model {
  /// 1,000 examples.
  public var evaluationBatchSize: Int { 1_000 }

  /// Parameters by the first places of their paths.
  public var stages: [ModelStage] { layout.stages }

  /// One: the outputs are of the example as a whole.
  public var positionCount: Int { 1 }

  /// The outputs for each example in evaluation: `[examples · positionCount, outputCount]`.
  ///
  /// - Parameter taps: Sees, and may replace, every named intermediate value.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, taps: Taps<Scalar> = Taps()
  ) -> Tensor<Scalar> {
    outputs(for: input, parameters: parameters, pass: Pass(taps: taps))
  }

  /// The outputs themselves.
  public func readout<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Readout<Scalar> {
    .outputs(outputs(for: input, parameters: parameters, pass: pass))
  }

  /// Initial values of θ.
  ///
  /// - Parameter scale: A factor on every parameter, biases too.
  public func initialParameters<Scalar: RealScalar>(
    scale: Double = 1, as type: Scalar.Type = Scalar.self, key: RandomKey
  ) -> [Scalar] {
    layout.initialValues(scale: scale, key: key)
  }
}

/// Examples as a network reads them.
public enum ModelInput<Scalar: RealScalar>: Sendable {
  /// `[examples, features]`
  case features(Tensor<Scalar>)
  /// Sequences of tokens.
  case tokens(TokenBatch)

  /// The number of examples.
  public var exampleCount: Int {
    switch self {
    case .features(let features): features.shape[0]
    case .tokens(let tokens): tokens.exampleCount
    }
  }

  /// The same examples without intermediate values that several of them share.
  package var withoutSharedRows: ModelInput {
    guard case .tokens(let batch) = self else { return self }
    return .tokens(batch.withOwnRows)
  }

  /// Becomes the sequences of `source` at the given indices, in memory that it has.
  package mutating func select(_ indices: [Int32], of source: TokenBatch) {
    guard case .tokens(var own) = self else { return self = .tokens(source.selecting(indices)) }
    // So that nothing else refers to the tokens.
    self = .tokens(.empty)
    own.select(indices, of: source)
    self = .tokens(own)
  }

  /// What the examples are, for error messages.
  var summary: String {
    switch self {
    case .features(let features): "vectors of \(features.shape[-1]) features"
    case .tokens(let tokens):
      "sequences of \(tokens.context) tokens of a vocabulary of \(tokens.vocabularySize)"
    }
  }
}
