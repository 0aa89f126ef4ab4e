import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct ComponentsTests {
  /// A block of torchvision's ResNet-18 with everything around it.
  private let residual = [
    "conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.weight",
    "layer1.0.bn1.bias", "layer1.0.conv2.weight", "layer1.0.bn2.weight", "layer1.0.bn2.bias",
    "layer1.0.downsample.0.weight", "layer1.0.downsample.1.weight", "layer1.0.downsample.1.bias",
    "fc.weight", "fc.bias",
  ]

  @Test(.tags(.law)) func residualNetworks() throws {
    let found = try components(of: residual)
    #expect(
      found.map(\.kind) == [
        .convolution, .batchNormWeight, .batchNormBias, .convolution, .batchNormWeight,
        .batchNormBias, .convolution, .batchNormWeight, .batchNormBias, .downsampleConvolution,
        .downsampleBatchNormWeight, .downsampleBatchNormBias, .fullyConnectedWeight,
        .fullyConnectedBias,
      ])
    // The branch lies beside the first convolution of its block.
    #expect(found.map(\.depth) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 1, 1, 1, 3, 3])
    #expect(found[2].module == "bn1" && found[2].kind.isBias && found[2].kind.isBatchNorm)
  }

  @Test(.tags(.law)) func transformers() throws {
    let found = try components(of: [
      "embed.W_E", "pos_embed.W_pos", "blocks.0.ln1.w", "blocks.0.ln1.b", "blocks.0.attn.W_Q",
      "blocks.0.attn.W_K", "blocks.0.attn.W_V", "blocks.0.attn.W_O", "blocks.0.attn.b_Q",
      "blocks.0.mlp.W_in", "blocks.0.mlp.b_in", "blocks.0.mlp.W_out", "blocks.0.mlp.b_out",
      "blocks.1.attn.W_Q.head.3", "blocks.1.attn.W_K[2]", "unembed.W_U",
    ])
    #expect(
      found.map(\.kind) == [
        .embedding, .positionEmbedding, .layerNormWeight, .layerNormBias, .attentionQuery,
        .attentionKey, .attentionValue, .attentionOutput, .attentionBias, .perceptronWeight,
        .perceptronBias, .perceptronWeight, .perceptronBias, .attentionQuery, .attentionKey,
        .unembedding,
      ])
    #expect(found.map(\.depth) == [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5])
    #expect(found.map(\.head) == Array(repeating: nil, count: 13) + [3, 2, nil])
    #expect(found[13].module == "blocks.1.attn" && found[14].module == "blocks.1.attn")
  }

  @Test(.tags(.law)) func shapesDecideBeforeWords() throws {
    let names = ["features.0.weight", "features.0.bias", "features.1.weight", "features.1.bias"]
    let byName = try components(of: names).map(\.kind)
    #expect(Set(byName) == [.fullyConnectedWeight, .fullyConnectedBias])
    let byShape = try components(of: names, shapes: [[64, 3, 3, 3], [64], [64], [64]])
    #expect(
      byShape.map(\.kind) == [
        .convolution, .convolutionBias, .batchNormWeight, .batchNormBias,
      ])
  }

  @Test(.tags(.law)) func everythingElse() throws {
    let names = [
      "embedding.weight", "lstm.weight_ih_l0", "lstm.bias_hh_l0", "hidden.0.weight", "scale",
    ]
    let found = try components(of: names, overriding: ["scale": .layerNormWeight])
    #expect(
      found.map(\.kind) == [
        .embedding, .recurrentWeight, .recurrentBias, .fullyConnectedWeight, .layerNormWeight,
      ])
    #expect(try components(of: ["scale"])[0].kind == .other)
  }

  @Test func refusals() {
    expectMessage("components: no parameter is called 'fc'") {
      _ = try components(of: ["fc.weight"], overriding: ["fc": .unembedding])
    }
    expectMessage(
      "components: 1 rows cannot be paired with 2; row i of both must belong to one sample"
    ) {
      _ = try components(of: ["fc.weight"], shapes: [[1], [2]])
    }
  }
}
