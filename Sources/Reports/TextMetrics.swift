/// Estimates of how wide text will be.
///
/// The reader's font is not known. The widths here are the largest of those of two common families,
/// a narrow and a wide one, and of ``Typeface``, so that text that fits by them fits in any.
enum TextMetrics {
  /// The estimated width of `text` in pixels.
  static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    let hundredths = text.reduce(0) { width, character in
      let estimate = character.unicodeScalars.reduce(0) { $0 + advance($1) }
      return width
        + max(
          Double(estimate) * (isBold ? 1.1 : 1), Typeface.advance(character, isBold: isBold))
    }
    return hundredths * size / 100
  }

  /// The estimated width of a tick label, whose exponent is smaller.
  static func width(_ label: TickLabel, size: Double) -> Double {
    width(label.text, size: size)
      + (label.exponent.map { width($0, size: size * Drawing.Text.exponentScale) } ?? 0)
  }

  /// `text`, or as much of its beginning as fits `width` with an ellipsis.
  static func fitted(_ text: String, size: Double, width limit: Double, isBold: Bool = false)
    -> String
  {
    if width(text, size: size, isBold: isBold) <= limit { return text }
    var shortened = text
    while !shortened.isEmpty, width(shortened + "…", size: size, isBold: isBold) > limit {
      shortened.removeLast()
    }
    while shortened.last == " " { shortened.removeLast() }
    return shortened + "…"
  }

  /// The advance of a character in hundredths of the font size.
  private static func advance(_ scalar: Unicode.Scalar) -> Int {
    let value = Int(scalar.value)
    if (32..<127).contains(value) { return ascii[value - 32] }
    switch scalar {
    case "−", "×", "±", "≤", "≥", "∞": return 84
    case "…", "—": return 100
    case "·": return 32
    default: break
    }
    if scalar.properties.generalCategory == .nonspacingMark { return 0 }
    return value >= 0x1100 ? (value < 0x2E80 && value >= 0x2000 ? 70 : 100) : 70
  }

  private static let ascii = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 56, 102, 68, 69, 72, 77, 67, 61, 78, 75, 29, 50, 67, 56, 86, 75, 79,
    67, 79, 72, 67, 61, 73, 68, 99, 69, 67, 69, 39, 34, 39, 84, 56, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
  ]
}
