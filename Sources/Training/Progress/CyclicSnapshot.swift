internal import Foundation

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
  /// | transformer, last position | neurons of the last block; embedding; W_L without layer norm; scores of the first block from "=" to each number, without the number's position, and its attention to a, where nothing is normalised before it |
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
    let isLinear = form.normalization != .before && form.positions != .queriesAndKeys
    if isLinear && !form.smearsKeys, case .tokens(let tokens) = examples.inputs,
      tokens.contextLength == transformer.context, tokens.vocabularySize == modulus + 1
    {
      let scores = try LastPositionScores(
        self, transformer: transformer, embedding: embedding, equalsSign: modulus)
      result.attentionScores = scores.ofTokens
      result.attention = scores.attentionToFirst(tokens)
    }
    return result
  }
}

/// What the query of "=" at the last position says to every token and every position, for every head of the first block.
private struct LastPositionScores<Scalar: RealScalar> {
  /// `[vocabulary, heads]`.
  let ofTokens: Matrix<Scalar>
  /// `[context, heads]`, with what biases add.
  let ofPositions: Matrix<Scalar>

  init(
    _ snapshot: Snapshot<Scalar>, transformer: Transformer, embedding: Matrix<Scalar>,
    equalsSign: Int
  ) throws {
    let positions =
      transformer.form.positions == .learned
      ? try snapshot.parameter("pos_embed.W_pos")
      : Matrix(rowCount: transformer.context, columnCount: transformer.width)
    let stream = zip(embedding.column(equalsSign), positions.row(transformer.context - 1)).map {
      $0 + $1
    }
    let keyWeights = try snapshot.parameter("blocks.0.attn.W_K")
    var queries = try snapshot.parameter("blocks.0.attn.W_Q").multiplied(by: stream)
    var placed = positions.multiplied(by: keyWeights, transposingOther: true)
    if transformer.form.hasAttentionBiases {
      queries = zip(queries, try snapshot.parameter("blocks.0.attn.b_Q").values).map { $0 + $1 }
      let bias = try snapshot.parameter("blocks.0.attn.b_K").values
      for row in 0..<placed.rowCount {
        for column in bias.indices { placed[row, column] += bias[column] }
      }
    }
    let tokens = embedding.multiplied(
      by: keyWeights, transposingSelf: true, transposingOther: true)
    let (width, headCount) = (transformer.headWidth, transformer.headCount)
    let scale = 1 / Scalar(width).squareRoot()
    func scores(_ keys: Matrix<Scalar>) -> Matrix<Scalar> {
      var result = Matrix<Scalar>(rowCount: keys.rowCount, columnCount: headCount)
      for head in 0..<headCount {
        let range = head * width..<(head + 1) * width
        let values = keys.selectingColumns(range).multiplied(by: Array(queries[range]))
        for (row, value) in values.enumerated() { result[row, head] = value * scale }
      }
      return result
    }
    ofTokens = scores(tokens)
    ofPositions = scores(placed)
  }

  /// The attention of the last position to the first one: `[sequences, heads]`.
  func attentionToFirst(_ tokens: TokenMatrix) -> Matrix<Scalar> {
    let headCount = ofTokens.columnCount
    var result = Matrix<Scalar>(rowCount: tokens.exampleCount, columnCount: headCount)
    for example in 0..<tokens.exampleCount {
      for head in 0..<headCount {
        func score(_ position: Int) -> Double {
          Double(ofTokens[Int(tokens[example, position]), head] + ofPositions[position, head])
        }
        let first = score(0)
        let sum = (1..<tokens.contextLength).reduce(1) { $0 + exp(score($1) - first) }
        result[example, head] = Scalar(1 / sum)
      }
    }
    return result
  }
}
