import GrokKernels

/// The gradient of a parameter vector while it is put together from the gradients of its slices.
///
/// The first gradient of a slice is written (often by the operation itself, straight into its range), a
/// later one added; ranges that nothing reached are zero at the end.
struct ParameterGradient<Scalar: RealScalar> {
  /// The place of the vector on the tape; -1 where no such gradient is wanted.
  private(set) var node = -1
  private var result: Tensor<Scalar>?
  /// Ranges that hold a gradient: disjoint, rising. Its memory is kept from step to step.
  private var written: [Range<Int>] = []

  /// Begins to put the gradient of the vector at `node` into `result`.
  mutating func begin(_ node: Int, in result: Tensor<Scalar>) {
    self.node = node
    self.result = result
    written.removeAll(keepingCapacity: true)
  }

  /// Sets what nothing has written to zero.
  mutating func finish() {
    fillGaps()
    node = -1
    result = nil
  }

  /// The range of a slice that nothing has written yet, for an operation to fill; `nil` where it holds
  /// something. What is handed out counts as written.
  mutating func destination(at offset: Int, shape: Shape) -> Tensor<Scalar>? {
    let range = offset..<offset + shape.count
    guard !overlaps(range) else { return nil }
    insert(range)
    return result!.viewed(as: shape, offset: offset)
  }

  mutating func add(_ gradient: Tensor<Scalar>, at offset: Int) {
    let range = offset..<offset + gradient.count
    let target = result!.mutablePointer + offset
    if gradient.pointer == UnsafePointer(target) { return }  // written in place by the operation
    if !overlaps(range) {
      insert(range)
      target.update(from: gradient.pointer, count: gradient.count)
    } else {
      if !written.contains(where: { $0.lowerBound <= offset && range.upperBound <= $0.upperBound })
      {
        // Slices that overlap in part: everything else becomes zero first.
        fillGaps()
        written.removeAll(keepingCapacity: true)
        written.append(0..<result!.count)
      }
      Scalar.kernels.pointee.accumulate(1, gradient.pointer, target, gradient.count)
    }
  }

  /// Adds a gradient to one that was written in its place already; false where `part` is no such one.
  func add(_ gradient: Tensor<Scalar>, toPart part: Tensor<Scalar>) -> Bool {
    guard node >= 0, let result, part.buffer === result.buffer else { return false }
    Scalar.kernels.pointee.accumulate(1, gradient.pointer, part.mutablePointer, part.count)
    return true
  }

  private func overlaps(_ range: Range<Int>) -> Bool {
    for other in written where other.overlaps(range) { return true }
    return false
  }

  private mutating func insert(_ range: Range<Int>) {
    var index = written.count
    while index > 0 && written[index - 1].lowerBound > range.lowerBound { index -= 1 }
    written.insert(range, at: index)
  }

  private func fillGaps() {
    let values = result!.mutablePointer
    var end = 0
    for range in written {
      Scalar.kernels.pointee.fill(values + end, 0, range.lowerBound - end)
      end = range.upperBound
    }
    Scalar.kernels.pointee.fill(values + end, 0, result!.count - end)
  }
}
