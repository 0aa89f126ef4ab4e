import GrokModels
import TestSupport
import Testing

@Suite struct GrowingResNetTests {
  private static let network = ResNet(
    pictures: PictureSize(channels: 2, height: 8, width: 8), stem: .small, blocks: [1, 2, 1],
    widths: [4, 6, 8], outputs: 3)
  private let model = GrowingResNet(network)
  private let input = ModelInput<Double>.features(
    Tensor(RandomKey(seed: 1).normal(count: 2 * 128), shape: [2, 128]))

  private func parameters(depth: Double) -> Parameters<Double> {
    let values: [Double] = model.initialParameters(key: RandomKey(seed: 5))
    var state: [Double] = model.layout.initialState()
    state[model.layout.stateEntry("depth")!.range.lowerBound] = depth
    return Parameters(
      Tensor(values, shape: Shape(values.count)), state: Tensor(state, shape: Shape(state.count)),
      layout: model.layout)
  }

  @Test func stagesAndHeadsHaveNames() {
    #expect(Self.network.stages.map(\.name) == ["stem", "layer1", "layer2", "layer3", "fc"])
    #expect(
      Self.network.stages[0].parameterNames == ["conv1.weight", "bn1.weight", "bn1.bias"])
    #expect(Set(model.growth.flatMap(\.parameterNames)) == Set(model.layout.names))
    #expect(model.growth.reduce(0) { $0 + $1.parameterNames.count } == model.layout.names.count)
    #expect(
      model.passingHeadNames == [
        "heads.0.weight", "heads.0.bias", "heads.1.weight", "heads.1.bias",
      ])
    #expect(model.layout["heads.1.weight"]?.shape == [3, 6])
    // Others go by their paths.
    let perceptron = MLP(inputs: 3, hidden: [4, 4], outputs: 2)
    #expect(perceptron.stages.map(\.name) == ["hidden.0", "hidden.1", "output"])
    let transformer = Transformer(vocabularySize: 5, context: 3, width: 4, headCount: 2)
    #expect(transformer.stages.map(\.name).contains("blocks.0"))
  }

  @Test(.tags(.law)) func whenGrownItIsTheNetwork() {
    let whole = parameters(depth: 3)
    let layout = Self.network.layout
    let plain = Parameters(
      Tensor(whole.vector.values.prefix(layout.count), shape: Shape(layout.count)),
      state: Tensor(whole.state!.values.prefix(layout.stateCount), shape: Shape(layout.stateCount)),
      layout: layout)
    #expect(
      model.outputs(for: input, parameters: whole).values
        == Self.network.outputs(for: input, parameters: plain).values)
  }

  /// The outputs at a depth are those of the head there, of which the stage before it is the input.
  @Test(.tags(.oracle), arguments: [1, 2]) func outputsAreThoseOfTheHeadInUse(depth: Int) {
    let parameters = parameters(depth: Double(depth))
    let keeper = ValueKeeper()
    let outputs = model.outputs(
      for: input, parameters: parameters, taps: Taps { keeper.see($0, $1) })
    #expect(outputs.values == model.outputs(for: input, parameters: parameters).values)
    #expect(keeper.names == model.tapNames)
    // [examples, channels, height, width]
    let block = keeper.values["layer\(depth).\(depth == 2 ? 1 : 0)"]!
    let pixels = Double(block.shape[2] * block.shape[3])
    let channels = block.shape[1]
    let values = block.values
    for example in 0..<2 {
      for output in 0..<3 {
        var sum = parameters["heads.\(depth - 1).bias"].values[output]
        for channel in 0..<channels {
          let start = (example * channels + channel) * Int(pixels)
          let mean = values[start..<start + Int(pixels)].reduce(0, +) / pixels
          sum += parameters["heads.\(depth - 1).weight"].values[output * channels + channel] * mean
        }
        #expect(abs(outputs.values[example * 3 + output] - sum) < 1e-12)
      }
    }
  }
}

/// Keeps what taps see. Used from one thread.
private final class ValueKeeper: @unchecked Sendable {
  private(set) var names: [String] = []
  private(set) var values: [String: Tensor<Double>] = [:]

  func see(_ name: String, _ value: Tensor<Double>) -> Tensor<Double> {
    names.append(name)
    values[name] = value
    return value
  }
}
