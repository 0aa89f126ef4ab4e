@_exported import GrokNumerics

/// Why a quantity has no value for the data it was asked of.
public enum MeasureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two arrays whose rows belong together have different numbers of rows.
  case rowCountMismatch(measure: String, first: Int, second: Int)
  /// There are fewer samples than the quantity is defined for.
  case tooFewSamples(measure: String, found: Int, needed: Int)
  /// An element is infinite or not a number.
  case nonFiniteInput(measure: String, array: String, index: Int)
  /// A number lies outside of its range.
  case outOfRange(measure: String, what: String, value: Double, expected: String)
  /// Elements that must increase do not, from `index` − 1 to `index`.
  case notIncreasing(measure: String, array: String, index: Int)
  /// The quantity is not defined for such data, for the reason given.
  case undefined(measure: String, reason: String)
  /// A decomposition on the way failed.
  case numerics(measure: String, NumericsError)

  /// What is wrong, where, and what to try.
  public var description: String {
    switch self {
    case .rowCountMismatch(let measure, let first, let second):
      "\(measure): \(first) rows cannot be paired with \(second); row i of both must belong to one "
        + "sample"
    case .tooFewSamples(let measure, let found, let needed):
      "\(measure): \(found) samples; at least \(needed) are needed"
    case .nonFiniteInput(let measure, let array, let index):
      "\(measure): element \(index) of \(array) is not finite; remove such samples or find their "
        + "cause"
    case .outOfRange(let measure, let what, let value, let expected):
      "\(measure): \(what) is \(value); expected \(expected)"
    case .notIncreasing(let measure, let array, let index):
      "\(measure): \(array) do not increase from element \(index - 1) to \(index); sort the records "
        + "and drop repeated ones"
    case .undefined(let measure, let reason):
      "\(measure): \(reason)"
    case .numerics(let measure, let error):
      "\(measure): \(error)"
    }
  }
}
