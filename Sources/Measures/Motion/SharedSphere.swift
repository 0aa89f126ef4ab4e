/// The sphere that fits a path best.
public struct SharedSphere: Sendable, Equatable {
  /// c, in weight space.
  public var center: [Double]
  /// r, in the unit of the weights: the distance from the center within the subspace of the components.
  public var radius: Double
  /// Σ (‖y_t − c‖ − r)²/Σ ‖y_t − ȳ‖² of the scores y_t: 0 where all records lie on the sphere.
  public var residualFraction: Double
  /// The number of components that the sphere was fitted in.
  public var componentCount: Int
  /// The share of these in the variance of the path.
  public var varianceFraction: Double
}

/// The sphere of least squares through a path, in the space of its leading principal components.
///
/// Solves 2⟨y_t, c⟩ + (r² − ‖c‖²) ≈ ‖y_t‖² for the scores y_t; in all of weight space it would be underdetermined, as any
/// n + 1 points lie on a sphere. **A random walk fits too**: of 200 updates in 1,000
/// dimensions to a residual of 0.004 in two or three components and of 0.0001 in ten, as its scores are cosines. Compare `residualFraction` with that of ``randomWalk(stepCount:dimension:key:)``.
///
/// - Shapes: `path` is `[T, n]`.
/// - Parameter componentCount: k, at most 10; fewer where the path has fewer directions.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples` below k + 3 records, `.nonFiniteInput`, `.undefined` where
///   nothing moves.
/// - Complexity: that of ``pathComponents(of:count:)``.
/// - Source: Coope, J. Optim. Theory Appl. 76, 381 (1993), the linear form of the fit.
public func sharedSphere(
  of path: some SampleMatrix, componentCount: Int = 3
) throws(MeasureError) -> SharedSphere {
  let measure = "sharedSphere"
  guard (1...10).contains(componentCount) else {
    throw .outOfRange(
      measure: measure, what: "componentCount", value: Double(componentCount),
      expected: "1 to 10")
  }
  let rows = try motionRows(of: path, atLeast: componentCount + 3, measure: measure)
  let space = try components(of: rows, count: componentCount, measure: measure)
  let (scores, count) = (space.path.scores, space.path.scores.columnCount)
  // In units of the path's own size, so that the column of ones is as large as the others.
  let size = (space.path.totalVariation / Double(rows.rowCount)).squareRoot()
  let unit = scores.map { $0 / size }
  var system = Matrix<Double>(rowCount: rows.rowCount, columnCount: count + 1)
  var squares = Matrix<Double>(rowCount: rows.rowCount, columnCount: 1)
  for row in 0..<rows.rowCount {
    for column in 0..<count { system[row, column] = 2 * unit[row, column] }
    system[row, count] = 1
    squares[row, 0] = rowDot(unit, row, unit, row)
  }
  let solution = try decomposing(measure) { () throws(NumericsError) in
    try leastSquares(system, squares).solution.column(0)
  }
  let center = Array(solution.prefix(count))
  // r² is the mean of ‖y_t − c‖², which cannot be negative but by rounding.
  let radius = max(0, solution[count] + dot(center, center)).squareRoot()
  var (residual, variation) = (0.0, 0.0)
  for row in 0..<rows.rowCount {
    let offset = zip(unit.row(row), center).map { $0 - $1 }
    let error = dot(offset, offset).squareRoot() - radius
    residual += error * error
    variation += rowDot(unit, row, unit, row)
  }
  let shift = space.directions.multiplied(by: center.map { $0 * size }, transposingSelf: true)
  return SharedSphere(
    center: zip(space.mean, shift).map { $0 + $1 }, radius: radius * size,
    residualFraction: residual / variation, componentCount: count,
    varianceFraction: space.path.fractions.prefix(count).reduce(0, +))
}
