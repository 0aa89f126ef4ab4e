#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A file that grows by whole pieces at its end; readers beside it see each piece when it is there.
package final class AppendedFile: Sendable {
  /// Where the file is.
  package let path: String
  private let descriptor: Int32

  /// Opens a file for adding, making it if needed.
  ///
  /// - Throws: `ArchiveError.cannotWrite`.
  package init(path: String) throws(ArchiveError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
  }

  deinit { close(descriptor) }

  /// Waits until everything that was added is on the disk.
  ///
  /// - Throws: `ArchiveError.cannotWrite`.
  package func synchronize() throws(ArchiveError) {
    // Some file systems cannot be asked for that.
    if fsync(descriptor) != 0 && errno != EINVAL {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
  }

  /// Takes away everything behind the first `byteCount` bytes.
  ///
  /// - Throws: `ArchiveError.cannotWrite`.
  package func truncate(to byteCount: Int) throws(ArchiveError) {
    if ftruncate(descriptor, off_t(byteCount)) != 0 {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
  }

  /// Adds bytes at the end. Where the system takes only a part of them, that part is taken back.
  ///
  /// - Throws: `ArchiveError.cannotWrite`.
  package func append(_ bytes: [UInt8]) throws(ArchiveError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason = systemMessage(errno)
        let end = lseek(descriptor, 0, SEEK_END)
        if written > 0 && end >= written { _ = ftruncate(descriptor, end - off_t(written)) }
        throw .cannotWrite(path: path, reason: reason)
      }
      written += count
    }
  }
}
