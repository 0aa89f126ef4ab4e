extension TickLabel {
  /// The label as plain text, for estimates and descriptions.
  var plain: String { text + (exponent ?? "") }

  /// The labels of a linear axis, and the power of ten that they leave out.
  ///
  /// Numbers from a million up and below a thousandth are written as small numbers with the power
  /// of ten given once, at the end of the axis.
  static func linear(_ ticks: LinearTicks) -> (labels: [TickLabel], exponent: Int) {
    let largest = ticks.values.map(\.magnitude).max() ?? 0
    let magnitude = largest > 0 ? DecimalDigits(largest).exponent : 0
    let factored = magnitude >= 6 || magnitude <= -4 ? magnitude : 0
    let fractionDigits = max(
      0, (ticks.coefficient.isMultiple(of: 10) ? -ticks.exponent - 1 : -ticks.exponent) + factored)
    let labels = ticks.values.map { value in
      var digits = DecimalDigits(value).rounded(fractionDigits: fractionDigits - factored)
      if digits.digits != [0] { digits.exponent -= factored }
      return TickLabel(text: digits.plain(fractionDigits: fractionDigits))
    }
    return (labels, factored)
  }

  /// The labels of a logarithmic axis: plain numbers from a thousandth to a hundred thousand,
  /// powers of ten where any lies outside.
  static func logarithmic(_ values: [Double]) -> [TickLabel] {
    let isPlain = values.allSatisfy { $0 > 0.00099 && $0 < 100_001 }
    return values.map { value in
      let digits = DecimalDigits(value).rounded(significantDigits: 12)
      if isPlain { return TickLabel(text: digits.plain()) }
      let exponent = (digits.exponent < 0 ? "−" : "") + String(digits.exponent.magnitude)
      return TickLabel(
        text: digits.digits == [1] ? "10" : digits.mantissa + "×10", exponent: exponent)
    }
  }
}
