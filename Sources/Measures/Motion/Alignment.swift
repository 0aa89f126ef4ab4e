/// The cosine of the angle of every row with the next: cos(d_t, d_{t+1}) of updates, cos(g_t, g_{t+1})
/// of gradients.
///
/// Near 0 for independent noise in many dimensions, with standard deviation 1/√n for n weights that
/// move alike; 1 on a straight line. **With momentum μ the null level of updates is about μ, not 0**:
/// compare with ``autoregressiveWalk(stepCount:dimension:coefficient:key:)``, or take gradients.
///
/// ```swift
/// let cosines = try successiveAlignment(of: updates(of: path))
/// ```
///
/// - Shapes: `vectors` is `[N, n]`; the result has N − 1 elements.
/// - Units: none; in −1...1. Nil where one of the two vectors is 0, as at a rate of 0: such a cosine is
///   undefined.
/// - Throws: `MeasureError.tooFewSamples` below two rows, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(N n).
/// - Source: definition.
public func successiveAlignment(
  of vectors: some SampleMatrix
) throws(MeasureError) -> [Double?] {
  let rows = try motionRows(of: vectors, atLeast: 2, measure: "successiveAlignment")
  let squares = squaredNorms(rows)
  return (1..<rows.rowCount).map { row in
    cosine(rowDot(rows, row - 1, rows, row), squares[row - 1], squares[row])
  }
}

/// The mean alignment of rows a number of steps apart.
public struct LaggedAlignment: Sendable, Equatable, Codable {
  /// ℓ, in rows.
  public var lag: Int
  /// A(ℓ), the mean of cos(d_t, d_{t+ℓ}); nil where none is defined.
  public var mean: Double?
  /// The number of pairs whose cosine is defined.
  public var pairCount: Int
}

/// The lagged alignment A(ℓ) = mean over t of cos(d_t, d_{t+ℓ}), for ℓ = 1, 2, …, `maximumLag`.
///
/// Independent noise has 0 at all lags and momentum about μ^ℓ; a drift shows as a level that does not
/// fall with ℓ, an orbit of period T as a cosine of that period. Pairs share vectors, so that s/√pairs is too
/// small an error for a correlated path: take the spread over walks of the null.
///
/// - Shapes: `vectors` is `[N, n]`, updates or gradients.
/// - Units: none; in −1...1. Pairs with a vector of 0 are left out and not counted.
/// - Throws: `MeasureError.tooFewSamples` for fewer than `maximumLag` + 1 rows, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(N n L) for L lags.
public func laggedAlignment(
  of vectors: some SampleMatrix, maximumLag: Int
) throws(MeasureError) -> [LaggedAlignment] {
  let measure = "laggedAlignment"
  try requireCount(maximumLag, named: "maximumLag", measure: measure)
  let rows = try motionRows(of: vectors, atLeast: maximumLag + 1, measure: measure)
  let squares = squaredNorms(rows)
  return (1...maximumLag).map { lag in
    let cosines = (lag..<rows.rowCount).compactMap { row in
      cosine(rowDot(rows, row - lag, rows, row), squares[row - lag], squares[row])
    }
    return LaggedAlignment(lag: lag, mean: meanValue(of: cosines), pairCount: cosines.count)
  }
}

/// The cosine of the angle of every row with one direction.
///
/// With the whole displacement D for the direction and gradients for the rows, −1 times the result is
/// cos(−g_t, D).
///
/// - Shapes: `vectors` is `[N, n]`, `direction` has n elements; the result has N.
/// - Units: none; in −1...1. Nil where a row is 0, and everywhere where the direction is.
/// - Throws: `MeasureError.tooFewSamples` below one row, `.nonFiniteInput`, `.outOfRange`, `.undefined` for a
///   direction of another length.
/// - Complexity: O(N n).
public func alignment(
  of vectors: some SampleMatrix, with direction: [Double]
) throws(MeasureError) -> [Double?] {
  let measure = "alignment"
  let rows = try motionRows(of: vectors, atLeast: 1, measure: measure)
  guard direction.count == rows.columnCount else {
    throw .undefined(
      measure: measure,
      reason: "a direction of \(direction.count) elements cannot meet rows of \(rows.columnCount)")
  }
  let target = try motionRows(of: [direction], atLeast: 1, measure: measure)
  let square = rowDot(target, 0, target, 0)
  return (0..<rows.rowCount).map { row in
    cosine(rowDot(rows, row, target, 0), rowDot(rows, row, rows, row), square)
  }
}

/// The cosine of the angle of every update with the whole displacement, cos(d_t, D) with D = w_N − w_0.
///
/// A random walk of N updates of equal length has about **1/√N** in each, for D is made of them, and not 0. 1 on a
/// straight line.
///
/// - Shapes: `path` is `[N + 1, n]`; the result has N elements.
/// - Units: none; in −1...1. Nil where an update is 0, and everywhere where the path ends at its start.
/// - Throws: `MeasureError.tooFewSamples` below two records, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(N n).
public func alignmentToFinalDisplacement(
  of path: some SampleMatrix
) throws(MeasureError) -> [Double?] {
  let rows = try motionRows(of: path, atLeast: 2, measure: "alignmentToFinalDisplacement")
  return try alignment(
    of: differences(rows), with: rowDifference(rows, rows.rowCount - 1, 0))
}

/// The cosine of the angle of every update with the way that is left, cos(d_t, w_N − w_t).
///
/// A random walk has about 1/√(N − t): the level rises to 1 at the last update, which *is* what is left.
///
/// - Shapes: `path` is `[N + 1, n]`; the result has N elements.
/// - Units: none; in −1...1. Nil where an update is 0, or the path is where it will end.
/// - Throws: `MeasureError.tooFewSamples` below two records, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(N n).
public func alignmentToRemainingDisplacement(
  of path: some SampleMatrix
) throws(MeasureError) -> [Double?] {
  let rows = try motionRows(of: path, atLeast: 2, measure: "alignmentToRemainingDisplacement")
  let moves = differences(rows)
  let last = rows.rowCount - 1
  return (0..<last).map { row in
    let left = rowDifference(rows, last, row)
    let move = Array(moves.row(row))
    return cosine(dot(move, left), dot(move, move), dot(left, left))
  }
}

/// Throws for a count below its least value.
func requireCount(
  _ count: Int, named name: String, atLeast least: Int = 1, measure: String
) throws(MeasureError) {
  guard count >= least else {
    throw .outOfRange(
      measure: measure, what: name, value: Double(count), expected: "at least \(least)")
  }
}
