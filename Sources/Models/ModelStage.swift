/// A part of a network that is trained, or left as it is, as a whole: a stem, a block, a head.
public struct ModelStage: Sendable, Hashable {
  /// The path that its parameters have in common, or what it is called: `layer1`, `blocks.0`, `stem`.
  public let name: String
  /// Its parameters, in the order of θ.
  public let parameterNames: [String]

  /// A part with the given parameters.
  public init(_ name: String, parameterNames: [String]) {
    self.name = name
    self.parameterNames = parameterNames
  }
}

extension ParameterLayout {
  /// The parameters by the place that comes first in their paths, up to a number where there is one: `blocks.0` of
  /// `blocks.0.attn.W_Q`, `embed` of `embed.W_E`.
  public var stages: [ModelStage] { stages(named: { _ in nil }) }

  /// - Parameter name: What the stage of a parameter is called, where its path does not say it.
  func stages(named name: (String) -> String?) -> [ModelStage] {
    var stages: [(name: String, parameters: [String])] = []
    for entry in entries {
      let stage = name(entry.name) ?? Self.stage(of: entry.name)
      if let place = stages.firstIndex(where: { $0.name == stage }) {
        stages[place].parameters.append(entry.name)
      } else {
        stages.append((stage, [entry.name]))
      }
    }
    return stages.map { ModelStage($0.name, parameterNames: $0.parameters) }
  }

  private static func stage(of name: String) -> String {
    let parts = name.split(separator: ".")
    let last = parts.firstIndex { Int($0) != nil } ?? 0
    return parts[...last].joined(separator: ".")
  }
}

/// A network that grows while it is trained, stage by stage: behind each stage it has a head of its own, and the outputs
/// are those of the head behind the last stage in use.
///
/// How many stages are in use is part of the network's state, so that a stored state is the network that it was.
public protocol GrowingModel: Model {
  /// What is trained when a stage comes into use: the stage and its head.
  var growth: [ModelStage] { get }
  /// The parameters of the heads behind all stages but the last.
  var passingHeadNames: [String] { get }
  /// The entry of the state that says how many stages are in use, a single number; 1 before training.
  var depthEntry: String { get }
}
