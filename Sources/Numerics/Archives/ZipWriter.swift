/// Writes a zip file member by member; the same members give the same bytes.
///
/// Members carry the earliest date that zip can express. Sizes and offsets beyond 32 bits, and more than
/// 65,534 members, are written with the zip64 extension.
struct ZipWriter {
  private struct Entry {
    var name: [UInt8]
    var method: UInt64
    var checksum: UInt32
    var compressedCount: Int
    var count: Int
    var offset: Int
  }

  /// Writes the 64-bit fields for every member and the directory; for tests of what needs huge files.
  private let alwaysUsesZip64: Bool
  private var entries: [Entry] = []
  private var position = 0

  init(alwaysUsesZip64: Bool = false) {
    self.alwaysUsesZip64 = alwaysUsesZip64
  }

  /// The bytes of the next member: a header, then the contents.
  ///
  /// - Parameter isDeflated: Compress, unless that makes the member larger.
  mutating func member(
    _ name: String, _ contents: [UInt8], isDeflated: Bool
  ) throws(ArchiveError) -> (header: [UInt8], data: [UInt8]) {
    var data = contents
    var method: UInt64 = 0
    if isDeflated {
      let compressed = try deflated(contents, format: .raw)
      if compressed.count < contents.count { (data, method) = (compressed, 8) }
    }
    let entry = Entry(
      name: Array(name.utf8), method: method,
      checksum: contents.withUnsafeBytes { crc32($0) }, compressedCount: data.count,
      count: contents.count, offset: position)
    var header: [UInt8] = []
    let isLarge = needsZip64(entry.count) || needsZip64(entry.compressedCount)
    header.appendLittleEndian(ZipMark.localHeader, byteCount: 4)
    appendCommonFields(of: entry, isLarge: isLarge, extraCount: isLarge ? 20 : 0, to: &header)
    header += entry.name
    if isLarge {
      header.appendLittleEndian(1, byteCount: 2)
      header.appendLittleEndian(16, byteCount: 2)
      header.appendLittleEndian(entry.count, byteCount: 8)
      header.appendLittleEndian(entry.compressedCount, byteCount: 8)
    }
    entries.append(entry)
    position += header.count + data.count
    return (header, data)
  }

  /// The directory that ends the file.
  func directory() -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries { appendDirectoryEntry(entry, to: &bytes) }
    let size = bytes.count
    let isLarge = needsZip64(size) || needsZip64(position) || entries.count >= Int(UInt16.max)
    if isLarge {
      bytes.appendLittleEndian(ZipMark.directoryEnd64, byteCount: 4)
      bytes.appendLittleEndian(44, byteCount: 8)  // the bytes of this record that follow
      bytes.appendLittleEndian(45, byteCount: 2)  // made by version 4.5 …
      bytes.appendLittleEndian(45, byteCount: 2)  // … and needs it
      bytes.appendLittleEndian(0, byteCount: 8)  // this disk, the directory's disk
      bytes.appendLittleEndian(entries.count, byteCount: 8)
      bytes.appendLittleEndian(entries.count, byteCount: 8)
      bytes.appendLittleEndian(size, byteCount: 8)
      bytes.appendLittleEndian(position, byteCount: 8)
      bytes.appendLittleEndian(ZipMark.locator64, byteCount: 4)
      bytes.appendLittleEndian(0, byteCount: 4)
      bytes.appendLittleEndian(position + size, byteCount: 8)
      bytes.appendLittleEndian(1, byteCount: 4)
    }
    bytes.appendLittleEndian(ZipMark.directoryEnd, byteCount: 4)
    bytes.appendLittleEndian(0, byteCount: 4)
    let shownCount = isLarge ? Int(UInt16.max) : entries.count
    bytes.appendLittleEndian(shownCount, byteCount: 2)
    bytes.appendLittleEndian(shownCount, byteCount: 2)
    bytes.appendLittleEndian(isLarge ? Int(UInt32.max) : size, byteCount: 4)
    bytes.appendLittleEndian(isLarge ? Int(UInt32.max) : position, byteCount: 4)
    bytes.appendLittleEndian(0, byteCount: 2)
    return bytes
  }

  private func appendDirectoryEntry(_ entry: Entry, to bytes: inout [UInt8]) {
    let isLarge = [entry.count, entry.compressedCount, entry.offset].contains(where: needsZip64)
    bytes.appendLittleEndian(ZipMark.directoryEntry, byteCount: 4)
    bytes.appendLittleEndian(3 << 8 | (isLarge ? 45 : 20), byteCount: 2)  // made on Unix
    appendCommonFields(of: entry, isLarge: isLarge, extraCount: isLarge ? 28 : 0, to: &bytes)
    bytes.appendLittleEndian(0, byteCount: 6)  // no comment, first disk, binary
    bytes.appendLittleEndian(0o100644 << 16, byteCount: 4)  // an ordinary file, readable by all
    bytes.appendLittleEndian(isLarge ? Int(UInt32.max) : entry.offset, byteCount: 4)
    bytes += entry.name
    if isLarge {
      bytes.appendLittleEndian(1, byteCount: 2)
      bytes.appendLittleEndian(24, byteCount: 2)
      bytes.appendLittleEndian(entry.count, byteCount: 8)
      bytes.appendLittleEndian(entry.compressedCount, byteCount: 8)
      bytes.appendLittleEndian(entry.offset, byteCount: 8)
    }
  }

  /// The fields that a local header and a directory entry share, from "version needed" on.
  private func appendCommonFields(
    of entry: Entry, isLarge: Bool, extraCount: Int, to bytes: inout [UInt8]
  ) {
    bytes.appendLittleEndian(isLarge ? 45 : 20, byteCount: 2)
    let isASCII = entry.name.allSatisfy { $0 < 0x80 }
    bytes.appendLittleEndian(isASCII ? 0 : 1 << 11, byteCount: 2)  // bit 11: the name is UTF-8
    bytes.appendLittleEndian(entry.method, byteCount: 2)
    bytes.appendLittleEndian(0, byteCount: 2)
    bytes.appendLittleEndian(1 << 5 | 1, byteCount: 2)  // 1 January 1980
    bytes.appendLittleEndian(entry.checksum, byteCount: 4)
    bytes.appendLittleEndian(isLarge ? Int(UInt32.max) : entry.compressedCount, byteCount: 4)
    bytes.appendLittleEndian(isLarge ? Int(UInt32.max) : entry.count, byteCount: 4)
    bytes.appendLittleEndian(entry.name.count, byteCount: 2)
    bytes.appendLittleEndian(extraCount, byteCount: 2)
  }

  private func needsZip64(_ value: Int) -> Bool { alwaysUsesZip64 || value >= Int(UInt32.max) }
}
