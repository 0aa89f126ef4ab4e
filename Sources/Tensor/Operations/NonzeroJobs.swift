import GrokKernels

/// Weights `[outputs, inputs]` as products that leave out zeros read them, by runs of inputs.
struct NonzeroPackingJob<Scalar: RealScalar>: BlockJob {
  let packed: Tensor<Scalar>
  private let weight: UnsafePointer<Scalar>
  private let outputs, inputs: Int

  init(weight: UnsafePointer<Scalar>, outputs: Int, inputs: Int, engine: Engine) {
    self.weight = weight
    self.outputs = outputs
    self.inputs = inputs
    let lanes = 64 / MemoryLayout<Scalar>.size
    packed = Tensor(
      uninitialized: Shape(inputs * ((outputs + lanes - 1) / lanes * lanes)), in: engine)
  }

  var blockCount: Int { max(1, min(16, inputs / 64)) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: inputs, alignment: 8)
    Scalar.kernels.pointee.nonzeros_pack(
      weight, outputs, inputs, packed.mutablePointer, range.lowerBound, range.upperBound)
  }
}

/// dzᵀ x, `[outputs, inputs]`, without the zeros of x, by blocks of inputs.
struct NonzeroGradientJob<Scalar: RealScalar>: BlockJob {
  let x: NonzeroRows<Scalar>
  let dz: UnsafePointer<Scalar>
  let result: UnsafeMutablePointer<Scalar>
  let rows, outputs: Int

  var blockCount: Int { x.table.blockCount }

  func run(block: Int) {
    x.withKernelOperand(stride: 0) {
      Scalar.kernels.pointee.nonzeros_gradient($0, dz, rows, outputs, result, block)
    }
  }
}
