/// The names of one block's parameters and taps, made once.
struct TransformerBlock: Sendable {
  /// A layer's weights, and its bias where it has one.
  struct Layer: Sendable {
    let weight, bias: String

    init(_ path: String, _ weight: String, _ bias: String) {
      self.weight = "\(path).\(weight)"
      self.bias = "\(path).\(bias)"
    }
  }

  let queries, keys, values, output: Layer
  let smearing: String
  let hidden, written: Layer
  let firstNorm, secondNorm: Layer
  let taps: Taps

  /// The names of the intermediate values.
  struct Taps: Sendable {
    let before, queries, keys, values, pattern, attended, written, middle: String
    let hidden, perceptron, after: String
  }

  init(index: Int) {
    let path = "blocks.\(index)"
    let attention = path + ".attn"
    queries = Layer(attention, "W_Q", "b_Q")
    keys = Layer(attention, "W_K", "b_K")
    values = Layer(attention, "W_V", "b_V")
    output = Layer(attention, "W_O", "b_O")
    smearing = attention + ".smear"
    hidden = Layer(path + ".mlp", "W_in", "b_in")
    written = Layer(path + ".mlp", "W_out", "b_out")
    firstNorm = Layer(path + ".ln1", "w", "b")
    secondNorm = Layer(path + ".ln2", "w", "b")
    taps = Taps(
      before: path + ".resid_pre", queries: attention + ".q", keys: attention + ".k",
      values: attention + ".v", pattern: attention + ".pattern", attended: attention + ".z",
      written: path + ".attn_out", middle: path + ".resid_mid", hidden: path + ".mlp.post",
      perceptron: path + ".mlp_out", after: path + ".resid_post")
  }

  /// In the order of computation.
  func tapNames(hasPerceptron: Bool) -> [String] {
    [
      taps.before, taps.queries, taps.keys, taps.values, taps.pattern, taps.attended, taps.written,
    ] + (hasPerceptron ? [taps.middle, taps.hidden, taps.perceptron] : []) + [taps.after]
  }

  func append(
    to layout: inout ParameterLayout, _ form: TransformerForm, width: Int, headCount: Int,
    headWidth: Int, perceptronWidth: Int
  ) {
    let byWidth = Initializer.normal(standardDeviation: 1 / Double(width).squareRoot())
    for layer in [queries, keys, values] {
      layout.append(layer.weight, [headCount, headWidth, width], byWidth)
    }
    layout.append(output.weight, [width, headCount * headWidth], byWidth)
    if form.hasAttentionBiases {
      for layer in [queries, keys, values] {
        layout.append(layer.bias, [headCount, headWidth], .constant(0))
      }
      layout.append(output.bias, [width], .constant(0))
    }
    if form.smearsKeys { layout.append(smearing, [headCount], .constant(0)) }
    if perceptronWidth > 0 {
      layout.append(hidden.weight, [perceptronWidth, width], byWidth)
      layout.append(hidden.bias, [perceptronWidth], .constant(0))
      layout.append(written.weight, [width, perceptronWidth], byWidth)
      layout.append(written.bias, [width], .constant(0))
    }
    guard form.normalization != .none else { return }
    for norm in perceptronWidth > 0 ? [firstNorm, secondNorm] : [firstNorm] {
      layout.append(norm.weight, [width], .constant(1))
      layout.append(norm.bias, [width], .constant(0))
    }
  }
}
