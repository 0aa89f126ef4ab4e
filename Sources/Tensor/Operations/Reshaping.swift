import GrokKernels

// MARK: - Same elements, other shape

extension Tensor {
  /// The same elements under another shape of equal count; nothing is copied.
  public func reshaped(to target: Shape) -> Tensor {
    if target == shape { return self }
    precondition(
      target.count == count, "reshape: \(shape) has \(count) elements, \(target) \(target.count)")
    return viewed(as: target).recorded(Reshape(), from: self)
  }
}

private struct Reshape<Scalar: RealScalar>: DifferentiableOperation, ElementRearrangement {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream.reshaped(to: record.first.shape), to: 0)
  }
}

// MARK: - Order of axes

extension Tensor {
  /// The last two axes exchanged.
  public func transposed() -> Tensor {
    precondition(shape.rank >= 2, "transpose: \(shape) has fewer than two axes")
    let (rows, columns) = (shape[-2], shape[-1])
    let target = shape.replacing(axis: -2, with: columns).replacing(axis: -1, with: rows)
    let result = Tensor(uninitialized: target, in: engine)
    if count > 0 {
      for start in stride(from: 0, to: count, by: rows * columns) {
        Scalar.kernels.pointee.transpose(
          pointer + start, columns, result.mutablePointer + start, rows, rows, columns)
      }
    }
    return result.recorded(Transpose(), from: self)
  }

  /// A tensor whose axis `i` is axis `order[i]` of this one.
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(
      order.sorted() == Array(0..<shape.rank),
      "permute: \(order) is no order of the axes of \(shape)")
    let target = Shape(order.map { shape[$0] })
    let result = Tensor(uninitialized: target, in: engine)
    let source = shape.strides(within: shape)
    var strides = SIMD8<Int>(repeating: 0)
    for axis in 0..<target.rank { strides[axis] = source[order[axis]] }
    var axes = gk_axes(of: target)
    axes.setStrides(x: target, out: target, within: target)
    axes.x = unsafeBitCast(strides, to: type(of: axes.x))
    gk_copy(Scalar.kernels.pointee.type, &axes, pointer, result.mutablePointer)
    return result.recorded(Permute(order: order), from: self)
  }
}

private struct Transpose<Scalar: RealScalar>: DifferentiableOperation, ElementRearrangement {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream.transposed(), to: 0)
  }
}

private struct Permute<Scalar: RealScalar>: DifferentiableOperation, ElementRearrangement {
  let order: [Int]
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    var inverse = order
    for (axis, source) in order.enumerated() { inverse[source] = axis }
    gradients.add(upstream.permuted(inverse), to: 0)
  }
}

// MARK: - Parts

extension Tensor {
  /// The part of an axis in `range`.
  public func slice(axis: Int, _ range: Range<Int>) -> Tensor {
    let axis = shape.index(ofAxis: axis)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "slice: \(range) of axis \(axis) of \(shape)")
    let result = Tensor(uninitialized: shape.replacing(axis: axis, with: range.count), in: engine)
    copyPart(at: range.lowerBound, axis: axis, whole: mutablePointer, part: result, toPart: true)
    return result.recorded(Slice(axis: axis, start: range.lowerBound), from: self)
  }

  /// A run of rows (of the first axis). Nothing is copied unless the tensor is on a tape.
  public func rows(_ range: Range<Int>) -> Tensor {
    if isRecorded { return slice(axis: 0, range) }
    precondition(
      shape.rank >= 1 && range.lowerBound >= 0 && range.upperBound <= shape[0],
      "rows: \(range) of \(shape)")
    let size = shape[0] == 0 ? 0 : count / shape[0]
    var result = viewed(
      as: shape.replacing(axis: 0, with: range.count), offset: range.lowerBound * size)
    result.nonzeros = nonzeros?.rows(range)
    return result
  }

  /// This tensor as the part of a larger one that begins at `start` of an axis, the rest 0: the
  /// gradient of ``slice(axis:_:)``.
  public func padded(axis: Int, to extent: Int, at start: Int) -> Tensor {
    let axis = shape.index(ofAxis: axis)
    precondition(
      start >= 0 && start + shape[axis] <= extent,
      "pad: \(shape) from \(start) of \(extent) along axis \(axis)")
    let whole = shape.replacing(axis: axis, with: extent)
    let result = Tensor(repeating: 0, shape: whole, engine: engine)
    result.copyPart(at: start, axis: axis, whole: result.mutablePointer, part: self, toPart: false)
    return result.recorded(Pad(axis: axis, start: start), from: self)
  }

  /// Tensors one after the other along an axis; all other extents must agree.
  public static func concatenated(_ parts: [Tensor], axis: Int) -> Tensor {
    precondition(!parts.isEmpty, "concatenate: no tensors")
    let extent = parts.reduce(0) { $0 + $1.shape[axis] }
    let whole = parts[0].shape.replacing(axis: axis, with: extent)
    var start = 0
    var result: Tensor?
    for part in parts {
      precondition(
        part.shape.replacing(axis: axis, with: extent) == whole,
        "concatenate: \(part.shape) beside \(parts[0].shape) along axis \(axis)")
      let padded = part.padded(axis: axis, to: extent, at: start)
      result = result.map { $0 + padded } ?? padded
      start += part.shape[axis]
    }
    return result!
  }

  /// Moves a part of an axis between `whole`, of this tensor's shape, and `part`.
  private func copyPart(
    at start: Int, axis: Int, whole: UnsafeMutablePointer<Scalar>, part: Tensor, toPart: Bool
  ) {
    var inner = 1
    for later in axis + 1..<max(axis + 1, shape.rank) { inner *= shape[later] }
    let (length, stride) = (part.shape[axis] * inner, shape[axis] * inner)
    guard length > 0 else { return }
    for outer in 0..<part.count / length {
      let inWhole = whole + outer * stride + start * inner
      let inPart = part.mutablePointer + outer * length
      if toPart {
        inPart.update(from: inWhole, count: length)
      } else {
        inWhole.update(from: inPart, count: length)
      }
    }
  }
}

private struct Slice<Scalar: RealScalar>: DifferentiableOperation {
  let axis: Int
  let start: Int
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let extent = record.first.shape[axis]
    gradients.add(upstream.padded(axis: axis, to: extent, at: start), to: 0)
  }
}

private struct Pad<Scalar: RealScalar>: DifferentiableOperation {
  let axis: Int
  let start: Int
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let extent = record.first.shape[axis]
    gradients.add(upstream.slice(axis: axis, start..<start + extent), to: 0)
  }
}

// MARK: - Ranges of a vector, as parameters are

extension Tensor {
  /// A range of this vector under a shape of its own, without a copy: how a network's parameters are
  /// read from the one vector that holds them all.
  public func slice(from offset: Int, shape target: Shape) -> Tensor {
    precondition(
      shape.rank == 1 && offset >= 0 && offset + target.count <= count,
      "slice: \(target) from element \(offset) of \(shape)")
    return viewed(as: target, offset: offset).recorded(VectorSlice(offset: offset), from: self)
  }

  /// These elements as a range of a vector of `count` elements, the others 0.
  func padded(to count: Int, at offset: Int) -> Tensor {
    reshaped(to: Shape(self.count)).padded(axis: 0, to: count, at: offset)
  }
}

struct VectorSlice<Scalar: RealScalar>: DifferentiableOperation {
  let offset: Int
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream, toRangeAt: offset, ofVector: record.first)
  }
}
