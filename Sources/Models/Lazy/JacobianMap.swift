/// The Jacobian J of a network's outputs by its parameters, at fixed parameters and examples, as a linear map that
/// is never written down.
///
/// Products with J and with Jᵀ are operations with gradients of their own, as each is the gradient of the other.
struct JacobianMap<Scalar: RealScalar>: Sendable {
  let model: any Model
  let input: ModelInput<Scalar>
  /// θ₀
  let point: Parameters<Scalar>

  /// f(θ₀) and J · `vector`, `[examples, outputs]` each; only the product is recorded.
  ///
  /// Double backward: Jᵀu is linear in u, so J · v is the gradient of ⟨Jᵀu, v⟩ by u, at any u.
  ///
  /// - Complexity: About five products of matrices for each that the network has: one for the outputs, two each
  ///   for Jᵀu and for its gradient.
  func outputsAndProduct(with vector: Tensor<Scalar>) -> (
    outputs: Tensor<Scalar>, product: Tensor<Scalar>
  ) {
    let tape = Tape<Scalar>()
    defer { tape.clear() }
    let parameters = tape.watch(point.vector)
    let outputs = model.outputs(
      for: input, parameters: point.replacing(vector: parameters))
    let weights = tape.watch(outputs.detached * 0)
    let pullback = tape.gradient(
      of: (outputs * weights).sum(), by: parameters, recording: true)
    let slope = (pullback * vector.detached).sum()
    let product = slope.isRecorded ? tape.gradient(of: slope, by: weights) : weights
    return (
      outputs.detached,
      product.detached.recorded(JacobianProduct(map: self, isTransposed: false), from: vector)
    )
  }

  /// Jᵀ · `weights`, a vector of the parameters' length.
  func transposedProduct(with weights: Tensor<Scalar>) -> Tensor<Scalar> {
    let (_, gradient) = valueAndGradient(at: point.vector) { parameters in
      (model.outputs(for: input, parameters: point.replacing(vector: parameters))
        * weights.detached).sum()
    }
    return gradient.recorded(JacobianProduct(map: self, isTransposed: true), from: weights)
  }
}

/// J · x or Jᵀ · x; either's gradient by x is the other applied to what comes from above.
private struct JacobianProduct<Scalar: RealScalar>: DifferentiableOperation {
  let map: JacobianMap<Scalar>
  let isTransposed: Bool

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(
      isTransposed
        ? map.outputsAndProduct(with: upstream).product : map.transposedProduct(with: upstream),
      to: 0)
  }
}
