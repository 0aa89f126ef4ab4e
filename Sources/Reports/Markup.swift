/// Text made safe for SVG and HTML.
enum Markup {
  /// `text` with the five special characters replaced, for contents and attributes alike.
  ///
  /// Characters that XML forbids even as references become U+FFFD, the replacement character.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      default:
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        result.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
      }
    }
    return result
  }

  /// A length in pixels with at most one digit after the point, in the fewest characters.
  static func pixels(_ value: Double) -> String { decimal(value, digits: 1) }

  /// A number with at most `digits` digits after the point, in the fewest characters.
  static func decimal(_ value: Double, digits: Int) -> String {
    let unit = (0..<digits).reduce(1) { unit, _ in unit * 10 }
    let parts = Int((value * Double(unit)).rounded())
    let sign = parts < 0 ? "-" : ""
    let whole = "\(sign)\(parts.magnitude / UInt(unit))"
    var fraction = String(parts.magnitude % UInt(unit))
    if fraction == "0" { return whole }
    fraction = String(repeating: "0", count: digits - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return whole + "." + fraction
  }
}
