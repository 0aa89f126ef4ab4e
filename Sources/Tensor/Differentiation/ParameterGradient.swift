import GrokKernels

/// The gradient of a parameter vector while it is put together from the gradients of its slices.
///
/// The first gradient of a slice is written (often by the operation itself, straight into its range), a
/// later one added; ranges that nothing reached are zero at the end.
struct ParameterGradient<Scalar: RealScalar> {
  let node: Int
  let result: Tensor<Scalar>
  /// Ranges that hold a gradient: disjoint, in any order.
  private var written: [Range<Int>] = []

  init(node: Int, result: Tensor<Scalar>) {
    self.node = node
    self.result = result
  }

  /// The range of a slice that nothing has written yet, for an operation to fill; `nil` where it holds
  /// something. What is handed out counts as written.
  mutating func destination(at offset: Int, shape: Shape) -> Tensor<Scalar>? {
    let range = offset..<offset + shape.count
    guard !written.contains(where: { $0.overlaps(range) }) else { return nil }
    written.append(range)
    return result.viewed(as: shape, offset: offset)
  }

  mutating func add(_ gradient: Tensor<Scalar>, at offset: Int) {
    let range = offset..<offset + gradient.count
    let target = result.mutablePointer + offset
    if gradient.pointer == UnsafePointer(target) { return }  // written in place by the operation
    if !written.contains(where: { $0.overlaps(range) }) {
      written.append(range)
      target.update(from: gradient.pointer, count: gradient.count)
    } else {
      if !written.contains(where: { $0.lowerBound <= offset && range.upperBound <= $0.upperBound }) {
        finish()  // slices that overlap in part: everything else becomes zero first
        written = [0..<result.count]
      }
      Scalar.kernels.pointee.accumulate(1, gradient.pointer, target, gradient.count)
    }
  }

  /// Sets what nothing has written to zero.
  mutating func finish() {
    written.sort { $0.lowerBound < $1.lowerBound }
    var end = 0
    for range in written {
      (result.mutablePointer + end).update(repeating: 0, count: range.lowerBound - end)
      end = range.upperBound
    }
    (result.mutablePointer + end).update(repeating: 0, count: result.count - end)
  }
}
