/// The value of a scalar function and its gradient.
///
/// - Parameter function: From a tensor to one of a single element, made of tensor operations.
/// - Returns: The value, and the gradient in the shape of `point`; zeros where `function` does not
///   depend on it.
public func valueAndGradient<Scalar>(
  at point: Tensor<Scalar>, of function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> (value: Scalar, gradient: Tensor<Scalar>) {
  let tape = Tape<Scalar>()
  defer { tape.clear() }
  let variable = tape.watch(point)
  let result = try function(variable)
  guard result.isRecorded else {
    return (result.value, Tensor(repeating: 0, shape: point.shape, engine: point.engine))
  }
  return (result.value, tape.gradient(of: result, by: variable).detached)
}

/// The gradient of a scalar function and the product of its Hessian with a vector, exactly: the
/// gradient of ⟨∇f(x), v⟩.
///
/// - Shapes: `vector`, the gradient and the product have the shape of `point`.
/// - Complexity: A small multiple of one gradient; the Hessian is never formed.
/// - Source: Pearlmutter, Neural Computation 6, 147 (1994), in its reverse-over-reverse form.
public func hessianVectorProduct<Scalar>(
  at point: Tensor<Scalar>, along vector: Tensor<Scalar>,
  of function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> (gradient: Tensor<Scalar>, product: Tensor<Scalar>) {
  precondition(
    vector.shape == point.shape,
    "hessianVectorProduct: vector \(vector.shape) at a point of shape \(point.shape)")
  let tape = Tape<Scalar>()
  defer { tape.clear() }
  let zero = Tensor<Scalar>(repeating: 0, shape: point.shape, engine: point.engine)
  let variable = tape.watch(point)
  let result = try function(variable)
  guard result.isRecorded else { return (zero, zero) }
  let gradient = tape.gradient(of: result, by: variable, recording: true)
  guard gradient.isRecorded else { return (gradient, zero) }
  let slope = (gradient * vector.detached).sum()
  return (gradient.detached, tape.gradient(of: slope, by: variable).detached)
}
