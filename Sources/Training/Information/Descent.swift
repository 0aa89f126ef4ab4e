import GrokModels

/// Steps of an optimizer on any function of θ: for what is trained on other things than labelled examples.
///
/// The numbers depend on the start and on the functions alone, not on the number of threads.
struct Descent {
  private(set) var parameters: Tensor<Float>
  let layout: ParameterLayout
  private var optimizer: OptimizerState<Float>
  private var gradient: Tensor<Float>
  private let tape = Tape<Float>()

  init(
    from parameters: [Float], layout: ParameterLayout, optimizer: Optimizer,
    in context: ComputeContext
  ) {
    self.parameters = Tensor(changeable: parameters, shape: Shape(layout.count), in: context)
    self.layout = layout
    self.optimizer = OptimizerState(optimizer, layout: layout, in: context)
    gradient = Tensor(repeating: 0, shape: Shape(layout.count), in: context)
  }

  /// θ as it is now.
  var current: Parameters<Float> { Parameters(parameters, layout: layout) }

  /// One update that makes `objective` smaller.
  ///
  /// - Returns: its value before; where it is not finite nothing is changed.
  mutating func step(_ objective: (Parameters<Float>) -> Tensor<Float>) -> Double {
    flushingDenormals {
      let value = writeGradient(objective)
      if value.isFinite {
        optimizer.update(&parameters, gradient: &gradient, rateFactor: 1, norm: nil)
      }
      return Double(value)
    }
  }

  // In a function of its own, so that nothing refers to θ any more when the optimizer changes it.
  private func writeGradient(_ objective: (Parameters<Float>) -> Tensor<Float>) -> Float {
    let vector = tape.watch(parameters)
    let value = objective(Parameters(vector, layout: layout))
    let number = value.value
    if number.isFinite {
      tape.writeGradient(of: value, by: vector, to: gradient)
    } else {
      tape.clear()
    }
    return number
  }
}
