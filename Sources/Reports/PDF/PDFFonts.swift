import GrokNumerics

/// The fonts that a drawing needs, each holding just the letters that occur.
struct PDFFonts {
  private var fonts: [(font: TrueTypeFont, numbers: [Character: Int])] = []

  init(_ drawing: Drawing) {
    var used: [Bool: Set<Character>] = [:]
    func gather(_ marks: [Drawing.Mark]) {
      for mark in marks {
        switch mark {
        case .group(let group): gather(group.marks)
        case .shapes, .picture: break
        case .texts(let texts):
          for text in texts.texts {
            for piece in TextRun(text).pieces {
              used[text.weight != .regular, default: []].formUnion(piece.text)
            }
          }
        }
      }
    }
    gather(drawing.marks)
    for isBold in [false, true] {
      guard let characters = used[isBold] else { continue }
      let font = TrueTypeFont(characters, isBold: isBold)
      fonts.append((font, font.glyphNumbers))
    }
  }

  /// The name of a font on the page.
  func name(isBold: Bool) -> String { isBold ? "/Bold" : "/Regular" }

  /// A text as the numbers of its glyphs in hexadecimal digits.
  func glyphs(_ text: String, isBold: Bool) -> String {
    let numbers = fonts.first { $0.font.isBold == isBold }?.numbers ?? [:]
    return text.map { PDFFile.hexadecimal(numbers[$0] ?? 0) }.joined()
  }

  /// Adds the fonts to a file, and gives the entries that name them to the page.
  func add(to file: inout PDFFile) -> String {
    fonts.map { font, _ in
      "\(name(isBold: font.isBold)) \(Self.add(font, to: &file)) 0 R"
    }.joined(separator: " ")
  }

  private static func add(_ font: TrueTypeFont, to file: inout PDFFile) -> Int {
    let program = font.bytes
    let data = file.addStream(program, "/Length1 \(program.count)")
    let name = "\(tag(program))+GrokSans-\(font.isBold ? "Bold" : "Regular")"
    let perThousand = TrueTypeFont.unitsPerEm / 1000
    let box = [font.box.left, font.box.bottom, font.box.right, font.box.top]
      .map { String($0 / perThousand) }.joined(separator: " ")
    let descriptor = file.add(
      "<< /Type /FontDescriptor /FontName /\(name) /Flags 4 /FontBBox [\(box)] /ItalicAngle 0 "
        + "/Ascent 730 /Descent -200 /CapHeight 720 /StemV \(font.isBold ? 118 : 82) "
        + "/FontFile2 \(data) 0 R >>")
    let widths = font.advances.map { String($0 / perThousand) }.joined(separator: " ")
    let descendant = file.add(
      "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /\(name) /CIDSystemInfo << /Registry "
        + "(Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor \(descriptor) 0 R "
        + "/W [0 [\(widths)]] /CIDToGIDMap /Identity >>")
    let characters = file.addStream(Array(unicodeMap(font).utf8))
    return file.add(
      "<< /Type /Font /Subtype /Type0 /BaseFont /\(name) /Encoding /Identity-H "
        + "/DescendantFonts [\(descendant) 0 R] /ToUnicode \(characters) 0 R >>")
  }

  /// Six letters that stand for a selection of glyphs.
  private static func tag(_ program: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOP")
    return String(
      SHA256.hexadecimal(of: program).prefix(6).map { digits[$0.hexDigitValue ?? 0] })
  }

  /// Which characters the glyphs stand for, for selecting and searching.
  private static func unicodeMap(_ font: TrueTypeFont) -> String {
    let lines = font.characters.enumerated().map { index, character in
      "<\(PDFFile.hexadecimal(index + 1))> <\(PDFFile.hexadecimal(String(character)))>"
    }
    // At most a hundred entries may stand in one block.
    let blocks = stride(from: 0, to: lines.count, by: 100).map { start in
      let block = lines[start..<min(start + 100, lines.count)]
      return "\(block.count) beginbfchar\n\(block.joined(separator: "\n"))\nendbfchar\n"
    }
    return """
      /CIDInit /ProcSet findresource begin
      12 dict begin
      begincmap
      /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
      /CMapName /Adobe-Identity-UCS def
      /CMapType 2 def
      1 begincodespacerange
      <0000> <FFFF>
      endcodespacerange
      \(blocks.joined())endcmap
      CMapName currentdict /CMap defineresource pop
      end
      end
      """
  }
}
