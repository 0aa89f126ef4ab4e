/// The block of 512 bytes before each member of a tar archive.
struct TarHeader {
  /// What follows the block.
  enum Kind: Hashable {
    case file(TarMember)
    case folder
    /// The name of the next member, as GNU tar writes it.
    case longName
    /// Names and numbers of the next member, as pax writes them.
    case attributes
    /// Those of all members; nothing that matters here.
    case globalAttributes
  }

  let kind: Kind
  /// The number of bytes that follow.
  let count: Int

  /// Reads a block whose bytes are not all 0.
  ///
  /// - Parameter offset: Where it stands, for messages.
  init(_ block: [UInt8], path: String, offset: Int) throws(ArchiveError) {
    func malformed(_ place: Int, _ expected: String, _ found: String) -> ArchiveError {
      .malformed(path: path, byteOffset: offset + place, expected: expected, found: found)
    }
    // The checksum counts its own field as spaces.
    let sum = block.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(block[$1])) }
    guard Self.number(block[148..<156]) == sum else {
      throw malformed(
        148, "the checksum \(sum) of a tar header",
        "'\(String(decoding: block[148..<156].prefix { $0 != 0 }, as: UTF8.self))'")
    }
    guard let count = Self.number(block[124..<136]) else {
      throw malformed(
        124, "a number of bytes",
        "'\(String(decoding: block[124..<136].prefix { $0 != 0 }, as: UTF8.self))'")
    }
    var name = Self.text(block[0..<100])
    let isPOSIX = Array(block[257..<263]) == Array("ustar\0".utf8)
    if isPOSIX, block[345] != 0 { name = Self.text(block[345..<500]) + "/" + name }
    let isFolder = name.hasSuffix("/")
    switch block[156] {
    case 0 where !isFolder, UInt8(ascii: "0") where !isFolder, UInt8(ascii: "7"):
      kind = .file(TarMember(name: name, count: count))
    case 0, UInt8(ascii: "0"), UInt8(ascii: "5"): kind = .folder
    case UInt8(ascii: "L"): kind = .longName
    case UInt8(ascii: "x"): kind = .attributes
    case UInt8(ascii: "g"): kind = .globalAttributes
    default:
      throw malformed(156, "a file or a folder", "'\(name)' of type \(shown(block[156]))")
    }
    // Folders have no contents, whatever their header says.
    self.count = kind == .folder ? 0 : count
  }

  /// The attributes in a pax header: lines `length name=value`.
  static func attributes(
    _ bytes: [UInt8], path: String, offset: Int
  ) throws(ArchiveError) -> [String: String] {
    var attributes: [String: String] = [:]
    var rest = bytes[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0 != UInt8(ascii: " ") }
      guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 1,
        length <= rest.count
      else {
        throw .malformed(
          path: path, byteOffset: offset, expected: "lines 'length name=value'",
          found: "'\(String(decoding: rest.prefix(20), as: UTF8.self))'")
      }
      let line = rest.prefix(length).dropFirst(digits.count + 1)
      let name = line.prefix { $0 != UInt8(ascii: "=") }
      let value = line.dropFirst(name.count + 1).filter { $0 != 0x0A }
      attributes[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
      rest = rest.dropFirst(length)
    }
    return attributes
  }

  private static func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// An octal number, or a binary one where the first bit says so; `nil` where it is neither or too large.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      var value = first & 0x40 != 0 ? -1 : Int(first & 0x3F)
      for byte in field.dropFirst() {
        guard value >= 0, value <= Int.max >> 8 else { return nil }
        value = value << 8 | Int(byte)
      }
      return value < 0 ? nil : value
    }
    let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
    return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8)
  }
}
