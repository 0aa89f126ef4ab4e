/// Tables of numbers as text: a header of column names, then one row a line.
///
/// Each column is an array with one axis: `int64` where all cells are whole numbers, else `float64`.
/// Cells are decimal numbers, `nan` or `inf`; an empty cell is refused. Names and cells may be quoted, as
/// in RFC 4180; lines end in LF or CRLF.
enum CSV {
  /// Reads a table.
  static func read(_ source: ByteSource) throws(ArchiveError) -> Archive {
    var reader = CSVReader(try source.all(), path: source.path)
    let header = try reader.row()
    try check(header, path: source.path)
    var columns = [CSVColumn](repeating: CSVColumn(), count: header.count)
    while !reader.isAtEnd {
      let start = reader.offset
      let cells = try reader.row()
      guard cells.count == header.count else {
        throw .malformed(
          path: source.path, byteOffset: start,
          expected: "\(header.count) cells in line \(reader.line - 1)", found: "\(cells.count)")
      }
      for (index, cell) in cells.enumerated() {
        guard columns[index].append(cell.text) else {
          let found = cell.text.isEmpty ? "nothing" : "'\(cell.text.prefix(40))'"
          throw .malformed(
            path: source.path, byteOffset: cell.offset,
            expected: "a number in line \(reader.line - 1), column '\(header[index].text)'",
            found: found)
        }
      }
    }
    var archive = Archive(path: source.path)
    for (name, column) in zip(header, columns) { archive[name.text] = column.array }
    return archive
  }

  private static func check(_ header: [CSVCell], path: String) throws(ArchiveError) {
    var names: Set<String> = []
    for cell in header {
      guard !cell.text.isEmpty, names.insert(cell.text).inserted else {
        throw .malformed(
          path: path, byteOffset: cell.offset, expected: "a new column name in line 1",
          found: cell.text.isEmpty ? "nothing" : "'\(cell.text.prefix(40))' again")
      }
    }
    // Numbers in the first line are data without a header, unless they count the columns.
    let isNumeric = header.allSatisfy { CSVColumn.isNumber($0.text) }
    if isNumeric && header.map(\.text) != header.indices.map(String.init) {
      throw .malformed(
        path: path, byteOffset: 0, expected: "a header of column names in line 1",
        found: "numbers")
    }
  }

  /// Writes arrays of one axis and equal length as columns, handing the bytes to `emit` by parts.
  ///
  /// Every number is written with the digits that read back as the same value.
  static func write(
    _ archive: Archive, path: String, _ emit: ([UInt8]) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    guard archive.metadata.isEmpty else {
      throw .unwritable(path: path, reason: "csv has no place for metadata; safetensors has")
    }
    guard let first = archive.names.first else {
      throw .unwritable(path: path, reason: "a csv table needs at least one column")
    }
    let rowCount = try archive.array(first).count
    var columns: [[String]] = []
    for name in archive.names {
      let array = try archive.array(name)
      guard array.shape == [rowCount] else {
        throw .unwritable(
          path: path,
          reason: "array '\(name)' has shape \(array.shape); a column here has shape [\(rowCount)]")
      }
      columns.append(try array.cells(name: name))
    }
    var text = archive.names.map(escaped).joined(separator: ",") + "\n"
    for row in 0..<rowCount {
      for (index, column) in columns.enumerated() {
        if index > 0 { text += "," }
        text += column[row]
      }
      text += "\n"
      if text.utf8.count > 1 << 20 {
        try emit(Array(text.utf8))
        text = ""
      }
    }
    try emit(Array(text.utf8))
  }

  private static func escaped(_ name: String) -> String {
    let needsQuotes =
      CSVColumn.isNumber(name) || name.first == " " || name.last == " "
      || name.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return name }
    let parts = name.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + parts.joined(separator: "\"\"") + "\""
  }
}

extension ArchiveArray {
  /// Every element as text that reads back as the same value.
  fileprivate func cells(name: String) throws(ArchiveError) -> [String] {
    switch elementType {
    case .float16, .bfloat16, .float32, .float64: try doubles(name: name).map(\.description)
    case .uint64: (values(as: UInt64.self) ?? []).map(String.init)
    default: try integers(name: name).map(String.init)
    }
  }
}

// MARK: - Cells

private struct CSVCell {
  var text: String
  var offset: Int
}

/// The numbers of a column: whole ones until one is not.
private struct CSVColumn {
  private var integers: [Int64] = []
  private var doubles: [Double]?

  var array: ArchiveArray {
    if let doubles { ArchiveArray(doubles) } else { ArchiveArray(integers) }
  }

  /// Adds a cell; false if it is not a number, or one too large.
  mutating func append(_ text: String) -> Bool {
    guard Self.isNumber(text), let value = Double(text) else { return false }
    let isWord = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "n") }
    guard value.isFinite || isWord else { return false }
    if doubles == nil {
      // "-0" is a zero with a sign, which only a double keeps.
      if let integer = Int64(text), !(integer == 0 && text.hasPrefix("-")) {
        integers.append(integer)
        return true
      }
      // A whole number beyond 2⁵³ before the first fraction would lose digits.
      let converted = integers.compactMap { Double(exactly: $0) }
      guard converted.count == integers.count else { return false }
      doubles = converted
      integers = []
    }
    doubles?.append(value)
    return true
  }

  /// Whether text is a decimal number, `nan`, `inf` or `infinity`, with or without a sign.
  static func isNumber(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      rest.removeFirst()
    }
    if ["nan", "inf", "infinity"].contains(String(decoding: rest, as: UTF8.self).lowercased()) {
      return true
    }
    func digits() -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest.removeFirst(count)
      return count
    }
    var digitCount = digits()
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      digitCount += digits()
    }
    guard digitCount > 0 else { return false }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        rest.removeFirst()
      }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}

/// Cuts text into rows and cells.
private struct CSVReader {
  private let bytes: [UInt8]
  private let path: String
  private(set) var offset = 0
  /// The number of the line that comes next, from 1.
  private(set) var line = 1

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
    // Spreadsheets put a byte order mark first.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  var isAtEnd: Bool { offset >= bytes.count }

  /// The cells up to the end of the line.
  mutating func row() throws(ArchiveError) -> [CSVCell] {
    var cells: [CSVCell] = []
    while true {
      cells.append(try cell())
      guard offset < bytes.count else { break }
      offset += 1
      if bytes[offset - 1] == UInt8(ascii: "\n") { break }
    }
    line += 1
    return cells
  }

  /// One cell; stops at a comma, a line end or the end of the text.
  private mutating func cell() throws(ArchiveError) -> CSVCell {
    let start = offset
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") { return try quotedCell() }
    while offset < bytes.count, bytes[offset] != UInt8(ascii: ","), bytes[offset] != 0x0A {
      offset += 1
    }
    var part = bytes[start..<offset]
    if offset < bytes.count, bytes[offset] == 0x0A, part.last == 0x0D { part.removeLast() }
    while let last = part.last, last == 0x20 || last == 0x09 { part.removeLast() }
    while let first = part.first, first == 0x20 || first == 0x09 { part.removeFirst() }
    return CSVCell(text: try text(part, at: start), offset: start)
  }

  private mutating func quotedCell() throws(ArchiveError) -> CSVCell {
    let start = offset
    var content: [UInt8] = []
    offset += 1
    while true {
      guard offset < bytes.count else {
        throw .malformed(
          path: path, byteOffset: start, expected: "a closing quote", found: "the end")
      }
      let byte = bytes[offset]
      offset += 1
      guard byte == UInt8(ascii: "\"") else {
        content.append(byte)
        continue
      }
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { break }
      content.append(byte)
      offset += 1
    }
    if offset + 1 < bytes.count, bytes[offset] == 0x0D, bytes[offset + 1] == 0x0A { offset += 1 }
    if offset < bytes.count, bytes[offset] != UInt8(ascii: ","), bytes[offset] != 0x0A {
      throw .malformed(
        path: path, byteOffset: offset, expected: "',' or the end of the line after a quote",
        found: shown(bytes[offset]))
    }
    return CSVCell(text: try text(content[...], at: start), offset: start)
  }

  private func text(_ part: ArraySlice<UInt8>, at start: Int) throws(ArchiveError) -> String {
    guard let text = String(validating: part, as: UTF8.self) else {
      throw .malformed(
        path: path, byteOffset: start, expected: "UTF-8 text", found: "malformed bytes")
    }
    return text
  }
}
