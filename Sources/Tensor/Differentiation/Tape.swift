/// The operations on watched tensors in the order they were done, for gradients in reverse order.
///
/// Watch the tensors to differentiate by, compute, then ask for gradients:
///
/// ```swift
/// let tape = Tape<Double>()
/// let x = tape.watch(Tensor([1, 2, 3], shape: [3]))
/// let gradient = tape.gradient(of: x.squared().sum(), by: x)  // 2x
/// ```
///
/// With `recording: true` the gradient itself is recorded and can be differentiated again, to any order.
/// A tape belongs to one thread at a time. Tensors on a tape keep it, and all it recorded, alive until
/// ``clear()``.
public final class Tape<Scalar: RealScalar>: @unchecked Sendable {
  struct Node {
    var operation: (any DifferentiableOperation<Scalar>)?
    var inputs = SIMD4<Int32>(repeating: -1)
    var first: Tensor<Scalar>?
    var second: Tensor<Scalar>?
    var third: Tensor<Scalar>?
    var fourth: Tensor<Scalar>?
    var output: Tensor<Scalar>?
    let shape: Shape
    var saved: Tensor<Scalar>?
  }

  private(set) var nodes: [Node] = []
  private var gradients: [Tensor<Scalar>?] = []
  private var parameterGradient = ParameterGradient<Scalar>()
  /// Whether each recorded value depends on what is differentiated by; no other gradient is computed.
  private var depends: [Bool] = []
  /// Who is told what gradients are made of, in a pass for factors.
  private(set) var listener: FactorListener<Scalar>?

  /// An empty tape.
  public init() {}

  /// The same tensor, recorded from here on as one to differentiate by.
  public func watch(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
    nodes.append(Node(output: tensor.detached, shape: tensor.shape))
    return placed(tensor, at: nodes.count - 1)
  }

  /// Forgets everything recorded, but keeps the memory for the next recording. Tensors still on this
  /// tape must not be differentiated afterwards.
  public func clear() {
    nodes.removeAll(keepingCapacity: true)
    gradients.removeAll(keepingCapacity: true)
  }

  /// The number of recorded operations, watched tensors included.
  package var operationCount: Int { nodes.count }

  /// Bytes of what the recorded operations have made; the same memory under several shapes counts for
  /// each.
  package var recordedByteCount: Int {
    nodes.reduce(0) {
      $0 + (($1.output?.count ?? 0) + ($1.saved?.count ?? 0)) * MemoryLayout<Scalar>.stride
    }
  }

  /// Forgets all operations but the first `count`, from which gradients can then be taken again.
  package func forget(after count: Int) {
    nodes.removeSubrange(count...)
    gradients.removeAll(keepingCapacity: true)
  }

  // MARK: Recording

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func record(
    _ operation: any DifferentiableOperation<Scalar>, output: Tensor<Scalar>, first: Tensor<Scalar>,
    second: Tensor<Scalar>?, third: Tensor<Scalar>?, fourth: Tensor<Scalar>?,
    saved: Tensor<Scalar>?
  ) -> Tensor<Scalar> {
    nodes.append(
      Node(
        operation: operation,
        inputs: SIMD4(place(of: first), place(of: second), place(of: third), place(of: fourth)),
        first: first.detached, second: second?.detached, third: third?.detached,
        fourth: fourth?.detached,
        output: output.detached, shape: output.shape, saved: saved?.detached))
    return placed(output, at: nodes.count - 1)
  }

  private func place(of tensor: Tensor<Scalar>?) -> Int32 {
    guard let tensor, let tape = tensor.tape else { return -1 }
    precondition(
      tape === self, "an operation on tensors of two tapes: \(tensor.shape) is on another")
    return tensor.node
  }

  private func placed(_ tensor: Tensor<Scalar>, at index: Int) -> Tensor<Scalar> {
    var result = tensor
    result.tape = self
    result.node = Int32(index)
    return result
  }

  // MARK: Gradients

  /// The gradient of a scalar by each of the given tensors of this tape; zeros where it does not
  /// depend on one.
  ///
  /// - Parameter target: A tensor of one element, computed from watched tensors.
  /// - Parameter recording: Whether the gradients are recorded, so that they can be differentiated.
  public func gradients(
    of target: Tensor<Scalar>, by sources: [Tensor<Scalar>], recording: Bool = false
  ) -> [Tensor<Scalar>] {
    for source in sources {
      precondition(source.tape === self, "gradients: \(source.shape) is not on this tape")
      keep(Int(source.node))
    }
    markDependents(of: target)
    propagate(from: target, upstream: one(for: target), recording: recording)
    let result = sources.map { source in
      // What was watched after the target has no part in it.
      (source.node <= target.node ? gradients[Int(source.node)] : nil)
        ?? Tensor(repeating: 0, shape: source.shape, engine: source.engine)
    }
    gradients.removeAll(keepingCapacity: true)
    kept.removeAll(keepingCapacity: true)
    return result
  }

  /// The gradient of a scalar by one tensor of this tape.
  public func gradient(
    of target: Tensor<Scalar>, by source: Tensor<Scalar>, recording: Bool = false
  ) -> Tensor<Scalar> {
    gradients(of: target, by: [source], recording: recording)[0]
  }

  /// Writes the gradient of a scalar by a watched vector into `result`, allocating nothing once it has
  /// run before, and gives up each recorded operation as soon as it has been used.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func writeGradient(
    of target: Tensor<Scalar>, by source: Tensor<Scalar>, to result: Tensor<Scalar>
  ) {
    precondition(source.tape === self, "gradients: \(source.shape) is not on this tape")
    parameterGradient.begin(Int(source.node), in: result)
    markDependents(of: target, by: source)
    consuming = true
    propagate(from: target, upstream: one(for: target), recording: false)
    consuming = false
    parameterGradient.finish()
    clear()
  }

  private var consuming = false
  private var kept: [Int] = []

  private func keep(_ index: Int) { if !kept.contains(index) { kept.append(index) } }

  private func one(for target: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(target.count == 1, "gradient of shape \(target.shape): only of a scalar")
    return Tensor(repeating: 1, shape: target.shape, engine: target.engine)
  }

  /// Finds the values up to `target` that were computed from `source`.
  func markDependents(of target: Tensor<Scalar>, by source: Tensor<Scalar>) {
    kept.append(Int(source.node))
    markDependents(of: target)
    kept.removeAll(keepingCapacity: true)
  }

  /// Finds the values up to `target` that were computed from what is kept.
  private func markDependents(of target: Tensor<Scalar>) {
    precondition(target.tape === self, "gradient of a tensor that is not on this tape")
    depends.removeAll(keepingCapacity: true)
    for index in 0...Int(target.node) {
      let inputs = nodes[index].inputs
      depends.append(
        inputs.indices.contains { isDependent(inputs[$0]) } || kept.contains(index))
    }
  }

  func isDependent(_ node: Int32) -> Bool { node >= 0 && depends[Int(node)] }

  private func propagate(from target: Tensor<Scalar>, upstream: Tensor<Scalar>, recording: Bool) {
    let last = Int(target.node)
    gradients.removeAll(keepingCapacity: true)
    for _ in 0...last { gradients.append(nil) }
    gradients[last] = upstream
    for index in stride(from: last, through: 0, by: -1) {
      guard let upstream = gradients[index] else { continue }
      guard let operation = nodes[index].operation else { continue }
      if !kept.contains(index) { gradients[index] = nil }
      let inputs = nodes[index].inputs
      var wanted = inputs
      for input in wanted.indices where !isDependent(inputs[input]) { wanted[input] = -1 }
      guard wanted != SIMD4(repeating: -1) else { continue }
      let record = record(at: index, recording: recording)
      var sink = InputGradients(tape: self, inputs: wanted, isRecording: recording)
      if consuming { release(index) }
      operation.propagate(
        recording ? upstream : upstream.detached, through: record, to: &sink)
    }
  }

  private func record(at index: Int, recording: Bool) -> OperationRecord<Scalar> {
    let node = nodes[index]
    func operand(_ tensor: Tensor<Scalar>?, _ place: Int32) -> Tensor<Scalar>? {
      guard let tensor, recording, place >= 0 else { return tensor }
      return placed(tensor, at: Int(place))
    }
    return OperationRecord(
      first: operand(node.first, node.inputs[0])!, second: operand(node.second, node.inputs[1]),
      third: operand(node.third, node.inputs[2]), fourth: operand(node.fourth, node.inputs[3]),
      output: recording ? placed(node.output!, at: index) : node.output!, saved: node.saved)
  }

  private func release(_ index: Int) {
    nodes[index].operation = nil
    nodes[index].first = nil
    nodes[index].second = nil
    nodes[index].third = nil
    nodes[index].fourth = nil
    nodes[index].output = nil
    nodes[index].saved = nil
  }

  func accumulate(_ gradient: Tensor<Scalar>, at index: Int) {
    precondition(
      gradient.shape == nodes[index].shape,
      "a gradient of shape \(gradient.shape) for an operand of shape \(nodes[index].shape)")
    // The parameter vector may also be used as a whole.
    if accumulate(gradient, atRange: 0, of: index) { return }
    guard let earlier = gradients[index] else { return gradients[index] = gradient }
    // A slice that is used twice may hold the first gradient in its place in the vector's already.
    if parameterGradient.add(gradient, toPart: earlier) { return }
    gradients[index] = earlier + gradient
  }

  /// Goes backward from `target` with whatever operations tell of themselves on the way to `source`.
  func propagate(
    from target: Tensor<Scalar>, upstream: Tensor<Scalar>, by source: Tensor<Scalar>,
    to listener: FactorListener<Scalar>
  ) {
    self.listener = listener
    markDependents(of: target, by: source)
    propagate(from: target, upstream: upstream, recording: false)
    self.listener = nil
  }

  // MARK: Gradients of a parameter vector

  /// Adds to a range of the parameter vector's gradient in place; false where `index` is another tensor.
  func accumulate(_ gradient: Tensor<Scalar>, atRange offset: Int, of index: Int) -> Bool {
    guard parameterGradient.node == index else { return false }
    parameterGradient.add(gradient, at: offset)
    return true
  }

  func parameterDestination(of index: Int) -> Tensor<Scalar>? {
    guard parameterGradient.node >= 0, gradients[index] == nil,
      let slice = nodes[index].operation as? VectorSlice<Scalar>,
      Int(nodes[index].inputs[0]) == parameterGradient.node
    else { return nil }
    return parameterGradient.destination(at: slice.offset, shape: nodes[index].shape)
  }
}
