import Testing

@testable import GrokTraining

/// Which parts a network has, of what kind and how deep.
@Suite struct MotionComponentsTests {
  @Test func theOriginalsParametersHaveTheirKinds() {
    let network = ResNet.resNet18(
      pictures: PictureSize(channels: 3, height: 32, width: 32), outputs: 10)
    let components = MotionComponents(
      network.layout, optimizer: .sgd(weightDecay: 5e-4), groups: [])
    #expect(components.all.count == 62 && components.all.allSatisfy { $0.head == nil })
    #expect(components.all.reduce(0) { $0 + $1.count } == 11_181_642)
    let counts = Dictionary(grouping: components.all, by: \.kind).mapValues(\.count)
    #expect(
      counts == [
        .convolution: 17, .batchNormWeight: 17, .batchNormBias: 17, .downsampleConvolution: 3,
        .downsampleBatchNormWeight: 3, .downsampleBatchNormBias: 3, .fullyConnectedWeight: 1,
        .fullyConnectedBias: 1,
      ])
    let depths = Dictionary(uniqueKeysWithValues: components.all.map { ($0.name, $0.depth) })
    #expect(depths["conv1.weight"] == 0 && depths["bn1.bias"] == 0)
    #expect(depths["layer1.0.conv1.weight"] == 1 && depths["layer4.1.bn2.weight"] == 16)
    #expect(depths["layer2.0.downsample.0.weight"] == depths["layer2.0.conv1.weight"])
    #expect(depths["fc.weight"] == 17 && depths["fc.bias"] == 17)
    #expect(components.all[0].decay == 5e-4)
  }

  @Test func headsHaveTheirShares() throws {
    var form = TransformerForm()
    form.hasAttentionBiases = true
    form.smearsKeys = true
    form.normalization = .before
    let network = Transformer(
      vocabularySize: 7, context: 4, width: 6, depth: 2, headCount: 3, perceptronWidth: 5,
      form: form)
    let components = MotionComponents(
      network.layout, optimizer: .adamW(weightDecay: 2),
      groups: [ParameterGroup("*.W_Q", learningRateFactor: 3, weightDecayFactor: 0.5)])
    let heads = components.all.filter { $0.head != nil }
    #expect(heads.count == 2 * 8 * 3)
    let query = try #require(components.all.first { $0.name == "blocks.1.attn.W_Q.head.2" })
    #expect(query.parameter == "blocks.1.attn.W_Q" && query.kind == .attentionQuery)
    #expect((query.count, query.decay, query.rateFactor) == (12, 1, 3))
    // All of θ, each element once.
    let places = components.ranges.flatMap { Array($0.range) }
    #expect(places == Array(0..<network.layout.count))
    let kinds = Dictionary(uniqueKeysWithValues: components.all.map { ($0.name, $0.kind) })
    #expect(kinds["blocks.0.ln1.w"] == .layerNormWeight && kinds["ln_final.b"] == .layerNormBias)
    #expect(kinds["blocks.0.mlp.b_in"] == .perceptronBias && kinds["unembed.W_U"] == .unembedding)
    #expect(
      kinds["pos_embed.W_pos"] == .positionEmbedding
        && kinds["blocks.0.attn.smear"] == .attentionBias)
    let depths = Dictionary(uniqueKeysWithValues: components.all.map { ($0.name, $0.depth) })
    #expect(
      [
        "embed.W_E", "pos_embed.W_pos", "blocks.0.attn.W_O", "blocks.0.mlp.W_out",
        "blocks.1.attn.W_K", "blocks.1.mlp.b_out", "unembed.W_U",
      ].map { depths[$0] } == [0, 0, 1, 3, 4, 6, 7])
  }

  @Test func perceptronsAndRecurrentNetworks() {
    let perceptron = MLP(inputs: 3, hidden: [4, 4], outputs: 2).layout
    let kinds = MotionComponents(perceptron, optimizer: .adam(weightDecay: 1), groups: []).all
    #expect(
      kinds.map(\.kind) == [
        .fullyConnectedWeight, .fullyConnectedBias, .fullyConnectedWeight, .fullyConnectedBias,
        .fullyConnectedWeight, .fullyConnectedBias,
      ])
    #expect(kinds.map(\.depth) == [0, 0, 1, 1, 2, 2])
    #expect(kinds.allSatisfy { $0.decay == 0 })
  }
}
