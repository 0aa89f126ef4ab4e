internal import Foundation

/// A variable that is ready to be measured, with a record of what was done to it.
public struct PreparedSamples: Sendable, Equatable {
  /// What records call the variable.
  public var name: String
  /// `[n, kept columns]`; without columns where the variable was constant.
  public var values: Matrix<Double>
  /// What was done, in order.
  public var record: [String]
  /// How many constant columns were left out.
  public var constantColumnCount: Int
}

/// Estimates the information between two prepared variables, and writes what was done to them and what is doubtful
/// about them beside the number.
///
/// ```swift
/// let x = try Preparation.standardized.fitted(to: codes).applied(to: codes, named: "x")
/// let estimate = try preparedInformation(between: x, and: layer) { x, y throws(MeasureError) in
///   try mutualInformation(between: x, and: y)
/// }
/// print(estimate.value, estimate.preparation, estimate.cautions)
/// ```
///
/// A variable without columns is constant: the information is 0, and nothing is estimated.
///
/// - Shapes: the closure gets the values of both, `[n, dx]` and `[n, dy]`.
/// - Throws: `MeasureError.rowCountMismatch`, and what the closure throws.
/// - Complexity: O(elements), and the closure.
public func preparedInformation(
  between x: PreparedSamples, and y: PreparedSamples,
  estimate: (Matrix<Double>, Matrix<Double>) throws(MeasureError) -> InformationEstimate
) throws(MeasureError) -> InformationEstimate {
  guard x.values.rowCount == y.values.rowCount else {
    throw .rowCountMismatch(
      measure: "preparedInformation", first: x.values.rowCount, second: y.values.rowCount)
  }
  return try recording([x, y]) { () throws(MeasureError) in try estimate(x.values, y.values) }
}

/// Estimates the information between a prepared variable and something else, such as labels that the closure knows.
///
/// - Shapes: the closure gets the values, `[n, d]`.
/// - Throws: what the closure throws.
/// - Complexity: O(elements), and the closure.
public func preparedInformation(
  of x: PreparedSamples,
  estimate: (Matrix<Double>) throws(MeasureError) -> InformationEstimate
) throws(MeasureError) -> InformationEstimate {
  try recording([x]) { () throws(MeasureError) in try estimate(x.values) }
}

private func recording(
  _ variables: [PreparedSamples], _ estimate: () throws(MeasureError) -> InformationEstimate
) throws(MeasureError) -> InformationEstimate {
  var result: InformationEstimate
  if let constant = variables.first(where: { $0.values.columnCount == 0 }) {
    result = InformationEstimate(
      value: 0, sampleCount: constant.values.rowCount,
      estimator: "none: \(constant.name) is constant")
  } else {
    result = try estimate()
    let isKnown = result.cautions.contains {
      if case .duplicates = $0 { true } else { false }
    }
    if !isKnown, variables[0].values.rowCount > 0 {
      let count = RowSymbols(of: variables.map(\.values)).duplicateCount
      if count > 0 { result.cautions.append(.duplicates(count: count)) }
    }
  }
  result.preparation = variables.flatMap(\.record) + result.preparation
  for variable in variables where variable.constantColumnCount > 0 {
    result.cautions.append(
      .constantColumns(variable: variable.name, count: variable.constantColumnCount))
  }
  return result
}
