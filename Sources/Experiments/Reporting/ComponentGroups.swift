import GrokMeasures
import GrokReports
import GrokTraining

/// The parameters of a network sorted by what they are, as figures of motion show them together.
struct ComponentGroups {
  struct Group {
    let kind: ComponentKind
    /// Places in ``MotionColumns/components``, by depth.
    let components: [Int]

    var title: String { kind.title }
  }

  /// In the order of ``ComponentKind``; heads' shares are in no group.
  let groups: [Group]

  init(_ columns: MotionColumns) {
    let parameters = columns.components.indices.filter { columns.components[$0].head == nil }
    groups = ComponentKind.allCases.compactMap { kind in
      let own = parameters.filter { columns.components[$0].kind == kind }
      return own.isEmpty ? nil : Group(kind: kind, components: own)
    }
  }

  /// One for each group, in their order.
  var colors: [PlotColor] {
    groups.indices.map {
      groups.count == 1 ? .blue : .ramp(Double($0) / Double(groups.count - 1))
    }
  }
}

extension ComponentKind {
  /// As a heading.
  var title: String {
    switch self {
    case .convolution: "Convolutions"
    case .convolutionBias: "Biases of convolutions"
    case .batchNormWeight: "Gains of batch norms"
    case .batchNormBias: "Biases of batch norms"
    case .layerNormWeight: "Gains of layer norms"
    case .layerNormBias: "Biases of layer norms"
    case .downsampleConvolution: "Shortcuts"
    case .downsampleBatchNormWeight: "Gains of shortcut norms"
    case .downsampleBatchNormBias: "Biases of shortcut norms"
    case .fullyConnectedWeight: "Linear layers"
    case .fullyConnectedBias: "Biases of linear layers"
    case .embedding: "Embedding"
    case .unembedding: "Unembedding"
    case .positionEmbedding: "Positions"
    case .attentionQuery: "Queries"
    case .attentionKey: "Keys"
    case .attentionValue: "Values"
    case .attentionOutput: "Attention outputs"
    case .attentionBias: "Biases of attention"
    case .perceptronWeight: "Perceptrons"
    case .perceptronBias: "Biases of perceptrons"
    case .recurrentWeight: "Recurrent weights"
    case .recurrentBias: "Biases of recurrent layers"
    case .other: "Others"
    }
  }
}
