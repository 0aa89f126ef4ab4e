extension Snapshot {
  /// The weights of every attention head, layer by layer.
  ///
  /// - Throws: `MeasureError.undefined` for a network that is no transformer.
  public func attentionHeads() throws -> [HeadWeights] {
    let transformer = try transformer()
    var heads: [HeadWeights] = []
    for layer in 0..<transformer.depth {
      func weights(_ name: String) throws -> Matrix<Double> {
        Matrix<Double>(try parameter("blocks.\(layer).attn.\(name)"))
      }
      let (queries, keys) = (try weights("W_Q"), try weights("W_K"))
      let (values, output) = (try weights("W_V"), try weights("W_O"))
      for head in 0..<transformer.headCount {
        let rows = head * transformer.headWidth..<(head + 1) * transformer.headWidth
        heads.append(
          try HeadWeights(
            layer: layer, head: head, queries: queries.selectingRows(rows),
            keys: keys.selectingRows(rows), values: values.selectingRows(rows),
            output: output.selectingColumns(rows)))
      }
    }
    return heads
  }

  /// Sequences with the attention of every head of every layer, in the order of ``attentionHeads()``.
  ///
  /// - Throws: `MeasureError.undefined` for a network that is no transformer or computes no patterns, as one of a single layer that is
  ///   read at its last position alone; what ``outputs(on:)`` throws.
  /// - Complexity: one pass; memory of sequences × heads × T² numbers.
  public func attendedSequences(on examples: LabeledExamples) throws -> AttendedSequences {
    let transformer = try transformer()
    let names = (0..<transformer.depth).map { "blocks.\($0).attn.pattern" }
    guard names.allSatisfy(transformer.tapNames.contains) else {
      throw MeasureError.undefined(
        measure: "attention",
        reason: "this network is read at its last position and keeps no pattern")
    }
    let layers = try activations(of: names, on: examples)
    let width = layers.reduce(0) { $0 + $1.columnCount }
    var values: [Double] = []
    values.reserveCapacity(examples.count * width)
    for example in 0..<examples.count {
      for layer in layers { values += layer.row(example).map { Double($0) } }
    }
    return try AttendedSequences(
      tokens: sequences(of: examples),
      patterns: Matrix(values: values, rowCount: examples.count, columnCount: width),
      headCount: transformer.depth * transformer.headCount)
  }

  /// What every head adds to the logits by itself, for one head after the other: its output through the unembedding, without the
  /// final layer norm.
  ///
  /// - Returns: for each head, in the order of ``attentionHeads()``, a matrix `[T, vocabulary]` for every sequence.
  /// - Throws: as ``attendedSequences(on:)``.
  public func headContributions(on examples: LabeledExamples) throws -> [[Matrix<Double>]] {
    let transformer = try transformer()
    let heads = try attentionHeads()
    let unembedding = Matrix<Double>(
      try parameter(transformer.form.isTied ? "embed.W_E" : "unembed.W_U"))
    let layers = try activations(
      of: (0..<transformer.depth).map { "blocks.\($0).attn.z" }, on: examples)
    let (width, count) = (transformer.headWidth, transformer.headCount)
    return heads.map { head in
      let written = head.output.multiplied(by: unembedding, transposingSelf: true)
      return (0..<examples.count).map { example in
        let row = layers[head.layer].row(example)
        var attended: [Double] = []
        for position in 0..<row.count / (count * width) {
          let start = row.startIndex + (position * count + head.head) * width
          attended += row[start..<start + width].map { Double($0) }
        }
        return Matrix(
          values: attended, rowCount: attended.count / width, columnCount: width
        ).multiplied(by: written)
      }
    }
  }

  /// The network as a transformer.
  func transformer() throws(MeasureError) -> Transformer {
    guard let transformer = model as? Transformer else {
      throw .undefined(measure: "attention", reason: "the network is no transformer")
    }
    return transformer
  }

  private func sequences(of examples: LabeledExamples) throws -> [[Int]] {
    guard case .tokens(let tokens) = examples.inputs else {
      throw MeasureError.undefined(measure: "attention", reason: "the examples are no tokens")
    }
    return (0..<tokens.exampleCount).map { tokens.sequence($0).map(Int.init) }
  }
}
