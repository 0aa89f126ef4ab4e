internal import Foundation

/// Counts of positive numbers in bins of equal width on a logarithmic axis, whose place does not depend on the numbers.
///
/// - Source: definition.
public struct LogarithmicHistogram: Sendable, Equatable, Codable {
  /// The lower end of the first bin.
  public var lowerBound: Double
  /// The upper end of the last bin.
  public var upperBound: Double
  /// How many numbers are in each bin; a bin holds its lower end.
  public var counts: [Int]
  /// How many are below the first bin, 0 among them.
  public var belowCount: Int
  /// How many are at or above the end of the last bin, infinity among them.
  public var aboveCount: Int

  /// A histogram of no numbers.
  ///
  /// - Precondition: 0 < lower < upper, at least one bin.
  public init(from lowerBound: Double, to upperBound: Double, binCount: Int = 64) {
    precondition(
      lowerBound > 0 && upperBound > lowerBound && binCount >= 1,
      "LogarithmicHistogram: \(binCount) bins from \(lowerBound) to \(upperBound)")
    self.lowerBound = lowerBound
    self.upperBound = upperBound
    counts = Array(repeating: 0, count: binCount)
    belowCount = 0
    aboveCount = 0
  }

  /// The binCount + 1 ends of the bins.
  public var edges: [Double] {
    let ratio = upperBound / lowerBound
    return (0...counts.count).map {
      lowerBound * pow(ratio, Double($0) / Double(counts.count))
    }
  }

  /// Counts one more number.
  ///
  /// - Precondition: `value` is not below 0 and is a number.
  public mutating func add(_ value: Double) {
    precondition(value >= 0, "LogarithmicHistogram: \(value) has no logarithm")
    if value < lowerBound {
      belowCount += 1
    } else if value >= upperBound {
      aboveCount += 1
    } else {
      let place = log(value / lowerBound) / log(upperBound / lowerBound) * Double(counts.count)
      counts[min(counts.count - 1, max(0, Int(place)))] += 1
    }
  }
}
