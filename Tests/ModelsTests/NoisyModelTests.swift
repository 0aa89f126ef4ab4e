import TestSupport
import Testing

@testable import GrokModels

@Suite struct NoisyModelTests {
  private let base = MLP(inputs: 6, hidden: [40, 30], outputs: 5, activation: .identity)
  private let key = RandomKey(seed: 1)

  private func parameters(_ seed: UInt64 = 2) -> Parameters<Double> {
    let values: [Double] = base.initialParameters(key: RandomKey(seed: seed))
    return Parameters(Tensor(values, shape: Shape(values.count)), layout: base.layout)
  }

  private func examples(_ count: Int = 200) -> ModelInput<Double> {
    .features(Tensor(key.normalMatrix(rowCount: count, columnCount: 6) as Matrix<Double>))
  }

  /// The values behind every layer.
  private func values(
    _ model: any Model, _ input: ModelInput<Double>, _ parameters: Parameters<Double>,
    _ purpose: Pass<Double>.Purpose = .evaluation
  ) -> [String: [Double]] {
    let seen = SeenValues()
    let outputs = model.outputs(
      for: input, parameters: parameters,
      pass: Pass(purpose, taps: Taps { name, value in seen.see(name, value) }))
    #expect(outputs.values == seen.values["output"])
    return seen.values
  }

  @Test func withoutNoiseItIsTheNetwork() {
    let model = NoisyModel(base, noise: ActivationNoise(deviation: 0), key: key)
    #expect(
      values(model, examples(), parameters()) == values(base, examples(), parameters()))
    let later = NoisyModel(
      base, noise: ActivationNoise(deviation: 1, extent: .evaluation), key: key)
    #expect(
      values(later, examples(), parameters(), .training(key: key))
        == values(base, examples(), parameters()))
    #expect(values(later, examples(), parameters()) != values(base, examples(), parameters()))
  }

  /// For a network of linear layers, all noise of the first layer arrives at the second times its weights.
  @Test(arguments: ActivationNoise.Scale.allCases)
  func noiseHasItsSizeAndIsPassedOn(scale: ActivationNoise.Scale) throws {
    let (input, parameters) = (examples(), parameters())
    let model = NoisyModel(
      base, noise: ActivationNoise(deviation: 0.1, scale: scale), key: key)
    let (clean, noisy) = (values(base, input, parameters), values(model, input, parameters))
    let first = zip(clean["hidden.0"]!, noisy["hidden.0"]!).map {
      scale == .absolute ? $1 - $0 : $1 / $0 - 1
    }
    let count = Double(first.count)
    let mean = first.reduce(0, +) / count
    let square = first.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(mean) < 4 * 0.1 / count.squareRoot())
    #expect(abs(square / 0.01 - 1) < 4 * (2 / count).squareRoot())

    let difference = Tensor(
      zip(clean["hidden.0"]!, noisy["hidden.0"]!).map { $1 - $0 }, shape: [200, 40])
    let expected = difference.linear(weight: parameters["hidden.1.weight"]).values
    let own = clean["hidden.1"]!.indices.map { index in
      let before = clean["hidden.1"]![index] + expected[index]
      let added = noisy["hidden.1"]![index] - before
      return scale == .absolute ? added : added / before
    }
    let ownSquare = own.reduce(0) { $0 + $1 * $1 } / Double(own.count)
    #expect(abs(ownSquare / 0.01 - 1) < 4 * (2 / Double(own.count)).squareRoot())
  }

  @Test func evaluationIsRepeatableAndStepsDiffer() {
    let model = NoisyModel(base, noise: ActivationNoise(deviation: 0.1), key: key)
    let first = values(model, examples(), parameters())
    #expect(values(model, examples(), parameters()) == first)
    // Where the weights are others, so is the noise; else a drawing would look smoother than it is.
    func noise(_ seed: UInt64) -> [Double] {
      let clean = values(base, examples(), parameters(seed))["hidden.0"]!
      return zip(values(model, examples(), parameters(seed))["hidden.0"]!, clean).map { $0 - $1 }
    }
    let (a, b) = (noise(2), noise(3))
    let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / 0.01 / Double(a.count)
    #expect(abs(product) < 4 / Double(a.count).squareRoot())
  }

  @Test func trainingNoiseFollowsFromTheKeyOfTheStep() {
    let model = NoisyModel(base, noise: ActivationNoise(deviation: 0.1), key: key)
    let (input, parameters) = (examples(), parameters())
    func output(_ step: Int) -> [Double] {
      values(model, input, parameters, .training(key: RandomKey(seed: 5).fork(step)))["output"]!
    }
    #expect(output(1) == output(1))
    #expect(output(1) != output(2))
  }

  /// The derivative of Σ outputs by the weights, against differences, the noise being the same.
  @Test(arguments: ActivationNoise.Scale.allCases)
  func gradientsGoThroughTheNoise(scale: ActivationNoise.Scale) {
    let base = MLP(inputs: 3, hidden: [4], outputs: 2, activation: .tanh)
    let model = NoisyModel(
      base, noise: ActivationNoise(deviation: 0.3, scale: scale), key: key)
    let start: [Double] = base.initialParameters(key: key)
    let input = ModelInput<Double>.features(
      Tensor(key.normalMatrix(rowCount: 5, columnCount: 3) as Matrix<Double>))
    func total(_ vector: Tensor<Double>) -> Tensor<Double> {
      let outputs = model.outputs(
        for: input, parameters: Parameters(vector, layout: base.layout),
        pass: Pass(.training(key: key)))
      return (outputs * outputs).sum()
    }
    let (_, gradient) = valueAndGradient(
      at: Tensor(start, shape: Shape(start.count)), of: total)
    for index in start.indices {
      func value(_ change: Double) -> Double {
        var moved = start
        moved[index] += change
        return total(Tensor(moved, shape: Shape(start.count))).value
      }
      let difference = (value(1e-5) - value(-1e-5)) / 2e-5
      #expect(abs(difference - gradient.values[index]) < 1e-7 * max(1, abs(difference)))
    }
  }

  /// What is not said of a wrapped network is its own.
  @Test func theRestIsTheNetworks() {
    let network = ResNet.resNet8(
      pictures: PictureSize(channels: 3, height: 8, width: 8), outputs: 4)
    let model = NoisyModel(network, noise: ActivationNoise(deviation: 1), key: key)
    #expect(model.layout == network.layout && model.tapNames == network.tapNames)
    #expect(model.outputCount == 4 && model.evaluationBatchSize == network.evaluationBatchSize)
    #expect(model.evaluationBatchSize != base.evaluationBatchSize)
  }

  @Test func onlyTheAskedValuesAreNoisy() {
    let model = NoisyModel(
      base, noise: ActivationNoise(deviation: 0.1), on: ["hidden.1"], key: key)
    let (clean, noisy) = (
      values(base, examples(), parameters()), values(model, examples(), parameters())
    )
    #expect(noisy["hidden.0"] == clean["hidden.0"])
    #expect(noisy["hidden.1"] != clean["hidden.1"])
  }
}

private final class SeenValues: @unchecked Sendable {
  private(set) var values: [String: [Double]] = [:]

  func see(_ name: String, _ value: Tensor<Double>) -> Tensor<Double> {
    values[name] = value.values
    return value
  }
}
