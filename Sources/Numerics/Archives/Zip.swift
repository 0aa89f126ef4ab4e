/// The members of a zip file, as its central directory lists them.
///
/// The directory is authoritative: sizes and checksums in local headers, and data descriptors, are not
/// looked at. Refused: encryption, methods other than stored and deflated, several disks, names that
/// point outside of a folder or stand twice, members that overlap, and sizes that the file cannot hold.
///
/// - Source: PKWARE APPNOTE 6.3.10, with the zip64 extension.
package struct ZipReader {
  /// One file in a zip file.
  package struct Member {
    package var name: String
    var isDeflated: Bool
    var checksum: UInt32
    var compressedCount: Int
    var count: Int
    var headerOffset: Int
    /// Where the compressed bytes start; found from the local header.
    var dataOffset = 0
    /// Where the directory describes the member, for messages.
    var directoryOffset: Int
  }

  let source: ByteSource
  package let members: [Member]

  /// Reads and checks the directory, but no contents.
  package init(_ source: ByteSource) throws(ArchiveError) {
    self.source = source
    let end = try ZipDirectoryEnd(source)
    var members = try Self.directory(end, source)
    var names: Set<String> = []
    for member in members where !names.insert(member.name).inserted {
      throw .malformed(
        path: source.path, byteOffset: member.directoryOffset,
        expected: "each member once", found: "a second '\(member.name)'")
    }
    for index in members.indices {
      members[index].dataOffset = try Self.dataOffset(of: members[index], end, source)
    }
    let ordered = members.sorted { $0.headerOffset < $1.headerOffset }
    for (first, second) in zip(ordered, ordered.dropFirst())
    where second.headerOffset < first.dataOffset + first.compressedCount {
      throw .malformed(
        path: source.path, byteOffset: second.headerOffset,
        expected: "'\(second.name)' after the end of '\(first.name)'", found: "an overlap")
    }
    self.members = members
  }

  /// The contents of a member, decompressed, its checksum verified.
  package func contents(of member: Member) throws(ArchiveError) -> [UInt8] {
    let path = "\(source.path):\(member.name)"
    let range = member.dataOffset..<member.dataOffset + member.compressedCount
    var result: [UInt8] = []
    if member.isDeflated {
      result.reserveCapacity(min(member.count, 16 * member.compressedCount))
      try source.inflate(range, format: .raw) { (piece) throws(ArchiveError) in
        guard piece.count <= member.count - result.count else {
          throw .malformed(
            path: path, byteOffset: member.count,
            expected: "the end of \(member.count) bytes", found: "more")
        }
        result.append(contentsOf: piece)
      }
    } else {
      result = try source.bytes(at: range.lowerBound, count: range.count, for: "'\(member.name)'")
    }
    guard result.count == member.count else {
      throw .malformed(
        path: path, byteOffset: result.count, expected: "\(member.count) bytes",
        found: "\(result.count)")
    }
    let checksum = result.withUnsafeBytes { crc32($0) }
    guard checksum == member.checksum else {
      throw .malformed(
        path: path, byteOffset: 0, expected: "the checksum \(hexadecimal(member.checksum))",
        found: hexadecimal(checksum))
    }
    return result
  }
}

/// Marks that open the parts of a zip file, little-endian.
enum ZipMark {
  static let localHeader: UInt64 = 0x0403_4B50
  static let directoryEntry: UInt64 = 0x0201_4B50
  static let directoryEnd: UInt64 = 0x0605_4B50
  static let directoryEnd64: UInt64 = 0x0606_4B50
  static let locator64: UInt64 = 0x0706_4B50
}

// MARK: - Directory

/// Where the central directory is, from the record at the end of the file.
private struct ZipDirectoryEnd {
  var directoryOffset: Int
  var directoryCount: Int
  var memberCount: Int

  init(_ source: ByteSource) throws(ArchiveError) {
    let recordSize = 22
    let tailCount = min(source.count, recordSize + Int(UInt16.max))
    let tailStart = source.count - tailCount
    let tail = try source.bytes(at: tailStart, count: tailCount, for: "the end of a zip file")
    func field(_ offset: Int, _ size: Int) -> UInt64 {
      tail.littleEndian(at: offset, byteCount: size) ?? 0
    }
    // A comment may follow the record; its length must lead exactly to the end of the file.
    let candidates = stride(from: tailCount - recordSize, through: 0, by: -1)
    guard
      let at = candidates.first(where: {
        tail[$0] == 0x50 && field($0, 4) == ZipMark.directoryEnd
          && field($0 + 20, 2) == UInt64(tailCount - $0 - recordSize)
      })
    else {
      throw .malformed(
        path: source.path, byteOffset: source.count,
        expected: "the end record of a zip file", found: "none")
    }
    let offset = tailStart + at
    var (count, size, start) = (field(at + 10, 2), field(at + 12, 4), field(at + 16, 4))
    var disks = [field(at + 4, 2), field(at + 6, 2)]
    var countOnDisk = field(at + 8, 2)
    var limit = offset
    if offset >= 20 {
      let locator = try source.bytes(at: offset - 20, count: 20, for: "the zip64 locator")
      if locator.littleEndian(at: 0, byteCount: 4) == ZipMark.locator64 {
        let recordOffset = Int(exactly: locator.littleEndian(at: 8, byteCount: 8) ?? 0) ?? .max
        let record = try source.bytes(at: recordOffset, count: 56, for: "the zip64 end record")
        guard record.littleEndian(at: 0, byteCount: 4) == ZipMark.directoryEnd64,
          recordOffset <= offset - 20 - 56
        else {
          throw .malformed(
            path: source.path, byteOffset: recordOffset, expected: "the zip64 end record",
            found: "other bytes")
        }
        func field64(_ offset: Int, _ size: Int) -> UInt64 {
          record.littleEndian(at: offset, byteCount: size) ?? 0
        }
        disks = [field64(16, 4), field64(20, 4)]
        (countOnDisk, count) = (field64(24, 8), field64(32, 8))
        (size, start) = (field64(40, 8), field64(48, 8))
        limit = recordOffset
      }
    }
    guard disks.allSatisfy({ $0 == 0 }), countOnDisk == count else {
      throw .malformed(
        path: source.path, byteOffset: offset, expected: "a zip file in one part", found: "several")
    }
    guard let start = Int(exactly: start), let size = Int(exactly: size), start <= limit,
      size <= limit - start, count <= UInt64(size / 46)
    else {
      throw .malformed(
        path: source.path, byteOffset: offset,
        expected: "a directory before byte \(limit)",
        found: "\(count) members in \(size) bytes at \(start)")
    }
    directoryOffset = start
    directoryCount = size
    memberCount = Int(count)
  }
}

extension ZipReader {
  private static func directory(
    _ end: ZipDirectoryEnd, _ source: ByteSource
  ) throws(ArchiveError) -> [Member] {
    let bytes = try source.bytes(
      at: end.directoryOffset, count: end.directoryCount, for: "the zip directory")
    var members: [Member] = []
    var position = 0
    while position < bytes.count {
      let at = end.directoryOffset + position
      func failure(_ expected: String, _ found: String) -> ArchiveError {
        .malformed(path: source.path, byteOffset: at, expected: expected, found: found)
      }
      func field(_ offset: Int, _ size: Int) -> UInt64 {
        bytes.littleEndian(at: position + offset, byteCount: size) ?? 0
      }
      guard bytes.count - position >= 46, field(0, 4) == ZipMark.directoryEntry else {
        throw failure("a directory entry", "other bytes")
      }
      let (flags, method) = (field(8, 2), field(10, 2))
      let (nameCount, extraCount) = (Int(field(28, 2)), Int(field(30, 2)))
      let entryCount = 46 + nameCount + extraCount + Int(field(32, 2))
      guard entryCount <= bytes.count - position else {
        throw failure("a directory entry within the directory", "\(entryCount) bytes")
      }
      let nameBytes = bytes[position + 46..<position + 46 + nameCount]
      guard let name = String(validating: nameBytes, as: UTF8.self), isSafe(name) else {
        throw failure("a member name inside the archive", quoted(name: nameBytes))
      }
      // Bit 0: encrypted; bit 6: strongly so; bit 13: masked directory.
      guard flags & 0x2041 == 0 else { throw failure("'\(name)' in the clear", "encryption") }
      guard method == 0 || method == 8 else {
        throw failure("'\(name)' stored or deflated", "method \(method)")
      }
      var sizes = [field(24, 4), field(20, 4), field(42, 4)]  // full, compressed, offset
      let extraStart = position + 46 + nameCount
      try applyZip64(
        bytes[extraStart..<extraStart + extraCount], to: &sizes,
        failure: failure("the zip64 sizes of '\(name)'", "none"))
      let fitting = sizes.compactMap { Int(exactly: $0) }
      guard fitting.count == 3, fitting[1] <= end.directoryOffset,
        fitting[2] <= end.directoryOffset,
        method == 8
          ? fitting[0] / ByteSource.largestDeflateRatio <= fitting[1] : fitting[0] == fitting[1]
      else {
        throw failure(
          "sizes of '\(name)' that the file can hold",
          "\(sizes[0]) bytes in \(sizes[1]) at \(sizes[2])")
      }
      members.append(
        Member(
          name: name, isDeflated: method == 8, checksum: UInt32(field(16, 4)),
          compressedCount: fitting[1], count: fitting[0], headerOffset: fitting[2],
          directoryOffset: at))
      position += entryCount
    }
    guard members.count == end.memberCount else {
      throw .malformed(
        path: source.path, byteOffset: end.directoryOffset,
        expected: "\(end.memberCount) members", found: "\(members.count)")
    }
    return members
  }

  /// Replaces the sizes that are all ones by those of the zip64 field.
  private static func applyZip64(
    _ extra: ArraySlice<UInt8>, to sizes: inout [UInt64], failure: ArchiveError
  ) throws(ArchiveError) {
    let marker = UInt64(UInt32.max)
    guard sizes.contains(marker) else { return }
    let extra = Array(extra)
    var position = 0
    while let id = extra.littleEndian(at: position, byteCount: 2),
      let size = extra.littleEndian(at: position + 2, byteCount: 2)
    {
      let start = position + 4
      let stop = start + Int(size)
      guard stop <= extra.count else { break }
      if id == 1 {
        var next = start
        for index in sizes.indices where sizes[index] == marker {
          guard next + 8 <= stop, let value = extra.littleEndian(at: next, byteCount: 8) else {
            throw failure
          }
          sizes[index] = value
          next += 8
        }
        return
      }
      position = stop
    }
    throw failure
  }

  /// Where the contents of a member start, from its local header, whose name must be the same.
  private static func dataOffset(
    of member: Member, _ end: ZipDirectoryEnd, _ source: ByteSource
  ) throws(ArchiveError) -> Int {
    let at = member.headerOffset
    let header = try source.bytes(at: at, count: 30, for: "the header of '\(member.name)'")
    func field(_ offset: Int, _ size: Int) -> UInt64 {
      header.littleEndian(at: offset, byteCount: size) ?? 0
    }
    let (nameCount, extraCount) = (Int(field(26, 2)), Int(field(28, 2)))
    guard field(0, 4) == ZipMark.localHeader, nameCount == member.name.utf8.count,
      try source.bytes(at: at + 30, count: nameCount, for: "a name") == Array(member.name.utf8)
    else {
      throw .malformed(
        path: source.path, byteOffset: at, expected: "the header of '\(member.name)'",
        found: "another")
    }
    let start = at + 30 + nameCount + extraCount
    guard start <= end.directoryOffset, member.compressedCount <= end.directoryOffset - start else {
      throw .malformed(
        path: source.path, byteOffset: at,
        expected: "'\(member.name)' before the directory at \(end.directoryOffset)",
        found: "\(member.compressedCount) bytes at \(start)")
    }
    return start
  }

  /// Whether a name stays inside the folder that an archive would be unpacked into.
  static func isSafe(_ name: String) -> Bool {
    guard !name.isEmpty, !name.hasPrefix("/") else { return false }
    guard !name.unicodeScalars.contains(where: { $0 == "\\" || $0 == ":" || $0.value < 0x20 })
    else { return false }
    return !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
  }
}

private func quoted(name: ArraySlice<UInt8>) -> String {
  quoted(String(decoding: name.prefix(80), as: UTF8.self))
}

/// A 32-bit number as `0x0000abcd`.
private func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
