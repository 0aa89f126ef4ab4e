import GrokModels
import TestSupport
import Testing

@Suite struct InitializationTests {
  /// Weights and biases of a layer alike, as PyTorch's `Linear` draws them.
  @Test(.tags(.statistical), arguments: [1, 2, 3] as [UInt64])
  func linearLayersAreUniformWithinOneOverTheRootOfTheirInputs(seed: UInt64) {
    let model = MLP(inputs: 784, hidden: [400, 300], outputs: 10)
    let values: [Double] = model.initialParameters(key: RandomKey(seed: seed))
    for entry in model.layout.entries {
      let inputs: Double =
        entry.name.hasPrefix("hidden.0") ? 784 : entry.name.hasPrefix("hidden.1") ? 400 : 300
      let bound = 1 / inputs.squareRoot()
      let part = values[entry.range].map { $0 / bound }
      #expect(part.allSatisfy { $0 >= -1 && $0 < 1 }, "\(entry.name)")
      // Moments of a uniform distribution on −1 … 1 within five standard errors: x has variance 1/3,
      // x² has mean 1/3 and variance 4/45.
      let count = Double(part.count)
      #expect(abs(part.reduce(0, +) / count) < 5 * (1 / (3 * count)).squareRoot(), "\(entry.name)")
      let square = part.reduce(0) { $0 + $1 * $1 } / count
      #expect(abs(square - 1 / 3) < 5 * (4 / (45 * count)).squareRoot(), "\(entry.name)")
      // The largest of n exceeds 1 − t but for a chance of about e^(−nt/2).
      #expect(part.map(abs).max()! > 1 - 30 / count, "\(entry.name)")
    }
  }

  @Test(.tags(.statistical)) func transformerWeightsHaveThePublishedDeviations() {
    let model = Transformer(vocabularySize: 114, context: 3, width: 128, headCount: 4)
    let values: [Double] = model.initialParameters(key: RandomKey(seed: 4))
    for entry in model.layout.entries {
      let part = values[entry.range]
      if entry.name.hasSuffix("b_in") || entry.name.hasSuffix("b_out") {
        #expect(part.allSatisfy { $0 == 0 })
        continue
      }
      let deviation = 1 / (entry.name == "unembed.W_U" ? 114.0 : 128.0).squareRoot()
      let count = Double(part.count)
      let square = part.reduce(0) { $0 + $1 * $1 } / count / (deviation * deviation)
      // The square of a normal number has variance 2.
      #expect(abs(square - 1) < 5 * (2 / count).squareRoot(), "\(entry.name)")
    }
  }

  private static let models: [any Model] = [
    MLP(inputs: 7, hidden: [20, 9], outputs: 5, activation: .tanh),
    Transformer(vocabularySize: 12, context: 3, width: 16, headCount: 4),
  ]

  @Test(.tags(.law), arguments: [0, 1]) func theScaleMultipliesEveryParameter(model: Int) {
    let model = Self.models[model]
    let key = RandomKey(seed: 9)
    let one: [Double] = model.initialParameters(key: key)
    // A power of two multiplies without rounding.
    #expect(model.initialParameters(scale: 8, key: key) == one.map { 8 * $0 })
    let some: [Double] = model.initialParameters(scale: 0.3, key: key)
    let largest = one.map(abs).max()!
    for (found, value) in zip(some, one) {
      #expect(abs(found - 0.3 * value) <= 4 * Double.ulpOfOne * largest)
    }
  }

  /// A scale of 0 stopped the program.
  @Test(.tags(.law), arguments: [0, 1]) func aScaleOfZeroMakesEveryParameterZero(model: Int) {
    let values: [Float] = Self.models[model].initialParameters(scale: 0, key: RandomKey(seed: 1))
    #expect(values.allSatisfy { $0 == 0 })
  }

  /// No parameter depends on which others there are, so a wider network begins like a narrow one there.
  @Test(.tags(.law)) func parametersAreDrawnByName() {
    let key = RandomKey(seed: 3)
    let shallow = MLP(inputs: 7, hidden: [20], outputs: 5)
    let deep = MLP(inputs: 7, hidden: [20, 20], outputs: 5)
    let (one, two): ([Float], [Float]) = (
      shallow.initialParameters(key: key), deep.initialParameters(key: key)
    )
    for name in ["hidden.0.weight", "hidden.0.bias", "output.weight", "output.bias"] {
      #expect(one[shallow.layout[name]!.range] == two[deep.layout[name]!.range])
    }
  }
}

@Suite struct TruncatedNormalInitializationTests {
  @Test func weightsHaveTheirDeviationAndNoTails() {
    let model = MLP(inputs: 400, hidden: [300], outputs: 10)
    let values: [Double] = model.layout.truncatedNormalValues(key: RandomKey(seed: 1))
    let weights = values[model.layout["hidden.0.weight"]!.range]
    let bound = 2 / 20.0
    #expect(weights.allSatisfy { abs($0) <= bound })
    #expect(weights.contains { abs($0) > 0.99 * bound })
    // The deviation of a normal variable within ±2 is √(1 − 4 φ(2)/(2 Φ(2) − 1)).
    let square = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    #expect(abs(square.squareRoot() * 20 / 0.879_566 - 1) < 0.01)
    #expect(values[model.layout["hidden.0.bias"]!.range].allSatisfy { $0 == 0 })
    let scaled: [Double] = model.layout.truncatedNormalValues(scale: 3, key: RandomKey(seed: 1))
    #expect(zip(values, scaled).allSatisfy { abs($0 * 3 - $1) <= 1e-15 })
  }
}
