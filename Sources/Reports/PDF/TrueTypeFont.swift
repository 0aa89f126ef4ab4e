/// The letters that a document uses, as a TrueType font to embed.
///
/// It has the tables that PDF asks of an embedded font and no others: characters are looked up by
/// the PDF file, not by the font.
///
/// - Source: Apple, TrueType Reference Manual, "Font tables"; ISO 32000-1, 9.9.
struct TrueTypeFont {
  /// Units in the size of the text. Twice what PDF counts widths in, so that widths stay whole.
  static let unitsPerEm = 2000

  /// The characters in the order of their glyphs; glyph 0, ahead of them, stands for those missing.
  let characters: [Character]
  let isBold: Bool
  /// Outlines of glyph 0 and those of `characters`.
  private let glyphs: [TrueTypeGlyph]

  init(_ characters: Set<Character>, isBold: Bool) {
    self.characters = characters.sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    self.isBold = isBold
    glyphs = (["\u{FFFD}"] + self.characters).map { TrueTypeGlyph($0, isBold: isBold) }
  }

  /// The number of each character's glyph.
  var glyphNumbers: [Character: Int] {
    Dictionary(uniqueKeysWithValues: characters.enumerated().map { ($1, $0 + 1) })
  }

  /// The advances of all glyphs, in units.
  var advances: [Int] { glyphs.map(\.advance) }

  /// The smallest box that holds every glyph.
  var box: TrueTypeGlyph.Box {
    glyphs.map(\.box).reduce(glyphs[0].box) { $0.union($1) }
  }

  /// The font as the bytes of a file.
  var bytes: [UInt8] {
    var data: [UInt8] = []
    var offsets: [UInt8] = []
    for glyph in glyphs {
      offsets.appendBigEndian(data.count, byteCount: 4)
      data += glyph.bytes
      while !data.count.isMultiple(of: 4) { data.append(0) }
    }
    offsets.appendBigEndian(data.count, byteCount: 4)
    return Self.file([
      ("glyf", data), ("head", header), ("hhea", horizontalHeader), ("hmtx", metrics),
      ("loca", offsets), ("maxp", profile),
    ])
  }

  // MARK: Tables

  private var header: [UInt8] {
    var table: [UInt8] = []
    table.appendBigEndian(0x0001_0000, byteCount: 4)
    table.appendBigEndian(0x0001_0000, byteCount: 4)
    table.appendBigEndian(0, byteCount: 4)  // the checksum, filled in by the file
    table.appendBigEndian(0x5F0F_3CF5, byteCount: 4)
    table.appendBigEndian(0b1001, byteCount: 2)  // baseline at 0, whole scales only
    table.appendBigEndian(Self.unitsPerEm, byteCount: 2)
    table += [UInt8](repeating: 0, count: 16)  // no dates: the same letters give the same bytes
    for value in [box.left, box.bottom, box.right, box.top] {
      table.appendBigEndian(value, byteCount: 2)
    }
    table.appendBigEndian(isBold ? 1 : 0, byteCount: 2)
    for value in [6, 2, 1, 0] { table.appendBigEndian(value, byteCount: 2) }
    return table
  }

  private var horizontalHeader: [UInt8] {
    var table: [UInt8] = []
    table.appendBigEndian(0x0001_0000, byteCount: 4)
    let bearings = glyphs.map { $0.advance - $0.box.right }
    for value in [
      box.top, box.bottom, 0, advances.max() ?? 0, box.left, bearings.min() ?? 0, box.right, 1, 0,
      0, 0, 0, 0, 0, 0, glyphs.count,
    ] {
      table.appendBigEndian(value, byteCount: 2)
    }
    return table
  }

  private var metrics: [UInt8] {
    var table: [UInt8] = []
    for glyph in glyphs {
      table.appendBigEndian(glyph.advance, byteCount: 2)
      table.appendBigEndian(glyph.box.left, byteCount: 2)
    }
    return table
  }

  private var profile: [UInt8] {
    var table: [UInt8] = []
    table.appendBigEndian(0x0001_0000, byteCount: 4)
    let mostPoints = glyphs.map(\.pointCount).max() ?? 0
    let mostContours = glyphs.map(\.contours.count).max() ?? 0
    for value in [glyphs.count, mostPoints, mostContours, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0] {
      table.appendBigEndian(value, byteCount: 2)
    }
    return table
  }

  // MARK: File

  /// Tables, which must be in the order of their names, behind a directory.
  private static func file(_ tables: [(name: String, data: [UInt8])]) -> [UInt8] {
    var result: [UInt8] = []
    result.appendBigEndian(0x0001_0000, byteCount: 4)
    let power = Int.bitWidth - 1 - tables.count.leadingZeroBitCount
    for value in [tables.count, 16 << power, power, 16 * tables.count - 16 << power] {
      result.appendBigEndian(value, byteCount: 2)
    }
    var offset = 12 + 16 * tables.count
    var body: [UInt8] = []
    var headerPlace = 0
    for table in tables {
      result += Array(table.name.utf8)
      result.appendBigEndian(checksum(table.data), byteCount: 4)
      result.appendBigEndian(offset, byteCount: 4)
      result.appendBigEndian(table.data.count, byteCount: 4)
      if table.name == "head" { headerPlace = offset }
      body += table.data
      while !body.count.isMultiple(of: 4) { body.append(0) }
      offset = 12 + 16 * tables.count + body.count
    }
    result += body
    var adjustment: [UInt8] = []
    adjustment.appendBigEndian(0xB1B0_AFBA - checksum(result), byteCount: 4)
    result.replaceSubrange(headerPlace + 8..<headerPlace + 12, with: adjustment)
    return result
  }

  /// The sum of the 32-bit words, modulo 2³².
  private static func checksum(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = 0
    for (index, byte) in bytes.enumerated() {
      sum &+= UInt32(byte) << UInt32(24 - 8 * (index % 4))
    }
    return Int(sum)
  }
}
