/// One recorded operation's rule for gradients.
///
/// A conforming type is a small struct with the operation's options; operands and result are in the
/// record. The rule is written with tensor operations, which have gradients themselves, so that second
/// and higher derivatives need nothing extra. Where `gradients.isRecording` is false nobody will
/// differentiate the result, and a fused loop may take the place of the plain rule.
public protocol DifferentiableOperation<Scalar>: Sendable {
  /// The precision of the tensors.
  associatedtype Scalar: RealScalar

  /// Adds to `gradients`, for each input that needs one, the gradient that follows from `upstream`.
  ///
  /// - Parameter upstream: Gradient of the final scalar by this operation's output, of the output's
  ///   shape.
  /// - Parameter record: The operation's operands and output, as they were.
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>)
}

/// What a tape keeps of one operation: its operands, its output and one tensor of the operation's own.
public struct OperationRecord<Scalar: RealScalar>: Sendable {
  /// The operands, in the operation's order.
  public let first: Tensor<Scalar>
  /// The second operand of operations that have two or more.
  public let second: Tensor<Scalar>?
  /// The third operand of operations that have three.
  public let third: Tensor<Scalar>?
  /// The fourth operand of operations that have four.
  public let fourth: Tensor<Scalar>?
  /// What the operation returned.
  public let output: Tensor<Scalar>
  /// What the operation kept for its gradient; never differentiated itself.
  public let saved: Tensor<Scalar>?
}

/// Where an operation's rule leaves the gradients of its operands.
public struct InputGradients<Scalar: RealScalar> {
  let tape: Tape<Scalar>
  let inputs: SIMD4<Int32>
  /// Whether the gradients will be differentiated themselves.
  public let isRecording: Bool

  func node(of input: Int) -> Int32 { inputs[input] }

  /// Whether the gradient of operand `input` is wanted.
  public func needs(_ input: Int) -> Bool { node(of: input) >= 0 }

  /// Adds a gradient of operand `input`; it must have the operand's shape. Ignored where not wanted.
  public mutating func add(_ gradient: @autoclosure () -> Tensor<Scalar>, to input: Int) {
    let node = node(of: input)
    if node >= 0 { tape.accumulate(gradient(), at: Int(node)) }
  }

  /// A place where a rule may write the whole gradient of operand `input` before adding it: the
  /// operand's range of a parameter vector's gradient, so that it need not be copied there.
  package func destination(for input: Int) -> Tensor<Scalar>? {
    let node = node(of: input)
    return node < 0 || isRecording ? nil : tape.parameterDestination(of: Int(node))
  }

  /// Adds a gradient of a range of operand 0, a vector, beginning at element `offset`.
  mutating func add(
    _ gradient: Tensor<Scalar>, toRangeAt offset: Int, ofVector vector: Tensor<Scalar>
  ) {
    guard inputs[0] >= 0 else { return }
    if let listener = tape.listener, listener.node == Int(inputs[0]) {
      return listener.body(.other(offset..<offset + gradient.count))
    }
    if isRecording || !tape.accumulate(gradient, atRange: offset, of: Int(inputs[0])) {
      tape.accumulate(gradient.padded(to: vector.count, at: offset), at: Int(inputs[0]))
    }
  }
}
