internal import Foundation

/// What was recorded of every component of a network at some steps: norms, heats, loss rates.
public struct HeatTable: Sendable, Equatable {
  /// The steps of the records, increasing, none below 0.
  public let steps: [Int]
  /// The names of the components.
  public let names: [String]
  /// `[records, components]`, all finite.
  public let values: Matrix<Double>

  /// A table from its columns' names and its rows' steps.
  ///
  /// - Shapes: `values` is `[records, components]`.
  /// - Throws: `MeasureError.rowCountMismatch`, `.notIncreasing`, `.nonFiniteInput`, `.outOfRange`,
  ///   `.undefined` where names and columns differ in number.
  public init(steps: [Int], names: [String], values: Matrix<Double>) throws(MeasureError) {
    let measure = "HeatTable"
    guard steps.count == values.rowCount else {
      throw .rowCountMismatch(measure: measure, first: steps.count, second: values.rowCount)
    }
    guard names.count == values.columnCount else {
      throw .undefined(
        measure: measure, reason: "\(names.count) names for \(values.columnCount) columns")
    }
    if let first = steps.first, first < 0 {
      throw .outOfRange(
        measure: measure, what: "step of record 0", value: Double(first), expected: "at least 0")
    }
    for index in steps.indices.dropFirst() where steps[index] <= steps[index - 1] {
      throw .notIncreasing(measure: measure, array: "steps", index: index)
    }
    try requireOrdered(values.values, "the values", measure: measure)
    self.steps = steps
    self.names = names
    self.values = values
  }

  /// The number of records.
  public var recordCount: Int { steps.count }
  /// The number of components.
  public var componentCount: Int { names.count }

  /// One component over time.
  ///
  /// - Throws: `MeasureError.outOfRange` for a component that is not there.
  public func series(of component: Int) throws(MeasureError) -> RecordedSeries {
    guard names.indices.contains(component) else {
      throw .outOfRange(
        measure: "HeatTable", what: "the component", value: Double(component),
        expected: "0 to \(names.count - 1)")
    }
    return try RecordedSeries(steps: steps, values: values.column(component))
  }

  /// The sums of the columns that share a label, in the order in which labels first occur.
  ///
  /// Squared norms and loss rates add; norms do not.
  ///
  /// - Parameter labels: one for each column, such as the kinds of ``components(of:overriding:)``.
  /// - Throws: `MeasureError.rowCountMismatch`.
  public func summed(by labels: [String]) throws(MeasureError) -> HeatTable {
    guard labels.count == names.count else {
      throw .rowCountMismatch(measure: "HeatTable", first: labels.count, second: names.count)
    }
    var places = [String: Int]()
    var groups = [String]()
    for label in labels where places[label] == nil {
      places[label] = groups.count
      groups.append(label)
    }
    var sums = Matrix<Double>(rowCount: recordCount, columnCount: groups.count)
    for record in 0..<recordCount {
      for (column, label) in labels.enumerated() {
        sums[record, places[label] ?? 0] += values[record, column]
      }
    }
    return try HeatTable(steps: steps, names: groups, values: sums)
  }

  /// The squares of all values: heats ‖g‖² from norms ‖g‖.
  ///
  /// - Throws: as ``init(steps:names:values:)``.
  public func squared() throws(MeasureError) -> HeatTable {
    try HeatTable(steps: steps, names: names, values: values.map { $0 * $0 })
  }

  /// The natural logarithms of a table whose values must be above 0.
  ///
  /// - Throws: `MeasureError.undefined` with the record and component where one is not.
  func logarithms(measure: String) throws(MeasureError) -> Matrix<Double> {
    if let place = values.values.firstIndex(where: { !($0 > 0) }) {
      throw .undefined(
        measure: measure,
        reason: "'\(names[place % names.count])' is \(values.values[place]) at step "
          + "\(steps[place / names.count]); its logarithm needs values above 0")
    }
    return values.map { log($0) }
  }
}
