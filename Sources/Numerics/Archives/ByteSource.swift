#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Bytes of known number that can be read anywhere: a regular file, or an array that stands for one.
///
/// Reading a range that does not exist throws; nothing is allocated before the range is checked.
package final class ByteSource: Sendable {
  /// What messages call these bytes.
  package let path: String
  /// The number of bytes.
  package let count: Int

  private enum Storage: Sendable {
    case memory([UInt8])
    case file(descriptor: Int32)
  }
  private let storage: Storage

  /// Opens a regular file.
  ///
  /// - Throws: `ArchiveError.cannotRead`.
  package init(path: String) throws(ArchiveError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      let reason = systemMessage(errno)
      close(descriptor)
      throw .cannotRead(path: path, reason: reason)
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let isFolder = information.st_mode & S_IFMT == S_IFDIR
      throw .cannotRead(
        path: path, reason: isFolder ? "it is a folder" : "it is not a regular file")
    }
    self.path = path
    count = Int(information.st_size)
    storage = .file(descriptor: descriptor)
  }

  /// Takes bytes in memory; `path` is what messages call them.
  package init(_ bytes: [UInt8], path: String) {
    self.path = path
    count = bytes.count
    storage = .memory(bytes)
  }

  /// Whether there is something at a path that this program may read.
  package static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

  deinit {
    if case .file(let descriptor) = storage { close(descriptor) }
  }

  /// All bytes.
  package func all() throws(ArchiveError) -> [UInt8] {
    try bytes(at: 0, count: count, for: "the whole file")
  }

  /// The bytes at `offset`.
  ///
  /// - Parameter purpose: What the bytes are, for the message when they are not there.
  /// - Throws: `ArchiveError.malformed` when the range is not within the bytes.
  package func bytes(
    at offset: Int, count wanted: Int, for purpose: @autoclosure () -> String
  ) throws(ArchiveError) -> [UInt8] {
    guard offset >= 0, wanted >= 0, offset <= count, wanted <= count - offset else {
      throw .malformed(
        path: path, byteOffset: max(0, min(offset, count)),
        expected: "\(wanted) bytes of \(purpose())",
        found: offset > count || offset < 0
          ? "a place outside the \(count) bytes" : "\(count - max(0, offset)) bytes to the end")
    }
    switch storage {
    case .memory(let bytes):
      return offset == 0 && wanted == count ? bytes : Array(bytes[offset..<offset + wanted])
    case .file(let descriptor):
      var failure: Int32 = 0
      let result = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
        while filled < wanted {
          let got = pread(
            descriptor, buffer.baseAddress! + filled, wanted - filled, off_t(offset + filled))
          if got < 0 && errno == EINTR { continue }
          if got < 0 { failure = errno }
          guard got > 0 else { break }
          filled += got
        }
      }
      guard failure == 0 else { throw .cannotRead(path: path, reason: systemMessage(failure)) }
      guard result.count == wanted else {
        throw .cannotRead(path: path, reason: "it became shorter while it was read")
      }
      return result
    }
  }
}

// MARK: - Memory of its own

/// The bytes of a file as memory that the system reads in when it is touched.
///
/// Whoever shortens the file meanwhile ends the program at the next touch of a part that is gone.
final class MappedBytes: @unchecked Sendable {
  let base: UnsafeRawPointer
  private let count: Int
  private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  fileprivate init(base: UnsafeMutableRawPointer, count: Int) {
    self.base = UnsafeRawPointer(base)
    self.count = count
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: base), count) }

  /// Lets go of the memory that holds a range of bytes and what the system read in around it; a later touch
  /// reads them from the file again.
  func release(_ range: Range<Int>) {
    // A touch brings in neighbours too: 64 KB at least, a large page of 2 MB at most.
    let margin = 1 << 21
    let first = max(0, range.lowerBound - margin) / Self.pageSize * Self.pageSize
    let last = min(count, range.upperBound + margin)
    madvise(UnsafeMutableRawPointer(mutating: base + first), last - first, MADV_DONTNEED)
  }
}

extension ByteSource {
  /// Maps a file that is not empty into memory.
  ///
  /// - Throws: `ArchiveError.cannotRead`.
  func mapped() throws(ArchiveError) -> MappedBytes {
    guard case .file(let descriptor) = storage, count > 0 else {
      throw .cannotRead(path: path, reason: "only files that are not empty can be mapped")
    }
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw .cannotRead(path: path, reason: systemMessage(errno))
    }
    return MappedBytes(base: address, count: count)
  }
}

// MARK: - Bytes in messages and fields

/// A byte for a message: `'x'` or `byte 0x0a`.
func shown(_ byte: UInt8) -> String {
  if byte > 0x20 && byte < 0x7F { return "'\(Character(UnicodeScalar(byte)))'" }
  return "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

extension [UInt8] {
  /// The little-endian unsigned integer of `byteCount` bytes at `offset`; `nil` beyond the end.
  func littleEndian(at offset: Int, byteCount: Int) -> UInt64? {
    guard offset >= 0, offset <= count, byteCount <= count - offset else { return nil }
    var value: UInt64 = 0
    for index in (0..<byteCount).reversed() { value = value << 8 | UInt64(self[offset + index]) }
    return value
  }

  /// Appends the lowest `byteCount` bytes of `value`, lowest first.
  mutating func appendLittleEndian(_ value: some FixedWidthInteger, byteCount: Int) {
    for index in 0..<byteCount { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}
