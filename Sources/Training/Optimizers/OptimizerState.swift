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
  /// Takes the sums over updates that are recorded; `nil` where none is.
  var motion: MotionRecorder<Scalar>?
  private let layout: ParameterLayout
  private var blocks: [UpdateBlock]

  init(
    _ optimizer: Optimizer, options: UpdateOptions = UpdateOptions(), layout: ParameterLayout,
    motion: MotionRecording? = nil, in context: ComputeContext
  ) {
    self.optimizer = optimizer
    self.options = options
    self.layout = layout
    blocks = UpdateBlock.blocks(of: layout, groups: options.groups)
    let way = MotionWay(optimizer, options)
    vectorNames =
      optimizer.stateNames + options.stateNames + (motion.map(way.stateNames) ?? [])
    vectors = vectorNames.map { _ in Tensor(changeableZeros: Shape(layout.count), in: context) }
    self.motion = motion.map {
      MotionRecorder(
        $0, way, layout, optimizer: optimizer, options: options, blocks: blocks, in: context)
    }
  }

  /// Leaves some parameters as they are from here on, and takes their velocity: all that is carried of them but second
  /// moments.
  mutating func freeze(_ names: Set<String>) {
    blocks = UpdateBlock.blocks(of: layout, groups: options.groups, frozenNames: names)
    motion?.cut(blocks)
    for (index, name) in vectorNames.enumerated() where name != "secondMoment" {
      vectors[index].withMutableValues { values in
        for entry in layout.entries where names.contains(entry.name) {
          Scalar.kernels.pointee.fill(
            values.baseAddress! + entry.range.lowerBound, 0, entry.range.count)
        }
      }
    }
  }

  /// The names of what is carried: the optimizer's first, then that of the options, then that of the record of motion.
  let vectorNames: [String]

  /// Changes `parameters` by one step, in place; of `gradient` remains what the optimizer has read.
  ///
  /// - Parameter norm: what the norm of θ is brought back to; `nil`: nothing.
  /// - Parameter seesMotion: Whether ``motion`` takes the sums over this update.
  /// - Parameter keepsGradient: Whether the next step is compared with this one; `gradient` is then given other memory.
  mutating func update(
    _ parameters: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, rateFactor: Double,
    norm: Double?, seesMotion: Bool = false, keepsGradient: Bool = false
  ) {
    stepCount += 1
    let seesMotion = seesMotion && motion != nil
    if seesMotion { motion!.begin(parameters, gradient) }
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
      if seesMotion && motion!.way.isFused {
        motion!.run(job, to: values.baseAddress!, gradient: gradient, &vectors, workers)
      } else {
        workers.run(job, blockCount: blocks.count)
      }
    }
    if let norm {
      let found = parameters.norm
      if found > 0 { scale(&parameters, by: norm / found) }
    }
    if seesMotion && !motion!.way.isFused {
      motion!.run(nil, to: parameters.pointer, gradient: gradient, &vectors, workers)
    }
    if keepsGradient { motion?.keepGradient(&gradient, &vectors) }
  }

  private mutating func filter(_ gradient: inout Tensor<Scalar>) {
    guard case .exponentialAverage(let decay, let amplification) = options.gradientFilter else {
      return
    }
    let (kernels, count, isFirst) = (Scalar.kernels.pointee, gradient.count, stepCount == 1)
    gradient.withMutableValues { gradient in
      vectors[optimizer.stateNames.count].withMutableValues { slow in
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
