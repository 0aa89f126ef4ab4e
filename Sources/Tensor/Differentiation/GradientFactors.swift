/// What one operation of a backward pass adds to the gradient of a watched vector, taken apart before
/// examples are added up: the material of per-example gradients and tangent kernels.
package enum GradientFactors<Scalar: RealScalar> {
  /// A linear layer's weights, and its bias.
  case linear(LinearFactors<Scalar>)
  /// A table whose rows are looked up: row i of `upstream` is the gradient of row `indices[i]`.
  case lookup(table: Range<Int>, indices: [Int32], upstream: Tensor<Scalar>)
  /// A range whose gradient by each example is the sum of its rows: `[examples · positions, range.count]`.
  case examples(Range<Int>, gradient: Tensor<Scalar>)
  /// A range that was used in another way, of which only the sum over all rows is known.
  case other(Range<Int>)
}

/// z = x Wᵀ + b, y = f(z): the gradient is Σ dz ⊗ x by the weights and Σ dz by the bias, over rows.
package struct LinearFactors<Scalar: RealScalar> {
  /// The places of W and b in the vector.
  package let weight: Range<Int>
  package let bias: Range<Int>?
  /// x, `[…, inputs]`.
  package let inputs: Tensor<Scalar>
  /// The gradients of y and of z, `[…, outputs]`; the same where f is the identity.
  package let upstream, dz: Tensor<Scalar>
  /// Computes f′(z), `[…, outputs]`; nil where f is the identity.
  package let slope: (() -> Tensor<Scalar>)?

  package init(
    weight: Range<Int>, bias: Range<Int>?, inputs: Tensor<Scalar>, upstream: Tensor<Scalar>,
    dz: Tensor<Scalar>, slope: (() -> Tensor<Scalar>)?
  ) {
    (self.weight, self.bias, self.inputs) = (weight, bias, inputs)
    (self.upstream, self.dz, self.slope) = (upstream, dz, slope)
  }
}

/// Operations that only move elements, so that a parameter is still itself behind them.
protocol ElementRearrangement {}

/// Who is told what gradients are made of, and of which node.
struct FactorListener<Scalar: RealScalar> {
  let node: Int
  let body: (GradientFactors<Scalar>) -> Void
}

extension Tape {
  /// Goes backward from `target` and tells, for each operation that reads a range of the watched vector
  /// `source`, what its gradient is made of; the gradient itself is not computed.
  ///
  /// - Parameter upstream: where to begin: the gradient of the final scalar by `target`, in its shape.
  package func forEachFactor(
    of target: Tensor<Scalar>, upstream: Tensor<Scalar>, by source: Tensor<Scalar>,
    _ body: @escaping (GradientFactors<Scalar>) -> Void
  ) {
    precondition(source.tape === self, "factors: \(source.shape) is not on this tape")
    precondition(
      upstream.shape == target.shape, "factors: \(upstream.shape) for \(target.shape)")
    guard target.isRecorded else { return }
    propagate(
      from: target, upstream: upstream.detached, by: source,
      to: FactorListener(node: Int(source.node), body: body))
  }

  /// The range of the watched vector that the tensor at `index` is, in whatever shape and order.
  func listenedRange(at index: Int) -> Range<Int>? {
    var index = index
    while index >= 0, let operation = nodes[index].operation {
      let input = Int(nodes[index].inputs[0])
      if let slice = operation as? VectorSlice<Scalar> {
        guard input == listener?.node else { return nil }
        return slice.offset..<slice.offset + nodes[index].shape.count
      }
      guard operation is any ElementRearrangement else { return nil }
      index = input
    }
    return nil
  }
}

extension InputGradients {
  /// Whether factors are wanted in place of gradients by the watched vector.
  var isListening: Bool { tape.listener != nil }

  /// The range of the watched vector that operand `input` is, where factors of it are wanted.
  func listenedRange(of input: Int) -> Range<Int>? {
    isListening ? tape.listenedRange(at: Int(node(of: input))) : nil
  }

  /// Hands over what rows add to the gradient of operand `input`, or adds them up where it is no parameter.
  mutating func tell(elementwise terms: Tensor<Scalar>, of input: Int) {
    if let range = listenedRange(of: input) {
      tell(.examples(range, gradient: terms))
    } else {
      add(
        terms.reshaped(to: Shape(terms.shape.rowCount, terms.shape[-1])).sum(alongAxis: 0),
        to: input)
    }
  }

  /// Hands over what the gradient of a range is made of.
  func tell(_ factors: GradientFactors<Scalar>) { tape.listener?.body(factors) }
}
