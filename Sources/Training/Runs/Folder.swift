#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The few things a run folder asks of the file system.
package enum Folder {
  /// Makes the folders above a path, where missing.
  static func createAll(above path: String) throws(RunError) {
    var above = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: true).dropLast() {
      above += (above.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
      if mkdir(above, 0o777) != 0 && errno != EEXIST { throw failure(above, "make this folder") }
    }
  }

  /// Makes a folder inside an existing one, if it is not there.
  static func create(_ path: String) throws(RunError) {
    if mkdir(path, 0o777) != 0 && errno != EEXIST { throw failure(path, "make this folder") }
  }

  /// The names in a folder, sorted; none where it cannot be read.
  package static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    return names(readingAndClosing: folder).sorted()
  }

  /// The names in an open folder, in no order.
  static func names(readingAndClosing folder: OpaquePointer) -> [String] {
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Gives a file or folder another name, in place of a file of that name or an empty folder.
  static func rename(_ path: String, to other: String) throws(RunError) {
    if Glibc.rename(path, other) != 0 { throw failure(path, "rename this to \(other)") }
  }

  /// Removes a file, if it is there.
  static func removeFile(_ path: String) { unlink(path) }

  /// Removes a folder with what is in it. Links are removed, not followed.
  static func removeTree(_ path: String) {
    for name in names(in: path) where unlink(path + "/" + name) != 0 {
      removeTree(path + "/" + name)
    }
    rmdir(path)
  }

  /// Removes what writers left that were killed before they gave their files the final names.
  static func removeUnfinishedFiles(in path: String) {
    for name in names(in: path) where name.hasSuffix(".partial") && !name.hasPrefix(".") {
      unlink(path + "/" + name)
    }
  }

  static func failure(_ path: String, _ operation: String, _ code: Int32 = errno) -> RunError {
    .system(path: path, operation: operation, reason: String(cString: strerror(code)))
  }
}
