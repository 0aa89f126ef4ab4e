internal import Foundation

/// A number that a run recorded at some of its steps, for example accuracy on test examples.
public struct RecordedSeries: Sendable, Equatable {
  /// The steps of the records, increasing, none below 0.
  public let steps: [Int]
  /// The number recorded at each of them.
  public let values: [Double]

  /// A series from two arrays of one length.
  ///
  /// - Throws: `MeasureError.rowCountMismatch`, `.notIncreasing`, `.nonFiniteInput`, `.outOfRange` for a
  ///   step below 0.
  public init(steps: [Int], values: [Double]) throws(MeasureError) {
    let measure = "RecordedSeries"
    guard steps.count == values.count else {
      throw .rowCountMismatch(measure: measure, first: steps.count, second: values.count)
    }
    if let first = steps.first, first < 0 {
      throw .outOfRange(
        measure: measure, what: "step of record 0", value: Double(first), expected: "at least 0")
    }
    for index in steps.indices.dropFirst() where steps[index] <= steps[index - 1] {
      throw .notIncreasing(measure: measure, array: "steps", index: index)
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: "the values", index: index)
    }
    self.steps = steps
    self.values = values
  }

  /// The number of records.
  public var count: Int { steps.count }

  /// The standard deviation of what differs from one record to the next beside the trend:
  /// 1.4826 × the median of |second differences| / √6; 0 for fewer than three records.
  ///
  /// A straight line has none, and a few jumps do not change the median.
  var noise: Double {
    guard count >= 3 else { return 0 }
    let differences = (2..<count).map { (index: Int) -> Double in
      abs(values[index] - 2 * values[index - 1] + values[index - 2])
    }
    return 1.4826 * medianValue(of: differences) / 6.0.squareRoot()
  }
}

/// The place of a step on the logarithmic axis: log₁₀ of it, with step 0, the untrained network, at ½.
///
/// - Units: decades.
/// - Source: definition.
public func decades(ofStep step: Int) -> Double { log10(max(Double(step), 0.5)) }

/// The value in the middle, or half way between the two there; infinite where one of these is.
///
/// - Precondition: there is at least one.
func medianValue(of values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  guard sorted.count.isMultiple(of: 2) else { return sorted[middle] }
  let (low, high) = (sorted[middle - 1], sorted[middle])
  guard low.isFinite, high.isFinite else { return low.isFinite ? high : low }
  return low + (high - low) / 2
}
