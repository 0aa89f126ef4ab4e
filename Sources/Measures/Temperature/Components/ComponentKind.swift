/// What a named parameter of a network is, as far as its temperature is to be compared with others'.
public enum ComponentKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// The kernel of a convolution.
  case convolution
  /// The bias of a convolution.
  case convolutionBias
  /// The scale of a batch normalisation.
  case batchNormWeight
  /// The shift of a batch normalisation.
  case batchNormBias
  /// The kernel of a convolution beside a residual block.
  case downsampleConvolution
  /// The scale of the batch normalisation after that.
  case downsampleBatchNormWeight
  /// The shift of the batch normalisation after that.
  case downsampleBatchNormBias
  /// The scale of a layer normalisation.
  case layerNormWeight
  /// The shift of a layer normalisation.
  case layerNormBias
  /// The matrix of a fully connected layer.
  case fullyConnectedWeight
  /// The bias of a fully connected layer.
  case fullyConnectedBias
  /// Vectors of tokens.
  case embedding
  /// Vectors of positions.
  case positionEmbedding
  /// W_Q of attention.
  case attentionQuery
  /// W_K of attention.
  case attentionKey
  /// W_V of attention.
  case attentionValue
  /// W_O of attention.
  case attentionOutput
  /// A bias of attention.
  case attentionBias
  /// A matrix of the perceptron in a transformer block.
  case perceptronWeight
  /// A bias of the perceptron in a transformer block.
  case perceptronBias
  /// The matrix to logits of a transformer.
  case unembedding
  /// A matrix of a recurrent layer.
  case recurrentWeight
  /// A bias of a recurrent layer.
  case recurrentBias
  /// None of these: say what it is by an override.
  case other

  /// Whether it is added to a layer's result: the biases and shifts of claim C6.
  public var isBias: Bool { rawValue.hasSuffix("Bias") }

  /// Whether it belongs to a batch normalisation, of a residual branch or not.
  public var isBatchNorm: Bool {
    switch self {
    case .batchNormWeight, .batchNormBias, .downsampleBatchNormWeight, .downsampleBatchNormBias:
      true
    default: false
    }
  }

  /// Whether it belongs to the convolution beside a residual block.
  public var isDownsample: Bool { rawValue.hasPrefix("downsample") }
}

/// A named parameter, with its place in the network.
public struct Component: Sendable, Equatable, Codable {
  /// The name that it was given.
  public var name: String
  /// What it is.
  public var kind: ComponentKind
  /// The path of its module: the name without its last part, and without a head.
  public var module: String
  /// How many layers with a matrix or kernel come before its own, from 0.
  public var depth: Int
  /// The head of attention that it belongs to; nil for all of them.
  public var head: Int?

  /// A parameter whose place is known.
  public init(name: String, kind: ComponentKind, module: String, depth: Int, head: Int? = nil) {
    (self.name, self.kind, self.module) = (name, kind, module)
    (self.depth, self.head) = (depth, head)
  }
}
