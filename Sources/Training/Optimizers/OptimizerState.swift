import GrokKernels
import GrokTensor

/// What an optimizer carries from step to step: vectors as long as θ, by name, and the number of steps.
struct OptimizerState<Scalar: RealScalar>: Sendable {
  let optimizer: Optimizer
  /// Updates done.
  var stepCount = 0
  /// In the order of the optimizer's state names.
  var vectors: [Tensor<Scalar>]

  init(_ optimizer: Optimizer, parameterCount: Int, in context: ComputeContext) {
    self.optimizer = optimizer
    vectors = optimizer.stateNames.map { _ in
      Tensor(repeating: 0, shape: Shape(parameterCount), in: context)
    }
  }

  /// Changes `parameters` by one step, in place, in one pass over the vectors.
  mutating func update(
    _ parameters: inout Tensor<Scalar>, gradient: Tensor<Scalar>, rateFactor: Double
  ) {
    stepCount += 1
    let workers = parameters.engine.workers
    let count = parameters.count
    let first = vectors.isEmpty ? nil : vectors[0].withMutableValues { $0.baseAddress! }
    let second = vectors.count < 2 ? nil : vectors[1].withMutableValues { $0.baseAddress! }
    parameters.withMutableValues { values in
      let job = UpdateJob(
        optimizer: optimizer, rate: optimizer.learningRate * rateFactor, stepCount: stepCount,
        count: count, parameters: values.baseAddress!, gradient: gradient.pointer, first: first,
        second: second)
      workers.run(job, blockCount: job.blockCount)
    }
  }
}

private struct UpdateJob<Scalar: RealScalar>: BlockJob {
  let optimizer: Optimizer
  let rate: Double
  let stepCount: Int
  let count: Int
  let parameters: UnsafeMutablePointer<Scalar>
  let gradient: UnsafePointer<Scalar>
  let first, second: UnsafeMutablePointer<Scalar>?

  var blockCount: Int { max(1, min(64, count / 16_384)) }

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: count, alignment: 64)
    let start = range.lowerBound
    switch optimizer {
    case .sgd(_, let momentum, let dampening, let decay, let nesterov):
      Scalar.kernels.pointee.sgd(
        parameters + start, gradient + start, first.map { $0 + start }, range.count, rate, momentum,
        dampening, decay, nesterov, stepCount == 1)
    case .adam(_, let beta1, let beta2, let epsilon, let decay):
      adam(range, beta1, beta2, epsilon, decay, decoupled: false)
    case .adamW(_, let beta1, let beta2, let epsilon, let decay):
      adam(range, beta1, beta2, epsilon, decay, decoupled: true)
    }
  }

  private func adam(
    _ range: Range<Int>, _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ decay: Double,
    decoupled: Bool
  ) {
    let start = range.lowerBound
    Scalar.kernels.pointee.adam(
      parameters + start, gradient + start, first! + start, second! + start, range.count, rate,
      beta1, beta2, epsilon, decay, decoupled, 1 - power(beta1, Double(stepCount)),
      1 - power(beta2, Double(stepCount)))
  }
}
