import GrokModels
import TestSupport
import Testing

@Suite struct OperationCountTests {
  private static let size = PictureSize(channels: 3, height: 32, width: 32)
  private let picture = ModelInput<Float>.features(Tensor(repeating: 0, shape: [1, 3_072]))
  private let network = ResNet.resNet8(pictures: size, outputs: 10)

  // Multiplications by hand: kernel · inputs · outputs · pixels.
  private let stem = 9 * 3 * 16 * 32 * 32
  private let first = 2 * 9 * 16 * 16 * 32 * 32
  private let second = (9 * 16 * 32 + 9 * 32 * 32 + 16 * 32) * 16 * 16
  private let third = (9 * 32 * 64 + 9 * 64 * 64 + 32 * 64) * 8 * 8
  private let output = 64 * 10

  private func names(_ stages: String...) -> Set<String> {
    Set(network.stages.filter { stages.contains($0.name) }.flatMap(\.parameterNames))
  }

  @Test(.tags(.law)) func resNet8IsCountedByHand() throws {
    let forward = stem + first + second + third + output
    #expect(forward == 12_501_632)
    let whole = try OperationCount(of: network, reading: picture)
    #expect(whole.forward == 2 * forward)
    // Nothing is propagated to the pictures.
    #expect(whole.backward == 2 * (2 * forward - stem))
    #expect(whole.total == 74_125_056)

    // A frozen beginning: the first trained layers want no gradient by what they read, the shortcut neither.
    let late = try OperationCount(
      of: network, reading: picture, frozenNames: names("stem", "layer1"))
    let entering = (9 * 16 * 32 + 16 * 32) * 16 * 16
    #expect(late.forward == 2 * forward)
    #expect(late.backward == 2 * (2 * (second + third + output) - entering))

    // A frozen end saves the gradients by its weights alone.
    let early = try OperationCount(
      of: network, reading: picture, frozenNames: names("layer3", "fc"))
    #expect(early.backward == whole.backward - 2 * (third + output))

    let none = try OperationCount(
      of: network, reading: picture, frozenNames: Set(network.layout.names))
    #expect(none.backward == 0)
  }

  @Test(.tags(.law)) func perceptronsAreCountedByHand() throws {
    let model = MLP(inputs: 5, hidden: [7], outputs: 3)
    let count = try OperationCount(
      of: model, reading: .features(Tensor<Double>(repeating: 0, shape: [1, 5])))
    #expect(count.forward == 2 * (5 * 7 + 7 * 3))
    #expect(count.backward == 2 * (5 * 7 + 2 * 7 * 3))
  }

  @Test func attentionIsNotCounted() {
    let model = Transformer(vocabularySize: 5, context: 3, width: 4, headCount: 2)
    let input = ModelInput<Float>.tokens(
      TokenBatch(tokens: [0, 1, 2], context: 3, vocabularySize: 5))
    let error = #expect(throws: ModelError.self) {
      try OperationCount(of: model, reading: input)
    }
    #expect(
      error?.description
        == "the arithmetic of attention and of memory cells is not counted; expected convolutions and linear layers"
    )
  }

  @Test(.tags(.law)) func aGrowingNetworkCostsWhatIsInUse() throws {
    let growing = GrowingResNet(network)
    func count(_ depth: Float, _ trained: Int) throws -> OperationCount {
      var state: [Float] = growing.layout.initialState()
      state[growing.layout.stateEntry("depth")!.range.lowerBound] = depth
      let names = Set(growing.growth[trained].parameterNames)
      return try OperationCount(
        of: growing, reading: picture, state: Tensor(state, shape: Shape(state.count)),
        frozenNames: Set(growing.layout.names).subtracting(names))
    }
    #expect(try count(1, 0).forward == 2 * (stem + first + 16 * 10))
    #expect(try count(1, 0).backward == 2 * (2 * (stem + first + 16 * 10) - stem))
    #expect(try count(2, 1).forward == 2 * (stem + first + second + 32 * 10))
    let entering = (9 * 16 * 32 + 16 * 32) * 16 * 16
    #expect(try count(2, 1).backward == 2 * (2 * (second + 32 * 10) - entering))
    let last = (9 * 32 * 64 + 32 * 64) * 8 * 8
    #expect(try count(3, 2).backward == 2 * (2 * (third + output) - last))
  }
}
