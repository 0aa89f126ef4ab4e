import GrokReports
import GrokTraining

/// The parameters of a network sorted by what they are, as figures of motion show them together.
struct ComponentGroups {
  struct Group {
    let kind: ParameterKind
    /// Places in ``MotionColumns/components``, by depth.
    let components: [Int]

    var title: String { kind.title }
  }

  /// In the order of ``ParameterKind``; heads' shares are in no group.
  let groups: [Group]

  init(_ columns: MotionColumns) {
    let parameters = columns.components.indices.filter { columns.components[$0].head == nil }
    groups = ParameterKind.allCases.compactMap { kind in
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

extension ParameterKind {
  /// As a heading.
  var title: String {
    switch self {
    case .convolution: "Convolutions"
    case .convolutionBias: "Biases of convolutions"
    case .normWeight: "Gains of norms"
    case .normBias: "Biases of norms"
    case .downsample: "Shortcuts"
    case .downsampleNormWeight: "Gains of shortcut norms"
    case .downsampleNormBias: "Biases of shortcut norms"
    case .linear: "Linear layers"
    case .linearBias: "Biases of linear layers"
    case .embedding: "Embedding"
    case .unembedding: "Unembedding"
    case .positions: "Positions"
    case .query: "Queries"
    case .key: "Keys"
    case .value: "Values"
    case .attentionOutput: "Attention outputs"
    case .attentionBias: "Biases of attention"
    case .perceptron: "Perceptrons"
    case .perceptronBias: "Biases of perceptrons"
    case .recurrent: "Recurrent weights"
    case .recurrentBias: "Biases of recurrent layers"
    case .other: "Others"
    }
  }
}
