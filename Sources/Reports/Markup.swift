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
  static func pixels(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let whole = tenths.magnitude / 10
    let fraction = tenths.magnitude % 10
    let sign = tenths < 0 ? "-" : ""
    return fraction == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }
}
