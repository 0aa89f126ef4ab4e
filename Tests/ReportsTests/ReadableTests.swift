import GrokReports
import Testing

@Suite struct ReadableTests {
  @Test(
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567"),
      (Int.min, "−9,223,372,036,854,775,808"),
    ] as [(Int, String)])
  func counts(value: Int, text: String) {
    #expect(Readable.count(value) == text)
  }

  @Test(
    arguments: [
      (0, "0"), (0.99731, "0.9973"), (12_500, "12,500"), (3.1e-8, "3.1×10⁻⁸"), (-2e12, "−2×10¹²"),
      (0.00012345, "0.0001235"), (9_999_999, "1×10⁷"), (.nan, "not a number"), (.infinity, "∞"),
      (-.infinity, "−∞"), (1.25e-305, "1.25×10⁻³⁰⁵"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) {
    #expect(Readable.number(value) == text)
  }

  @Test(
    arguments: [
      (0.421, "0.42 s"), (8.13, "8.1 s"), (59.4, "59 s"), (59.6, "1 min"), (125, "2 min 5 s"),
      (3599.7, "1 h"), (11_520, "3 h 12 min"), (86_399, "1 d"), (187_200, "2 d 4 h"), (0, "0 s"),
      (.infinity, "∞ s"),
    ] as [(Double, String)])
  func lengthsOfTime(value: Double, text: String) {
    #expect(Readable.seconds(value) == text)
  }

  @Test(
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (412_300_000, "412 MB"),
      (1_290_000_000, "1.3 GB"),
      (999_600, "1 MB"), (24_000_000_000, "24 GB"),
    ] as [(Int, String)])
  func amountsOfMemory(value: Int, text: String) {
    #expect(Readable.bytes(value) == text)
  }
}
