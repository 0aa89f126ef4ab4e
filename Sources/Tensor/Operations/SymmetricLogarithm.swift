extension Tensor {
  /// sign(x) log(1 + |x|), element by element: the logarithm of `stablemax`'s s(x), which is x + 1 for x ≥ 0 and
  /// 1 / (1 − x) below, so that stablemax is the softmax of this.
  public func symmetricLogarithm() -> Tensor {
    let plain = detached
    let result = plain.sign() * (plain.absoluteValue() + 1).logarithm()
    return result.recorded(SymmetricLogarithm(), from: self)
  }
}

private struct SymmetricLogarithm<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream / (record.first.absoluteValue() + 1), to: 0)  // dx / (1 + |x|)
  }
}
