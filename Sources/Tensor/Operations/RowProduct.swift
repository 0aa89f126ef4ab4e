import GrokKernels

/// One matrix product, cut into blocks of rows that any threads compute.
///
/// Every element is summed in one order, whatever the cut. Large products are the kernels' own where the
/// processor's level has vectors, all others are BLAS's.
struct RowProduct<Scalar: RealScalar>: BlockJob {
  let dimensions: ProductDimensions
  let partition: RowPartition
  private var operands: gk_product
  private let workspace: Tensor<Scalar>?  // nil where BLAS multiplies
  private let nonzeros: NonzeroRows<Scalar>?  // of the left side, where its zeros are left out

  /// Prepares a product; the operands must stay alive while blocks are computed. Packs the right side,
  /// if it is transposed, with all threads of `engine`.
  ///
  /// - Parameter nonzeros: The elements of the left side that are not zero, of a product that is large enough to leave
  ///   out the others.
  /// - Parameter adding: whether the product is added to what `result` holds.
  init(
    _ dimensions: ProductDimensions, left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>,
    result: UnsafeMutablePointer<Scalar>, nonzeros: NonzeroRows<Scalar>? = nil,
    adding: Bool = false, in engine: Engine
  ) {
    self.dimensions = dimensions
    partition = RowPartition(dimensions, of: Scalar.self)
    let d = dimensions
    var operands = gk_product(
      rows: d.rows, columns: d.columns, inner: d.inner, a: left, b: right, c: result,
      stride_a: d.transposedLeft ? d.rows : d.inner,
      stride_b: d.transposedRight ? d.inner : d.columns, stride_c: d.columns,
      transposed_a: d.transposedLeft, transposed_b: d.transposedRight, adds: adding,
      upper: false, workspace: nil)
    self.nonzeros =
      d.hasTiles(of: Scalar.self) && d.transposedRight && !d.transposedLeft ? nonzeros : nil
    if self.nonzeros != nil {
      let job = NonzeroPackingJob<Scalar>(
        weight: right, outputs: d.columns, inputs: d.inner, engine: engine)
      workspace = job.packed
      engine.workers.run(job, blockCount: job.blockCount)
    } else if d.hasTiles(of: Scalar.self) {
      let size = Scalar.kernels.pointee.product_workspace(&operands)
      let workspace = Tensor<Scalar>(uninitialized: Shape(size), in: engine)
      operands.workspace = UnsafeMutableRawPointer(workspace.mutablePointer)
      self.workspace = workspace
    } else {
      workspace = nil
    }
    self.operands = operands
    if d.transposedRight && workspace != nil && self.nonzeros == nil {
      let panelCount = Scalar.kernels.pointee.product_panels(&operands)
      engine.workers.run(PackingJob<Scalar>(operands: operands), blockCount: panelCount)
    }
  }

  /// The same product of another left side and into another result, so many elements further on.
  func moved(left: Int = 0, result: Int = 0) -> RowProduct {
    var moved = self
    moved.operands.a += left * MemoryLayout<Scalar>.stride
    moved.operands.c += result * MemoryLayout<Scalar>.stride
    return moved
  }

  func run(block: Int) { multiply(rows: partition[block]) }

  /// Computes rows of the result: a block of the partition.
  func multiply(rows: Range<Int>) {
    if let nonzeros, let workspace {
      nonzeros.withKernelOperand(stride: dimensions.columns) {
        Scalar.kernels.pointee.nonzeros_product(
          $0, workspace.pointer, dimensions.columns, operands.c, rows.lowerBound, rows.upperBound)
      }
    } else if workspace != nil {
      withUnsafePointer(to: operands) {
        Scalar.kernels.pointee.product_rows($0, rows.lowerBound, rows.upperBound)
      }
    } else {
      let d = dimensions
      let start = rows.lowerBound
      BLAS.multiply(
        operands.a.assumingMemoryBound(to: Scalar.self) + start * (d.transposedLeft ? 1 : d.inner),
        leadingA: operands.stride_a, transposedA: d.transposedLeft,
        operands.b.assumingMemoryBound(to: Scalar.self),
        leadingB: operands.stride_b, transposedB: d.transposedRight,
        into: operands.c.assumingMemoryBound(to: Scalar.self) + start * d.columns,
        leadingC: d.columns, rows: rows.count, columns: d.columns, inner: d.inner,
        accumulate: operands.adds ? 1 : 0)
    }
  }
}

/// The panels of a product's right side.
private struct PackingJob<Scalar: RealScalar>: BlockJob {
  let operands: gk_product
  func run(block: Int) {
    withUnsafePointer(to: operands) { Scalar.kernels.pointee.product_pack($0, block, block + 1) }
  }
}

/// How the rows of a product are shared out: by sizes alone.
struct RowPartition {
  let rowCount, blockCount: Int
  private let alignment: Int

  init<Scalar: RealScalar>(_ dimensions: ProductDimensions, of _: Scalar.Type) {
    let d = dimensions
    rowCount = d.rows
    let height: Int  // of a block at least, so that what its rows share is read often enough
    let least: Int  // multiply-adds of a block, so that handing it over costs little
    if d.hasTiles(of: Scalar.self) {
      alignment = Scalar.kernels.pointee.product_tile
      height = alignment * (d.columns * d.inner > 200_000 ? 4 : 2)
      least = 1_000_000
    } else {
      alignment = 4
      height = 96
      least = 200_000
    }
    let work = d.rows * d.columns * d.inner
    blockCount = max(1, min(64, work / least, d.rows / height))
  }

  subscript(block: Int) -> Range<Int> {
    Workers.range(ofBlock: block, of: blockCount, count: rowCount, alignment: alignment)
  }
}

extension ProductDimensions {
  /// Whether the kernels' own product is the faster one.
  func hasTiles<Scalar: RealScalar>(of _: Scalar.Type) -> Bool {
    Scalar.kernels.pointee.level != GK_PORTABLE && min(rows, columns, inner) >= 16
  }
}
