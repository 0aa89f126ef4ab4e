/// Whether some direction w has a positive product with every signed point.
///
/// It has exactly where the convex hull of the signed points leaves out 0, and then the hull's point
/// nearest to 0 is such a direction. That point is found by non-negative least squares with one more
/// coordinate, in which weights sum to 1; the answer is yes only if it does separate the points in a final
/// product. Points at 0 count as separated.
///
/// - Shapes: `points` is `[points, features]`; `signs` has one element, −1 or 1, per point.
/// - Source: Wolfe, Math. Programming 11, 128 (1976), for the nearest point of a hull.
func isLinearlySeparable(
  _ points: Matrix<Double>, signs: [Double]
) throws(NumericsError) -> Bool {
  let squaredLengths = (0..<points.rowCount).map { row in
    points.row(row).reduce(0) { $0 + $1 * $1 }
  }
  let kept = squaredLengths.indices.filter { squaredLengths[$0] > 0 }
  let largest = (squaredLengths.max() ?? 0).squareRoot()
  var extended = [Double]()
  extended.reserveCapacity(kept.count * (points.columnCount + 1))
  for row in kept {
    for value in points.row(row) { extended.append(value / largest) }
    extended.append(signs[row])
  }
  let width = points.columnCount + 1
  let all = Matrix(values: extended, rowCount: kept.count, columnCount: width)
  let sides = kept.map { signs[$0] }
  var solver = ActiveSetSolver(PointProducts(of: all))
  // Signed points have a last coordinate 1; the target is 1 there and 0 elsewhere.
  let found = try solver.solve(sides, signs: sides)
  var direction = all.selectingRows(found.support).multiplied(
    by: zip(found.support, found.weights).map { sides[$0] * $1 }, transposingSelf: true)
  direction[width - 1] = 0
  return zip(sides, all.multiplied(by: direction)).allSatisfy { $0 * $1 > 0 }
}
