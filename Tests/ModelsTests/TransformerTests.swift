import GrokModels
import TestSupport
import Testing

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
}
