import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

@Suite struct DecimalDigitsTests {
  @Test(
    arguments: [
      (0, "0"), (1, "1"), (-1.5, "−1.5"), (1234.5, "1,234.5"), (1e15, "1,000,000,000,000,000"),
      (1e21, "1,000,000,000,000,000,000,000"), (0.001, "0.001"), (1.25e-7, "0.000000125"),
      (100, "100"), (12_300, "12,300"), (-0.0, "0"),
    ] as [(Double, String)])
  func writesNumbersOut(value: Double, text: String) {
    #expect(DecimalDigits(value).plain() == text)
  }

  @Test(
    arguments: [
      (0.9996, 3, "1"), (0.9994, 3, "0.999"), (1234, 2, "1,200"), (9.995, 3, "10"),
      (.leastNonzeroMagnitude, 4, "5"),
      (0.15, 1, "0.2"), (99.99, 2, "100"),
    ] as [(Double, Int, String)])
  func roundsHalvesAwayFromZero(value: Double, count: Int, text: String) {
    var digits = DecimalDigits(value).rounded(significantDigits: count)
    if value < 1e-300 { digits.exponent = 0 }
    #expect(digits.plain() == text)
  }

  @Test(
    arguments: [
      (0.04, 1, "0"), (0.05, 1, "0.1"), (-0.04, 1, "0"), (12.345, 2, "12.35"), (1250, -2, "1,300"),
      (3, -2, "0"),
    ] as [(Double, Int, String)])
  func roundsToPlaces(value: Double, count: Int, text: String) {
    #expect(DecimalDigits(value).rounded(fractionDigits: count).plain() == text)
  }

  @Test func padsWithZeros() {
    #expect(DecimalDigits(2).plain(fractionDigits: 2) == "2.00")
    #expect(DecimalDigits(0).plain(fractionDigits: 1) == "0.0")
  }

  @Test(.tags(.law)) func digitsReadBackAsTheNumber() {
    let key = RandomKey(seed: 20)
    for position in 0..<2000 {
      let value = Double(bitPattern: key.bits(at: position))
      guard value.isFinite else { continue }
      let digits = DecimalDigits(value)
      let text = digits.digits.map(String.init).joined()
      let back = Double(
        "\(value < 0 ? "-" : "")\(text)e\(digits.exponent - digits.digits.count + 1)")
      #expect(back == value, "seed 20, position \(position): \(value)")
    }
  }
}
