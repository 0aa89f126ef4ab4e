import GrokKernels
import GrokModels

/// Elements of θ that one thread updates, with the factors of their group.
struct UpdateBlock: Sendable {
  let range: Range<Int>
  let rateFactor, decayFactor: Double
  /// Whether it stays as it is.
  let isFrozen: Bool

  static func blocks(
    of layout: ParameterLayout, groups: [ParameterGroup], frozenNames: Set<String> = []
  ) -> [UpdateBlock] {
    var runs: [UpdateBlock] = []
    for entry in layout.entries {
      let group = groups.last { $0.contains(entry.name) }
      let (rate, decay) = (group?.learningRateFactor ?? 1, group?.weightDecayFactor ?? 1)
      let isFrozen = frozenNames.contains(entry.name)
      var start = entry.range.lowerBound
      if let last = runs.last, last.isFrozen == isFrozen,
        (last.rateFactor, last.decayFactor) == (rate, decay)
      {
        start = last.range.lowerBound
        runs.removeLast()
      }
      runs.append(
        UpdateBlock(
          range: start..<entry.range.upperBound, rateFactor: rate, decayFactor: decay,
          isFrozen: isFrozen))
    }
    return runs.flatMap { run in
      let count = max(1, min(64, run.range.count / 16_384))
      return (0..<count).map { block in
        let part = Workers.range(ofBlock: block, of: count, count: run.range.count, alignment: 64)
        let start = run.range.lowerBound
        return UpdateBlock(
          range: start + part.lowerBound..<start + part.upperBound, rateFactor: run.rateFactor,
          decayFactor: run.decayFactor, isFrozen: run.isFrozen)
      }
    }
  }
}

/// One update of all of θ, block by block.
struct UpdateJob<Scalar: RealScalar>: BlockJob {
  let optimizer: Optimizer
  let rate: Double
  let stepCount: Int
  let blocks: [UpdateBlock]
  let parameters: UnsafeMutablePointer<Scalar>
  let gradient: UnsafePointer<Scalar>
  let first, second: UnsafeMutablePointer<Scalar>?

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block: Int) { update(blocks[block].range, of: blocks[block]) }

  /// Updates some elements of a block, unless it is frozen.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func update(_ range: Range<Int>, of block: UpdateBlock) {
    if block.isFrozen { return }
    let (start, count, rate) = (range.lowerBound, range.count, rate * block.rateFactor)
    switch optimizer {
    case .sgd(_, let momentum, let dampening, let decay, let nesterov):
      Scalar.kernels.pointee.sgd(
        parameters + start, gradient + start, first.map { $0 + start }, count, rate,
        momentum, dampening, decay * block.decayFactor, nesterov, stepCount == 1)
    case .adam(_, let beta1, let beta2, let epsilon, let decay):
      adam(range, block, rate, beta1, beta2, epsilon, decay, decoupled: false)
    case .adamW(_, let beta1, let beta2, let epsilon, let decay):
      adam(range, block, rate, beta1, beta2, epsilon, decay, decoupled: true)
    }
  }

  private func adam(
    _ range: Range<Int>, _ block: UpdateBlock, _ rate: Double, _ beta1: Double, _ beta2: Double,
    _ epsilon: Double, _ decay: Double, decoupled: Bool
  ) {
    let start = range.lowerBound
    Scalar.kernels.pointee.adam(
      parameters + start, gradient + start, first! + start, second! + start, range.count,
      rate, beta1, beta2, epsilon, decay * block.decayFactor, decoupled,
      1 - power(beta1, Double(stepCount)), 1 - power(beta2, Double(stepCount)))
  }
}
