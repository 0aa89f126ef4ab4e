import GrokModels
import TestSupport
import Testing

@Suite struct CenteredModelTests {
  private typealias Case = LinearizedModelTests.Case

  private func outputs(_ model: any Model, _ values: [Double], _ input: ModelInput<Double>)
    -> [Double]
  {
    let vector = Tensor(values, shape: Shape(values.count))
    return model.outputs(for: input, parameters: Parameters(vector, layout: model.layout)).values
  }

  @Test(.tags(.law), arguments: LinearizedModelTests.cases)
  func outputsAreTheScaledDifferenceFromTheStart(example: LinearizedModelTests.Case) {
    let key = RandomKey(seed: 3)
    let initial: [Double] = example.model.initialParameters(key: key.fork("initial"))
    let moved: [Double] = example.model.initialParameters(key: key.fork("moved"))
    let centered = CenteredModel(example.model, at: initial, laziness: 20)
    #expect(outputs(centered, initial, example.input).allSatisfy { $0 == 0 })
    let expected = zip(
      outputs(example.model, moved, example.input), outputs(example.model, initial, example.input)
    ).map { 20 * ($0 - $1) }
    #expect(outputs(centered, moved, example.input) == expected)
    #expect(centered.lossFactor == 0.0025)
  }

  @Test func hiddenTapsAreTheNetworksAndTheLastIsCentered() {
    let example = LinearizedModelTests.cases[0]
    let initial: [Double] = example.model.initialParameters(key: RandomKey(seed: 3))
    let centered = CenteredModel(example.model, at: initial, laziness: 2)
    #expect(centered.tapNames == ["hidden.0", "hidden.1", "output"])
    let parameters = Parameters(
      Tensor(initial, shape: Shape(initial.count)), layout: centered.layout)
    // With the hidden layers silenced the outputs are biases: the tap reaches the moving part alone.
    let silenced = centered.outputs(
      for: example.input, parameters: parameters,
      taps: Taps { name, value in name.hasPrefix("hidden") ? value * 0 : value })
    #expect(silenced.values != outputs(centered, initial, example.input))
    let replaced = centered.outputs(
      for: example.input, parameters: parameters,
      taps: Taps { name, value in name == "output" ? value + 7 : value })
    #expect(replaced.values.allSatisfy { $0 == 7 })
  }

  @Test(.tags(.oracle)) func precisionsAgree() {
    let example = LinearizedModelTests.cases[0]
    guard case .features(let features) = example.input else { return }
    let initial: [Float] = example.model.initialParameters(key: RandomKey(seed: 3))
    let centered = CenteredModel(LinearizedModel(example.model, at: initial), at: initial)
    let moved: [Float] = example.model.initialParameters(key: RandomKey(seed: 4))
    let single = centered.outputs(
      for: .features(features.converted(to: Float.self)),
      parameters: Parameters(Tensor(moved, shape: Shape(moved.count)), layout: centered.layout))
    for (a, b) in zip(single.values, outputs(centered, moved.map(Double.init), example.input)) {
      #expect(abs(Double(a) - b) < 1e-5)
    }
  }
}
