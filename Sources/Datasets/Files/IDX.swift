/// The file format of MNIST: a magic number that tells element type and rank, the extents, the elements.
///
/// All numbers are big-endian. Files are read as they are or, if they start with the mark of gzip,
/// decompressed on the way, whatever they are called. Missing, surplus and trailing bytes are refused.
///
/// - Source: http://yann.lecun.com/exdb/mnist, "the IDX file format".
public struct IDX: Sendable, Equatable {
  /// The elements and their shape.
  public let array: ArchiveArray
  /// SHA-256 of the unpacked file, header included: 64 hexadecimal digits.
  public let sha256: String

  /// Reads a file.
  ///
  /// - Throws: `DatasetError.unreadable`, whose message names path, byte offset, and what was expected.
  public init(contentsOf path: String) throws(DatasetError) {
    do throws(ArchiveError) {
      try self.init(ByteSource(path: path))
    } catch {
      throw .unreadable(error)
    }
  }

  init(_ source: ByteSource) throws(ArchiveError) {
    let isGzip = try source.isGzip()
    var assembly = IDXAssembly(
      path: isGzip ? "\(source.path), unpacked" : source.path,
      reservable: isGzip ? 16 * source.count : source.count)
    if isGzip {
      try source.inflate(0..<source.count, format: .gzip) { (piece) throws(ArchiveError) in
        try assembly.append(piece)
      }
    } else {
      let pieceSize = 1 << 20
      for start in stride(from: 0, to: source.count, by: pieceSize) {
        let piece = try source.bytes(
          at: start, count: min(pieceSize, source.count - start), for: "the elements")
        try piece.withUnsafeBufferPointer { (piece) throws(ArchiveError) in
          try assembly.append(UnsafeRawBufferPointer(piece))
        }
      }
    }
    array = try assembly.array()
    sha256 = assembly.digest.hexadecimal
  }
}

/// An array that comes in pieces: the header first, then as many elements as the header says.
private struct IDXAssembly {
  /// What messages call the bytes.
  let path: String
  /// Room is made beforehand only for what a file of this size can well hold.
  let reservable: Int
  private(set) var digest = SHA256()
  private var header: [UInt8] = []
  private var shape: [Int] = []
  private var type: ArchiveArray.ElementType?
  private var elementByteCount = 0
  private var elements: [UInt8] = []

  init(path: String, reservable: Int) {
    self.path = path
    self.reservable = reservable
  }

  /// The size of the header, as far as its beginning tells.
  private var headerByteCount: Int { header.count < 4 ? 4 : 4 + 4 * Int(header[3]) }

  mutating func append(_ piece: UnsafeRawBufferPointer) throws(ArchiveError) {
    digest.update(piece)
    var position = 0
    while header.count < headerByteCount, position < piece.count {
      header.append(piece[position])
      position += 1
      if header.count == 4 { try readMagic() }
      if header.count == headerByteCount { try readShape() }
    }
    let rest = piece[position...]
    guard rest.count <= elementByteCount - elements.count else {
      throw .malformed(
        path: path, byteOffset: header.count + elementByteCount,
        expected: "the end after shape \(shape)", found: "more bytes")
    }
    elements.append(contentsOf: rest)
  }

  /// The array, when all pieces were given.
  func array() throws(ArchiveError) -> ArchiveArray {
    guard let type, header.count == headerByteCount else {
      throw .malformed(
        path: path, byteOffset: header.count, expected: "an IDX header of \(headerByteCount) bytes",
        found: "the end")
    }
    guard elements.count == elementByteCount else {
      throw .malformed(
        path: path, byteOffset: header.count + elements.count,
        expected: "\(elementByteCount) bytes of shape \(shape) of \(type)",
        found: "\(elements.count)")
    }
    return ArchiveArray(
      shape: shape, elementType: type, bytes: byteSwapped(elements, width: type.byteCount))
  }

  private mutating func readMagic() throws(ArchiveError) {
    let types: [UInt8: ArchiveArray.ElementType] = [
      0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
    ]
    type = types[header[2]]
    guard header[0] == 0, header[1] == 0, type != nil else {
      throw .malformed(
        path: path, byteOffset: 0, expected: "the IDX magic 0, 0, element type, rank",
        found: header.map { String($0) }.joined(separator: ", "))
    }
  }

  private mutating func readShape() throws(ArchiveError) {
    guard let type else { return }
    shape = stride(from: 4, to: header.count, by: 4).map { start in
      header[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    // An array that no memory holds is refused before the first element is gathered.
    guard let count = ArchiveArray.byteCount(of: shape, type) else {
      throw .malformed(
        path: path, byteOffset: 4, expected: "extents of an array that fits in memory",
        found: "\(shape)")
    }
    elementByteCount = count
    elements.reserveCapacity(min(count, reservable))
  }
}
