/// NumPy's file of one array.
///
/// - Source: numpy.lib.format, versions 1.0 to 3.0. Structured, complex, text and object arrays are refused.
enum NPY {
  /// The first six bytes of every npy file.
  static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads an array; big-endian and Fortran-ordered elements are put into this package's order.
  static func read(_ source: ByteSource) throws(ArchiveError) -> ArchiveArray {
    let (header, start) = try header(of: source)
    let count = source.count - start
    var bytes = try source.bytes(at: start, count: count, for: "the elements")
    let width = header.elementType.byteCount
    if header.isBigEndian { bytes = byteSwapped(bytes, width: width) }
    if header.isFortranOrdered {
      bytes = rowMajor(bytes, shape: header.shape, width: width)
    }
    return ArchiveArray(shape: header.shape, elementType: header.elementType, bytes: bytes)
  }

  /// What stands before the elements, and where they start; they reach to the end of the file.
  static func header(of source: ByteSource) throws(ArchiveError) -> (NPYHeader, start: Int) {
    let path = source.path
    let start = try source.bytes(at: 0, count: 8, for: "an npy mark and version")
    guard Array(start[..<6]) == mark else {
      throw .malformed(path: path, byteOffset: 0, expected: "the npy mark", found: "other bytes")
    }
    let (major, minor) = (start[6], start[7])
    guard (1...3).contains(major), minor == 0 else {
      throw .malformed(
        path: path, byteOffset: 6, expected: "npy version 1.0, 2.0 or 3.0",
        found: "\(major).\(minor)")
    }
    let lengthSize = major == 1 ? 2 : 4
    let lengthField = try source.bytes(at: 8, count: lengthSize, for: "the header length")
    let headerLength = Int(lengthField.littleEndian(at: 0, byteCount: lengthSize) ?? 0)
    let headerStart = 8 + lengthSize
    let text = try source.bytes(at: headerStart, count: headerLength, for: "the npy header")
    var parser = NPYHeaderParser(bytes: text, path: path, start: headerStart)
    let header = try parser.header()

    let dataStart = headerStart + headerLength
    let available = source.count - dataStart
    guard let expected = ArchiveArray.byteCount(of: header.shape, header.elementType),
      expected == available
    else {
      throw .malformed(
        path: path, byteOffset: dataStart,
        expected: "the elements of shape \(header.shape) of \(header.elementType)",
        found: "\(available) bytes")
    }
    return (header, dataStart)
  }

  /// The bytes before the elements, as NumPy writes them; the elements follow as they are.
  ///
  /// - Throws: `ArchiveError.unwritable` for bfloat16, which npy has no name for.
  static func header(for array: ArchiveArray, path: String) throws(ArchiveError) -> [UInt8] {
    guard let descr = typeNames.first(where: { $0.type == array.elementType })?.name else {
      throw .unwritable(path: path, reason: "npy has no name for \(array.elementType)")
    }
    let order = array.elementType.byteCount == 1 ? "|" : "<"
    let extents = array.shape.map(String.init)
    let shape = extents.count == 1 ? "(\(extents[0]),)" : "(\(extents.joined(separator: ", ")))"
    var text = "{'descr': '\(order)\(descr)', 'fortran_order': False, 'shape': \(shape), }"
    // NumPy leaves room for the first extent to grow to 21 digits, and aligns the elements to 64 bytes.
    if let first = extents.first { text += String(repeating: " ", count: 21 - first.utf8.count) }
    let lengthSize = text.utf8.count + 1 + 10 + 64 <= Int(UInt16.max) ? 2 : 4
    let unpadded = 8 + lengthSize + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    var bytes = mark + [lengthSize == 2 ? 1 : 2, 0]
    bytes.appendLittleEndian(text.utf8.count, byteCount: lengthSize)
    return bytes + Array(text.utf8)
  }

  /// NumPy's names without byte order.
  static let typeNames: [(name: String, type: ArchiveArray.ElementType)] = [
    ("f2", .float16), ("f4", .float32), ("f8", .float64),
    ("i1", .int8), ("i2", .int16), ("i4", .int32), ("i8", .int64),
    ("u1", .uint8), ("u2", .uint16), ("u4", .uint32), ("u8", .uint64), ("b1", .bool),
  ]
}

// MARK: - Element order

/// Elements of `width` bytes with the bytes of each in reverse.
package func byteSwapped(_ bytes: [UInt8], width: Int) -> [UInt8] {
  switch width {
  case 2: swapped(bytes, UInt16.self)
  case 4: swapped(bytes, UInt32.self)
  case 8: swapped(bytes, UInt64.self)
  default: bytes
  }
}

private func swapped<Word: FixedWidthInteger>(_ bytes: [UInt8], _: Word.Type) -> [UInt8] {
  var result = bytes
  result.withUnsafeMutableBytes { raw in
    for offset in stride(from: 0, to: raw.count, by: MemoryLayout<Word>.size) {
      let word = raw.loadUnaligned(fromByteOffset: offset, as: Word.self)
      raw.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: Word.self)
    }
  }
  return result
}

/// Elements given with the first axis fastest, in the order with the last axis fastest.
private func rowMajor(_ bytes: [UInt8], shape: [Int], width: Int) -> [UInt8] {
  guard shape.count > 1, !bytes.isEmpty else { return bytes }
  switch width {
  case 1: return reordered(bytes, shape, UInt8.self)
  case 2: return reordered(bytes, shape, UInt16.self)
  case 4: return reordered(bytes, shape, UInt32.self)
  default: return reordered(bytes, shape, UInt64.self)
  }
}

private func reordered<Word: FixedWidthInteger>(
  _ bytes: [UInt8], _ shape: [Int], _: Word.Type
) -> [UInt8] {
  let width = MemoryLayout<Word>.size
  // Distance in the source between neighbors along each axis.
  var strides: [Int] = []
  var product = 1
  for extent in shape {
    strides.append(product)
    product *= extent
  }
  return bytes.withUnsafeBytes { source in
    [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, filled in
      let target = UnsafeMutableRawBufferPointer(buffer)
      var index = [Int](repeating: 0, count: shape.count)
      var from = 0
      for to in 0..<product {
        let word = source.loadUnaligned(fromByteOffset: from * width, as: Word.self)
        target.storeBytes(of: word, toByteOffset: to * width, as: Word.self)
        // Count up like an odometer, the last axis fastest.
        var axis = shape.count - 1
        while axis >= 0 {
          index[axis] += 1
          from += strides[axis]
          if index[axis] < shape[axis] { break }
          from -= strides[axis] * shape[axis]
          index[axis] = 0
          axis -= 1
        }
      }
      filled = bytes.count
    }
  }
}

// MARK: - Header

struct NPYHeader {
  var elementType: ArchiveArray.ElementType
  var isBigEndian: Bool
  var isFortranOrdered: Bool
  var shape: [Int]
}

/// A parser of the one Python dictionary that an npy header is.
private struct NPYHeaderParser {
  let bytes: [UInt8]
  let path: String
  /// The offset of the header in the file, for messages.
  let start: Int
  private var offset = 0

  init(bytes: [UInt8], path: String, start: Int) {
    self.bytes = bytes
    self.path = path
    self.start = start
  }

  mutating func header() throws(ArchiveError) -> NPYHeader {
    var type: (elementType: ArchiveArray.ElementType, isBigEndian: Bool)?
    var isFortranOrdered: Bool?
    var shape: [Int]?
    try take("{")
    while !peek("}") {
      let keyOffset = offset
      let key = try string()
      try take(":")
      switch key {
      case "descr" where type == nil: type = try elementType()
      case "fortran_order" where isFortranOrdered == nil: isFortranOrdered = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      default:
        throw failure(
          at: keyOffset, "'descr', 'fortran_order' and 'shape', once each", "'\(key.prefix(40))'")
      }
      guard peek(",") else { break }
      try take(",")
    }
    try take("}")
    skipSpace()
    guard offset == bytes.count else { throw unexpected("the end of the header") }
    guard let type, let isFortranOrdered, let shape else {
      throw failure(at: offset, "'descr', 'fortran_order' and 'shape'", "fewer names")
    }
    return NPYHeader(
      elementType: type.elementType, isBigEndian: type.isBigEndian,
      isFortranOrdered: isFortranOrdered, shape: shape)
  }

  private mutating func elementType() throws(ArchiveError)
    -> (elementType: ArchiveArray.ElementType, isBigEndian: Bool)
  {
    skipSpace()
    let at = offset
    guard peek("'") || peek("\"") else {
      throw failure(at: at, "a plain number type such as '<f4'", "a structured type")
    }
    let text = try string()
    let order = text.first.map(String.init) ?? ""
    let name = String(text.dropFirst())
    guard let type = NPY.typeNames.first(where: { $0.name == name })?.type,
      ["<", ">", "="].contains(order) || order == "|" && type.byteCount == 1
    else {
      throw failure(at: at, "a plain number type such as '<f4'", "'\(text.prefix(40))'")
    }
    return (type, order == ">")
  }

  private mutating func boolean() throws(ArchiveError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] {
      if bytes[offset...].starts(with: word.utf8) {
        offset += word.utf8.count
        return value
      }
    }
    throw unexpected("True or False")
  }

  private mutating func tuple() throws(ArchiveError) -> [Int] {
    let rankLimit = 64  // as NumPy
    var extents: [Int] = []
    try take("(")
    while !peek(")") {
      guard extents.count < rankLimit else { throw unexpected("at most \(rankLimit) axes") }
      extents.append(try integer())
      guard peek(",") else { break }
      try take(",")
    }
    try take(")")
    return extents
  }

  private mutating func integer() throws(ArchiveError) -> Int {
    skipSpace()
    let at = offset
    while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
    let digits = String(decoding: bytes[at..<offset], as: UTF8.self)
    guard !digits.isEmpty else { throw unexpected("an extent") }
    guard let value = Int(digits) else {
      throw failure(at: at, "an extent below 2^63", String(digits.prefix(40)))
    }
    return value
  }

  private mutating func string() throws(ArchiveError) -> String {
    skipSpace()
    guard peek("'") || peek("\"") else { throw unexpected("a string") }
    let quote = bytes[offset]
    let begin = offset + 1
    guard let end = bytes[begin...].firstIndex(of: quote) else {
      throw failure(at: bytes.count, "the closing quote", "the end of the header")
    }
    offset = end + 1
    return String(decoding: bytes[begin..<end], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x0A { offset += 1 }
  }

  private mutating func peek(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return offset < bytes.count && bytes[offset] == UInt8(ascii: character)
  }

  private mutating func take(_ character: Unicode.Scalar) throws(ArchiveError) {
    guard peek(character) else { throw unexpected("'\(character)'") }
    offset += 1
  }

  private func unexpected(_ expected: String) -> ArchiveError {
    failure(at: offset, expected, offset < bytes.count ? shown(bytes[offset]) : "the end")
  }

  private func failure(at offset: Int, _ expected: String, _ found: String) -> ArchiveError {
    .malformed(path: path, byteOffset: start + offset, expected: expected, found: found)
  }
}
