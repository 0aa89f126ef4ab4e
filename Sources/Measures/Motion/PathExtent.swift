/// How long a path is and how far it led.
///
/// - Source: definition.
public struct PathExtent: Sendable, Equatable, Codable {
  /// P = Σ ‖d_t‖, in the unit of the weights.
  public var length: Double
  /// ‖D‖ = ‖w_N − w_0‖, in the unit of the weights.
  public var displacement: Double
  /// N, the number of updates.
  public var updateCount: Int

  /// The extent of a path of given length, displacement and number of updates.
  public init(length: Double, displacement: Double, updateCount: Int) {
    self.length = length
    self.displacement = displacement
    self.updateCount = updateCount
  }

  /// S = ‖D‖/P in 0...1: 1 on a straight line, about 1/√N for a random walk of N updates; nil where
  /// nothing has moved.
  public var straightness: Double? { length > 0 ? min(1, displacement / length) : nil }

  /// 1/S, at least 1; nil where nothing has moved or the path ends at its start.
  public var tortuosity: Double? { displacement > 0 ? max(1, length / displacement) : nil }
}

/// The length and displacement of a path, and with them its straightness and tortuosity.
///
/// Null levels of straightness: a straight line 1, a random walk 1/√N, momentum μ about √((1 + μ)/(1 − μ)/N). It
/// depends on how often a path is recorded: every record that is left out cuts a corner. Compare
/// paths with the same number of updates between records, and with
/// ``randomWalk(stepCount:dimension:key:)`` of as many updates.
///
/// ```swift
/// let extent = try pathExtent(of: path)
/// print(extent.straightness ?? 0, "random walk:", 1 / Double(extent.updateCount).squareRoot())
/// ```
///
/// - Shapes: `path` is `[N + 1, n]`, one row of weights per record.
/// - Throws: `MeasureError.tooFewSamples` below two records, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(N n).
public func pathExtent(of path: some SampleMatrix) throws(MeasureError) -> PathExtent {
  extent(try motionRows(of: path, atLeast: 2, measure: "pathExtent"))
}

/// The extents of successive windows of a path, each of `windowLength` updates.
///
/// A window starts at the record that the one before ended at; updates that do not fill a last
/// window are left out. The level of a random walk is 1/√`windowLength` in each.
///
/// - Shapes: `path` is `[N + 1, n]`; the result has ⌊N/`windowLength`⌋ elements.
/// - Throws: `MeasureError.tooFewSamples` for fewer than `windowLength` + 1 records, `.nonFiniteInput`,
///   `.outOfRange`.
/// - Complexity: O(N n).
public func windowedPathExtents(
  of path: some SampleMatrix, windowLength: Int
) throws(MeasureError) -> [PathExtent] {
  let measure = "windowedPathExtents"
  try requireCount(windowLength, named: "windowLength", measure: measure)
  let rows = try motionRows(of: path, atLeast: windowLength + 1, measure: measure)
  return (0..<(rows.rowCount - 1) / windowLength).map { window in
    let first = window * windowLength
    return extent(rows.selectingRows(first...first + windowLength))
  }
}

private func extent(_ rows: Matrix<Double>) -> PathExtent {
  let moves = differences(rows)
  let whole = rowDifference(rows, rows.rowCount - 1, 0)
  return PathExtent(
    length: squaredNorms(moves).reduce(0) { $0 + $1.squareRoot() },
    displacement: dot(whole, whole).squareRoot(), updateCount: moves.rowCount)
}
