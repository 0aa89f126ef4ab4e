import GrokModels

/// What a parameter is in its network, to compare like with like.
public enum ParameterKind: String, Sendable, Hashable, CaseIterable {
  // The raw values are their names.
  case convolution
  case convolutionBias = "convolution-bias"
  case normWeight = "norm-weight"
  case normBias = "norm-bias"
  case downsample
  case downsampleNormWeight = "downsample-norm-weight"
  case downsampleNormBias = "downsample-norm-bias"
  case linear
  case linearBias = "linear-bias"
  case embedding, positions
  case query, key, value
  case attentionOutput = "attention-output"
  case attentionBias = "attention-bias"
  case perceptron
  case perceptronBias = "perceptron-bias"
  case unembedding
  case recurrent
  case recurrentBias = "recurrent-bias"
  case other

  /// Kind and depth of every parameter, from the names and shapes of this package's networks.
  ///
  /// A layer is what its parameters' names share: a convolution, a batch norm, a linear layer; of a transformer the
  /// attention of a block and its perceptron. Depth counts convolutions, linear and recurrent layers, attentions and perceptrons
  /// in the order of θ; a norm has the depth of what is before it, a shortcut that of the block's last convolution.
  static func places(in layout: ParameterLayout) -> [(kind: ParameterKind, depth: Int)] {
    var (depth, lastLayer) = (-1, "")
    return layout.entries.map { entry in
      let kind = kind(of: entry, in: layout)
      var layer = entry.name.split(separator: ".").dropLast().joined(separator: ".")
      switch kind {
      case .normWeight, .normBias, .downsample, .downsampleNormWeight, .downsampleNormBias: break
      case .positions where depth >= 0: break
      default:
        if kind == .embedding { layer = "embed" }
        if layer != lastLayer { depth += 1 }
        lastLayer = layer
      }
      return (kind, max(depth, 0))
    }
  }

  private static func kind(of entry: ParameterLayout.Entry, in layout: ParameterLayout)
    -> ParameterKind
  {
    let words = entry.name.split(separator: ".").map(String.init)
    let last = words.last ?? ""
    let path = words.dropLast().joined(separator: ".")
    if let kind = transformerKinds[last], last != "w" && last != "b" { return kind }
    let isBias = last == "bias" || last == "b"
    if path.contains("ln") && (last == "w" || last == "b") {
      return isBias ? .normBias : .normWeight
    }
    if last.hasPrefix("weight_ih") || last.hasPrefix("weight_hh") { return .recurrent }
    if last.hasPrefix("bias_ih") || last.hasPrefix("bias_hh") { return .recurrentBias }
    if path == "embedding" { return .embedding }
    let isShortcut = words.contains("downsample")
    // Beside a bias stands the weight that says what layer it is.
    let weight = isBias ? layout["\(path).weight"] ?? entry : entry
    switch (weight.shape.rank, isBias) {
    case (4, false): return isShortcut ? .downsample : .convolution
    case (4, true): return .convolutionBias
    case (1, false): return isShortcut ? .downsampleNormWeight : .normWeight
    case (1, true): return isShortcut ? .downsampleNormBias : .normBias
    case (2, false): return .linear
    case (2, true): return .linearBias
    default: return .other
    }
  }

  private static let transformerKinds: [String: ParameterKind] = [
    "W_E": .embedding, "W_U": .unembedding, "b_U": .linearBias, "W_pos": .positions,
    "W_Q": .query, "W_K": .key, "W_V": .value, "W_O": .attentionOutput,
    "b_Q": .attentionBias, "b_K": .attentionBias, "b_V": .attentionBias, "b_O": .attentionBias,
    "smear": .attentionBias, "W_in": .perceptron, "W_out": .perceptron, "b_in": .perceptronBias,
    "b_out": .perceptronBias,
  ]
}
