/// Whether the circles that a path turns on have one center.
///
/// - Source: this package's.
public struct SharedCenter: Sendable, Equatable, Codable {
  /// The first record of the window.
  public var firstRecord: Int
  /// The mean of the centers of curvature, n numbers.
  public var center: [Double]
  /// The root mean squared distance of the centers from their mean, in the unit of the weights.
  public var spread: Double
  /// The mean radius 1/κ of the circles.
  public var meanRadius: Double
  /// The number of corners that have a center.
  public var cornerCount: Int
  /// The number of corners that have none: straight, there and back, or with an update of 0.
  public var straightCount: Int

  /// The spread over the mean radius: far below 1 where the window turns around one center.
  public var relativeSpread: Double { spread / meanRadius }
}

/// The centers of curvature in successive windows of a path.
///
/// The center at w_t is that of the circle through w_{t−1}, w_t and w_{t+1}, in their plane: w_t + ½ (‖v‖²(‖u‖² + ⟨u,v⟩)(−u) +
/// ‖u‖²(‖v‖² + ⟨u,v⟩) v)/(‖u‖²‖v‖² − ⟨u,v⟩²), u = d_{t−1}, v = d_t. A nearly straight corner has its center far away, and one such
/// decides the spread: look at several windows. A random walk has a relative spread of about √(m/3) in a window of m updates.
///
/// - Shapes: `path` is `[N + 1, n]`.
/// - Parameter windowLength: updates of a window, at least 2; nil takes the whole path. Updates that do not
///   fill a last window are left out.
/// - Returns: one element a window; nil where fewer than two corners have a center.
/// - Throws: `MeasureError.tooFewSamples` for fewer than `windowLength` + 1 records or three, `.nonFiniteInput`,
///   `.outOfRange`.
/// - Complexity: O(N n).
public func sharedCenters(
  of path: some SampleMatrix, windowLength: Int? = nil
) throws(MeasureError) -> [SharedCenter?] {
  let measure = "sharedCenters"
  let length = windowLength ?? max(2, path.rowCount - 1)
  try requireCount(length, named: "windowLength", atLeast: 2, measure: measure)
  let rows = try motionRows(of: path, atLeast: length + 1, measure: measure)
  return (0..<(rows.rowCount - 1) / length).map { window in
    sharedCenter(of: rows, from: window * length, updateCount: length)
  }
}

private func sharedCenter(
  of rows: Matrix<Double>, from first: Int, updateCount: Int
) -> SharedCenter? {
  var (centers, radii) = ([[Double]](), 0.0)
  for row in first + 1..<first + updateCount {
    if let (center, radius) = circle(of: rows, around: row) {
      centers.append(center)
      radii += radius
    }
  }
  guard centers.count >= 2 else { return nil }
  let count = Double(centers.count)
  var middle = [Double](repeating: 0, count: rows.columnCount)
  for center in centers {
    for (index, value) in center.enumerated() { middle[index] += value / count }
  }
  let squares = centers.reduce(0) { sum, center in
    sum + zip(center, middle).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
  return SharedCenter(
    firstRecord: first, center: middle, spread: (squares / count).squareRoot(),
    meanRadius: radii / count, cornerCount: centers.count,
    straightCount: updateCount - 1 - centers.count)
}

/// Center and radius of the circle through a record and its neighbors; nil where they lie on a line.
private func circle(
  of rows: Matrix<Double>, around row: Int
) -> (center: [Double], radius: Double)? {
  let (u, v) = (rowDifference(rows, row, row - 1), rowDifference(rows, row + 1, row))
  guard let corner = Corner(u, v), corner.side > 0 else { return nil }
  // Twice the area, squared. A height that is rounding and nothing else has no circle.
  let area = corner.first * corner.height
  guard corner.height > 8 * .ulpOfOne * corner.second else { return nil }
  let (uu, vv) = (corner.first * corner.first, corner.second * corner.second)
  let back = vv * (uu + corner.product) / (2 * area * area)
  let ahead = uu * (vv + corner.product) / (2 * area * area)
  let center = rows.row(row).enumerated().map { index, place in
    place - back * u[index] + ahead * v[index]
  }
  return (center, corner.second * corner.side / (2 * corner.height))
}
