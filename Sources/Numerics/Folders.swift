#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Makes a folder, and those that it is in, as far as they are not there.
///
/// - Throws: `ArchiveError.cannotWrite` with the first folder that cannot be made.
package func makeFolders(_ path: String) throws(ArchiveError) {
  var made = path.hasPrefix("/") ? "" : "."
  for part in path.split(separator: "/") {
    made += "/" + part
    if mkdir(made, 0o777) != 0, errno != EEXIST {
      throw .cannotWrite(path: made, reason: String(cString: strerror(errno)))
    }
  }
}
