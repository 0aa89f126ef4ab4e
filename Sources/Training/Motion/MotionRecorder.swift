import GrokKernels
import GrokModels

/// Takes the sums over updates, and makes rows of them.
struct MotionRecorder<Scalar: RealScalar>: Sendable {
  let recording: MotionRecording
  let columns: MotionColumns
  /// How the sums are taken.
  let way: MotionWay
  /// The weights at the start, where the distance from them is wanted.
  var origin: Tensor<Scalar>?
  private let components: MotionComponents
  private var plan: MotionPlan
  /// Where those of the step before are among the optimizer's vectors.
  private let previousGradient, previousUpdate: Int?
  private let rate: Double
  private var scratch: [Scalar]
  private var slots, leaves: [Double]
  private var row: MotionRow
  // Where the sums are taken in a pass of their own.
  private var weightCopy, gradientCopy: Tensor<Scalar>?

  init(
    _ recording: MotionRecording, _ way: MotionWay, _ layout: ParameterLayout,
    optimizer: Optimizer, options: UpdateOptions, blocks: [UpdateBlock], in context: ComputeContext
  ) {
    self.recording = recording
    self.way = way
    components = MotionComponents(layout, optimizer: optimizer, groups: options.groups)
    columns = MotionColumns(components: components.all, quantities: recording.quantities)
    plan = MotionPlan(components, blocks: blocks)
    rate = optimizer.learningRate
    let first = optimizer.stateNames.count + options.stateNames.count
    previousGradient = recording.comparesSteps ? first : nil
    previousUpdate = recording.comparesSteps && !way.updatesAreMomentum ? first + 1 : nil
    let sumCount = MotionJob<Scalar>.sumCount
    scratch = [Scalar](repeating: 0, count: 2 * MotionPlan.chunkLength * blocks.count)
    slots = [Double](repeating: 0, count: plan.leafOfSlot.count * sumCount)
    leaves = [Double](repeating: 0, count: components.leaves.count * sumCount)
    row = MotionRow(columns: columns)
    if !way.isFused {
      weightCopy = Tensor(changeableZeros: Shape(layout.count), in: context)
      gradientCopy = Tensor(changeableZeros: Shape(layout.count), in: context)
    }
  }

  /// Takes the sums over other blocks of the optimizer from here on.
  mutating func cut(_ blocks: [UpdateBlock]) {
    plan = MotionPlan(components, blocks: blocks)
    scratch = [Scalar](repeating: 0, count: 2 * MotionPlan.chunkLength * blocks.count)
    slots = [Double](repeating: 0, count: plan.leafOfSlot.count * MotionJob<Scalar>.sumCount)
  }

  /// To be called before anything changes the gradient or the weights.
  mutating func begin(_ parameters: Tensor<Scalar>, _ gradient: Tensor<Scalar>) {
    weightCopy?.withMutableValues {
      $0.baseAddress!.update(from: parameters.pointer, count: parameters.count)
    }
    gradientCopy?.withMutableValues {
      $0.baseAddress!.update(from: gradient.pointer, count: gradient.count)
    }
  }

  /// Takes the sums over an update, and makes it where it is given.
  ///
  /// - Parameter after: The weights that it changes, or has changed.
  mutating func run(
    _ update: UpdateJob<Scalar>?, to after: UnsafePointer<Scalar>, gradient: Tensor<Scalar>,
    _ vectors: inout [Tensor<Scalar>], _ workers: Workers
  ) {
    for index in slots.indices { slots[index] = 0 }
    let kept = previousUpdate.map { vectors[$0].withMutableValues { $0.baseAddress! } }
    let previous = previousGradient.map { vectors[$0].pointer }
    let (plan, before, origin) = (plan, weightCopy?.pointer, origin?.pointer)
    let read = gradientCopy?.pointer ?? gradient.pointer
    slots.withUnsafeMutableBufferPointer { slots in
      scratch.withUnsafeMutableBufferPointer { scratch in
        let job = MotionJob(
          plan: plan, update: update, before: before, after: after, gradient: read,
          previousGradient: previous, previousUpdate: kept, origin: origin,
          scratch: scratch.baseAddress!, sums: slots.baseAddress!)
        workers.run(job, blockCount: plan.chunksOfBlock.count)
      }
    }
  }

  /// Keeps the gradient for the next step, and gives other memory in its place.
  mutating func keepGradient(_ gradient: inout Tensor<Scalar>, _ vectors: inout [Tensor<Scalar>]) {
    guard let previousGradient else { return }
    if gradientCopy == nil {
      swap(&gradient, &vectors[previousGradient])
    } else {
      swap(&gradientCopy!, &vectors[previousGradient])
    }
  }
}

// MARK: - Rows

extension MotionRecorder {
  /// The row of the update whose sums were taken last.
  ///
  /// - Parameter rateFactor: The schedule's factor on the rate at this step, `previousRateFactor` that at the step before.
  mutating func row(step: Int, loss: Double, rateFactor: Double, previousRateFactor: Double)
    -> MotionRow
  {
    let sumCount = MotionJob<Scalar>.sumCount
    for index in leaves.indices { leaves[index] = 0 }
    for (slot, leaf) in plan.leafOfSlot.enumerated() {
      for sum in 0..<sumCount { leaves[leaf * sumCount + sum] += slots[slot * sumCount + sum] }
    }
    if way.updatesAreMomentum {
      for (leaf, component) in components.leaves.enumerated() {
        // d′ = −η′ b
        let factor = -rate * previousRateFactor * components.all[component].rateFactor
        leaves[leaf * sumCount + Int(GK_MOTION_DE)] *= factor
        leaves[leaf * sumCount + Int(GK_MOTION_GE)] *= factor
        leaves[leaf * sumCount + Int(GK_MOTION_EE)] *= factor * factor
      }
    }
    row.step = step
    row.loss = loss
    row.learningRate = rate * rateFactor
    for (component, parts) in components.parts.enumerated() { write(parts, to: component) }
    for (leaf, component) in components.leaves.enumerated()
    where component >= components.parts.count {
      write(CollectionOfOne(leaf), to: component)
    }
    return row
  }

  private mutating func write(_ parts: some Collection<Int>, to component: Int) {
    let sumCount = MotionJob<Scalar>.sumCount
    for (place, quantity) in columns.quantities.enumerated() {
      guard let sum = quantity.sum else { continue }
      var total = 0.0
      for leaf in parts { total += leaves[leaf * sumCount + sum] }
      if quantity.isNorm { total = total.squareRoot() }
      if row.step == 0 && quantity.isOfStepBefore { total = .nan }
      row.values[component * columns.quantities.count + place] = total
    }
  }
}

extension MotionQuantity {
  /// Its sum; `nil` where it is made of others.
  fileprivate var sum: Int? {
    switch self {
    case .gradientNorm: Int(GK_MOTION_GG)
    case .updateNorm: Int(GK_MOTION_DD)
    case .weightNorm: Int(GK_MOTION_WW)
    case .gradientAlongUpdate: Int(GK_MOTION_GD)
    case .weightAlongUpdate: Int(GK_MOTION_WD)
    case .updateAlongPrevious: Int(GK_MOTION_DE)
    case .gradientAlongPrevious: Int(GK_MOTION_GF)
    case .gradientAlongPreviousUpdate: Int(GK_MOTION_GE)
    case .previousUpdateNorm: Int(GK_MOTION_EE)
    case .previousGradientNorm: Int(GK_MOTION_FF)
    case .displacement: Int(GK_MOTION_AWAY)
    default: nil
    }
  }

  fileprivate var isNorm: Bool {
    switch self {
    case .gradientNorm, .updateNorm, .weightNorm, .previousUpdateNorm, .previousGradientNorm,
      .displacement:
      true
    default: false
    }
  }

  fileprivate var isOfStepBefore: Bool { Self.comparisons.contains(self) }
}
