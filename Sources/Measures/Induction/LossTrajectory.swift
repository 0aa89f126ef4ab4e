/// The path of a training in the space of its per-token losses, along its two or more widest directions.
public struct LossTrajectory: Sendable, Equatable {
  /// A row for each snapshot, `[snapshots, components]`. Signs of components are arbitrary: largest weights are made positive.
  public var coordinates: Matrix<Double>
  /// The share of the variance over snapshots along each component.
  public var explained: [Double]
}

/// Principal components of per-token losses over the snapshots of one or several trainings.
///
/// - Shapes: `losses` is `[snapshots, tokens]`: for each snapshot the loss of one fixed token of every example, or means by index.
/// - Parameter isStandardized: divides every column by its standard deviation over snapshots, as the published notebook does;
///   columns that do not vary are left out.
/// - Throws: `MeasureError.tooFewSamples` for fewer than three snapshots, `.nonFiniteInput`, `.undefined` where nothing varies.
/// - Complexity: O(snapshots² tokens).
/// - Source: Olsson et al. (2022).
public func lossTrajectory(
  of losses: Matrix<Double>, componentCount: Int = 2, isStandardized: Bool = false
) throws(MeasureError) -> LossTrajectory {
  let measure = "lossTrajectory"
  let snapshots = losses.rowCount
  guard snapshots >= 3 else {
    throw .tooFewSamples(measure: measure, found: snapshots, needed: 3)
  }
  guard componentCount >= 1 else {
    throw .outOfRange(
      measure: measure, what: "componentCount", value: Double(componentCount),
      expected: "at least 1")
  }
  try requireFinite([losses], measure: measure)
  var columns: [[Double]] = []
  for column in 0..<losses.columnCount {
    let values = losses.column(column)
    let mean = values.reduce(0, +) / Double(snapshots)
    var centered = values.map { $0 - mean }
    let deviation = (centered.reduce(0) { $0 + $1 * $1 } / Double(snapshots - 1)).squareRoot()
    guard deviation > 0 else { continue }
    if isStandardized { centered = centered.map { $0 / deviation } }
    columns.append(centered)
  }
  guard !columns.isEmpty else { throw .undefined(measure: measure, reason: "no loss varies") }
  // Products of snapshots, of which there are far fewer than tokens.
  let eigen = try decomposing(measure) { () throws(NumericsError) in
    try SymmetricEigendecomposition(of: Matrix(rows: columns).columnGram)
  }
  let total = eigen.values.reduce(0) { $0 + max(0, $1) }
  let order = eigen.values.indices.reversed().prefix(min(componentCount, snapshots - 1))
  var coordinates = Matrix<Double>(rowCount: snapshots, columnCount: order.count)
  for (component, place) in order.enumerated() {
    let size = max(0, eigen.values[place]).squareRoot()
    let vector = eigen.vectors.column(place)
    let largest = vector.max { abs($0) < abs($1) } ?? 0
    for row in 0..<snapshots {
      coordinates[row, component] = (largest < 0 ? -size : size) * vector[row]
    }
  }
  return LossTrajectory(
    coordinates: coordinates, explained: order.map { max(0, eigen.values[$0]) / total })
}
