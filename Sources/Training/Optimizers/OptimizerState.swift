import GrokKernels
import GrokModels

/// What an optimizer carries from step to step: vectors as long as θ, by name, and the number of steps.
struct OptimizerState<Scalar: RealScalar>: Sendable {
  let optimizer: Optimizer
  let options: UpdateOptions
  /// Updates done.
  var stepCount = 0
  /// In the order of ``vectorNames``.
  var vectors: [Tensor<Scalar>]
  private let layout: ParameterLayout
  private let blocks: [UpdateBlock]

  init(
    _ optimizer: Optimizer, options: UpdateOptions = UpdateOptions(), layout: ParameterLayout,
    in context: ComputeContext
  ) {
    self.optimizer = optimizer
    self.options = options
    self.layout = layout
    blocks = UpdateBlock.blocks(of: layout, groups: options.groups)
    vectors = (optimizer.stateNames + options.stateNames).map { _ in
      Tensor(changeableZeros: Shape(layout.count), in: context)
    }
  }

  /// The names of what is carried, the optimizer's first.
  var vectorNames: [String] { optimizer.stateNames + options.stateNames }

  /// Changes `parameters` by one step, in place; of `gradient` remains what the optimizer has read.
  ///
  /// - Parameter norm: what the norm of θ is brought back to; `nil`: nothing.
  mutating func update(
    _ parameters: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, rateFactor: Double,
    norm: Double?
  ) {
    stepCount += 1
    filter(&gradient)
    if options.isOrthogonal { orthogonalize(&gradient, to: parameters) }
    if let limit = options.maximumGradientNorm {
      let factor = limit / (gradient.norm + 1e-6)
      if factor < 1 { scale(&gradient, by: factor) }
    }
    let workers = parameters.engine.workers
    let carried = optimizer.stateNames.count
    let first = carried < 1 ? nil : vectors[0].withMutableValues { $0.baseAddress! }
    let second = carried < 2 ? nil : vectors[1].withMutableValues { $0.baseAddress! }
    let read = gradient.pointer
    parameters.withMutableValues { values in
      let job = UpdateJob(
        optimizer: optimizer, rate: optimizer.learningRate * rateFactor, stepCount: stepCount,
        blocks: blocks, parameters: values.baseAddress!, gradient: read, first: first,
        second: second)
      workers.run(job, blockCount: blocks.count)
    }
    if let norm {
      let found = parameters.norm
      if found > 0 { scale(&parameters, by: norm / found) }
    }
  }

  private mutating func filter(_ gradient: inout Tensor<Scalar>) {
    guard case .exponentialAverage(let decay, let amplification) = options.gradientFilter else {
      return
    }
    let (kernels, count, isFirst) = (Scalar.kernels.pointee, gradient.count, stepCount == 1)
    gradient.withMutableValues { gradient in
      vectors[vectors.count - 1].withMutableValues { slow in
        let (slow, gradient) = (slow.baseAddress!, gradient.baseAddress!)
        if isFirst {
          slow.update(from: gradient, count: count)
        } else {
          kernels.affine(decay, slow, 0, slow, count)
          kernels.accumulate(1 - decay, gradient, slow, count)
        }
        kernels.accumulate(amplification, slow, gradient, count)
      }
    }
  }

  private func orthogonalize(_ gradient: inout Tensor<Scalar>, to parameters: Tensor<Scalar>) {
    let kernels = Scalar.kernels.pointee
    gradient.withMutableValues { gradient in
      for entry in layout.entries {
        let (start, count) = (entry.range.lowerBound, entry.range.count)
        let (w, g) = (parameters.pointer + start, gradient.baseAddress! + start)
        let (square, norm) = (BLAS.dot(w, w, count: count), BLAS.dot(g, g, count: count))
        kernels.accumulate(-BLAS.dot(w, g, count: count) / (square + 1e-30), w, g, count)
        let left = BLAS.dot(g, g, count: count).squareRoot()
        kernels.affine(norm.squareRoot() / (left + 1e-30), g, 0, g, count)
      }
    }
  }

  private func scale(_ vector: inout Tensor<Scalar>, by factor: Double) {
    let count = vector.count
    vector.withMutableValues {
      Scalar.kernels.pointee.affine(factor, $0.baseAddress!, 0, $0.baseAddress!, count)
    }
  }
}

// MARK: - The optimizer's pass

/// Elements of θ that one thread updates, with the factors of their group.
struct UpdateBlock: Sendable {
  let range: Range<Int>
  let rateFactor, decayFactor: Double

  static func blocks(of layout: ParameterLayout, groups: [ParameterGroup]) -> [UpdateBlock] {
    var runs: [UpdateBlock] = []
    for entry in layout.entries {
      let group = groups.last { $0.contains(entry.name) }
      let (rate, decay) = (group?.learningRateFactor ?? 1, group?.weightDecayFactor ?? 1)
      if let last = runs.last, (last.rateFactor, last.decayFactor) == (rate, decay) {
        runs[runs.count - 1] = UpdateBlock(
          range: last.range.lowerBound..<entry.range.upperBound, rateFactor: rate,
          decayFactor: decay)
      } else {
        runs.append(UpdateBlock(range: entry.range, rateFactor: rate, decayFactor: decay))
      }
    }
    return runs.flatMap { run in
      let count = max(1, min(64, run.range.count / 16_384))
      return (0..<count).map { block in
        let part = Workers.range(ofBlock: block, of: count, count: run.range.count, alignment: 64)
        let start = run.range.lowerBound
        return UpdateBlock(
          range: start + part.lowerBound..<start + part.upperBound, rateFactor: run.rateFactor,
          decayFactor: run.decayFactor)
      }
    }
  }
}

private struct UpdateJob<Scalar: RealScalar>: BlockJob {
  let optimizer: Optimizer
  let rate: Double
  let stepCount: Int
  let blocks: [UpdateBlock]
  let parameters: UnsafeMutablePointer<Scalar>
  let gradient: UnsafePointer<Scalar>
  let first, second: UnsafeMutablePointer<Scalar>?

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block: Int) {
    let block = blocks[block]
    let (start, rate) = (block.range.lowerBound, rate * block.rateFactor)
    switch optimizer {
    case .sgd(_, let momentum, let dampening, let decay, let nesterov):
      Scalar.kernels.pointee.sgd(
        parameters + start, gradient + start, first.map { $0 + start }, block.range.count, rate,
        momentum, dampening, decay * block.decayFactor, nesterov, stepCount == 1)
    case .adam(_, let beta1, let beta2, let epsilon, let decay):
      adam(block, rate, beta1, beta2, epsilon, decay, decoupled: false)
    case .adamW(_, let beta1, let beta2, let epsilon, let decay):
      adam(block, rate, beta1, beta2, epsilon, decay, decoupled: true)
    }
  }

  private func adam(
    _ block: UpdateBlock, _ rate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double,
    _ decay: Double, decoupled: Bool
  ) {
    let start = block.range.lowerBound
    Scalar.kernels.pointee.adam(
      parameters + start, gradient + start, first! + start, second! + start, block.range.count,
      rate, beta1, beta2, epsilon, decay * block.decayFactor, decoupled,
      1 - power(beta1, Double(stepCount)), 1 - power(beta2, Double(stepCount)))
  }
}
