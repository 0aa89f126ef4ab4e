import GrokMeasures
import GrokTraining

// What attention heads look at, what they are for, and how they move.

extension NamedMeasure {
  static let induction = [
    NamedMeasure(
      name: "inductionHeads",
      summary: "what each attention head looks at, and what the network loses without it",
      results: [
        "inContextLearning": .init(
          "loss at the 500th position, or the last, less that at a tenth of it",
          title: "In-context learning", unit: "nats"),
        "prefixMatching": .init(
          "attention to what followed earlier copies of the token, in random tokens that repeat",
          title: "Prefix matching", range: 0...1),
        "prefixMatchingOfChance": .init(
          "the same of even attention", title: "Prefix matching of even attention", range: 0...1,
          isMinor: true),
        "previousToken": .init(
          "attention to the token before, in the examples", title: "Attention to the token before",
          range: 0...1),
        "duplicateToken": .init(
          "share of the attention on earlier copies of the token, in random tokens that repeat",
          title: "Attention to copies", range: 0...1, isMinor: true),
        "inductionStripe": .init(
          "attention at one less than the period of random tokens that repeat",
          title: "Induction stripe", range: 0...1, isMinor: true),
        "coherence": .init(
          "1 less the entropy of the attention over that of even attention, in the examples",
          title: "Coherence of the attention", range: 0...1, isMinor: true),
        "copying": .init(
          "raise of the tokens attended to among those of the sequence, from −1 to 1",
          title: "Copying", range: -1...1),
        "copyingEigenvalues": .init(
          "Σλ/Σ|λ| of the head from embedding to unembedding, from −1 to 1",
          title: "Copying by eigenvalues", range: -1...1),
        "keyComposition": .init(
          "what the keys read of an earlier head, the most of any, less that of random weights",
          title: "Key composition"),
        "previousTokenTrace": .init(
          "match of a token's query with its key moved on by earlier heads, by their previous-token "
            + "scores", title: "Previous-token trace", isMinor: true),
        "ablation/loss": .init(
          "what the loss grows by without the head, all heads attending as before",
          title: "Loss without the head", unit: "nats"),
        "ablation/inContextLearning": .init(
          "what the in-context-learning score grows by without the head",
          title: "In-context learning without the head", unit: "nats"),
      ],
      options: ["kernelExampleCount", "seed"],
      source: "Olsson et al., In-context Learning and Induction Heads (2022); Elhage et al. (2021)",
      body: .network(InductionHeadsMeasure())),
    circuitChange,
    inductionTransfer,
  ]

  /// Of weights alone too.
  static let circuitChange = NamedMeasure(
    name: "circuitChange",
    summary: "how fast the circuits of each attention head change between checkpoints",
    results: [
      "circuitChange/queryKey": .init(
        "‖Δ(W_Qᵀ W_K)‖ for each token since the checkpoint before",
        title: "Change of query–key circuits"),
      "circuitChange/valueOutput": .init(
        "‖Δ(W_O W_V)‖ for each token since the checkpoint before",
        title: "Change of value–output circuits"),
      "circuitChange/headSpeed": .init(
        "Σ(Δθ)² of a head's weights over the squared number of tokens, in which rotations count",
        title: "Squared speed of heads", isMinor: true),
      "circuitChange/speed": .init(
        "Σ(Δθ)² of all weights over the squared number of tokens",
        title: "Squared speed of the weights", isMinor: true),
    ],
    options: [],
    source: "this package; circuits of Elhage et al. (2021)",
    body: .training(CircuitChangeMeasure()))
}

/// Random tokens for the scores of attention, the examples for what the network is for.
private struct InductionHeadsMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let now = network.now
    guard let model = now.model as? Transformer, model.reading == .everyPosition else {
      throw MeasureError.undefined(
        measure: "inductionHeads",
        reason: "defined for transformers with a target at every position")
    }
    let heads = try now.attentionHeads()
    // As many sequences as keep the patterns of all heads in 64 MB.
    let size = heads.count * model.context * model.context
    let count = max(2, min(context.options.kernelExampleCount, 8_000_000 / size))
    let examples = network.examples.prefix(count)
    var findings = Findings()
    let intact = try now.tokenLosses(on: examples)
    let (late, early) = indices(of: intact)
    findings.add(
      "inContextLearning", try inContextLearningScore(of: intact, late: late, early: early))

    let natural = try now.attendedSequences(on: examples)
    let previous = try natural.attention(atDistance: 1)
    findings.add("previousToken", previous, of: heads)
    findings.add("coherence", natural.coherence(), of: heads)
    findings.add(try repeats(of: model, now, heads, context))
    findings.add(try circuits(of: model, now, heads, previous, context))

    let ablated = try now.tokenLosses(on: examples, withoutEachHead: .patternPreserving)
    for (head, losses) in zip(heads, ablated) {
      let effect = try AblationEffect(ablated: losses, intact: intact, late: late, early: early)
      findings.add("ablation/loss/\(head.name)", effect.loss)
      findings.add("ablation/inContextLearning/\(head.name)", effect.inContextLearning)
    }
    return findings
  }

  /// The 500th and 50th column, or the last with a target in all examples and a tenth of it.
  private func indices(of losses: Matrix<Double>) -> (late: Int, early: Int) {
    var late = min(500, losses.columnCount - 1)
    while late > 1, (0..<losses.rowCount).contains(where: { losses[$0, late].isNaN }) { late -= 1 }
    return (late, late / 10)
  }

  /// Ten sequences of random tokens, four times each, as far as the context and the vocabulary go.
  private func repeats<Scalar>(
    of model: Transformer, _ now: Snapshot<Scalar>, _ heads: [HeadWeights],
    _ context: MeasureContext
  ) throws -> Findings {
    var findings = Findings()
    let period = max(1, min(model.context / 4, model.vocabularySize))
    let repeats = try context.kept("repeated tokens") {
      try RepeatedTokens(
        vocabularySize: model.vocabularySize, contextLength: model.context,
        periods: period...period
      ).examples(count: 10, key: context.key.fork("repeats"))
    }
    let sequences = try now.attendedSequences(on: repeats)
    findings.add("prefixMatching", sequences.prefixMatching(from: period), of: heads)
    if let chance = sequences.prefixMatchingOfUniformAttention(from: period) {
      findings.add("prefixMatchingOfChance", chance)
    }
    findings.add("duplicateToken", sequences.detection(of: .duplicateToken), of: heads)
    findings.add(
      "inductionStripe", try sequences.attention(atDistance: period - 1), of: heads)
    let contributions = try now.headContributions(on: repeats)
    let copying = try sequences.tokens.indices.map { sequence in
      try heads.indices.map { head in
        try sequences.copying(
          sequence: sequence, head: head, contributions: contributions[head][sequence])
      }
    }
    findings.add("copying", HeadScores(bySequence: copying), of: heads)
    return findings
  }

  /// What the weights alone say.
  private func circuits<Scalar>(
    of model: Transformer, _ now: Snapshot<Scalar>, _ heads: [HeadWeights],
    _ previous: HeadScores, _ context: MeasureContext
  ) throws -> Findings {
    var findings = Findings()
    let embedding = Matrix<Double>(try now.parameter("embed.W_E"))
    let unembedding = Matrix<Double>(
      try now.parameter(model.form.isTied ? "embed.W_E" : "unembed.W_U"))
    let baseline = try context.kept("random composition") {
      try randomComposition(
        width: model.width, headWidth: model.headWidth, key: context.key.fork("composition"))
    }
    for head in heads {
      findings.add(
        "copyingEigenvalues/\(head.name)",
        try copyingEigenvalueScore(of: head, embedding: embedding, unembedding: unembedding))
      let earlier = zip(heads, previous.means).filter { $0.0.layer < head.layer }
      guard !earlier.isEmpty else { continue }
      let composed = try earlier.map { try composition(of: head, with: $0.0).keys }
      findings.add("keyComposition/\(head.name)", (composed.max() ?? 0) - baseline.keys)
      findings.add(
        "previousTokenTrace/\(head.name)",
        try previousTokenTrace(
          of: head, earlier: earlier.map { ($0.0, $0.1 ?? 0) }, embedding: embedding))
    }
    return findings
  }
}

extension Findings {
  /// Adds the mean of each head that has one, with its standard error where there is one.
  fileprivate mutating func add(_ name: String, _ scores: HeadScores, of heads: [HeadWeights]) {
    for (index, (head, mean)) in zip(heads, scores.means).enumerated() {
      if let estimate = try? scores.estimate(ofHead: index) {
        add("\(name)/\(head.name)", estimate)
      } else if let mean {
        add("\(name)/\(head.name)", mean)
      }
    }
  }
}

extension Findings {
  /// How fast the circuits of heads changed between two checkpoints.
  mutating func addChange(
    from first: [HeadWeights], to second: [HeadWeights], tokenCount count: Double
  ) throws {
    for (first, second) in zip(first, second) {
      let change = try circuitChange(from: first, to: second)
      let speeds = change.perToken(count)
      add("circuitChange/queryKey/\(second.name)", speeds.queryKey)
      add("circuitChange/valueOutput/\(second.name)", speeds.valueOutput)
      add("circuitChange/headSpeed/\(second.name)", change.squaredSpeed(tokenCount: count))
    }
  }
}

/// Changes between neighbouring checkpoints, for each token so that unevenly spaced ones compare.
private struct CircuitChangeMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let experiment = training.experiment
    guard case .tokens(let tokens) = experiment.data.train.inputs else {
      throw MeasureError.undefined(
        measure: "circuitChange", reason: "the network reads no tokens")
    }
    let batch = experiment.settings.train.batchSize
    let sequenceCount = batch == 0 ? tokens.exampleCount : min(batch, tokens.exampleCount)
    let tokensInStep = Double(sequenceCount * tokens.contextLength)
    var steps: [Int: Findings] = [:]
    var before: (heads: [HeadWeights], parameters: [Scalar], step: Int)?
    for checkpoint in training.checkpoints {
      let snapshot = try training.snapshot(of: checkpoint)
      let heads = try snapshot.attentionHeads()
      let parameters = snapshot.parameterVector
      if let before {
        let count = tokensInStep * Double(checkpoint.step - before.step)
        var findings = Findings()
        try findings.addChange(from: before.heads, to: heads, tokenCount: count)
        let moved = try distance(between: before.parameters, and: parameters) / count
        findings.add("circuitChange/speed", moved * moved)
        steps[checkpoint.step] = findings
      }
      before = (heads, parameters, checkpoint.step)
    }
    return (steps, Findings())
  }
}
