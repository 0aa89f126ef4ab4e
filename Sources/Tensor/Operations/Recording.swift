extension Tensor {
  /// This tensor as the output of an operation: recorded where an operand is, as it is otherwise.
  ///
  /// For operations defined outside this module: compute the output from the operands' values, then
  /// return `output.recorded(MyOperation(), from: operand)`.
  ///
  /// - Parameter saved: A tensor that the operation's gradient wants and that is no operand.
  public func recorded<Operation: DifferentiableOperation<Scalar>>(
    _ operation: Operation, from first: Tensor, _ second: Tensor? = nil, _ third: Tensor? = nil,
    _ fourth: Tensor? = nil, saved: Tensor? = nil
  ) -> Tensor {
    guard let tape = first.tape ?? second?.tape ?? third?.tape ?? fourth?.tape else { return self }
    return tape.record(
      operation, output: self, first: first, second: second, third: third,
      fourth: fourth, saved: saved)
  }
}
