@_exported import GrokNumerics
import GrokKernels

/// An n-dimensional array of numbers, row-major and contiguous, with value semantics.
///
/// Operations make new tensors in the context of their operands. A tensor that a ``Tape`` watches, or
/// that was computed from one, knows its place on that tape, so that gradients can be taken.
///
/// - Note: Wrong shapes are a caller's bug: they stop with the operation and the shapes.
public struct Tensor<Scalar: RealScalar>: Sendable {
  package private(set) var buffer: Buffer
  /// Elements of `buffer` before the first of this tensor.
  package private(set) var offset: Int
  /// The extents of the axes, outermost first.
  public let shape: Shape
  /// The tape that records operations on this tensor, and its place there.
  var tape: Tape<Scalar>?
  var node: Int32 = -1
  /// Which elements are not zero, where that is known and worth while.
  var nonzeros: NonzeroRows<Scalar>?

  init(buffer: Buffer, offset: Int, shape: Shape) {
    self.buffer = buffer
    self.offset = offset
    self.shape = shape
  }

  /// A tensor with any contents, to be written by the operation that makes it.
  package init(uninitialized shape: Shape, in engine: Engine) {
    let buffer = engine.buffer(byteCount: shape.count * MemoryLayout<Scalar>.stride)
    self.init(buffer: buffer, offset: 0, shape: shape)
  }
}

// MARK: - Making tensors

extension Tensor {
  /// A tensor of given elements in row-major order.
  public init(_ values: some Collection<Scalar>, shape: Shape, in context: ComputeContext? = nil) {
    precondition(
      values.count == shape.count, "Tensor: \(values.count) elements do not fill shape \(shape)")
    self.init(uninitialized: shape, in: context?.engine ?? .plain)
    let destination = UnsafeMutableBufferPointer(start: mutablePointer, count: values.count)
    _ = destination.initialize(from: values)
  }

  /// A tensor whose elements are all `value`.
  public init(repeating value: Scalar, shape: Shape, in context: ComputeContext? = nil) {
    self.init(repeating: value, shape: shape, engine: context?.engine ?? .plain)
  }

  init(repeating value: Scalar, shape: Shape, engine: Engine) {
    self.init(uninitialized: shape, in: engine)
    Scalar.kernels.pointee.fill(mutablePointer, Double(value), count)
  }

  /// A matrix as a tensor `[rowCount, columnCount]`, converted to this precision.
  public init<Source>(_ matrix: Matrix<Source>, in context: ComputeContext? = nil) {
    let shape = Shape(matrix.rowCount, matrix.columnCount)
    self.init(uninitialized: shape, in: context?.engine ?? .plain)
    let destination = UnsafeMutableBufferPointer(start: mutablePointer, count: count)
    matrix.values.withUnsafeBufferPointer { convert($0, to: destination) }
  }

  /// A scalar: a tensor without axes.
  public init(_ value: Scalar, in context: ComputeContext? = nil) {
    self.init(repeating: value, shape: Shape(), in: context)
  }
}

extension Tensor {
  /// A tensor that is to be changed in place, in memory that the context's pool does not keep: one that it keeps would be
  /// copied at the first change, and lie idle from then on.
  package init(changeable values: some Collection<Scalar>, shape: Shape, in context: ComputeContext)
  {
    precondition(
      values.count == shape.count, "Tensor: \(values.count) elements do not fill shape \(shape)")
    self.init(changeable: shape, in: context)
    let destination = UnsafeMutableBufferPointer(start: mutablePointer, count: values.count)
    _ = destination.initialize(from: values)
  }

  /// Zeros that are to be changed in place.
  package init(changeableZeros shape: Shape, in context: ComputeContext) {
    self.init(changeable: shape, in: context)
    Scalar.kernels.pointee.fill(mutablePointer, 0, count)
  }

  private init(changeable shape: Shape, in context: ComputeContext) {
    let byteCount = shape.count * MemoryLayout<Scalar>.stride
    self.init(
      buffer: Buffer(byteCount: byteCount, engine: context.engine), offset: 0, shape: shape)
  }
}

// MARK: - Reading tensors

extension Tensor {
  /// The number of elements.
  public var count: Int { shape.count }

  /// The elements in row-major order.
  public var values: [Scalar] { withValues { Array($0) } }

  /// Calls `body` with the elements in row-major order.
  public func withValues<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows
    -> Result
  {
    try withExtendedLifetime(buffer) {
      try body(UnsafeBufferPointer(start: pointer, count: count))
    }
  }

  /// The only element of a tensor that has one.
  public var value: Scalar {
    precondition(count == 1, "value: shape \(shape) has \(count) elements, not one")
    return withValues { $0[0] }
  }

  /// A matrix of the last axis's columns; all other axes make rows.
  public var matrix: Matrix<Scalar> {
    Matrix(values: values, rowCount: shape.rowCount, columnCount: shape.rank == 0 ? 1 : shape[-1])
  }

  /// The elements, valid while this tensor is alive.
  package var pointer: UnsafePointer<Scalar> { UnsafePointer(mutablePointer) }

  /// The elements for the operation that made the tensor, valid while it is alive.
  package var mutablePointer: UnsafeMutablePointer<Scalar> {
    buffer.pointer.assumingMemoryBound(to: Scalar.self) + offset
  }

  package var engine: Engine { buffer.engine }
}

// MARK: - Changing tensors

extension Tensor {
  /// Calls `body` with the elements, to be changed in place: a copy of them where they belong to other
  /// tensors as well. The tensor is off any tape afterwards.
  public mutating func withMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    if !isKnownUniquelyReferenced(&buffer) {  // a pool's own reference counts as another
      let own = Buffer(byteCount: count * MemoryLayout<Scalar>.stride, engine: engine)
      own.pointer.copyMemory(from: pointer, byteCount: count * MemoryLayout<Scalar>.stride)
      buffer = own
      offset = 0
    }
    tape = nil
    node = -1
    nonzeros = nil
    return try body(UnsafeMutableBufferPointer(start: mutablePointer, count: count))
  }
}

// MARK: - Places on a tape

extension Tensor {
  /// Whether a tape records operations on this tensor.
  public var isRecorded: Bool { tape != nil }

  /// The same numbers, no longer recorded: a constant for gradients.
  public var detached: Tensor {
    var result = self
    result.tape = nil
    result.node = -1
    return result
  }

  /// The same elements under another shape, not recorded.
  func viewed(as shape: Shape, offset: Int = 0) -> Tensor {
    Tensor(buffer: buffer, offset: self.offset + offset, shape: shape)
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements.
  public var description: String {
    let shown = values.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", …" : ""))"
  }
}

// MARK: - Precision

extension Tensor {
  /// This tensor in another precision, rounded to nearest; not recorded.
  public func converted<Target>(to type: Target.Type) -> Tensor<Target> {
    let result = Tensor<Target>(uninitialized: shape, in: engine)
    let destination = UnsafeMutableBufferPointer(start: result.mutablePointer, count: count)
    withValues { convert($0, to: destination) }
    return result
  }
}
