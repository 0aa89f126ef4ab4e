/// The extents of a tensor's axes, outermost first. A scalar has no axes.
public struct Shape: Sendable, Hashable {
  /// The largest number of axes that a tensor can have.
  public static let maximumRank = 8

  /// The number of axes.
  public let rank: Int
  // Axes beyond `rank` hold 1, so that equal shapes have equal storage and nothing is allocated.
  private var extents: SIMD8<Int32>

  /// The shape of a scalar.
  public init() {
    rank = 0
    extents = SIMD8(repeating: 1)
  }

  /// The shape of a vector of `count` elements.
  public init(_ count: Int) {
    rank = 1
    extents = SIMD8(repeating: 1)
    extents[0] = Shape.checked(count)
  }

  /// The shape of a matrix.
  public init(_ rows: Int, _ columns: Int) {
    rank = 2
    extents = SIMD8(repeating: 1)
    extents[0] = Shape.checked(rows)
    extents[1] = Shape.checked(columns)
  }

  /// The shape of a tensor of three axes.
  public init(_ first: Int, _ second: Int, _ third: Int) {
    rank = 3
    extents = SIMD8(repeating: 1)
    extents[0] = Shape.checked(first)
    extents[1] = Shape.checked(second)
    extents[2] = Shape.checked(third)
  }

  /// A shape with the given extents, at most `maximumRank` of them, none negative.
  public init(_ dimensions: some Collection<Int>) {
    precondition(
      dimensions.count <= Shape.maximumRank,
      "Shape: \(dimensions.count) axes; at most \(Shape.maximumRank) are possible")
    rank = dimensions.count
    extents = SIMD8(repeating: 1)
    for (axis, extent) in dimensions.enumerated() { extents[axis] = Shape.checked(extent) }
  }

  private init(rank: Int, extents: SIMD8<Int32>) {
    self.rank = rank
    self.extents = extents
  }

  private static func checked(_ extent: Int) -> Int32 {
    precondition(
      extent >= 0 && extent <= Int(Int32.max),
      "Shape: an axis of \(extent) elements is not possible")
    return Int32(truncatingIfNeeded: extent)
  }
}

extension Shape {
  /// The extent of an axis; negative axes count from the last, `-1`.
  public subscript(axis: Int) -> Int { Int(extents[index(ofAxis: axis)]) }

  /// The number of elements: the product of the extents, 1 for a scalar.
  public var count: Int {
    var product = 1
    for axis in 0..<rank { product *= Int(extents[axis]) }
    return product
  }

  /// The extents as an array.
  public var dimensions: [Int] { (0..<rank).map { Int(extents[$0]) } }

  /// The extents of all axes but the last as one number: how many rows the last axis repeats.
  public var rowCount: Int { rank == 0 ? 1 : self[-1] == 0 ? leadingCount : count / self[-1] }

  private var leadingCount: Int {
    var product = 1
    for axis in 0..<max(0, rank - 1) { product *= Int(extents[axis]) }
    return product
  }

  /// This shape with the extent of one axis replaced.
  public func replacing(axis: Int, with extent: Int) -> Shape {
    var result = self
    result.extents[index(ofAxis: axis)] = Shape.checked(extent)
    return result
  }

  /// This shape without one axis.
  public func removing(axis: Int) -> Shape {
    var extents = extents
    for later in index(ofAxis: axis)..<rank - 1 { extents[later] = extents[later + 1] }
    extents[rank - 1] = 1
    return Shape(rank: rank - 1, extents: extents)
  }

  /// The axis counted from the first one; stops where there is none.
  func index(ofAxis axis: Int) -> Int {
    let index = axis < 0 ? axis + rank : axis
    precondition(index >= 0 && index < rank, "axis \(axis) of shape \(self): it has \(rank) axes")
    return index
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  /// A shape from its extents.
  public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

  /// The extents in brackets, as in `[128, 64]`.
  public var description: String { dimensions.description }
}

// MARK: - Broadcasting

extension Shape {
  /// The shape of an operation on two operands: axes are aligned at the last one, and an extent of 1 (or
  /// a missing axis) repeats; `nil` where two extents differ.
  public func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    let (long, short) = rank >= other.rank ? (self, other) : (other, self)
    var result = long
    for axis in 0..<short.rank {
      let target = axis + long.rank - short.rank
      let (a, b) = (long.extents[target], short.extents[axis])
      if a == b || b == 1 { continue }
      guard a == 1 else { return nil }
      result.extents[target] = b
    }
    return result
  }

  /// Row-major strides, in elements, of an array of this shape when it is read with the axes of
  /// `target`: 0 along axes that it repeats.
  func strides(within target: Shape) -> SIMD8<Int> {
    var result = SIMD8<Int>(repeating: 0)
    var stride = 1
    for axis in (0..<rank).reversed() {
      let extent = self[axis]
      if extent != 1 { result[axis + target.rank - rank] = stride }
      stride *= extent
    }
    return result
  }
}
