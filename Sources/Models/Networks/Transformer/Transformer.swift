/// Which of the usual forms a transformer has.
///
/// By default that of the grokking literature: learned positions, no layer norm, no biases of attention, untied
/// unembedding, causal.
public struct TransformerForm: Sendable, Hashable {
  /// Where layers are normalized.
  public enum Normalization: String, Sendable, Hashable, CaseIterable {
    /// Nowhere.
    case none
    /// Before attention, perceptron and unembedding, as in GPT-2 and TransformerLens.
    case before
    /// After each addition to the stream, as in PyTorch's `TransformerEncoderLayer`.
    case after
  }

  /// What tells positions apart.
  public enum Positions: String, Sendable, Hashable, CaseIterable {
    /// Nothing but the causal mask.
    case none
    /// A learned vector for each position, added to the embedding.
    case learned
    /// A learned vector for each position, added to what queries and keys read, in every layer: Press et al.,
    /// arXiv 2012.15832 (Shortformer).
    case queriesAndKeys = "queries-and-keys"
  }

  /// Where layers are normalized.
  public var normalization = Normalization.none
  /// What tells positions apart.
  public var positions = Positions.learned
  /// Whether tokens are read out with the weights that they are embedded with.
  public var isTied = false
  /// Whether queries, keys, values and the output of attention have biases.
  public var hasAttentionBiases = false
  /// Whether a key is mixed with that of the position before, by a learned share a head: Olsson et al. (2022),
  /// k_j ← σ(α) k_j + (1 − σ(α)) k_{j−1}. The first key stays.
  public var smearsKeys = false
  /// Whether a position sees only those up to itself.
  public var isCausal = true

  /// The form of the grokking literature, for properties to be changed.
  public init() {}
}

/// A transformer: any depth, attention alone or with perceptrons.
///
/// Parameters have the names of TransformerLens and the layouts of the grokking literature: `embed.W_E`
/// `[width, vocabulary]`, `pos_embed.W_pos` `[context, width]`, `blocks.0.attn.W_Q`, `W_K`, `W_V`
/// `[heads, headWidth, width]`, `b_Q`, `b_K`, `b_V` `[heads, headWidth]`, `blocks.0.attn.W_O`
/// `[width, heads·headWidth]`, `b_O`, `blocks.0.mlp.W_in` `[mlp, width]`, `b_in`, `W_out` `[width, mlp]`, `b_out`,
/// `blocks.0.ln1.w`, `ln1.b`, `ln2.w`, `ln2.b`, `ln_final.w`, `ln_final.b`, `unembed.W_U` `[width, vocabulary]`,
/// and `blocks.0.attn.smear` `[heads]`. All weights are normal with standard deviation 1/√width, but `W_U` with
/// 1/√vocabulary; gains are 1, biases and smearing 0.
///
/// - Source: Nanda, Chan, Lieberum, Smith & Steinhardt, arXiv 2301.05217, and its code; Elhage et al. (2021).
public struct Transformer: Model {
  /// What the outputs are of.
  public enum Reading: String, Sendable, Hashable, CaseIterable {
    /// Of a sequence as a whole: the last position's.
    case lastPosition = "last-position"
    /// Of every position.
    case everyPosition = "every-position"
  }

  /// Tokens are in `0 ..< vocabularySize`; there is an output for each.
  public let vocabularySize: Int
  /// The length of a sequence.
  public let context: Int
  /// The width of the residual stream.
  public let width: Int
  /// The number of blocks.
  public let depth: Int
  /// The number of attention heads.
  public let headCount: Int
  /// The width of a head's queries, keys and values.
  public let headWidth: Int
  /// The width of the perceptrons; 0 without them.
  public let perceptronWidth: Int
  /// The perceptrons' function.
  public let activation: Activation
  /// A factor on the outputs.
  public let outputScale: Double
  /// Normalization, positions, biases and whatever else is a choice.
  public let form: TransformerForm
  /// What the outputs are of.
  public let reading: Reading
  /// Names, shapes and places of the parameters.
  public let layout: ParameterLayout
  /// The intermediate values, of all positions; where only the last position of a single block is computed, its.
  public let tapNames: [String]
  let blocks: [TransformerBlock]

  /// A transformer; by default with one block, heads that fill the width and a perceptron of four times it.
  ///
  /// - Parameter perceptronWidth: 0 for attention alone.
  public init(
    vocabularySize: Int, context: Int, width: Int, depth: Int = 1, headCount: Int,
    headWidth: Int? = nil, perceptronWidth: Int? = nil, activation: Activation = .relu,
    outputScale: Double = 1, form: TransformerForm = TransformerForm(),
    reading: Reading = .lastPosition
  ) {
    self.vocabularySize = vocabularySize
    self.context = context
    self.width = width
    self.depth = depth
    self.headCount = headCount
    self.headWidth = headWidth ?? width / headCount
    self.perceptronWidth = perceptronWidth ?? 4 * width
    self.activation = activation
    self.outputScale = outputScale
    self.form = form
    self.reading = reading
    blocks = (0..<depth).map { TransformerBlock(index: $0) }
    let byWidth = Initializer.normal(standardDeviation: 1 / Double(width).squareRoot())
    var layout = ParameterLayout()
    layout.append("embed.W_E", [width, vocabularySize], byWidth)
    if form.positions != .none { layout.append("pos_embed.W_pos", [context, width], byWidth) }
    for block in blocks {
      block.append(
        to: &layout, form, width: width, headCount: headCount, headWidth: self.headWidth,
        perceptronWidth: self.perceptronWidth)
    }
    if form.normalization == .before {
      layout.append("ln_final.w", [width], .constant(1))
      layout.append("ln_final.b", [width], .constant(0))
    }
    if !form.isTied {
      layout.append(
        "unembed.W_U", [width, vocabularySize],
        .normal(standardDeviation: 1 / Double(vocabularySize).squareRoot()))
    }
    self.layout = layout
    readsSharedRows =
      reading == .lastPosition && depth == 1 && form == TransformerForm()
      && self.perceptronWidth > 0 && context <= AttentionPlan.maximumContext
    tapNames =
      readsSharedRows
      ? [
        "blocks.0.attn.z", "blocks.0.resid_mid", "blocks.0.mlp.post", "blocks.0.resid_post",
        "logits",
      ]
      : blocks.flatMap { $0.tapNames(hasPerceptron: (perceptronWidth ?? width) > 0) } + ["logits"]
  }

  /// Whether only the last position is computed behind the keys and values, and these once for each distinct
  /// pair of token and position.
  let readsSharedRows: Bool

  /// `torch.randn(shape) / √width`, or by √vocabulary for the unembedding, in the order of the published code, which
  /// makes keys before queries.
  public var pyTorchDraws: [PyTorchDraw] {
    var entries = layout.entries
    for index in entries.indices.dropLast() where entries[index].name.hasSuffix("attn.W_Q") {
      entries.swapAt(index, index + 1)
    }
    return entries.map { entry in
      guard case .normal = entry.initializer else {
        return PyTorchDraw(entry.name, by: entry.initializer)
      }
      let count = entry.name == "unembed.W_U" ? vocabularySize : width
      return PyTorchDraw(entry.name, .normalQuotient(divisor: Double(count).squareRoot()))
    }
  }

  /// One output for each token of the vocabulary.
  public var outputCount: Int { vocabularySize }

  /// One, or the length of a sequence.
  public var positionCount: Int { reading == .lastPosition ? 1 : context }

  /// The outputs of the last position, `[examples, vocabulary]`, or of all, `[examples · context, vocabulary]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    readsSharedRows
      ? lastPositionOutputs(for: tokens(of: input), parameters, pass.taps)
      : readout(for: input, parameters: parameters, pass: pass).outputs
  }

  /// What the outputs are read from: the stream after the last block, and the unembedding.
  public func readout<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Readout<Scalar> {
    let batch = tokens(of: input)
    return readsSharedRows
      ? .outputs(lastPositionOutputs(for: batch, parameters, pass.taps))
      : allPositionReadout(for: batch, parameters, pass.taps)
  }

  /// ``outputs(for:parameters:pass:)`` with every position computed, whatever is read: what the fast way of a
  /// single block agrees with.
  public func plainOutputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, taps: Taps<Scalar>
  ) -> Tensor<Scalar> {
    allPositionReadout(for: tokens(of: input), parameters, taps).outputs
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
