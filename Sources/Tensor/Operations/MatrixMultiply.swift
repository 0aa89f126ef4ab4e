extension Tensor {
  /// The matrix product `self · right`; either side may be read transposed, without a copy.
  ///
  /// - Shapes: `[m, k] · [k, n]` is `[m, n]`. Leading axes are a batch: equal on both sides, or on the
  ///   left only, where each matrix then meets the same right side.
  /// - Parameter transposed: Whether the last two axes of this tensor, and of `right`, are exchanged
  ///   first.
  public func matmul(
    _ right: Tensor, transposed: (left: Bool, right: Bool) = (false, false)
  ) -> Tensor {
    if right.shape.rank == 2 && shape.rank > 2 && !transposed.left {
      let flat = reshaped(to: Shape(shape.rowCount, shape[-1]))
      let product = flat.matmul(right, transposed: transposed)
      return product.reshaped(to: shape.replacing(axis: -1, with: product.shape[-1]))
    }
    let dimensions = ProductDimensions(shape, right.shape, transposed)
    let engine = Engine.common(self, right)
    let target = shape.replacing(axis: -2, with: dimensions.rows)
      .replacing(axis: -1, with: dimensions.columns)
    let result = Tensor(uninitialized: target, in: engine)
    if dimensions.batchCount == 1 {
      let product = RowProduct(
        dimensions, left: pointer, right: right.pointer, result: result.mutablePointer, in: engine)
      engine.workers.run(product, blockCount: product.partition.blockCount)
    } else {
      let job = BatchProductJob(
        dimensions: dimensions, left: pointer, right: right.pointer, result: result.mutablePointer)
      engine.workers.run(job, blockCount: job.blockCount)
    }
    return result.recorded(
      MatrixProduct(left: transposed.left, right: transposed.right), from: self, right)
  }
}

private struct MatrixProduct<Scalar: RealScalar>: DifferentiableOperation, ProductOperation {
  let left, right: Bool

  func multiplicationCount(first: Shape, second: Shape, output: Shape) -> Int {
    output.count * first[left ? -2 : -1]
  }

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    // C = op(A) op(B): d op(A) = dC op(B)ᵀ and d op(B) = op(A)ᵀ dC, transposed back where op transposes.
    let (a, b) = (record.first, record.second!)
    gradients.add(
      left
        ? b.matmul(upstream, transposed: (right, true))
        : upstream.matmul(b, transposed: (false, !right)), to: 0)
    gradients.add(
      right
        ? upstream.matmul(a, transposed: (true, left))
        : a.matmul(upstream, transposed: (!left, false)), to: 1)
  }
}

/// The sizes of a batch of products `[rows, inner] · [inner, columns]`, after transposition.
struct ProductDimensions {
  let batchCount, rows, columns, inner: Int
  let transposedLeft, transposedRight: Bool

  init(rows: Int, columns: Int, inner: Int, transposedLeft: Bool, transposedRight: Bool) {
    batchCount = 1
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.transposedLeft = transposedLeft
    self.transposedRight = transposedRight
  }

  init(_ left: Shape, _ right: Shape, _ transposed: (left: Bool, right: Bool)) {
    func describe(_ problem: String) -> String {
      "matmul: \(left)\(transposed.left ? "ᵀ" : "") · \(right)\(transposed.right ? "ᵀ" : ""): \(problem)"
    }
    precondition(
      left.rank >= 2 && left.rank == right.rank,
      describe("both sides need the same axes, at least two"))
    batchCount = left.count == 0 ? 0 : left.count / (left[-1] * left[-2])
    for axis in 0..<left.rank - 2 {
      precondition(left[axis] == right[axis], describe("the leading axes differ"))
    }
    rows = transposed.left ? left[-1] : left[-2]
    inner = transposed.left ? left[-2] : left[-1]
    columns = transposed.right ? right[-2] : right[-1]
    let rightRows = transposed.right ? right[-1] : right[-2]
    precondition(
      inner == rightRows, describe("\(inner) columns cannot meet \(rightRows) rows"))
    transposedLeft = transposed.left
    transposedRight = transposed.right
  }
}

/// A batch of matrix products, cut into runs of whole products of about a million operations each.
private struct BatchProductJob<Scalar: RealScalar>: BlockJob {
  let dimensions: ProductDimensions
  let left, right: UnsafePointer<Scalar>
  let result: UnsafeMutablePointer<Scalar>

  var blockCount: Int {
    let work = dimensions.batchCount * dimensions.rows * dimensions.columns * dimensions.inner
    return max(1, min(dimensions.batchCount, min(64, work / 1_000_000)))
  }

  func run(block: Int) {
    let d = dimensions
    for batch in Workers.range(ofBlock: block, of: blockCount, count: d.batchCount) {
      BLAS.multiply(
        left + batch * d.rows * d.inner, leadingA: d.transposedLeft ? d.rows : d.inner,
        transposedA: d.transposedLeft,
        right + batch * d.inner * d.columns, leadingB: d.transposedRight ? d.inner : d.columns,
        transposedB: d.transposedRight,
        into: result + batch * d.rows * d.columns, leadingC: d.columns,
        rows: d.rows, columns: d.columns, inner: d.inner)
    }
  }
}
