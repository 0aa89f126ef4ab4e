import GrokKernels

/// A dense matrix of `Float` or `Double`, stored row by row.
///
/// The exchange type of the package: a row is usually an example and a column a feature. A matrix is
/// a value; copies share storage until one of them is written to. Row and column indices are checked
/// in debug builds and, through the array, never read outside the storage.
public struct Matrix<Scalar: RealScalar>: Sendable, Equatable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  @usableFromInline var storage: [Scalar]

  /// The elements in row-major order; element (r, c) is at `r * columnCount + c`.
  @inlinable public var values: [Scalar] { storage }

  /// A matrix from its elements in row-major order.
  ///
  /// - Precondition: `values.count == rowCount * columnCount` and neither count is negative.
  public init(values: [Scalar], rowCount: Int, columnCount: Int) {
    precondition(
      rowCount >= 0 && columnCount >= 0 && values.count == rowCount * columnCount,
      "Matrix: \(values.count) values cannot fill [\(rowCount), \(columnCount)]")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.storage = values
  }

  /// A matrix whose elements all equal `value`.
  public init(repeating value: Scalar, rowCount: Int, columnCount: Int) {
    self.init(rowCount: rowCount, columnCount: columnCount) { elements in
      guard let first = elements.baseAddress else { return }
      Scalar.kernels.pointee.fill(first, Double(value), elements.count)
    }
  }

  /// A matrix of zeros.
  public init(rowCount: Int, columnCount: Int) {
    self.init(rowCount: rowCount, columnCount: columnCount) { elements in
      // All bits zero are the number 0, and are set far faster than numbers of an unknown type.
      UnsafeMutableRawBufferPointer(elements).initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  /// A matrix from its rows, which all have the same length.
  public init(rows: [[Scalar]]) {
    let columnCount = rows.first?.count ?? 0
    var values = [Scalar]()
    values.reserveCapacity(rows.count * columnCount)
    for (index, row) in rows.enumerated() {
      precondition(
        row.count == columnCount,
        "Matrix: row \(index) has \(row.count) values, row 0 has \(columnCount)")
      values += row
    }
    self.init(values: values, rowCount: rows.count, columnCount: columnCount)
  }

  /// The identity matrix of `size` rows and columns.
  public static func identity(size: Int) -> Matrix {
    Matrix(diagonal: Array(repeating: 1, count: size))
  }

  /// A square matrix with `diagonal` on its diagonal and zeros elsewhere.
  public init(diagonal: [Scalar]) {
    self.init(rowCount: diagonal.count, columnCount: diagonal.count)
    for (index, value) in diagonal.enumerated() { self[index, index] = value }
  }

  /// A matrix whose elements `initialize` writes, in row-major order, into storage it is given.
  ///
  /// `initialize` must write every element; what it leaves out is undefined.
  package init(
    rowCount: Int, columnCount: Int,
    initializingWith initialize: (UnsafeMutableBufferPointer<Scalar>) -> Void
  ) {
    precondition(
      rowCount >= 0 && columnCount >= 0, "Matrix: negative size [\(rowCount), \(columnCount)]")
    let count = rowCount * columnCount
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.storage = Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      initialize(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initializedCount = count
    }
  }
}

// MARK: - Elements, rows and columns

extension Matrix {
  /// The number of elements.
  public var count: Int { storage.count }

  /// The number of rows and of columns, as messages print it: `[3, 4]`.
  public var shapeDescription: String { "[\(rowCount), \(columnCount)]" }

  /// The element in `row` and `column`, counted from 0.
  @inlinable public subscript(row: Int, column: Int) -> Scalar {
    get {
      assert(contains(row, column), outside(row, column))
      return storage[row &* columnCount &+ column]
    }
    set {
      assert(contains(row, column), outside(row, column))
      storage[row &* columnCount &+ column] = newValue
    }
  }

  /// The elements of one row.
  ///
  /// A slice of `values`: its first index is `index * columnCount`, not 0.
  public func row(_ index: Int) -> ArraySlice<Scalar> {
    precondition(
      index >= 0 && index < rowCount, "Matrix: row \(index) is outside \(shapeDescription)")
    return storage[index * columnCount..<(index + 1) * columnCount]
  }

  /// The elements of one column, copied.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func column(_ index: Int) -> [Scalar] {
    precondition(
      index >= 0 && index < columnCount, "Matrix: column \(index) is outside \(shapeDescription)")
    return (0..<rowCount).map { storage[$0 * columnCount + index] }
  }

  /// The elements (0, 0), (1, 1), … as far as both sizes reach.
  public var diagonal: [Scalar] {
    everyElement(columnCount + 1, count: Swift.min(rowCount, columnCount))
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func everyElement(_ stride: Int, count: Int) -> [Scalar] {
    var elements: [Scalar] = []
    elements.reserveCapacity(count)
    for index in 0..<count { elements.append(storage[index * stride]) }
    return elements
  }

  /// Calls `body` with the elements, in row-major order, for reading and writing.
  public mutating func withUnsafeMutableBufferPointer<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try storage.withUnsafeMutableBufferPointer { try body($0) }
  }

  @usableFromInline func contains(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < rowCount && column >= 0 && column < columnCount
  }

  @usableFromInline func outside(_ row: Int, _ column: Int) -> String {
    "Matrix: element (\(row), \(column)) is outside \(shapeDescription)"
  }
}

// MARK: - New matrices from old

extension Matrix {
  /// The rows with the given indices, in the order given; an index may occur more than once.
  public func selectingRows(_ indices: some Collection<Int>) -> Matrix {
    var selected = [Scalar]()
    selected.reserveCapacity(indices.count * columnCount)
    for index in indices { selected += row(index) }
    return Matrix(values: selected, rowCount: indices.count, columnCount: columnCount)
  }

  /// The columns with the given indices, in the order given; an index may occur more than once.
  public func selectingColumns(_ indices: some Collection<Int>) -> Matrix {
    for index in indices {
      precondition(
        index >= 0 && index < columnCount,
        "Matrix: column \(index) is outside \(shapeDescription)")
    }
    var selected = [Scalar]()
    selected.reserveCapacity(rowCount * indices.count)
    for row in 0..<rowCount {
      for column in indices { selected.append(storage[row * columnCount + column]) }
    }
    return Matrix(values: selected, rowCount: rowCount, columnCount: indices.count)
  }

  /// The matrix with `transform` applied to every element.
  @inlinable public func map<Other: RealScalar>(
    _ transform: (Scalar) throws -> Other
  ) rethrows -> Matrix<Other> {
    Matrix<Other>(
      values: try storage.map(transform), rowCount: rowCount, columnCount: columnCount)
  }

  /// The matrix in another precision, every element rounded to nearest.
  ///
  /// - Shapes: any, and the same.
  public init<Other: RealScalar>(_ other: Matrix<Other>) {
    self.init(rowCount: other.rowCount, columnCount: other.columnCount) { result in
      other.storage.withUnsafeBufferPointer { convert($0, to: result) }
    }
  }
}
