/// NumPy's file of named arrays: a zip file whose members are npy files.
enum NPZ {
  /// Reads all arrays, in the order of the file's directory.
  static func read(_ source: ByteSource) throws(ArchiveError) -> Archive {
    let zip = try ZipReader(source)
    var archive = Archive(path: source.path)
    for member in zip.members {
      guard member.name.hasSuffix(".npy"), member.name != ".npy" else {
        throw .malformed(
          path: source.path, byteOffset: member.directoryOffset, expected: "members named '….npy'",
          found: "'\(member.name)'")
      }
      let contents = ByteSource(
        try zip.contents(of: member), path: "\(source.path):\(member.name)")
      archive[String(member.name.dropLast(4))] = try NPY.read(contents)
    }
    return archive
  }

  /// Writes all arrays in order, handing the bytes to `emit` piece by piece.
  static func write(
    _ archive: Archive, path: String, isCompressed: Bool, alwaysUsesZip64: Bool = false,
    _ emit: ([UInt8]) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    guard archive.metadata.isEmpty else {
      throw .unwritable(path: path, reason: "npz has no place for metadata; safetensors has")
    }
    var zip = ZipWriter(alwaysUsesZip64: alwaysUsesZip64)
    for name in archive.names {
      guard ZipReader.isSafe(name) else {
        throw .unwritable(path: path, reason: "npz cannot hold an array named \(quoted(name))")
      }
      let array = try archive.array(name)
      let contents = try NPY.header(for: array, path: path) + array.bytes
      let member = try zip.member("\(name).npy", contents, isDeflated: isCompressed)
      try emit(member.header)
      try emit(member.data)
    }
    try emit(zip.directory())
  }
}
