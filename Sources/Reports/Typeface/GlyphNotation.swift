/// A letter as strokes of a round pen.
///
/// - Units: hundredths of the size of the text; y grows upwards from the baseline.
struct Glyph: Hashable {
  /// A line that the pen draws.
  struct Stroke: Hashable {
    var line: Outline
    /// The width of the pen here, as a fraction of its usual width.
    var penScale = 1.0
  }

  /// The distance to the place of the next letter.
  var advance: Double
  var strokes: [Stroke]

  /// This letter moved, after it was made smaller.
  func placed(x: Double, y: Double, scale: Double = 1, penScale: Double = 1) -> [Stroke] {
    strokes.map { stroke in
      Stroke(
        line: stroke.line.mapped { PixelPoint(x: $0.x * scale + x, y: $0.y * scale + y) },
        penScale: stroke.penScale * penScale)
    }
  }
}

/// Reads the notation of ``GlyphTable``.
///
/// `M x y` starts a stroke; `L x y`, `H x` and `V y` draw lines as in SVG and `Q` a quadratic curve;
/// `A x y` draws a quarter of an ellipse that leaves *across* and arrives upright, `U x y` one that
/// leaves *upright* and arrives across; `D x y` puts a dot and `Z` closes the stroke.
enum GlyphNotation {
  /// How much wider than a stroke a dot is.
  static let dotScale = 1.45

  /// The strokes that `text` describes, or `nil` if it is not in this notation.
  static func strokes(_ text: Substring) -> [Glyph.Stroke]? {
    var reader = Reader(rest: text.utf8)
    var strokes: [Glyph.Stroke] = []
    var line: Outline?
    func finish() { if let done = line { strokes.append(Glyph.Stroke(line: done)) } }
    while let command = reader.command() {
      guard let numbers = reader.numbers(count(command)) else { return nil }
      if command == "M" {
        finish()
        line = Outline(start: PixelPoint(x: numbers[0], y: numbers[1]))
      } else if command == "D" {
        let place = Outline(start: PixelPoint(x: numbers[0], y: numbers[1]))
        strokes.append(Glyph.Stroke(line: place, penScale: dotScale))
      } else {
        guard line != nil else { return nil }
        line?.draw(command, numbers)
      }
    }
    finish()
    return reader.rest.isEmpty ? strokes : nil
  }

  private static func count(_ command: Character) -> Int {
    switch command {
    case "H", "V": 1
    case "Q": 4
    case "Z": 0
    default: 2
    }
  }

  private struct Reader {
    var rest: Substring.UTF8View

    mutating func command() -> Character? {
      guard let first = rest.first, "MLHVQAUDZ".utf8.contains(first) else { return nil }
      rest = rest.dropFirst()
      return Character(UnicodeScalar(first))
    }

    mutating func numbers(_ count: Int) -> [Double]? {
      var numbers: [Double] = []
      while numbers.count < count {
        if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        let digits = rest.prefix { "0123456789.-".utf8.contains($0) }
        guard let number = Double(String(Substring(digits))) else { return nil }
        numbers.append(number)
        rest = rest[digits.endIndex...]
      }
      return numbers
    }
  }
}

extension Outline {
  fileprivate mutating func draw(_ command: Character, _ numbers: [Double]) {
    let from = end
    func place(_ index: Int) -> PixelPoint {
      PixelPoint(x: numbers[index], y: numbers[index + 1])
    }
    switch command {
    case "L": pieces.append(Piece(end: place(0)))
    case "H": pieces.append(Piece(end: PixelPoint(x: numbers[0], y: from.y)))
    case "V": pieces.append(Piece(end: PixelPoint(x: from.x, y: numbers[0])))
    case "Q": pieces.append(Piece(control: place(0), end: place(2)))
    case "A": addQuarter(to: place(0), corner: PixelPoint(x: numbers[0], y: from.y))
    case "U": addQuarter(to: place(0), corner: PixelPoint(x: from.x, y: numbers[1]))
    default: isClosed = true
    }
  }
}
