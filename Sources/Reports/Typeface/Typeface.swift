/// The letters of pictures and PDF files.
///
/// Figures must look the same on every machine, whatever fonts are installed there, so they bring
/// their own: a plain sans serif of single strokes, drawn for this package. A letter is what a round
/// pen leaves; bold is a wider pen and a little more room.
enum Typeface {
  /// The letter for a character; a crossed box where there is none.
  static func glyph(_ character: Character) -> Glyph {
    if let glyph = glyphs[character] { return glyph }
    if character.isWhitespace, let space = glyphs[" "] { return space }
    return marked(character) ?? missing
  }

  /// Whether there is a letter for a character.
  static func contains(_ character: Character) -> Bool {
    glyphs[character] != nil || character.isWhitespace || marked(character) != nil
  }

  /// The letter in the place of those that are missing.
  static let missing = glyphs["\u{FFFD}"] ?? Glyph(advance: 60, strokes: [])

  /// The outlines of a letter in hundredths of the size of the text, y upwards; fill them by the
  /// non-zero winding rule.
  ///
  /// - Parameter rim: By how much the pen is wider than it need be.
  static func outlines(_ character: Character, isBold: Bool, rim: Double = 0) -> [Outline] {
    let glyph = glyph(character)
    let (stretch, room) = isBold ? (boldStretch, boldTracking) : (1, tracking)
    return glyph.strokes.flatMap { stroke in
      let line = stroke.line.mapped { PixelPoint(x: $0.x * stretch + room / 2, y: $0.y) }
      return Stroker(penWidth: (isBold ? boldPen : pen) * stroke.penScale + rim).outlines(of: line)
    }
  }

  /// The distance from a letter to the next, in hundredths of the size of the text.
  static func advance(_ character: Character, isBold: Bool) -> Double {
    let advance = glyph(character).advance
    return isBold ? advance * boldStretch + boldTracking : advance + tracking
  }

  /// The width of a text.
  static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    text.reduce(0) { $0 + advance($1, isBold: isBold) } * size / 100
  }

  // MARK: Measures of the pen

  private static let pen = 8.2
  private static let boldPen = 11.8
  /// Room beside every letter beyond that in the table.
  private static let tracking = 1.0
  private static let boldTracking = 3.0
  /// How much wider bold letters are.
  private static let boldStretch = 1.06

  // MARK: Table

  /// Every letter, read once. Characters that are canonically equivalent are the same key.
  private static let glyphs: [Character: Glyph] = {
    var glyphs: [Character: Glyph] = [:]
    for line in GlyphTable.drawn.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 2)
      guard fields.count > 1, let name = fields[0].first, let advance = Double(fields[1]),
        let strokes = GlyphNotation.strokes(fields.count > 2 ? fields[2] : "")
      else { continue }
      glyphs[name == "␣" ? " " : name] = Glyph(advance: advance, strokes: strokes)
    }
    let words = GlyphTable.composed.split { $0 == " " || $0 == "\n" }
    for index in stride(from: 0, to: words.count - 1, by: 2) {
      guard let name = words[index].first, let glyph = composed(words[index + 1], of: glyphs)
      else { continue }
      glyphs[name] = glyph
    }
    return glyphs
  }()

  /// A letter made of others: `^2` is a raised 2, `_2` a lowered one, `A´` an A with an accent, and
  /// `A` an A under another name.
  private static func composed(_ recipe: Substring, of glyphs: [Character: Glyph]) -> Glyph? {
    guard let first = recipe.first, let last = recipe.last, let part = glyphs[last] else {
      return nil
    }
    if recipe.count == 1 { return part }
    if first == "^" || first == "_" {
      let scale = 0.62
      return Glyph(
        advance: part.advance * scale + 1,
        strokes: part.placed(x: 0.5, y: first == "^" ? 30 : -12, scale: scale, penScale: 0.85))
    }
    return glyphs[first].map { accented($0, isTall: first.isUppercase, accent: last, part) }
  }

  private static func accented(
    _ base: Glyph, isTall: Bool, accent name: Character, _ accent: Glyph
  ) -> Glyph {
    let isBelow = name == "¸" || name == "˛"
    let moved = accent.placed(
      x: (base.advance - accent.advance) / 2, y: isTall && !isBelow ? 15 : 0)
    return Glyph(advance: base.advance, strokes: base.strokes + moved)
  }

  /// A letter with a combining mark that the table does not hold, such as θ̂.
  private static func marked(_ character: Character) -> Glyph? {
    let scalars = Array(character.unicodeScalars)
    guard scalars.count == 2, let name = combiningMarks[scalars[1]], let accent = glyphs[name],
      let base = glyphs[Character(scalars[0])]
    else { return nil }
    let isTall = base.strokes.contains { stroke in
      ([stroke.line.start] + stroke.line.pieces.map(\.end)).contains { $0.y > 55 }
    }
    return accented(base, isTall: isTall, accent: name, accent)
  }

  private static let combiningMarks: [Unicode.Scalar: Character] = [
    "\u{300}": "`", "\u{301}": "´", "\u{302}": "ˆ", "\u{303}": "˜", "\u{304}": "¯", "\u{305}": "¯",
    "\u{306}": "˘", "\u{307}": "˙", "\u{308}": "¨", "\u{30A}": "˚", "\u{30B}": "˝", "\u{30C}": "ˇ",
    "\u{327}": "¸", "\u{328}": "˛",
  ]
}
