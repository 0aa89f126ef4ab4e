#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A file that appears whole or not at all.
///
/// Bytes go to a new file beside the destination; `write` flushes it to the disk and renames it into
/// place. Whatever fails, at whatever instant, the destination is the old file or the new one.
package struct AtomicFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32

  /// The number of bytes appended so far.
  package private(set) var byteCount = 0

  /// Writes a file from pieces: `body` appends them, then the file is renamed into place.
  ///
  /// - Throws: `ArchiveError.cannotWrite` when the system refuses, and whatever `body` throws; nothing
  ///   is left behind.
  package static func write(
    to path: String, _ body: (inout AtomicFile) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    var file = try AtomicFile(path: path)
    do {
      try body(&file)
      try file.commit()
    } catch {
      file.discard()
      throw error
    }
  }

  /// Writes `bytes` as the whole contents of a file.
  package static func write(_ bytes: [UInt8], to path: String) throws(ArchiveError) {
    try write(to: path) { (file: inout AtomicFile) throws(ArchiveError) in try file.append(bytes) }
  }

  /// Writes UTF-8 text as the whole contents of a file.
  package static func write(_ text: String, to path: String) throws(ArchiveError) {
    try write(Array(text.utf8), to: path)
  }

  /// Adds bytes to the end of the file.
  package mutating func append(_ bytes: [UInt8]) throws(ArchiveError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write_(descriptor, UnsafeRawBufferPointer(rebasing: buffer[written...]))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
      written += count
    }
    byteCount += bytes.count
  }

  private init(path: String) throws(ArchiveError) {
    self.path = path
    // The name is new each time, so that two programs writing one file never share a temporary one.
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    temporaryPath = "\(path).\(suffix).partial"
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
  }

  private func commit() throws(ArchiveError) {
    guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
    close(descriptor)
    // The rename itself reaches the disk with the folder; some file systems cannot be asked for that.
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let folderDescriptor = open(folder, O_RDONLY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }

  private func discard() {
    close(descriptor)
    unlink(temporaryPath)
  }
}

/// The system's name for an error number, such as `No such file or directory`.
func systemMessage(_ code: Int32) -> String {
  guard let text = strerror(code) else { return "error \(code)" }
  return String(cString: text)
}

private func write_(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
