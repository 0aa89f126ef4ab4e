import TestSupport
import Testing

@testable import GrokModels

@Suite struct LSTMClassifierTests {
  @Test func parametersHavePyTorchsNamesAndShapes() {
    let model = LSTMClassifier(
      steps: .tokens(vocabularySize: 10, width: 4), context: 6, units: [5, 3], outputs: 2)
    #expect(
      model.layout.names == [
        "embedding.weight", "lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0",
        "lstm.bias_hh_l0", "lstm.weight_ih_l1", "lstm.weight_hh_l1", "lstm.bias_ih_l1",
        "lstm.bias_hh_l1", "output.weight", "output.bias",
      ])
    #expect(model.layout["lstm.weight_ih_l1"]?.shape == [12, 5])
    #expect(model.tapNames == ["embedding", "lstm.0", "lstm.1", "output"])
  }

  @Test func whatItCannotReadIsRefused() {
    let words = LSTMClassifier(
      steps: .tokens(vocabularySize: 10, width: 4), context: 6, units: [5], outputs: 2)
    let numbers = LSTMClassifier(steps: .features(width: 4), context: 6, units: [5], outputs: 2)
    let features = ModelInput<Float>.features(Tensor(repeating: 0, shape: [3, 24]))
    let short = ModelInput<Float>.features(Tensor(repeating: 0, shape: [3, 20]))
    #expect(throws: Never.self) { try numbers.check(features) }
    #expect(
      #expect(throws: ModelError.self) { try numbers.check(short) }?.description
        == "the examples are vectors of 20 features, but the network reads vectors of 24 features, 6 steps of 4"
    )
    #expect(
      #expect(throws: ModelError.self) { try words.check(features) }?.description
        == "the examples are vectors of 24 features, but the network reads sequences of 6 tokens of a vocabulary of 10"
    )
  }

  /// Tishby's network is a perceptron.
  @Test func tishbysNetworkCanBeMade() {
    let model = MLP(inputs: 12, hidden: [10, 7, 5, 4, 3], outputs: 2, activation: .tanh)
    #expect(model.layout.count == 12 * 10 + 10 + 77 + 40 + 24 + 15 + 8)
    #expect(model.tapNames.count == 6)
  }
}
