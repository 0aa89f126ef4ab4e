import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

@Suite struct TensorBoardHistogramTests {
  /// Numbers at, beside and between the limits, and beyond both ends.
  private static let numbers: [Double] = {
    var numbers: [Double] = [0, -0.0, 1e-13, -1e-13, 1e300, -1e300, .leastNonzeroMagnitude, 1, -1]
    for limit in TensorBoardHistogram.standardLimits {
      numbers += [limit, limit.nextUp, limit.nextDown].filter(\.isFinite)
    }
    let exponents: [Double] = RandomKey(seed: 8).uniform(count: 2_000, in: -14..<22)
    for (index, exponent) in exponents.enumerated() {
      let magnitude = exponentiated(exponent)
      numbers.append(index % 2 == 0 ? magnitude : -magnitude)
    }
    return numbers
  }()

  private static func exponentiated(_ exponent: Double) -> Double {
    // Ten to a power, without a library: exact to a few parts in 1e16, which is enough here.
    var (result, rest) = (1.0, exponent)
    while rest >= 1 { (result, rest) = (result * 10, rest - 1) }
    while rest < 0 { (result, rest) = (result / 10, rest + 1) }
    return result * (1 + rest * 9)
  }

  @Test(.tags(.law)) func theLimitsAreThoseOfTensorFlow() {
    let limits = TensorBoardHistogram.standardLimits
    #expect(limits.first == -.greatestFiniteMagnitude && limits.last == .greatestFiniteMagnitude)
    #expect(zip(limits, limits.dropFirst()).allSatisfy { $0 < $1 })
    let positive = limits.filter { $0 > 0 }.dropLast()
    #expect(positive.first == 1e-12 && positive.count == 774)
    #expect(limits.filter { $0 == 0 }.count == 1)
  }

  @Test(.tags(.oracle)) func eachNumberLiesInTheFirstBucketWithALargerLimit() {
    let limits = TensorBoardHistogram.standardLimits
    for number in Self.numbers where number < .greatestFiniteMagnitude {
      let expected = limits.firstIndex { $0 > number }
      #expect(TensorBoardHistogram.bucket(of: number) == expected, "\(number)")
    }
    #expect(
      TensorBoardHistogram.bucket(of: .greatestFiniteMagnitude) == limits.count - 1)
  }

  @Test(.tags(.law)) func countsAndMomentsAreThoseOfTheNumbers() throws {
    let values: [Double] = RandomKey(seed: 2).normal(count: 1_000)
    let histogram = try TensorBoardHistogram(values)
    #expect(histogram.count == 1_000 && histogram.counts.reduce(0, +) == 1_000)
    #expect(histogram.minimum == values.min() && histogram.maximum == values.max())
    #expect(histogram.sum == values.reduce(0, +))
    #expect(histogram.sumOfSquares == values.reduce(0) { $0 + $1 * $1 })
    #expect(histogram.limits.count == histogram.counts.count)
    // Buckets in a row are never both empty.
    #expect(zip(histogram.counts, histogram.counts.dropFirst()).allSatisfy { $0 + $1 > 0 })
    #expect(histogram.counts.first! > 0 && histogram.counts.last! > 0)
    #expect(histogram.minimum < histogram.limits[0] && histogram.maximum < histogram.limits.last!)
    var before = -Double.infinity
    for (limit, count) in zip(histogram.limits, histogram.counts) {
      #expect(Double(values.count { before <= $0 && $0 < limit }) == count)
      before = limit
    }
    #expect(try TensorBoardHistogram(values.map { Float($0) }).count == 1_000)
  }

  @Test func nothingIsAHistogramToo() throws {
    let histogram = try TensorBoardHistogram([Float]())
    #expect(histogram.counts == [0] && histogram.minimum == 0 && histogram.maximum == 0)
  }

  @Test func whatIsNoNumberIsRefused() throws {
    let error = #expect(throws: TensorBoardError.self) {
      try TensorBoardHistogram([1, 2, .nan] as [Float])
    }
    #expect(
      error?.description
        == "a histogram for TensorBoard needs finite numbers; element 2 is nan")
  }
}
