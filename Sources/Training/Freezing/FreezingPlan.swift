import GrokModels
import GrokNumerics

extension Freezing {
  /// Checks that it suits a network.
  ///
  /// - Throws: ``TrainingError/unsuitableFreezing(_:)``.
  public func check(
    for model: any Model, options: UpdateOptions = UpdateOptions()
  ) throws(TrainingError) {
    _ = try FreezingPlan(self, of: model, options: options)
  }
}

/// A ``Freezing`` of the parameters of one network.
struct FreezingPlan: Sendable {
  let freezing: Freezing
  private let names: [String]
  /// Of a schedule: what is frozen from which step on.
  private var parts: [(names: Set<String>, step: Int)] = []
  /// Of layerwise training: what is trained at each stage, and the entry of the state that counts these.
  private var growth: [Set<String>] = []
  private var passingHeads: Set<String> = []
  private(set) var depthEntry: ParameterLayout.Entry?
  /// Of a cooling rule: the stages that may be frozen, in its order.
  private(set) var coolingStages: [ModelStage] = []

  /// - Throws: ``TrainingError/unsuitableFreezing(_:)``.
  init(_ freezing: Freezing, of model: any Model, options: UpdateOptions) throws(TrainingError) {
    self.freezing = freezing
    names = model.layout.names
    if freezing != .never && options.keepsNorm {
      throw .unsuitableFreezing(
        "the parameters are scaled back to their norm after each step, which would move what is frozen"
      )
    }
    switch freezing {
    case .never: break
    case .scheduled(let parts): try schedule(parts, of: model)
    case .whenCool(let rule):
      let stages = model.stages
      guard stages.count > 2 else {
        throw .unsuitableFreezing(
          "the last two stages stay trained, and the network has \(stages.count): "
            + stages.map(\.name).joined(separator: ", "))
      }
      coolingStages = (rule.order == .earlyFirst ? stages : stages.reversed()).dropLast(2)
    case .layerwise(let beginnings): try grow(at: beginnings, model)
    }
  }

  private mutating func schedule(_ parts: [FrozenPart], of model: any Model) throws(TrainingError) {
    for part in parts {
      let stages = model.stages.filter { $0.name == part.name }
      let group = [ParameterGroup(part.name), ParameterGroup(part.name + ".*")]
      let found =
        stages.isEmpty
        ? names.filter { name in group.contains { $0.contains(name) } }
        : stages.flatMap(\.parameterNames)
      if found.isEmpty {
        let known = model.stages.map(\.name)
        throw .unsuitableFreezing(
          "no stage or parameter is named '\(part.name)'\(suggestion(for: part.name, among: known + names)); "
            + "the stages are \(known.joined(separator: ", "))")
      }
      self.parts.append((Set(found), part.step))
    }
    if self.parts.reduce(into: Set(), { $0.formUnion($1.names) }).count == names.count {
      throw .unsuitableFreezing("nothing would be left to train")
    }
  }

  private mutating func grow(at beginnings: [Int], _ model: any Model) throws(TrainingError) {
    guard let model = model as? any GrowingModel,
      let entry = model.layout.stateEntry(model.depthEntry)
    else {
      throw .unsuitableFreezing(
        "layer by layer is for networks that grow, with a head for each stage")
    }
    let count = model.growth.count
    guard (count - 1...count).contains(beginnings.count),
      zip(beginnings, beginnings.dropFirst()).allSatisfy({ $0 <= $1 })
    else {
      throw .unsuitableFreezing(
        "\(count) stages begin at \(count - 1) rising steps, and at one more all are trained together; found "
          + beginnings.map(String.init).joined(separator: ", "))
    }
    growth = model.growth.map { Set($0.parameterNames) }
    passingHeads = Set(model.passingHeadNames)
    depthEntry = entry
  }

  /// The parameters that the update after `step` updates leaves as they are.
  func frozenNames(atStep step: Int, cooling: CoolingHistory?) -> Set<String> {
    switch freezing {
    case .never: return []
    case .scheduled:
      return parts.reduce(into: []) { if $1.step <= step { $0.formUnion($1.names) } }
    case .whenCool:
      return Set(coolingStages.prefix(cooling?.frozenCount ?? 0).flatMap(\.parameterNames))
    case .layerwise(let beginnings):
      let stage = stage(atStep: step, beginnings)
      if stage < growth.count { return Set(names).subtracting(growth[stage]) }
      return passingHeads
    }
  }

  /// The number of stages in use at a step; `nil` for networks that do not grow.
  func depth(atStep step: Int) -> Int? {
    guard case .layerwise(let beginnings) = freezing else { return nil }
    return min(stage(atStep: step, beginnings) + 1, growth.count)
  }

  private func stage(atStep step: Int, _ beginnings: [Int]) -> Int {
    beginnings.count { $0 <= step }
  }
}

/// What is frozen, and what decides about it: part of the state of a training.
struct FreezingState: Sendable {
  /// What the last update left as it was.
  var frozenNames: Set<String> = []
  /// Of a cooling rule.
  var cooling: CoolingHistory?
  /// The arithmetic of all updates so far; `nil` where it is not counted.
  var operations: Double?
}
