/// Numbers as people like to read them, the same on every machine and in every locale.
public enum Readable {
  /// A whole number with thousands separators: `12,500`, `−3`.
  public static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "−" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A number rounded to a few significant digits: `0.9973`, `12,500`, `3.1×10⁻⁸`, `not a number`.
  ///
  /// - Parameter significantDigits: At least 1. Four, the default, tells accuracies near 1 apart.
  public static func number(_ value: Double, significantDigits: Int = 4) -> String {
    precondition(significantDigits > 0, "Readable.number: \(significantDigits) significant digits")
    guard !value.isNaN else { return "not a number" }
    guard value.isFinite else { return value < 0 ? "−∞" : "∞" }
    let digits = DecimalDigits(value).rounded(significantDigits: significantDigits)
    if (-4...6).contains(digits.exponent) { return digits.plain() }
    return digits.mantissa + "×10" + superscript(digits.exponent)
  }

  /// A length of time: `0.42 s`, `8.1 s`, `2 min 5 s`, `3 h 12 min`, `2 d 4 h`.
  public static func seconds(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return number(value) + " s" }
    guard value >= 59.5 else { return number(value, significantDigits: 2) + " s" }
    let total = Int(value.rounded())
    if total < 3600 { return parts(total / 60, "min", total % 60, "s") }
    let minutes = (total + 30) / 60
    if minutes < 24 * 60 { return parts(minutes / 60, "h", minutes % 60, "min") }
    let hours = (total + 1800) / 3600
    return parts(hours / 24, "d", hours % 24, "h")
  }

  /// An amount of memory in powers of 1,000: `999 B`, `412 MB`, `1.3 GB`.
  public static func bytes(_ value: Int) -> String {
    guard value.magnitude >= 1000 else { return "\(count(value)) B" }
    var amount = Double(value)
    var unit = 0
    while unit < 5, unit == 0 || amount.magnitude >= 999.5 {
      amount /= 1000
      unit += 1
    }
    let digits = DecimalDigits(amount).rounded(significantDigits: amount.magnitude < 10 ? 2 : 3)
    return "\(digits.plain()) \(["B", "kB", "MB", "GB", "TB", "PB"][unit])"
  }

  /// `exponent` in raised digits: `⁻⁸`.
  static func superscript(_ exponent: Int) -> String {
    let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (exponent < 0 ? "⁻" : "")
      + String(String(exponent.magnitude).compactMap { $0.wholeNumberValue.map { raised[$0] } })
  }

  private static func parts(_ big: Int, _ bigUnit: String, _ small: Int, _ smallUnit: String)
    -> String
  {
    let head = "\(count(big)) \(bigUnit)"
    return small == 0 ? head : "\(head) \(small) \(smallUnit)"
  }
}
