extension ModularArithmetic {
  /// The task as a sum of two numbers on a cycle, which Fourier analysis needs.
  ///
  /// - Throws: `MeasureError.undefined` for tasks that are none, `.outOfRange` for a modulus that is too small or, with
  ///   logarithms, no prime.
  public func cyclicTask() throws(MeasureError) -> CyclicTask {
    switch operation {
    case .addition: return try CyclicTask(.addition, modulus: modulus)
    case .subtraction: return try CyclicTask(.subtraction, modulus: modulus)
    case .multiplication: return try CyclicTask(.multiplication, modulus: modulus)
    case .division: return try CyclicTask(.division, modulus: modulus)
    case .sumOfSquares, .quadraticForm, .cubicForm, .randomTable:
      throw .undefined(
        measure: "CyclicTask",
        reason: "the operation is no sum on a cycle, as +, −, × and ÷ modulo a prime are")
    }
  }
}

extension Snapshot {
  /// What a network says to all pairs of a modular task, and as much of its inside as ``fourierProgress(of:task:trainedPairs:keyFrequencies:rule:workers:)``
  /// can read.
  ///
  /// | network | besides logits |
  /// | --- | --- |
  /// | transformer, last position | neurons of the last block; embedding; W_L without layer norm; scores of the first block from "=" to each number, without the number's position, where nothing is normalised before it |
  /// | perceptron | neurons of the last hidden layer; the first weights for a as embedding; the output weights as W_L |
  /// | any other | nothing |
  ///
  /// - Parameter encoding: how pairs are given; by default as ones for a perceptron and as tokens otherwise.
  /// - Throws: what ``outputs(on:)`` throws.
  /// - Complexity: one pass over all pairs.
  public func cyclicObservations(
    of task: ModularArithmetic, encoding: PairEncoding? = nil
  ) throws -> CyclicObservations<Scalar> {
    let examples = task.examples(encoding: encoding ?? (model is MLP ? .oneHot : .tokens))
    if let transformer = model as? Transformer, transformer.reading == .lastPosition {
      return try observations(of: transformer, on: examples, modulus: task.modulus)
    }
    if let perceptron = model as? MLP, let last = perceptron.hiddenCounts.indices.last {
      let values = try activations(of: ["hidden.\(last)", "output"], on: examples)
      let first = try parameter("hidden.0.weight").transposed
      return CyclicObservations(
        logits: values[1], activations: values[0],
        embedding: first.selectingRows(0..<min(task.modulus, first.rowCount)),
        outputWeights: try parameter("output.weight").map {
          $0 * Scalar(perceptron.outputScale)
        })
    }
    return CyclicObservations(logits: try outputs(on: examples))
  }

  private func observations(
    of transformer: Transformer, on examples: LabeledExamples, modulus: Int
  ) throws -> CyclicObservations<Scalar> {
    let form = transformer.form
    let embedding = try parameter("embed.W_E")
    var result: CyclicObservations<Scalar>
    if transformer.perceptronWidth > 0 {
      let block = "blocks.\(transformer.depth - 1).mlp"
      let values = try activations(of: [block + ".post", "logits"], on: examples)
      // Where all positions are computed the last one comes last.
      let neurons = values[0].columnCount - transformer.perceptronWidth..<values[0].columnCount
      result = CyclicObservations(
        logits: values[1],
        activations: neurons.lowerBound == 0 ? values[0] : values[0].selectingColumns(neurons))
      if form.normalization == .none {
        let unembedding = form.isTied ? embedding : try parameter("unembed.W_U")
        result.outputWeights = unembedding.multiplied(
          by: try parameter(block + ".W_out"), transposingSelf: true
        ).map { $0 * Scalar(transformer.outputScale) }
      }
    } else {
      result = CyclicObservations(logits: try outputs(on: examples))
    }
    result.embedding = embedding.transposed
    if form.normalization != .before && form.positions != .queriesAndKeys
      && modulus < transformer.vocabularySize
    {
      result.attentionScores = try equalsSignScores(of: transformer, embedding, modulus: modulus)
    }
    return result
  }

  /// The scores of each token from "=" at the last position, for every head of the first block: `[vocabulary, heads]`.
  private func equalsSignScores(
    of transformer: Transformer, _ embedding: Matrix<Scalar>, modulus: Int
  ) throws -> Matrix<Scalar> {
    var stream = embedding.column(modulus)
    if transformer.form.positions == .learned {
      let place = try parameter("pos_embed.W_pos").row(transformer.context - 1)
      stream = zip(stream, place).map { $0 + $1 }
    }
    var queries = try parameter("blocks.0.attn.W_Q").multiplied(by: stream)
    if transformer.form.hasAttentionBiases {
      queries = zip(queries, try parameter("blocks.0.attn.b_Q").values).map { $0 + $1 }
    }
    let keys = try parameter("blocks.0.attn.W_K").multiplied(by: embedding)
    let width = transformer.headWidth
    let scale = 1 / Scalar(width).squareRoot()
    var scores = Matrix<Scalar>(
      rowCount: transformer.vocabularySize, columnCount: transformer.headCount)
    for head in 0..<transformer.headCount {
      let rows = head * width..<(head + 1) * width
      let values = keys.selectingRows(rows).multiplied(
        by: Array(queries[rows]), transposingSelf: true)
      for (token, value) in values.enumerated() { scores[token, head] = value * scale }
    }
    return scores
  }
}
