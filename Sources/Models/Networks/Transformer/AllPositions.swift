// Every position of every block.

extension Transformer {
  /// The stream after the last block, of the positions that are read, and the unembedding.
  func allPositionReadout<Scalar>(
    for batch: TokenBatch, _ parameters: Parameters<Scalar>, _ taps: Taps<Scalar>
  ) -> Readout<Scalar> {
    let stream = TransformerStream(
      network: self, parameters: parameters, taps: taps, batch: batch)
    var rows = stream.run()
    if reading == .lastPosition {
      rows = rows.gather(rows: (0..<batch.exampleCount).map { Int32(($0 + 1) * context - 1) })
    }
    if form.normalization == .before {
      rows = rows.layerNorm(gain: parameters["ln_final.w"], bias: parameters["ln_final.b"])
    }
    let readout = Readout.linear(
      rows: rows, weight: parameters[form.isTied ? "embed.W_E" : "unembed.W_U"])
    if outputScale == 1 && !taps.wants("logits") { return readout }
    let outputs = outputScale == 1 ? readout.outputs : readout.outputs * Scalar(outputScale)
    let shape =
      positionCount == 1
      ? outputs.shape : Shape(batch.exampleCount, context, vocabularySize)
    return .outputs(taps("logits", outputs, as: shape))
  }
}

/// The residual stream of a batch on its way through the blocks: `[examples · context, width]`.
private struct TransformerStream<Scalar: RealScalar> {
  typealias Values = Tensor<Scalar>
  let network: Transformer
  let parameters: Parameters<Scalar>
  let taps: Taps<Scalar>
  let batch: TokenBatch

  private var form: TransformerForm { network.form }
  private var exampleCount: Int { batch.exampleCount }

  /// The tables that the embedded tokens are sums of rows of.
  private typealias Tables = (tokens: Values, positions: Values)

  func run() -> Values {
    let tokens = batch.tokens
    let table = parameters["embed.W_E"].transposed()
    var stream: Values
    var positions: Values?
    var tables: Tables?
    switch form.positions {
    case .none:
      stream = table.gather(rows: tokens)
    case .learned:
      let places = parameters["pos_embed.W_pos"]
      stream = table.embedding(tokens: tokens, positions: places)
      // What is linear in a token and its position is found by token and by position, and added.
      let isWorthIt = 2 * (network.vocabularySize + network.context) <= tokens.count
      if isWorthIt && batch.sharesRows && form.normalization != .before { tables = (table, places) }
    case .queriesAndKeys:
      stream = table.gather(rows: tokens)
      positions = parameters["pos_embed.W_pos"].tiled(exampleCount)
    }
    for block in network.blocks {
      stream = tapped(block.taps.before, stream)
      stream = added(
        attention(block, normalizedBefore(stream, block.firstNorm), positions, tables), to: stream,
        block.firstNorm)
      tables = nil
      if network.perceptronWidth > 0 {
        stream = tapped(block.taps.middle, stream)
        stream = added(
          perceptron(block, normalizedBefore(stream, block.secondNorm)), to: stream,
          block.secondNorm)
      }
      stream = tapped(block.taps.after, stream)
    }
    return stream
  }

  // MARK: Layers

  private func attention(
    _ block: TransformerBlock, _ source: Values, _ positions: Values?, _ tables: Tables?
  ) -> Values {
    let arrangement = SequenceAttentionShape(
      context: network.context, headCount: network.headCount, isCausal: form.isCausal)
    let bias = form.hasAttentionBiases ? parameters[block.output.bias] : nil
    let attended =
      isPacked(block, positions)
      ? packedProjections(source, tables, block).packedSequenceAttention(as: arrangement)
      : separatelyAttended(block, source, positions, arrangement)
    let z = tapped(block.taps.attended, attended, parts: network.headCount)
    return tapped(
      block.taps.written, z.linear(weight: parameters[block.output.weight], bias: bias))
  }

  /// Whether queries, keys and values come from one product, since nobody asks for one of them.
  private func isPacked(_ block: TransformerBlock, _ positions: Values?) -> Bool {
    positions == nil && !form.smearsKeys && !taps.wants(block.taps.queries)
      && !taps.wants(block.taps.keys) && !taps.wants(block.taps.values)
      && !taps.wants(block.taps.pattern)
  }

  /// Queries, keys and values side by side; their weights stand one after the other in θ.
  private func packedProjections(
    _ source: Values, _ tables: Tables?, _ block: TransformerBlock
  ) -> Values {
    let count = 3 * network.headCount * network.headWidth
    let weight = parameters.range(from: block.queries.weight, shape: Shape(count, network.width))
    let bias =
      form.hasAttentionBiases
      ? parameters.range(from: block.queries.bias, shape: Shape(count)) : nil
    guard let tables, !taps.wants(block.taps.before) else {
      return source.linear(weight: weight, bias: bias)
    }
    return tables.tokens.linear(weight: weight, bias: bias)
      .embedding(tokens: batch.tokens, positions: tables.positions.linear(weight: weight))
  }

  private func separatelyAttended(
    _ block: TransformerBlock, _ source: Values, _ positions: Values?,
    _ arrangement: SequenceAttentionShape
  ) -> Values {
    let located = positions.map { source + $0 } ?? source
    let queries = tapped(
      block.taps.queries, projected(located, block.queries), parts: network.headCount)
    var keys = projected(located, block.keys)
    if form.smearsKeys { keys = smeared(keys, by: parameters[block.smearing]) }
    keys = tapped(block.taps.keys, keys, parts: network.headCount)
    let values = tapped(
      block.taps.values, projected(source, block.values), parts: network.headCount)
    if taps.wants(block.taps.pattern) {
      let pattern = queries.attentionPattern(keys: keys, as: arrangement)
      return values.attended(with: taps(block.taps.pattern, pattern), as: arrangement)
    }
    return queries.sequenceAttention(keys: keys, values: values, as: arrangement)
  }

  private func perceptron(_ block: TransformerBlock, _ source: Values) -> Values {
    let hidden = source.linear(
      weight: parameters[block.hidden.weight], bias: parameters[block.hidden.bias],
      activation: network.activation)
    return tapped(
      block.taps.perceptron,
      tapped(block.taps.hidden, hidden).linear(
        weight: parameters[block.written.weight], bias: parameters[block.written.bias]))
  }

  /// All heads in one product.
  private func projected(_ rows: Values, _ layer: TransformerBlock.Layer) -> Values {
    let count = network.headCount * network.headWidth
    return rows.linear(
      weight: parameters[layer.weight].reshaped(to: Shape(count, network.width)),
      bias: form.hasAttentionBiases ? parameters[layer.bias].reshaped(to: Shape(count)) : nil)
  }

  /// Each key and the one before, by the share σ(α) of a head; the first stays.
  private func smeared(_ keys: Values, by alpha: Values) -> Values {
    let context = network.context
    let earlier = (0..<keys.shape[0]).map { Int32($0 % context == 0 ? $0 : $0 - 1) }
    let heads: Shape = [keys.shape[0], network.headCount, network.headWidth]
    let share = alpha.activated(.sigmoid).reshaped(to: [network.headCount, 1])
    let own = keys.reshaped(to: heads)
    let before = keys.gather(rows: earlier).reshaped(to: heads)
    return (before + (own - before) * share).reshaped(to: keys.shape)
  }

  // MARK: Normalization

  private func normalized(_ rows: Values, _ norm: TransformerBlock.Layer) -> Values {
    rows.layerNorm(gain: parameters[norm.weight], bias: parameters[norm.bias])
  }

  private func normalizedBefore(_ rows: Values, _ norm: TransformerBlock.Layer) -> Values {
    form.normalization == .before ? normalized(rows, norm) : rows
  }

  private func added(
    _ change: Values, to stream: Values, _ norm: TransformerBlock.Layer
  ) -> Values {
    let sum = stream + change
    return form.normalization == .after ? normalized(sum, norm) : sum
  }

  // MARK: Taps

  /// Shows a value as `[examples, context, width]`, or `[examples, context, parts, width]`.
  private func tapped(_ name: String, _ value: Values, parts: Int = 0) -> Values {
    let width = value.shape[1]
    return taps(
      name, value,
      as: parts == 0
        ? [exampleCount, network.context, width]
        : [exampleCount, network.context, parts, width / parts])
  }
}
