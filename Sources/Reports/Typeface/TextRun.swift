/// A text of a drawing set in the ``Typeface``: pieces of one size, one after the other.
struct TextRun {
  /// Letters of one size on one height.
  struct Piece {
    var text: String
    var size: Double
    /// How far above the baseline it stands.
    var rise = 0.0
  }

  var pieces: [Piece]
  var isBold: Bool
  /// From the place of the text to the start of the first letter, along the baseline.
  var start: Double
  /// The direction of the baseline.
  var along: PixelPoint
  /// The direction of the upright strokes, from the bottom to the top; slanted in italics.
  var up: PixelPoint

  init(_ text: Drawing.Text) {
    isBold = text.weight != .regular
    pieces = [Piece(text: text.text, size: text.size)]
    if !text.exponent.isEmpty {
      pieces.append(
        Piece(
          text: text.exponent, size: text.size * Drawing.Text.exponentScale,
          rise: text.size * Drawing.Text.exponentRise))
    }
    let isBold = isBold
    let width = pieces.reduce(0) {
      $0 + Typeface.width($1.text, size: $1.size, isBold: isBold)
    }
    switch text.anchor {
    case .start: start = 0
    case .middle: start = -width / 2
    case .end: start = -width
    }
    along = text.isVertical ? PixelPoint(x: 0, y: -1) : PixelPoint(x: 1, y: 0)
    let slant = text.isItalic ? 0.2 : 0
    up = along.turned * -1 + along * slant
  }
}
