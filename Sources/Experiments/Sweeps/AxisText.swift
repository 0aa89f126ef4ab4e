#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One part of a list of values: a value, or a range of numbers such as `0..9` or `1e-4..1:log5`.
struct AxisText {
  private let text: String
  private let isQuoted: Bool
  private let setting: Setting

  init(_ text: String, isQuoted: Bool, setting: Setting) {
    self.text = text
    self.isQuoted = isQuoted
    self.setting = setting
  }

  /// The values as texts that the setting takes.
  func values() throws(ConfigurationError) -> [String] {
    guard !isQuoted, let range = Range(text) else {
      guard setting.canonical(text) != nil else { throw bad(setting.expectation) }
      return [text]
    }
    guard range.first <= range.last else { throw bad("a range that rises") }
    let numbers: [Double]
    switch range.spacing {
    case nil: return try wholeNumbers(range)
    case .step(let step):
      guard step > 0 else { throw bad("a step above 0") }
      // A last value that the step misses by rounding alone belongs to the range.
      let count = ((range.last - range.first) / step + 1e-9).rounded(.down) + 1
      numbers = try positions(count).map { range.first + Double($0) * step }
    case .linear(let count):
      numbers = try fractions(count).map { range.first + $0 * (range.last - range.first) }
    case .logarithmic(let count):
      guard range.first > 0 else { throw bad("a range above 0 for logarithmic spacing") }
      let (low, high) = (log10(range.first), log10(range.last))
      numbers = try fractions(count).map { pow(10, low + $0 * (high - low)) }
    case .unknown: throw bad(Range.expectation)
    }
    return try numbers.map { number throws(ConfigurationError) in
      try self.value(rounded(number), isSpaced: range.isSpacedByCount)
    }
  }

  private func wholeNumbers(_ range: Range) throws(ConfigurationError) -> [String] {
    guard let first = Int(range.firstText), let last = Int(range.lastText) else {
      throw bad(Range.expectation)
    }
    return try positions(Double(last) - Double(first) + 1).map { index throws(ConfigurationError) in
      let value = String(first + index)
      guard setting.canonical(value) != nil else { throw bad(setting.expectation) }
      return value
    }
  }

  /// 0, 1, 2 … `count` of them.
  private func positions(_ count: Double) throws(ConfigurationError) -> Swift.Range<Int> {
    guard count <= Double(Sweep.largestJobCount) else {
      throw bad("at most \(Sweep.largestJobCount) values")
    }
    return 0..<Int(count)
  }

  /// From 0 to 1, evenly spaced.
  private func fractions(_ count: Int) throws(ConfigurationError) -> [Double] {
    guard count >= 2 else { throw bad("at least 2 values, the ends of the range") }
    return try positions(Double(count)).map { Double($0) / Double(count - 1) }
  }

  /// - Parameter isSpaced: Whether the number came from a count of values, so that the nearest whole
  ///   number will do.
  private func value(_ number: Double, isSpaced: Bool) throws(ConfigurationError) -> String {
    let whole = number.rounded()
    let candidates = ["\(number)"] + (isSpaced || whole == number ? [wholeText(whole)] : [])
    guard let value = candidates.first(where: { setting.canonical($0) != nil }) else {
      throw bad(setting.expectation)
    }
    return value
  }

  private func wholeText(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }

  private func bad(_ expectation: String) -> ConfigurationError {
    .badValue(path: setting.path, value: text, expectation: expectation)
  }
}

/// A number rounded to 12 significant digits.
private func rounded(_ number: Double) -> Double {
  guard number != 0, number.isFinite else { return number }
  let places = 11 - log10(number.magnitude).rounded(.down)
  // Whole powers of ten up to 22 are exact, so the quotient is the double nearest to the decimal.
  return places >= 0
    ? (number * pow(10, places)).rounded() / pow(10, places)
    : (number / pow(10, -places)).rounded() * pow(10, -places)
}

// MARK: - Ranges

extension AxisText {
  /// `first..last`, `first..last:0.25`, `first..last:log5`, `first..last:linear5`.
  private struct Range {
    enum Spacing {
      case step(Double)
      case linear(Int)
      case logarithmic(Int)
      case unknown
    }

    static let expectation =
      "whole numbers as 0..9, or a spacing as in 0..1:0.25, 0..1:linear5 or 1e-4..1:log5"

    let (firstText, lastText): (String, String)
    let (first, last): (Double, Double)
    let spacing: Spacing?

    var isSpacedByCount: Bool {
      switch spacing {
      case .linear, .logarithmic: true
      default: false
      }
    }

    /// `nil` where the text is no range of numbers: paths of files have two dots as well.
    init?(_ text: String) {
      guard let dots = AxisText.dots(in: text) else { return nil }
      let ends = text[dots.upperBound...].split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      (firstText, lastText) = (String(text[..<dots.lowerBound]), String(ends[0]))
      guard let first = Double(firstText), let last = Double(lastText), first.isFinite,
        last.isFinite
      else { return nil }
      (self.first, self.last) = (first, last)
      spacing = ends.count == 1 ? nil : Range.spacing(String(ends[1]))
    }

    private static func spacing(_ text: String) -> Spacing {
      if let step = Double(text), step.isFinite { return .step(step) }
      if text.hasPrefix("linear"), let count = Int(text.dropFirst("linear".count)) {
        return .linear(count)
      }
      if text.hasPrefix("log"), let count = Int(text.dropFirst("log".count)) {
        return .logarithmic(count)
      }
      return .unknown
    }
  }

  private static func dots(in text: String) -> Swift.Range<String.Index>? {
    for index in text.indices where text[index...].hasPrefix("..") {
      return index..<text.index(index, offsetBy: 2)
    }
    return nil
  }
}
