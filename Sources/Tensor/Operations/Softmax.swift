import GrokKernels

/// The precision of exponentials and sums inside a softmax.
public enum SoftmaxPrecision: Sendable, Hashable {
  /// The tensor's own precision.
  case ofTensor
  /// `Double` whatever the tensor holds: late in a training losses fall below what `Float` resolves.
  case double
}

extension Tensor {
  /// `exp(x) / Σ exp(x)` along the last axis, with the largest element subtracted first.
  public func softmax(precision: SoftmaxPrecision = .ofTensor) -> Tensor {
    let result = Tensor(uninitialized: shape, in: engine)
    Scalar.kernels.pointee.softmax_rows(
      pointer, result.mutablePointer, shape.rowCount, shape[-1], precision == .double)
    return result.recorded(Softmax(), from: self)
  }

  /// `x − log Σ exp(x)` along the last axis.
  public func logSoftmax(precision: SoftmaxPrecision = .ofTensor) -> Tensor {
    let result = Tensor(uninitialized: shape, in: engine)
    Scalar.kernels.pointee.log_softmax_rows(
      pointer, result.mutablePointer, shape.rowCount, shape[-1], precision == .double)
    return result.recorded(LogSoftmax(precision: precision), from: self)
  }
}

private struct Softmax<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let weighted = upstream * record.output
    let total = weighted.sum(alongAxis: -1, keepingAxis: true)
    gradients.add(weighted - record.output * total, to: 0)  // y (dy − Σ y dy)
  }
}

private struct LogSoftmax<Scalar: RealScalar>: DifferentiableOperation {
  let precision: SoftmaxPrecision
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let total = upstream.sum(alongAxis: -1, keepingAxis: true)
    gradients.add(upstream - record.first.softmax(precision: precision) * total, to: 0)
  }
}
