/// The file format of Hugging Face for named tensors: a JSON header, then the elements.
///
/// Arrays are written by falling width of their elements, then by name, as the reference implementation
/// does; the same contents always give the same bytes.
///
/// - Source: https://huggingface.co/docs/safetensors, version 0.8.0 of the reference implementation.
/// - Differs from: the reference, which refuses files with unused bytes between arrays or after them.
enum SafeTensors {
  /// The longest header that is read, as in the reference implementation.
  static let headerLimit = 100_000_000

  /// Names of element types, in the order of the reference implementation.
  static let typeNames: [(name: String, type: ArchiveArray.ElementType)] = [
    ("BOOL", .bool), ("U8", .uint8), ("I8", .int8), ("I16", .int16), ("U16", .uint16),
    ("F16", .float16), ("BF16", .bfloat16), ("I32", .int32), ("U32", .uint32),
    ("F32", .float32), ("F64", .float64), ("I64", .int64), ("U64", .uint64),
  ]

  /// Whether the bytes start as a safetensors file does: a length, then `{`.
  static func isLikely(_ source: ByteSource) throws(ArchiveError) -> Bool {
    guard source.count >= 10 else { return false }
    let start = try source.bytes(at: 0, count: 9, for: "the start")
    let length = start.littleEndian(at: 0, byteCount: 8) ?? 0
    return start[8] == UInt8(ascii: "{") && length <= UInt64(source.count - 8)
  }

  /// Reads all arrays, in the order of the header, and the metadata.
  static func read(_ source: ByteSource) throws(ArchiveError) -> Archive {
    let path = source.path
    let lengthField = try source.bytes(at: 0, count: 8, for: "the header length")
    let claim = lengthField.littleEndian(at: 0, byteCount: 8) ?? 0
    guard let length = Int(exactly: claim), length <= headerLimit, length <= source.count - 8 else {
      throw .malformed(
        path: path, byteOffset: 0,
        expected: "a header of at most \(min(headerLimit, source.count - 8)) bytes",
        found: "\(claim)")
    }
    let bytes = try source.bytes(at: 8, count: length, for: "the header")
    guard bytes.first == UInt8(ascii: "{") else {
      throw .malformed(
        path: path, byteOffset: 8, expected: "'{'", found: bytes.first.map(shown) ?? "the end")
    }
    let header: JSONObject
    do {
      header = try JSONValue(parsing: bytes, depthLimit: 4).object ?? [:]
    } catch {
      throw .malformed(path: path, byteOffset: 8, expected: "a JSON header", found: "\(error)")
    }

    let dataStart = 8 + length
    var archive = Archive(path: path)
    var entries: [SafeTensorsEntry] = []
    for (name, value) in header {
      if name == metadataKey {
        archive.metadata = try metadata(value, path: path)
      } else {
        entries.append(
          try SafeTensorsEntry(name, value, path: path, dataCount: source.count - dataStart))
      }
    }
    // Before anything is read: a small file must not claim the same bytes a thousand times.
    let ordered = entries.filter { !$0.range.isEmpty }
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
    for (first, second) in zip(ordered, ordered.dropFirst())
    where second.range.lowerBound < first.range.upperBound {
      throw .malformed(
        path: path, byteOffset: dataStart + second.range.lowerBound,
        expected: "'\(second.name)' after the end of '\(first.name)'", found: "an overlap")
    }
    for entry in entries {
      let elements = try source.bytes(
        at: dataStart + entry.range.lowerBound, count: entry.range.count, for: "'\(entry.name)'")
      archive[entry.name] = ArchiveArray(
        shape: entry.shape, elementType: entry.elementType, bytes: elements)
    }
    return archive
  }

  /// Writes all arrays, handing the bytes to `emit` piece by piece.
  static func write(
    _ archive: Archive, path: String, _ emit: ([UInt8]) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    var arrays: [(rank: Int, name: String, array: ArchiveArray)] = []
    for name in archive.names {
      guard name != metadataKey else {
        throw .unwritable(path: path, reason: "safetensors keeps the name \(metadataKey)")
      }
      let array = try archive.array(name)
      let rank = typeNames.firstIndex { $0.type == array.elementType } ?? 0
      arrays.append((rank, name, array))
    }
    arrays.sort {
      $0.rank != $1.rank ? $0.rank > $1.rank : isOrdered($0.name, $1.name)
    }

    var header = JSONObject()
    if !archive.metadata.isEmpty {
      var metadata = JSONObject()
      for key in archive.metadata.keys.sorted(by: isOrdered) {
        metadata[key] = archive.metadata[key].map(JSONValue.string)
      }
      header[metadataKey] = .object(metadata)
    }
    var offset = 0
    for (rank, name, array) in arrays {
      let end = offset + array.bytes.count
      header[name] = [
        "dtype": .string(typeNames[rank].name),
        "shape": .array(array.shape.map { JSONValue($0) }),
        "data_offsets": [JSONValue(offset), JSONValue(end)],
      ]
      offset = end
    }
    let text: String
    do {
      text = try JSONValue.object(header).text()
    } catch {
      throw .unwritable(path: path, reason: "\(error)")
    }
    var bytes = Array(text.utf8)
    bytes += [UInt8](repeating: 0x20, count: (8 - bytes.count % 8) % 8)
    guard bytes.count <= headerLimit else {
      throw .unwritable(path: path, reason: "the header would have \(bytes.count) bytes")
    }
    var length: [UInt8] = []
    length.appendLittleEndian(bytes.count, byteCount: 8)
    try emit(length)
    try emit(bytes)
    for (_, _, array) in arrays { try emit(array.bytes) }
  }

  private static let metadataKey = "__metadata__"

  private static func metadata(
    _ value: JSONValue, path: String
  ) throws(ArchiveError) -> [String: String] {
    guard let members = value.object else {
      throw .malformed(
        path: path, byteOffset: 8, expected: "metadata as an object", found: value.kind)
    }
    var result: [String: String] = [:]
    for (key, value) in members {
      guard let text = value.string else {
        throw .malformed(
          path: path, byteOffset: 8, expected: "metadata '\(key)' as a string", found: value.kind)
      }
      result[key] = text
    }
    return result
  }

  /// Order by UTF-8 bytes, which does not depend on the version of Unicode.
  private static func isOrdered(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }
}

/// What the header says of one array, checked against the size of the file.
private struct SafeTensorsEntry {
  var name: String
  var elementType: ArchiveArray.ElementType
  var shape: [Int]
  /// The bytes of the elements, counted from the end of the header.
  var range: Range<Int>

  init(_ name: String, _ value: JSONValue, path: String, dataCount: Int) throws(ArchiveError) {
    func failure(_ expected: String, _ found: String) -> ArchiveError {
      .malformed(path: path, byteOffset: 8, expected: "\(expected) of '\(name)'", found: found)
    }
    guard let entry = value.object else { throw failure("the description", value.kind) }
    let known: Set = ["dtype", "shape", "data_offsets"]
    if let other = entry.keys.first(where: { !known.contains($0) }) {
      throw failure("dtype, shape and data_offsets", "'\(other)'")
    }
    let dtype = entry["dtype"]?.string
    guard let type = SafeTensors.typeNames.first(where: { $0.name == dtype })?.type else {
      throw failure("a known dtype", dtype.map { "'\($0.prefix(40))'" } ?? "none")
    }
    func text(_ key: String) -> String {
      String(((try? entry[key]?.text()) ?? "none").prefix(80))
    }
    func counts(_ key: String) -> [Int]? {
      guard let values = entry[key]?.array else { return nil }
      let counts = values.compactMap(\.integer).filter { $0 >= 0 }
      return counts.count == values.count ? counts : nil
    }
    guard let shape = counts("shape") else {
      throw failure("a shape of whole numbers", text("shape"))
    }
    guard let offsets = counts("data_offsets"), offsets.count == 2, offsets[0] <= offsets[1],
      offsets[1] <= dataCount
    else {
      throw failure("data_offsets within \(dataCount) bytes", text("data_offsets"))
    }
    guard ArchiveArray.byteCount(of: shape, type) == offsets[1] - offsets[0] else {
      throw failure("the elements of shape \(shape) of \(type)", "\(offsets[1] - offsets[0]) bytes")
    }
    self.name = name
    self.elementType = type
    self.shape = shape
    self.range = offsets[0]..<offsets[1]
  }
}
