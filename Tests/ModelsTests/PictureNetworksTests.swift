import GrokModels
import TestSupport
import Testing

@Suite struct PictureNetworksTests {
  private static let size = PictureSize(channels: 3, height: 32, width: 32)

  private static let networks: [(any Model, Int)] = [
    (ResNet.resNet8(pictures: size, outputs: 10), 3_072),
    (ResNet.resNet18(pictures: size, outputs: 10), 3_072),
    (VGG(pictures: size, outputs: 10, hidden: []), 3_072),
    (
      ConvolutionalNetwork(
        pictures: size,
        stages: [.init(channels: 8, isPooled: true), .init(channels: 8, stride: 2)],
        hidden: [12], outputs: 10), 3_072
    ),
    (ConvolutionalAutoencoder(), 784), (DenseAutoencoder(inputs: 40), 40),
  ]

  @Test(arguments: 0..<6) func tapsSeeEveryNameInOrder(index: Int) {
    let (model, features) = Self.networks[index]
    let input = ModelInput<Float>.features(
      Tensor(RandomKey(seed: 1).normal(count: 2 * features), shape: [2, features]))
    func summary(_ model: some Model) -> ModelSummary { ModelSummary(of: model, reading: input) }
    let taps = summary(model).taps
    #expect(taps.map(\.name) == model.tapNames)
    #expect(taps.allSatisfy { $0.shape[0] == 2 })
    // A tap changes nothing unless it replaces a value.
    let values: [Float] = model.initialParameters(key: RandomKey(seed: 2))
    let parameters = Parameters(Tensor(values, shape: [values.count]), layout: model.layout)
    let plain = model.outputs(for: input, parameters: parameters).values
    let tapped = model.outputs(for: input, parameters: parameters, taps: Taps { $1 }).values
    #expect(plain == tapped)
    #expect(plain.count == 2 * model.outputCount && plain.allSatisfy { $0.isFinite })
    let last = model.tapNames.last!
    let zeroed = model.outputs(
      for: input, parameters: parameters, taps: Taps { $0 == last ? $1 * 0 : $1 })
    #expect(zeroed.values.allSatisfy { $0 == 0 })
  }

  @Test(.tags(.law)) func countsOfParameters() {
    // torchvision: sum(p.numel() for p in resnet18().parameters()) and vgg11() with 1,000 outputs; the papers'
    // networks for CIFAR with shortcuts of option B.
    func count(_ model: some Model) -> Int { model.layout.count }
    let large = PictureSize(channels: 3, height: 224, width: 224)
    #expect(count(ResNet.resNet18(pictures: large, outputs: 1_000)) == 11_689_512)
    #expect(count(VGG(pictures: large, outputs: 1_000)) == 132_863_336)
    #expect(count(ResNet.resNet20(pictures: Self.size, outputs: 10)) == 272_474)
    #expect(count(ResNet.resNet8(pictures: Self.size, outputs: 10)) == 78_042)
    #expect(count(ConvolutionalAutoencoder()) == 252_165)
  }

  @Test func summaryIsATable() {
    let model = ResNet(
      pictures: PictureSize(channels: 1, height: 4, width: 4), stem: .small, blocks: [1],
      widths: [2], outputs: 3)
    let summary = ModelSummary(
      of: model, reading: .features(Tensor(repeating: 0, shape: [1, 16])))
    #expect(summary.parameterCount == model.layout.count)
    #expect(
      summary.description == """
        parameters: 111 in 11
          conv1.weight               [2, 1, 3, 3]
          bn1.weight                 [2]
          bn1.bias                   [2]
          layer1.0.conv1.weight      [2, 2, 3, 3]
          layer1.0.bn1.weight        [2]
          layer1.0.bn1.bias          [2]
          layer1.0.conv2.weight      [2, 2, 3, 3]
          layer1.0.bn2.weight        [2]
          layer1.0.bn2.bias          [2]
          fc.weight                  [3, 2]
          fc.bias                    [3]
        state: 12 in 6
          bn1.running_mean           [2]
          bn1.running_var            [2]
          layer1.0.bn1.running_mean  [2]
          layer1.0.bn1.running_var   [2]
          layer1.0.bn2.running_mean  [2]
          layer1.0.bn2.running_var   [2]
        taps
          conv1                      [1, 2, 4, 4]
          relu                       [1, 2, 4, 4]
          layer1.0.conv1             [1, 2, 4, 4]
          layer1.0.relu              [1, 2, 4, 4]
          layer1.0.conv2             [1, 2, 4, 4]
          layer1.0                   [1, 2, 4, 4]
          avgpool                    [1, 2]
          fc                         [1, 3]
        """)
  }

  @Test func unsuitableExamples() {
    let message =
      "the examples are vectors of 784 features, but the network reads pictures of 3 × 32 × 32, 3072 features"
    let input = ModelInput<Float>.features(Tensor(repeating: 0, shape: [1, 784]))
    for index in 0..<4 {
      #expect(
        performing: { try Self.networks[index].0.check(input) }, throws: { "\($0)" == message })
    }
  }

  @Test(.tags(.law)) func dropoutIsForTrainingOnlyAndFollowsTheKey() {
    let model = ConvolutionalAutoencoder()
    let values: [Float] = model.initialParameters(key: RandomKey(seed: 2))
    let parameters = Parameters(Tensor(values, shape: [values.count]), layout: model.layout)
    let input = ModelInput<Float>.features(
      Tensor(RandomKey(seed: 1).normal(count: 784), shape: [1, 784]))
    func outputs(_ purpose: Pass<Float>.Purpose) -> [Float] {
      model.outputs(for: input, parameters: parameters, pass: Pass(purpose)).values
    }
    let key = RandomKey(seed: 5)
    #expect(outputs(.evaluation) == outputs(.evaluation))
    #expect(outputs(.training(key: key)) == outputs(.training(key: key)))
    #expect(outputs(.training(key: key)) != outputs(.training(key: key.fork(1))))
    #expect(outputs(.training(key: key)) != outputs(.evaluation))
  }
}
