/// The one-layer transformer of the grokking literature: learned positions, no layer norm, untied
/// unembedding, read at the last position.
///
/// Parameters have the published names and layouts: `embed.W_E` `[width, vocabulary]`,
/// `pos_embed.W_pos` `[context, width]`, `blocks.0.attn.W_Q`, `W_K`, `W_V` `[heads, headWidth, width]`,
/// `blocks.0.attn.W_O` `[width, heads·headWidth]`, `blocks.0.mlp.W_in` `[mlp, width]`, `b_in`, `W_out`
/// `[width, mlp]`, `b_out`, `unembed.W_U` `[width, vocabulary]`. All weights are normal with standard
/// deviation 1/√width, but `W_U` with 1/√vocabulary; biases are 0.
///
/// - Source: Nanda, Chan, Lieberum, Smith & Steinhardt, arXiv 2301.05217, and its code.
public struct Transformer: Model {
  /// Tokens are in `0 ..< vocabularySize`; there is an output for each.
  public let vocabularySize: Int
  /// The length of a sequence.
  public let context: Int
  /// The width of the residual stream.
  public let width: Int
  /// The number of attention heads.
  public let headCount: Int
  /// The width of a head's queries, keys and values.
  public let headWidth: Int
  /// The width of the perceptron.
  public let perceptronWidth: Int
  /// The perceptron's function.
  public let activation: Activation
  /// A factor on the outputs.
  public let outputScale: Double
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout

  /// A transformer; by default with heads that fill the width and a perceptron of four times it.
  public init(
    vocabularySize: Int, context: Int, width: Int, headCount: Int, headWidth: Int? = nil,
    perceptronWidth: Int? = nil, activation: Activation = .relu, outputScale: Double = 1
  ) {
    self.vocabularySize = vocabularySize
    self.context = context
    self.width = width
    self.headCount = headCount
    let headWidth = headWidth ?? width / headCount
    let perceptronWidth = perceptronWidth ?? 4 * width
    self.headWidth = headWidth
    self.perceptronWidth = perceptronWidth
    self.activation = activation
    self.outputScale = outputScale
    let byWidth = Initializer.normal(standardDeviation: 1 / Double(width).squareRoot())
    var layout = ParameterLayout()
    layout.append("embed.W_E", [width, vocabularySize], byWidth)
    layout.append("pos_embed.W_pos", [context, width], byWidth)
    for name in ["W_Q", "W_K", "W_V"] {
      layout.append("blocks.0.attn.\(name)", [headCount, headWidth, width], byWidth)
    }
    layout.append("blocks.0.attn.W_O", [width, headCount * headWidth], byWidth)
    layout.append("blocks.0.mlp.W_in", [perceptronWidth, width], byWidth)
    layout.append("blocks.0.mlp.b_in", [perceptronWidth], .constant(0))
    layout.append("blocks.0.mlp.W_out", [width, perceptronWidth], byWidth)
    layout.append("blocks.0.mlp.b_out", [width], .constant(0))
    layout.append(
      "unembed.W_U", [width, vocabularySize],
      .normal(standardDeviation: 1 / Double(vocabularySize).squareRoot()))
    self.layout = layout
  }

  /// `torch.randn(shape) / √width` in the order of the published code, keys before queries.
  public var pyTorchDraws: [PyTorchDraw] {
    let byWidth = PyTorchDraw.Distribution.normalQuotient(divisor: Double(width).squareRoot())
    let block = ["attn.W_K", "attn.W_Q", "attn.W_V", "attn.W_O", "mlp.W_in", "mlp.W_out"]
    let names = ["embed.W_E", "pos_embed.W_pos"] + block.map { "blocks.0.\($0)" }
    let byVocabulary = Double(vocabularySize).squareRoot()
    return names.map { PyTorchDraw($0, byWidth) } + [
      PyTorchDraw("unembed.W_U", .normalQuotient(divisor: byVocabulary)),
      PyTorchDraw("blocks.0.mlp.b_in", .constant(0)),
      PyTorchDraw("blocks.0.mlp.b_out", .constant(0)),
    ]
  }

  /// One output for each token of the vocabulary.
  public var outputCount: Int { vocabularySize }

  /// The intermediate values, all at the last position.
  public let tapNames = [
    "blocks.0.attn.z", "blocks.0.resid_mid", "blocks.0.mlp.post", "blocks.0.resid_post", "logits",
  ]

  /// The outputs at the last position: `[examples, vocabulary]`.
  ///
  /// Only the last position is computed behind the keys and values, and these once for each distinct
  /// (token, position) pair.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    let batch = tokens(of: input)
    let distinct = batch.pairs
    let pairs =
      parameters["embed.W_E"].transposed().gather(rows: distinct.tokens)
      + parameters["pos_embed.W_pos"].gather(rows: distinct.positions)
    let lastPairs = pairs.gather(rows: distinct.last)
    let projected = { (name: String, rows: Tensor<Scalar>) in
      let weight = parameters[name].reshaped(to: Shape(headCount * headWidth, width))
      return rows.linear(weight: weight)
    }
    let attended = projected("blocks.0.attn.W_Q", lastPairs).gatheredAttention(
      keys: projected("blocks.0.attn.W_K", pairs), values: projected("blocks.0.attn.W_V", pairs),
      headCount: headCount, plan: distinct.lastPositionPlan)
    let z = pass.taps("blocks.0.attn.z", attended)
    let stream = lastPairs.gather(rows: distinct.lastPositionPlan.queryRows)
    return perceptronAndUnembedding(
      stream + z.linear(weight: parameters["blocks.0.attn.W_O"]), parameters, pass.taps)
  }

  /// ``outputs(for:parameters:pass:)`` as the paper's code computes it: all positions, a causal mask,
  /// and the last position taken at the end. The two agree.
  public func plainOutputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, taps: Taps<Scalar>
  ) -> Tensor<Scalar> {
    let batch = tokens(of: input)
    let (n, c) = (batch.exampleCount, context)
    let embedded = parameters["embed.W_E"].transposed().gather(rows: batch.tokens)
      .reshaped(to: [n, c, width])
    let stream = embedded + parameters["pos_embed.W_pos"]
    let heads = { (name: String) in  // [examples, heads, context, headWidth]
      let weight = parameters[name].reshaped(to: Shape(headCount * headWidth, width))
      return stream.matmul(weight, transposed: (false, true))
        .reshaped(to: [n, c, headCount, headWidth]).permuted([0, 2, 1, 3])
    }
    let scores = heads("blocks.0.attn.W_Q")
      .matmul(heads("blocks.0.attn.W_K"), transposed: (false, true))
    let mask = (0..<c * c).map { $0 % c > $0 / c ? Scalar(-1e10) : 0 }
    let scale = 1 / Scalar(headWidth).squareRoot()
    let pattern = ((scores + Tensor(mask, shape: [c, c])) * scale).softmax()
    let z = pattern.matmul(heads("blocks.0.attn.W_V")).permuted([0, 2, 1, 3])
      .reshaped(to: [n, c, headCount * headWidth])
    let last = { (values: Tensor<Scalar>) in
      values.slice(axis: 1, c - 1..<c).reshaped(to: Shape(n, values.shape[-1]))
    }
    let output = parameters["blocks.0.attn.W_O"]
    return perceptronAndUnembedding(
      last(stream) + taps("blocks.0.attn.z", last(z)).matmul(output, transposed: (false, true)),
      parameters, taps)
  }

  private func perceptronAndUnembedding<Scalar>(
    _ stream: Tensor<Scalar>, _ parameters: Parameters<Scalar>, _ taps: Taps<Scalar>
  ) -> Tensor<Scalar> {
    let middle = taps("blocks.0.resid_mid", stream)
    let hidden = taps(
      "blocks.0.mlp.post",
      middle.linear(
        weight: parameters["blocks.0.mlp.W_in"], bias: parameters["blocks.0.mlp.b_in"],
        activation: activation))
    let written = hidden.linear(
      weight: parameters["blocks.0.mlp.W_out"], bias: parameters["blocks.0.mlp.b_out"])
    let final = taps("blocks.0.resid_post", middle + written)
    let logits = final.linear(weight: parameters["unembed.W_U"], layout: .inputsByOutputs)
    return taps("logits", outputScale == 1 ? logits : logits * Scalar(outputScale))
  }

  private func tokens<Scalar>(of input: ModelInput<Scalar>) -> TokenBatch {
    guard case .tokens(let batch) = input, batch.context == context else {
      preconditionFailure("Transformer: reads sequences of \(context) tokens, not \(input.summary)")
    }
    return batch
  }

  /// Checks that examples are sequences of `context` tokens of the vocabulary.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    if case .tokens(let batch) = input, batch.context == context,
      batch.vocabularySize <= vocabularySize
    {
      return
    }
    throw .unsuitableInput(
      found: input.summary,
      expected: "sequences of \(context) tokens of a vocabulary of \(vocabularySize)")
  }
}
