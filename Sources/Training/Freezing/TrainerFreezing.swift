import GrokKernels
import GrokModels

// What a training does about what is frozen, in each of its steps.

extension Trainer {
  /// Brings what is frozen, and how many stages are in use, to this step.
  mutating func freeze() {
    if freezing == .never { return }
    if let depth = freezingPlan.depth(atStep: state.step), let entry = freezingPlan.depthEntry {
      let place = entry.range.lowerBound
      state.modelState?.withMutableValues { values in
        if values[place] != Scalar(depth) { values[place] = Scalar(depth) }
      }
    }
    let names = freezingPlan.frozenNames(atStep: state.step, cooling: state.freezing.cooling)
    if names == state.freezing.frozenNames { return }
    state.freezing.frozenNames = names
    state.optimizer.freeze(names)
    operationsPerExample = nil
  }

  /// Adds the arithmetic of the update that comes now.
  mutating func countOperations(of batch: Batch<Scalar>) throws {
    guard let operations = state.freezing.operations else { return }
    if operationsPerExample == nil {
      operationsPerExample = try OperationCount(
        of: model, reading: batch.piece(0..<1).input, state: state.modelState,
        frozenNames: state.freezing.frozenNames
      ).total
    }
    state.freezing.operations =
      operations + Double(operationsPerExample ?? 0) * Double(batch.exampleCount)
  }

  /// Takes what networks that read θ in one piece have found for frozen parameters out of a gradient, and follows how
  /// warm the others are.
  mutating func settle(_ gradient: Tensor<Scalar>) {
    for entry in model.layout.entries where state.freezing.frozenNames.contains(entry.name) {
      Scalar.kernels.pointee.fill(
        gradient.mutablePointer + entry.range.lowerBound, 0, entry.range.count)
    }
    guard case .whenCool(let rule) = freezing else { return }
    let rate = state.optimizer.optimizer.learningRate * learningRate.factor(atStep: state.step)
    let temperatures = freezingPlan.coolingStages.map { stage -> Double in
      let squares = stage.parameterNames.map { name -> Double in
        let norm = Parameters(gradient, layout: model.layout)[name].norm
        return norm * norm
      }
      return rate * squares.reduce(0, +).squareRoot()
    }
    state.freezing.cooling?.append(temperatures, step: state.step, rule: rule)
  }

  /// What is recorded of arithmetic and of what is frozen.
  var arithmetic: [(name: String, value: Double)] {
    var values: [(name: String, value: Double)] = []
    if let operations = state.freezing.operations {
      values.append(("compute/operations", operations))
    }
    if freezing != .never {
      let frozen = model.layout.entries.filter { state.freezing.frozenNames.contains($0.name) }
      let count = frozen.reduce(0) { $0 + $1.range.count }
      values.append(("compute/frozen", Double(count) / Double(model.layout.count)))
    }
    return values
  }
}
