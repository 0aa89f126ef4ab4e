/// The numbers of an npy file as samples that stay in the file, for arrays larger than memory.
///
/// ```swift
/// let activations = try MappedMatrix(contentsOf: "activations.npy")  // 20 GB
/// let ratio = try participationRatio(of: activations)  // GrokMeasures
/// ```
///
/// The file is mapped into memory; a block that was copied out of it is let go of again, with the few
/// megabytes around it that the system read in, so the program holds what it works on and no more.
/// Reading element by element through the subscript holds on to what it touched until a block is
/// copied. The first axis is the rows, all others together the columns. Files in C order are read
/// fastest; in Fortran order a block of rows touches every page that a column spans.
///
/// The file must keep its length while it is mapped.
public struct MappedMatrix: SampleMatrix, Sendable {
  /// The extent of the first axis.
  public let rowCount: Int
  /// The product of the other extents.
  public let columnCount: Int
  /// The type of the elements in the file.
  public let elementType: ArchiveArray.ElementType
  /// The path of the file.
  public let path: String
  private let kind: Kind
  private let bytes: MappedBytes
  private let start: Int
  private let isBigEndian: Bool
  private let isFortranOrdered: Bool

  /// Maps an npy file.
  ///
  /// - Throws: `ArchiveError.malformed`, `.unexpectedShape` for a single number and for more than two
  ///   axes in Fortran order, `.cannotRead`, also for truth values and for integers of 64 bits, which
  ///   `Double` cannot all hold.
  public init(contentsOf path: String) throws(ArchiveError) {
    let source = try ByteSource(path: path)
    let (header, start) = try NPY.header(of: source)
    guard let rowCount = header.shape.first else {
      throw .unexpectedShape(name: path, shape: [], expected: "at least one axis")
    }
    guard let kind = Kind(rawValue: header.elementType.rawValue) else {
      throw .cannotRead(
        path: path,
        reason: "\(header.elementType) is not mapped, only floating-point numbers and integers of "
          + "at most 32 bits; read it as an Archive")
    }
    self.rowCount = rowCount
    columnCount = header.shape.dropFirst().reduce(1, *)
    elementType = header.elementType
    self.kind = kind
    self.path = path
    self.start = start
    isBigEndian = header.isBigEndian
    // With one axis the orders are the same.
    isFortranOrdered = header.isFortranOrdered && header.shape.count > 1
    guard !isFortranOrdered || header.shape.count == 2 else {
      throw .unexpectedShape(
        name: path, shape: header.shape, expected: "two axes in a file in Fortran order")
    }
    bytes = try source.mapped()
  }

  /// `.float` for `float16` and `float32`, `.double` for all others.
  public var precision: Precision {
    elementType == .float16 || elementType == .float32 ? .float : .double
  }

  /// The element in `row` and `column`, counted from 0.
  public subscript(row: Int, column: Int) -> Double {
    precondition(
      row >= 0 && row < rowCount && column >= 0 && column < columnCount,
      "MappedMatrix: element (\(row), \(column)) is outside [\(rowCount), \(columnCount)]")
    return element(at: index(row, column))
  }

  /// Copies a block out of the file and lets go of the memory that held it.
  public func copy<Scalar: RealScalar>(
    rows: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>, stride: Int
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= rowCount && columns.lowerBound >= 0
        && columns.upperBound <= columnCount && stride >= columns.count,
      "copy: rows \(rows), columns \(columns) are not all within [\(rowCount), \(columnCount)]")
    guard !rows.isEmpty, !columns.isEmpty else { return }
    for (offset, row) in rows.enumerated() {
      copy(row: row, columns: columns, to: destination + offset * stride)
    }
    let width = elementType.byteCount
    if isFortranOrdered {
      bytes.release(start..<start + rowCount * columnCount * width)
    } else {
      bytes.release(
        start + rows.lowerBound * columnCount * width..<start + rows.upperBound * columnCount
          * width)
    }
  }
}

// MARK: - Elements

extension MappedMatrix {
  /// The types of element that can be mapped, called as in `ArchiveArray.ElementType`.
  private enum Kind: String {
    case float16, float32, float64, int8, uint8, int16, uint16, int32, uint32
  }

  private func copy<Scalar: RealScalar>(
    row: Int, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>
  ) {
    let address = bytes.base + start + index(row, columns.lowerBound) * elementType.byteCount
    let target = UnsafeMutableBufferPointer(start: destination, count: columns.count)
    // NumPy aligns the elements; other writers may not.
    let isPlain =
      !isBigEndian && !isFortranOrdered && Int(bitPattern: address) % elementType.byteCount == 0
    switch kind {
    case .float32 where isPlain:
      let source = address.assumingMemoryBound(to: Float.self)
      convert(UnsafeBufferPointer(start: source, count: columns.count), to: target)
    case .float64 where isPlain:
      let source = address.assumingMemoryBound(to: Double.self)
      convert(UnsafeBufferPointer(start: source, count: columns.count), to: target)
    default:
      for (offset, column) in columns.enumerated() {
        target[offset] = Scalar(element(at: index(row, column)))
      }
    }
  }

  private func index(_ row: Int, _ column: Int) -> Int {
    isFortranOrdered ? column * rowCount + row : row * columnCount + column
  }

  private func element(at index: Int) -> Double {
    switch kind {
    case .float16: Double(Float(halfBits: word(index)))
    case .float32: Double(Float(bitPattern: word(index)))
    case .float64: Double(bitPattern: word(index))
    case .int8: Double(word(index) as Int8)
    case .uint8: Double(word(index) as UInt8)
    case .int16: Double(word(index) as Int16)
    case .uint16: Double(word(index) as UInt16)
    case .int32: Double(word(index) as Int32)
    case .uint32: Double(word(index) as UInt32)
    }
  }

  private func word<Word: FixedWidthInteger>(_ index: Int) -> Word {
    let word = bytes.base.loadUnaligned(
      fromByteOffset: start + index * MemoryLayout<Word>.size, as: Word.self)
    return isBigEndian ? word.byteSwapped : word
  }
}
