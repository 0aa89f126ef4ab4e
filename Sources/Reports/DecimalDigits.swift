#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A finite number as the decimal digits d₁d₂d₃…, standing for ±d₁.d₂d₃… × 10^exponent.
///
/// Numbers are rounded and spelled here, on digits, rather than by the C library or Foundation, so
/// that the same number gives the same text in every locale and on every system.
struct DecimalDigits: Hashable {
  var isNegative: Bool
  var digits: [UInt8]
  var exponent: Int

  /// The shortest digits that read back as `value`.
  ///
  /// - Precondition: `value` is finite.
  init(_ value: Double) {
    precondition(value.isFinite, "DecimalDigits: \(value) has no digits")
    isNegative = value < 0
    digits = []
    exponent = 0
    guard value != 0 else {
      digits = [0]
      return
    }
    // Swift describes a number as 123.25, 5e-324 or 1.5e+16, with the fewest digits that suffice.
    var wholeCount: Int?
    var written = Array(value.magnitude.description.utf8)
    if let e = written.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(String(decoding: written[(e + 1)...], as: UTF8.self)) ?? 0
      written.removeSubrange(e...)
    }
    for character in written {
      if character == UInt8(ascii: ".") {
        wholeCount = digits.count
      } else {
        digits.append(character - UInt8(ascii: "0"))
      }
    }
    exponent += (wholeCount ?? digits.count) - 1
    let zeroCount = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeroCount)
    exponent -= zeroCount
    trim()
  }

  /// The same number rounded to `count` digits, halves away from zero.
  func rounded(significantDigits count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = [0]
      result.exponent = 0
      result.isNegative = false
      return result
    }
    let roundsUp = digits[count] >= 5
    result.digits.removeSubrange(count...)
    if roundsUp {
      var position = count - 1
      while position >= 0, result.digits[position] == 9 {
        result.digits[position] = 0
        position -= 1
      }
      if position >= 0 {
        result.digits[position] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.exponent += 1
      }
    }
    result.trim()
    return result
  }

  /// The same number rounded to `count` digits after the decimal point.
  func rounded(fractionDigits count: Int) -> DecimalDigits {
    digits == [0] ? self : rounded(significantDigits: exponent + 1 + count)
  }

  /// The number written out, with at least `fractionDigits` digits after the point.
  func plain(fractionDigits: Int = 0, isGrouped: Bool = true) -> String {
    var whole = ""
    if exponent < 0 {
      whole = "0"
    } else {
      for place in 0...exponent {
        whole += String(place < digits.count ? digits[place] : 0)
        let remaining = exponent - place
        if isGrouped, remaining > 0, remaining % 3 == 0 { whole += "," }
      }
    }
    var fraction = String(repeating: "0", count: exponent < -1 ? -1 - exponent : 0)
    for digit in digits.dropFirst(max(exponent + 1, 0)) { fraction += String(digit) }
    if digits == [0] { fraction = "" }
    if fraction.count < fractionDigits {
      fraction += String(repeating: "0", count: fractionDigits - fraction.count)
    }
    return (isNegative ? "−" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// The factor ahead of the power of ten, `1.25` for 1.25 × 10³.
  var mantissa: String {
    var result = self
    result.exponent = 0
    return result.plain()
  }

  private mutating func trim() {
    while let last = digits.last, last == 0 { digits.removeLast() }
    if digits.isEmpty {
      digits = [0]
      exponent = 0
      isNegative = false
    }
  }
}

/// `coefficient` × 10^`exponent`, rounded once.
func decimal(_ coefficient: Int, exponent: Int) -> Double {
  // Reading decimal text is correctly rounded; a product with a power of ten is not.
  Double("\(coefficient)e\(exponent)") ?? .nan
}

/// The logarithm to base 10.
func logarithm(_ value: Double) -> Double { log10(value) }

/// 10 to the power of `exponent`, which need not be whole.
func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }
