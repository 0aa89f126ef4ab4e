/// A residual network that is trained layer by layer: behind each of its stages of blocks but the last it has a global
/// average and a linear layer of its own, and the outputs are those behind the last stage in use.
///
/// Parameters are those of the ``ResNet``, then `heads.0.weight`, `heads.0.bias`, …; the state has `depth` besides, the
/// number of stages in use. Where taps look at values, all of the network is computed, stages that are not in use too.
///
/// - Source: Belilovsky, Eickenberg & Oyallon, arXiv 1812.11446, with one linear layer for a head.
public struct GrowingResNet: GrowingModel {
  /// The network that it grows to.
  public let network: ResNet
  /// Those of the network, then the heads.
  public let layout: ParameterLayout
  /// Those of the network, with `heads.0`, … behind the stages.
  public let tapNames: [String]
  private let heads: [LinearLayer]

  /// The name of the entry of the state that says how many stages are in use.
  public let depthEntry = "depth"

  /// A residual network with heads.
  public init(_ network: ResNet) {
    self.network = network
    var layout = network.layout
    heads = network.widths.dropLast().enumerated().map { stage, width in
      LinearLayer(
        "heads.\(stage)", inputs: width, outputs: network.outputCount, layout: &layout)
    }
    layout.appendState(depthEntry, Shape(1), initial: 1)
    self.layout = layout
    var names: [String] = []
    for name in network.tapNames {
      // The first value of the next stage stands behind the head.
      if let stage = Self.stage(of: name), stage > 0, !names.contains("heads.\(stage - 1)") {
        names.append("heads.\(stage - 1)")
      }
      names.append(name)
    }
    tapNames = names
  }

  private static func stage(of name: String) -> Int? {
    guard name.hasPrefix("layer") else { return nil }
    return Int(name.dropFirst("layer".count).prefix { $0 != "." }).map { $0 - 1 }
  }

  /// The number of outputs of the network.
  public var outputCount: Int { network.outputCount }

  /// As many examples at once as the network takes.
  public var evaluationBatchSize: Int { network.evaluationBatchSize }

  /// Those of the network and its heads.
  public var stages: [ModelStage] {
    network.stages + layout.stages.filter { $0.name.hasPrefix("heads.") }
  }

  /// Stem and first stage with their head, every later stage with its own; the last with `fc`.
  public var growth: [ModelStage] {
    let names = Dictionary(
      stages.map { ($0.name, $0.parameterNames) }, uniquingKeysWith: { first, _ in first })
    return network.widths.indices.map { stage in
      let head = stage < heads.count ? "heads.\(stage)" : "fc"
      let parts = (stage == 0 ? ["stem"] : []) + ["layer\(stage + 1)", head]
      return ModelStage(
        "layer\(stage + 1)", parameterNames: parts.flatMap { names[$0] ?? [] })
    }
  }

  /// `heads.0.weight`, `heads.0.bias`, …
  public var passingHeadNames: [String] {
    Array(layout.names.dropFirst(network.layout.entries.count))
  }

  /// As torchvision draws the network, and its heads after it.
  public var pyTorchDraws: [PyTorchDraw] {
    network.pyTorchDraws
      + layout.entries.dropFirst(network.layout.entries.count).map {
        PyTorchDraw($0.name, by: $0.initializer)
      }
  }

  /// The outputs for each example behind the last stage in use: `[examples, outputs]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    let depth = Int(parameters.state(depthEntry).value)
    let stageCount = network.widths.count
    var outputs: Tensor<Scalar>?
    var values = network.stemValues(for: input, parameters, pass)
    for stage in 0..<(pass.taps.isActive ? stageCount : min(depth, stageCount)) {
      values = network.stageValues(stage, values, parameters, pass)
      guard stage + 1 == depth || pass.taps.isActive else { continue }
      let own =
        stage + 1 == stageCount
        ? network.outputs(of: values, parameters, pass)
        : pass.taps("heads.\(stage)", heads[stage](values.globallyAveraged(), parameters))
      if stage + 1 == depth { outputs = own }
    }
    guard let outputs else {
      preconditionFailure("GrowingResNet: \(depth) stages in use of \(stageCount)")
    }
    return outputs
  }

  /// Checks examples as the network does.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    try network.check(input)
  }
}
