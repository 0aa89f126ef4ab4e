/// One file in a tar archive.
package struct TarMember: Sendable, Hashable {
  /// The path inside the archive, without `./` before it.
  package let name: String
  /// The number of bytes.
  package let count: Int

  /// A file of a name and size.
  package init(name: String, count: Int) {
    self.name = name
    self.count = count
  }
}

extension ByteSource {
  /// Goes through a tar archive, gzip or plain, and hands on the bytes of the members that are asked for.
  ///
  /// The archive is read once from start to end, in pieces of fixed size. Refused are names that point outside of a
  /// folder or stand twice, links and devices, damaged headers, and archives that end too early.
  ///
  /// - Parameter isWanted: Asked once for each file, in their order. It refuses files that are too large by throwing,
  ///   before their bytes come.
  /// - Parameter consume: Takes the wanted bytes piece by piece.
  /// - Throws: `ArchiveError.malformed` with the offset in the unpacked archive, or of the compressed byte; and what the
  ///   closures throw.
  /// - Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block"; GNU tar's long names and sizes.
  package func readTar(
    _ isWanted: (TarMember) throws(ArchiveError) -> Bool,
    consume: (TarMember, UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    let isGzip = try isGzip()
    var walk = TarWalk(path: isGzip ? "\(path), unpacked" : path)
    if isGzip {
      try inflate(0..<count, format: .gzip) { (piece) throws(ArchiveError) in
        try walk.take(piece, isWanted, consume)
      }
    } else {
      let pieceSize = 1 << 18
      for start in stride(from: 0, to: count, by: pieceSize) {
        let piece = try bytes(
          at: start, count: min(pieceSize, count - start), for: "the archive")
        try piece.withUnsafeBufferPointer { (piece) throws(ArchiveError) in
          try walk.take(UnsafeRawBufferPointer(piece), isWanted, consume)
        }
      }
    }
    try walk.finish()
  }
}

/// Where in a tar archive its pieces have led.
private struct TarWalk {
  let path: String

  private static let blockSize = 512
  private static let longestExtension = 1 << 20

  /// The bytes seen.
  private var offset = 0
  /// The beginning of a header.
  private var header: [UInt8] = []
  private var current: TarHeader.Kind?
  private var left = 0
  private var paddingLeft = 0
  private var isWanted = false
  private var zeroBlockCount = 0
  private var seen: Set<String> = []
  /// The contents of a header that says more about the next member.
  private var gathered: [UInt8] = []
  private var nextName: String?
  private var nextCount: Int?

  init(path: String) { self.path = path }

  mutating func take(
    _ piece: UnsafeRawBufferPointer,
    _ isAsked: (TarMember) throws(ArchiveError) -> Bool,
    _ consume: (TarMember, UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    var rest = piece[...]
    while !rest.isEmpty {
      if left > 0 {
        let part = rest.prefix(left)
        switch current {
        case .file(let member) where isWanted:
          try consume(member, UnsafeRawBufferPointer(rebasing: part))
        case .longName, .attributes: gathered.append(contentsOf: part)
        default: break
        }
        advance(&rest, by: part.count)
        left -= part.count
        if left == 0 { try endContents() }
      } else if paddingLeft > 0 {
        let part = min(paddingLeft, rest.count)
        advance(&rest, by: part)
        paddingLeft -= part
      } else {
        let part = rest.prefix(Self.blockSize - header.count)
        header.append(contentsOf: part)
        advance(&rest, by: part.count)
        if header.count == Self.blockSize {
          try readHeader(isAsked)
          header.removeAll(keepingCapacity: true)
        }
      }
    }
  }

  private mutating func advance(
    _ rest: inout Slice<UnsafeRawBufferPointer>, by count: Int
  ) {
    rest = rest.dropFirst(count)
    offset += count
  }

  func finish() throws(ArchiveError) {
    guard left == 0, paddingLeft == 0, header.isEmpty, zeroBlockCount >= 1 else {
      throw malformed(
        at: offset,
        left > 0 ? "\(left) more bytes of \(name)" : "the end mark of a tar archive", "the end")
    }
  }

  private var name: String {
    if case .file(let member) = current { "'\(member.name)'" } else { "a header" }
  }

  private mutating func readHeader(
    _ isAsked: (TarMember) throws(ArchiveError) -> Bool
  ) throws(ArchiveError) {
    let start = offset - Self.blockSize
    if header.allSatisfy({ $0 == 0 }) {
      zeroBlockCount += 1
      return
    }
    guard zeroBlockCount == 0 else {
      throw malformed(at: start, "nothing behind the end mark", "more")
    }
    let parsed = try TarHeader(header, path: path, offset: start)
    var kind = parsed.kind
    left = parsed.count
    if case .file(let member) = kind {
      left = nextCount ?? member.count
      kind = .file(TarMember(name: plain(nextName ?? member.name), count: left))
    }
    switch kind {
    case .file(let member):
      try check(member.name, at: start)
      isWanted = try isAsked(member)
      (nextName, nextCount) = (nil, nil)
    case .longName, .attributes:
      guard left <= Self.longestExtension else {
        throw malformed(at: start, "at most \(Self.longestExtension) bytes of names", "\(left)")
      }
    case .folder: (nextName, nextCount) = (nil, nil)
    case .globalAttributes: break
    }
    current = kind
    // No archive is that large; a sum beyond would stop the program.
    guard left <= Int.max / 2 else {
      throw malformed(at: start, "a member that fits in a file", "\(left) bytes")
    }
    paddingLeft = (Self.blockSize - left % Self.blockSize) % Self.blockSize
    if left == 0 { try endContents() }
  }

  private mutating func endContents() throws(ArchiveError) {
    switch current {
    case .longName: nextName = String(decoding: gathered.prefix { $0 != 0 }, as: UTF8.self)
    case .attributes:
      let attributes = try TarHeader.attributes(gathered, path: path, offset: offset)
      nextName = attributes["path"] ?? nextName
      if let text = attributes["size"] {
        guard let count = Int(text), count >= 0 else {
          throw malformed(at: offset, "a number of bytes", "'\(text)'")
        }
        nextCount = count
      }
    default: break
    }
    gathered.removeAll()
  }

  private func plain(_ name: String) -> String {
    var name = name[...]
    while name.hasPrefix("./") { name = name.dropFirst(2) }
    return String(name)
  }

  private mutating func check(_ name: String, at start: Int) throws(ArchiveError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.isEmpty, !name.hasPrefix("/"), !parts.contains("..") else {
      throw malformed(at: start, "a name inside of a folder", "'\(name)'")
    }
    guard seen.insert(name).inserted else {
      throw malformed(at: start, "each member once", "a second '\(name)'")
    }
  }

  private func malformed(at place: Int, _ expected: String, _ found: String) -> ArchiveError {
    .malformed(path: path, byteOffset: place, expected: expected, found: found)
  }
}
