import GrokKernels

// MARK: - Sum, difference, product, quotient with broadcasting

extension Tensor {
  /// Element by element; an axis of extent 1, or a missing leading axis, repeats.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    binary(GK_ADD, "+", left, right).recorded(Addition(sign: 1), from: left, right)
  }

  /// Element by element; an axis of extent 1, or a missing leading axis, repeats.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    binary(GK_SUBTRACT, "-", left, right).recorded(Addition(sign: -1), from: left, right)
  }

  /// Element by element; an axis of extent 1, or a missing leading axis, repeats.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    binary(GK_MULTIPLY, "*", left, right).recorded(Multiplication(), from: left, right)
  }

  /// Element by element; an axis of extent 1, or a missing leading axis, repeats.
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    binary(GK_DIVIDE, "/", left, right).recorded(Division(), from: left, right)
  }
}

private struct Addition<Scalar: RealScalar>: DifferentiableOperation {
  let sign: Scalar
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream.sum(to: record.first.shape), to: 0)
    let second = record.second!.shape
    gradients.add((sign == 1 ? upstream : -upstream).sum(to: second), to: 1)
  }
}

private struct Multiplication<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, y) = (record.first, record.second!)
    gradients.add((upstream * y).sum(to: x.shape), to: 0)  // d(xy) = y dx + x dy
    gradients.add((upstream * x).sum(to: y.shape), to: 1)
  }
}

private struct Division<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, y) = (record.first, record.second!)
    gradients.add((upstream / y).sum(to: x.shape), to: 0)  // d(x/y) = dx/y − (x/y) dy/y
    gradients.add((-(upstream * record.output / y)).sum(to: y.shape), to: 1)
  }
}

// MARK: - With numbers

extension Tensor {
  /// `scale · self + shift`, element by element.
  public func affine(scale: Scalar, shift: Scalar = 0) -> Tensor {
    let result = Tensor(uninitialized: shape, in: engine)
    Scalar.kernels.pointee.affine(
      Double(scale), pointer, Double(shift), result.mutablePointer, count)
    return result.recorded(Affine(scale: scale), from: self)
  }

  /// The negative of every element.
  public static prefix func - (operand: Tensor) -> Tensor { operand.affine(scale: -1) }

  /// Every element plus a number.
  public static func + (left: Tensor, right: Scalar) -> Tensor {
    left.affine(scale: 1, shift: right)
  }

  /// Every element minus a number.
  public static func - (left: Tensor, right: Scalar) -> Tensor {
    left.affine(scale: 1, shift: -right)
  }

  /// A number minus every element.
  public static func - (left: Scalar, right: Tensor) -> Tensor {
    right.affine(scale: -1, shift: left)
  }

  /// Every element times a number.
  public static func * (left: Tensor, right: Scalar) -> Tensor { left.affine(scale: right) }

  /// Every element times a number.
  public static func * (left: Scalar, right: Tensor) -> Tensor { right.affine(scale: left) }

  /// Every element divided by a number.
  public static func / (left: Tensor, right: Scalar) -> Tensor { left.affine(scale: 1 / right) }
}

private struct Affine<Scalar: RealScalar>: DifferentiableOperation {
  let scale: Scalar
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream * scale, to: 0)
  }
}

// MARK: - Loops

extension Tensor {
  fileprivate static func binary(
    _ operation: gk_binary, _ symbol: String, _ left: Tensor, _ right: Tensor
  ) -> Tensor {
    guard let shape = left.shape.broadcast(with: right.shape) else {
      preconditionFailure("\(left.shape) \(symbol) \(right.shape): the shapes do not broadcast")
    }
    let engine = Engine.common(left, right)
    let result = Tensor(uninitialized: shape, in: engine)
    if left.shape == right.shape {
      let kernels = Scalar.kernels.pointee
      let loop =
        switch operation {
        case GK_ADD: kernels.add
        case GK_SUBTRACT: kernels.subtract
        case GK_MULTIPLY: kernels.multiply
        default: kernels.divide
        }
      let job = BinaryJob(
        loop: loop, left: left.pointer, right: right.pointer, result: result.mutablePointer,
        count: result.count)
      engine.workers.run(job, blockCount: job.blockCount)
    } else {
      var axes = gk_axes(of: shape)
      axes.setStrides(x: left.shape, y: right.shape, out: shape, within: shape)
      gk_broadcast(
        Scalar.kernels.pointee.type, operation, &axes, left.pointer, right.pointer,
        result.mutablePointer)
    }
    return result
  }
}

extension Engine {
  /// The engine for a result of several operands: the first that keeps its buffers.
  static func common<Scalar>(_ first: Tensor<Scalar>, _ second: Tensor<Scalar>?) -> Engine {
    let engine = first.engine
    guard engine === Engine.plain, let second else { return engine }
    return second.engine
  }
}

extension gk_axes {
  /// A loop over the axes of `shape`, strides still to be set.
  init(of shape: Shape) {
    self.init()
    rank = Int32(shape.rank)
    withUnsafeMutableBytes(of: &extents) { bytes in
      let extents = bytes.assumingMemoryBound(to: Int.self)
      for axis in 0..<shape.rank { extents[axis] = shape[axis] }
    }
  }

  /// Strides of arrays of the given shapes as they broadcast within `target`.
  mutating func setStrides(x: Shape, y: Shape? = nil, out: Shape, within target: Shape) {
    self.x = unsafeBitCast(x.strides(within: target), to: type(of: self.x))
    if let y { self.y = unsafeBitCast(y.strides(within: target), to: type(of: self.y)) }
    self.out = unsafeBitCast(out.strides(within: target), to: type(of: self.out))
  }
}

/// Blocks of elements of two operands of one shape.
private struct BinaryJob<Scalar: RealScalar>: BlockJob {
  let loop:
    @convention(c) (
      UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer, Int
    ) -> Void
  let left, right: UnsafePointer<Scalar>
  let result: UnsafeMutablePointer<Scalar>
  let count: Int

  var blockCount: Int { max(1, min(64, count / 65_536)) }

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: count, alignment: 64)
    let start = range.lowerBound
    loop(left + start, right + start, result + start, range.count)
  }
}
