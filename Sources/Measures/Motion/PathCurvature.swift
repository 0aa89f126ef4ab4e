internal import Foundation

/// The angle that a path turns by at each record between the first and the last, θ_t between d_{t−1}
/// and d_t.
///
/// Noise makes every step turn by about π/2: smooth or thin the path before reading a shape from this. Computed from the
/// part of d_t that is orthogonal to d_{t−1}, which keeps its digits for small angles where the arc cosine
/// has lost them.
///
/// - Shapes: `path` is `[N + 1, n]`; the result has N − 1 elements.
/// - Units: radians, in 0...π. Nil where one of both updates is 0.
/// - Throws: `MeasureError.tooFewSamples` below three records, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(N n).
public func turningAngles(of path: some SampleMatrix) throws(MeasureError) -> [Double?] {
  let rows = try motionRows(of: path, atLeast: 3, measure: "turningAngles")
  return corners(of: rows).map { corner in
    guard let corner else { return nil }
    return atan2(corner.height * corner.first, corner.product)
  }
}

/// The Menger curvature of a path at each record between the first and the last: 1 over the radius of
/// the circle through w_{t−1}, w_t and w_{t+1}.
///
/// κ = 4·area/(product of the sides) = 2√(‖u‖²‖v‖² − ⟨u,v⟩²)/(‖u‖ ‖v‖ ‖u + v‖) with u = d_{t−1}, v = d_t. A
/// circle of radius r has 1/r in any number of dimensions, however its points are spaced; a straight line
/// 0. **A random walk** has about √2/s for steps of length s in many dimensions: smooth or thin the path first.
///
/// - Shapes: `path` is `[N + 1, n]`; the result has N − 1 elements.
/// - Units: one over those of the weights. Nil where two of the three points are one.
/// - Throws: `MeasureError.tooFewSamples` below three records, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(N n).
/// - Source: Menger, Math. Ann. 103, 466 (1930); Léger, Ann. Math. 149, 831 (1999).
public func mengerCurvature(of path: some SampleMatrix) throws(MeasureError) -> [Double?] {
  let rows = try motionRows(of: path, atLeast: 3, measure: "mengerCurvature")
  return corners(of: rows).map { corner in
    guard let corner, corner.side > 0 else { return nil }
    return 2 * corner.height / (corner.second * corner.side)
  }
}

/// The secant curvatures h_t = ⟨g_{t+1} − g_t, d_t⟩/‖d_t‖²: the Rayleigh quotient of the Hessian along
/// the step, averaged over it.
///
/// **Both gradients must be those of one batch**, or the difference is its noise.
///
/// - Shapes: `gradients` and `path` are `[N + 1, n]`, of the same records; the result has N elements.
/// - Units: loss over squared weights. Nil where an update is 0.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` below two records, `.nonFiniteInput`,
///   `.outOfRange`, `.undefined` for rows of two lengths.
/// - Complexity: O(N n).
/// - Source: the secant condition of quasi-Newton methods (Nocedal & Wright, Numerical Optimization, §6.1).
public func secantCurvatures(
  of gradients: some SampleMatrix, along path: some SampleMatrix
) throws(MeasureError) -> [Double?] {
  let measure = "secantCurvatures"
  guard gradients.rowCount == path.rowCount else {
    throw .rowCountMismatch(
      measure: measure, first: gradients.rowCount, second: path.rowCount)
  }
  guard gradients.columnCount == path.columnCount else {
    throw .undefined(
      measure: measure,
      reason: "gradients of \(gradients.columnCount) elements cannot meet weights of "
        + "\(path.columnCount)")
  }
  let changes = differences(try motionRows(of: gradients, atLeast: 2, measure: measure))
  let moves = differences(try motionRows(of: path, atLeast: 2, measure: measure))
  return (0..<moves.rowCount).map { row in
    let square = rowDot(moves, row, moves, row)
    return square > 0 ? rowDot(changes, row, moves, row) / square : nil
  }
}

/// The secant curvature of one step, ⟨g_{t+1} − g_t, d_t⟩/‖d_t‖²; see ``secantCurvatures(of:along:)``.
///
/// - Parameter before: g_t, the gradient of a batch at w_t.
/// - Parameter after: g_{t+1}, the gradient of the same batch at w_{t+1}.
/// - Units: loss over squared weights. Nil where the update is 0.
/// - Throws: `MeasureError.undefined` for vectors of two lengths, or where the result is not finite.
/// - Complexity: O(n), in `Double`.
public func secantCurvature<Scalar: RealScalar>(
  before: [Scalar], after: [Scalar], along update: [Scalar]
) throws(MeasureError) -> Double? {
  let measure = "secantCurvature"
  guard before.count == update.count, after.count == update.count else {
    throw .undefined(
      measure: measure,
      reason: "gradients of \(before.count) and \(after.count) elements cannot meet an update of "
        + "\(update.count)")
  }
  let (square, product) = secantSums(before, after, update)
  guard square.isFinite, product.isFinite else {
    throw .undefined(measure: measure, reason: "the vectors are not finite")
  }
  return square > 0 ? product / square : nil
}

/// Σ d² and Σ (g′ − g) d.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func secantSums<Scalar: RealScalar>(
  _ before: [Scalar], _ after: [Scalar], _ update: [Scalar]
) -> (Double, Double) {
  var (square, product) = (0.0, 0.0)
  for index in update.indices {
    let d = Double(update[index])
    square += d * d
    product += (Double(after[index]) - Double(before[index])) * d
  }
  return (square, product)
}

// MARK: - Three points

/// Two updates, one after the other: u and v.
struct Corner {
  /// ‖u‖ and ‖v‖.
  let first: Double
  let second: Double
  /// ⟨u, v⟩.
  let product: Double
  /// ‖v − u ⟨u,v⟩/‖u‖²‖, what of v is orthogonal to u.
  let height: Double
  /// ‖u + v‖.
  let side: Double

  /// Nil where one of both is 0.
  init?(_ u: [Double], _ v: [Double]) {
    let (uu, vv, uv) = (dot(u, u), dot(v, v), dot(u, v))
    guard uu > 0, vv > 0 else { return nil }
    let share = uv / uu
    let orthogonal = zip(u, v).map { $1 - share * $0 }
    let sum = zip(u, v).map { $0 + $1 }
    first = uu.squareRoot()
    second = vv.squareRoot()
    product = uv
    height = dot(orthogonal, orthogonal).squareRoot()
    side = dot(sum, sum).squareRoot()
  }
}

/// The corners of a path of at least three records.
func corners(of rows: Matrix<Double>) -> [Corner?] {
  (2..<rows.rowCount).map { row in
    Corner(rowDifference(rows, row - 1, row - 2), rowDifference(rows, row, row - 1))
  }
}
