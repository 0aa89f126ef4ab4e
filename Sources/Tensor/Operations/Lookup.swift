import GrokKernels

extension Tensor {
  /// The rows at the given indices, in their order, repeats allowed: an embedding, or a batch.
  ///
  /// - Shapes: This tensor `[rows, …]`; the result `[indices.count, …]`.
  public func gather(rows indices: [Int32]) -> Tensor {
    precondition(shape.rank >= 1, "gather: a scalar has no rows")
    check(indices, of: shape[0], "gather")
    let columns = shape[0] == 0 ? 0 : count / shape[0]
    let result = Tensor(uninitialized: shape.replacing(axis: 0, with: indices.count), in: engine)
    indices.withUnsafeBufferPointer { indices in
      guard let indices = indices.baseAddress else { return }
      let job = GatherJob(
        table: pointer, indices: indices, result: result.mutablePointer, rows: result.shape[0],
        columns: columns)
      engine.workers.run(job, blockCount: job.blockCount)
    }
    return result.recorded(Gather(indices: indices), from: self)
  }

  /// Adds each row to the row of the result that its index names: the gradient of
  /// ``gather(rows:)``.
  ///
  /// - Shapes: This tensor `[indices.count, …]`; the result `[rowCount, …]`.
  public func scatteredAdding(rows indices: [Int32], rowCount: Int) -> Tensor {
    precondition(
      shape.rank >= 1 && shape[0] == indices.count,
      "scatter: \(shape) with \(indices.count) indices")
    check(indices, of: rowCount, "scatter")
    let result = Tensor(
      repeating: 0, shape: shape.replacing(axis: 0, with: rowCount), engine: engine)
    Scalar.kernels.pointee.scatter_add_rows(
      pointer, indices, result.mutablePointer, indices.count,
      indices.isEmpty ? 0 : count / indices.count)
    return result.recorded(Scatter(indices: indices), from: self)
  }

  private func check(_ indices: [Int32], of rowCount: Int, _ operation: String) {
    for index in indices {
      precondition(index >= 0 && index < rowCount, "\(operation): row \(index) of \(rowCount) rows")
    }
  }
}

private struct Gather<Scalar: RealScalar>: DifferentiableOperation {
  let indices: [Int32]
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    if let table = gradients.listenedRange(of: 0) {
      return gradients.tell(.lookup(table: table, indices: indices, upstream: upstream))
    }
    gradients.add(
      upstream.scatteredAdding(rows: indices, rowCount: record.first.shape[0]), to: 0)
  }
}

private struct Scatter<Scalar: RealScalar>: DifferentiableOperation {
  let indices: [Int32]
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream.gather(rows: indices), to: 0)
  }
}

private struct GatherJob<Scalar: RealScalar>: BlockJob {
  let table: UnsafePointer<Scalar>
  let indices: UnsafePointer<Int32>
  let result: UnsafeMutablePointer<Scalar>
  let rows, columns: Int

  var blockCount: Int { max(1, min(64, rows * columns / 32_768)) }

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: rows)
    Scalar.kernels.pointee.gather_rows(
      table, indices + range.lowerBound, result + range.lowerBound * columns, range.count, columns)
  }
}
