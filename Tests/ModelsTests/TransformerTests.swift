import Synchronization
import TestSupport
import Testing

@testable import GrokModels

@Suite struct TransformerTests {
  private let model = Transformer(
    vocabularySize: 8, context: 3, width: 16, headCount: 4, perceptronWidth: 24, activation: .relu)

  private func batch(key: RandomKey) -> ModelInput<Double> {
    let tokens = (0..<30 * 3).map { $0 % 3 == 2 ? 7 : Int32(key.integer(at: $0, in: 0..<7)) }
    return .tokens(TokenBatch(tokens: tokens, context: 3, vocabularySize: 8))
  }

  private func lossAndGradient(
    _ values: [Double], outputs: (Parameters<Double>) -> Tensor<Double>
  ) -> (Double, [Double]) {
    let labels = (0..<30).map { Int32($0 % 7) }
    let (loss, gradient) = valueAndGradient(at: Tensor(values, shape: [values.count])) {
      outputs(Parameters($0, layout: model.layout)).crossEntropy(labels: labels)
    }
    return (loss, gradient.values)
  }

  @Test(.tags(.oracle)) func lastPositionAloneEqualsAllPositions() {
    let key = RandomKey(seed: 5)
    var values: [Double] = model.initialParameters(key: key)
    values = zip(values, key.fork("shift").normal(count: values.count) as [Double])
      .map { $0 + 0.1 * $1 }  // biases away from 0
    let input = batch(key: key)
    let fast = lossAndGradient(values) { model.outputs(for: input, parameters: $0) }
    let plain = lossAndGradient(values) {
      model.plainOutputs(for: input, parameters: $0, taps: Taps())
    }
    #expect(abs(fast.0 - plain.0) < 1e-13)
    let scale = plain.1.map(abs).max()!
    for (found, expected) in zip(fast.1, plain.1) { #expect(abs(found - expected) < 1e-13 * scale) }
  }

  @Test(.tags(.law)) func parameterCountOfThePaper() {
    let paper = Transformer(vocabularySize: 114, context: 3, width: 128, headCount: 4)
    #expect(paper.layout.count == 226_816)
    #expect(paper.layout["blocks.0.mlp.W_in"]?.shape == [512, 128])
  }

  @Test func tapsSeeAndReplaceValues() {
    let values: [Double] = model.initialParameters(key: RandomKey(seed: 1))
    let parameters = Parameters(Tensor(values, shape: [values.count]), layout: model.layout)
    let input = batch(key: RandomKey(seed: 2))
    let zeroed = Taps<Double> { name, value in name == "blocks.0.resid_post" ? value * 0 : value }
    let outputs = model.outputs(for: input, parameters: parameters, taps: zeroed)
    #expect(outputs.values.allSatisfy { $0 == 0 })
    #expect(model.outputs(for: input, parameters: parameters).values.contains { $0 != 0 })
  }

  @Test func distinctPairsOfTheTokens() {
    let pairs = TokenBatch(tokens: [0, 1, 2, 1, 1, 2], context: 3, vocabularySize: 3).pairs
    #expect(pairs.tokens == [0, 1, 1, 2])
    #expect(pairs.positions == [0, 0, 1, 2])
    #expect(pairs.last == [3])
    #expect(pairs.lastPositionPlan.queryRows == [0, 0])
    #expect(pairs.lastPositionPlan.keyRows == [0, 2, 3, 1, 2, 3])
  }

  // MARK: Every form

  private static func deep(
    _ form: TransformerForm = TransformerForm(), perceptronWidth: Int = 12,
    reading: Transformer.Reading = .everyPosition
  ) -> Transformer {
    Transformer(
      vocabularySize: 8, context: 3, width: 12, depth: 2, headCount: 3,
      perceptronWidth: perceptronWidth, form: form, reading: reading)
  }

  private func parameters(of model: some Model) -> Parameters<Double> {
    let values: [Double] = model.initialParameters(key: RandomKey(seed: 8))
    return Parameters(Tensor(values, shape: [values.count]), layout: model.layout)
  }

  @Test func parametersHaveTheNamesOfTransformerLens() {
    var form = TransformerForm()
    form.normalization = .before
    form.hasAttentionBiases = true
    form.smearsKeys = true
    let names = Self.deep(form).layout.names
    #expect(
      Array(names.prefix(17)) == [
        "embed.W_E", "pos_embed.W_pos", "blocks.0.attn.W_Q", "blocks.0.attn.W_K",
        "blocks.0.attn.W_V", "blocks.0.attn.W_O", "blocks.0.attn.b_Q", "blocks.0.attn.b_K",
        "blocks.0.attn.b_V", "blocks.0.attn.b_O", "blocks.0.attn.smear", "blocks.0.mlp.W_in",
        "blocks.0.mlp.b_in", "blocks.0.mlp.W_out", "blocks.0.mlp.b_out", "blocks.0.ln1.w",
        "blocks.0.ln1.b",
      ])
    #expect(names.suffix(3) == ["ln_final.w", "ln_final.b", "unembed.W_U"])
    form.isTied = true
    form.positions = .none
    #expect(
      !Self.deep(form).layout.names.contains { $0 == "unembed.W_U" || $0 == "pos_embed.W_pos" })
    // Run V3 of the induction literature: 39,168 parameters.
    let small = Transformer(
      vocabularySize: 32, context: 36, width: 64, depth: 2, headCount: 4, perceptronWidth: 0)
    #expect(small.layout.count == 39_168)
  }

  @Test func everyTapIsAnnouncedInOrder() {
    for perceptronWidth in [0, 12] {
      let model = Self.deep(perceptronWidth: perceptronWidth)
      let seen = Mutex<[(String, Shape)]>([])
      let taps = Taps<Double> { name, value in
        seen.withLock { $0.append((name, value.shape)) }
        return value
      }
      _ = model.outputs(
        for: batch(key: RandomKey(seed: 2)), parameters: parameters(of: model), taps: taps)
      let (names, shapes) = seen.withLock { ($0.map(\.0), $0.map(\.1)) }
      #expect(names == model.tapNames)
      let found = Dictionary(uniqueKeysWithValues: zip(names, shapes))
      #expect(found["blocks.1.attn.q"] == [30, 3, 3, 4])
      #expect(found["blocks.1.attn.pattern"] == [30, 3, 3, 3])
      #expect(found["blocks.0.resid_post"] == [30, 3, 12])
      #expect(found["logits"] == [30, 3, 8])
    }
  }

  /// Looking at everything, the pattern too, changes nothing but the last places.
  @Test(.tags(.oracle)) func lookingChangesNothing() {
    for positions in TransformerForm.Positions.allCases {
      for normalization in TransformerForm.Normalization.allCases {
        var form = TransformerForm()
        form.positions = positions
        form.normalization = normalization
        form.isCausal = positions != .none
        let model = Self.deep(form)
        let (input, parameters) = (batch(key: RandomKey(seed: 2)), parameters(of: model))
        let plain = model.outputs(for: input, parameters: parameters).values
        let seen = model.outputs(for: input, parameters: parameters, taps: Taps { $1 }).values
        #expect(zip(plain, seen).allSatisfy { abs($0 - $1) < 1e-13 })
      }
    }
  }

  /// 40 sequences of 3 share their first projections by token and by position; each alone does not.
  @Test(.tags(.oracle)) func sharedProjectionsAreThoseOfEachSequence() {
    for normalization in [TransformerForm.Normalization.none, .after] {
      var form = TransformerForm()
      form.normalization = normalization
      form.hasAttentionBiases = true
      let model = Self.deep(form)
      let parameters = parameters(of: model)
      let tokens = RandomKey(seed: 6).integers(count: 120, in: 0..<8).map { Int32($0) }
      func lossAndGradient(_ batch: TokenBatch, _ labels: [Int32]) -> (Double, [Double]) {
        let (loss, gradient) = valueAndGradient(at: parameters.vector) {
          model.outputs(for: .tokens(batch), parameters: parameters.replacing(vector: $0))
            .crossEntropy(labels: labels)
        }
        return (loss, gradient.values)
      }
      let batch = TokenBatch(tokens: tokens, context: 3, vocabularySize: 8)
      let labels = tokens.map { 7 - $0 }
      let found = lossAndGradient(batch, labels)
      let own = lossAndGradient(batch.withOwnRows, labels)
      #expect(abs(found.0 - own.0) < 1e-13)
      #expect(zip(found.1, own.1).allSatisfy { abs($0 - $1) < 1e-13 })
    }
  }

  @Test(.tags(.law)) func aCausalPositionSeesNothingLater() {
    let model = Self.deep()
    let parameters = parameters(of: model)
    func outputs(_ tokens: [Int32]) -> [Double] {
      model.outputs(
        for: .tokens(TokenBatch(tokens: tokens, context: 3, vocabularySize: 8)),
        parameters: parameters
      ).values
    }
    let (one, other) = (outputs([1, 2, 3]), outputs([1, 2, 7]))
    #expect(one.prefix(16) == other.prefix(16))
    #expect(one.suffix(8) != other.suffix(8))
  }

  @Test(.tags(.law)) func aReplacedPatternMovesAttention() {
    let model = Self.deep(perceptronWidth: 0)
    let (input, parameters) = (batch(key: RandomKey(seed: 2)), parameters(of: model))
    let attended = Mutex<[Double]>([])
    let taps = Taps<Double>(of: ["blocks.0.attn.pattern", "blocks.0.attn.z"]) { name, value in
      if name.hasSuffix("pattern") { return value * 0 }
      attended.withLock { $0 = value.values }
      return value
    }
    _ = model.outputs(for: input, parameters: parameters, taps: taps)
    #expect(attended.withLock { $0.count == 30 * 3 * 12 && $0.allSatisfy { $0 == 0 } })
  }

  @Test func pathsMatchTaps() {
    let model = Self.deep(perceptronWidth: 0)
    #expect(
      model.tapNames(matching: "blocks.*.attn.pattern")
        == ["blocks.0.attn.pattern", "blocks.1.attn.pattern"])
    #expect(model.tapNames(matching: "blocks.1.attn.hook_pattern") == ["blocks.1.attn.pattern"])
    #expect(model.tapNames(matching: "blocks.*") == [])
    #expect(model.tapNames(matching: "logits") == ["logits"])
  }

  @Test(.tags(.law)) func theLastPositionOfAllIsTheLastPosition() {
    let (all, last) = (Self.deep(), Self.deep(reading: .lastPosition))
    let (input, parameters) = (batch(key: RandomKey(seed: 2)), parameters(of: all))
    let every = all.outputs(for: input, parameters: parameters).matrix
    let found = last.outputs(
      for: input, parameters: Parameters(parameters.vector, layout: last.layout)
    ).matrix
    for example in 0..<30 {
      for token in 0..<8 {
        #expect(abs(found[example, token] - every[example * 3 + 2, token]) < 1e-14)
      }
    }
  }
}
