import GrokKernels

extension Tensor {
  /// The sum of all elements, a scalar, added up in `Double`.
  public func sum() -> Tensor {
    let total = Scalar(Scalar.kernels.pointee.sum(pointer, count))
    return Tensor(repeating: total, shape: Shape(), engine: engine).recorded(Sum(), from: self)
  }

  /// The mean of all elements, a scalar.
  public func mean() -> Tensor { sum() / Scalar(count) }

  /// The sum along one axis.
  ///
  /// - Parameter keepingAxis: Whether the axis stays, with extent 1.
  public func sum(alongAxis axis: Int, keepingAxis: Bool = false) -> Tensor {
    let kept = sum(to: shape.replacing(axis: axis, with: 1))
    return keepingAxis ? kept : kept.reshaped(to: shape.removing(axis: axis))
  }

  /// The mean along one axis.
  public func mean(alongAxis axis: Int, keepingAxis: Bool = false) -> Tensor {
    sum(alongAxis: axis, keepingAxis: keepingAxis) / Scalar(shape[axis])
  }

  /// The sum over the axes that a tensor of shape `target` repeats when it broadcasts to this shape: the
  /// gradient of broadcasting.
  public func sum(to target: Shape) -> Tensor {
    if target == shape { return self }
    precondition(
      target.broadcast(with: shape) == shape, "sum: \(target) does not broadcast to \(shape)")
    let result: Tensor
    if target.count == shape[-1] && target.rank > 0 && target[-1] == shape[-1] {
      result = Tensor(uninitialized: target, in: engine)
      Scalar.kernels.pointee.column_sums(
        pointer, shape[-1], result.mutablePointer, shape.rowCount, shape[-1])
    } else {
      result = Tensor(repeating: 0, shape: target, engine: engine)
      var axes = gk_axes(of: shape)
      axes.setStrides(x: shape, out: target, within: shape)
      gk_accumulate(Scalar.kernels.pointee.type, &axes, pointer, result.mutablePointer)
    }
    return result.recorded(Sum(), from: self)
  }

  /// This tensor repeated to a shape that it broadcasts to.
  public func broadcast(to target: Shape) -> Tensor {
    if target == shape { return self }
    precondition(
      shape.broadcast(with: target) == target, "broadcast: \(shape) does not repeat to \(target)")
    let result = Tensor(uninitialized: target, in: engine)
    var axes = gk_axes(of: target)
    axes.setStrides(x: shape, out: target, within: target)
    gk_copy(Scalar.kernels.pointee.type, &axes, pointer, result.mutablePointer)
    return result.recorded(Broadcast(), from: self)
  }
}

private struct Sum<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream.broadcast(to: record.first.shape), to: 0)
  }
}

private struct Broadcast<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream.sum(to: record.first.shape), to: 0)
  }
}

// MARK: - Numbers of a whole tensor, not recorded

extension Tensor {
  /// The index of the first largest element of each row (of the last axis).
  public func rowArgmax() -> [Int32] {
    precondition(shape.rank > 0, "rowArgmax: a scalar has no rows")
    return [Int32](unsafeUninitializedCapacity: shape.rowCount) { buffer, initialized in
      Scalar.kernels.pointee.row_argmax(
        pointer, shape[-1], buffer.baseAddress!, shape.rowCount, shape[-1])
      initialized = shape.rowCount
    }
  }

  /// The square root of the sum of squares, added up in `Double`.
  public var norm: Double {
    let blockCount = max(1, min(64, count / 65_536))
    let sums = Tensor<Double>(uninitialized: Shape(blockCount), in: engine)
    engine.workers.run(
      SquaresJob(
        values: pointer, count: count, blockCount: blockCount, sums: sums.mutablePointer),
      blockCount: blockCount)
    return sums.withValues { $0.reduce(0, +) }.squareRoot()
  }

  /// Whether no element is infinite or not a number.
  public var isFinite: Bool { Scalar.kernels.pointee.all_finite(pointer, count) }
}

private struct SquaresJob<Scalar: RealScalar>: BlockJob {
  let values: UnsafePointer<Scalar>
  let count, blockCount: Int
  let sums: UnsafeMutablePointer<Double>

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: count)
    sums[block] = Scalar.kernels.pointee.sum_of_squares(values + range.lowerBound, range.count)
  }
}
