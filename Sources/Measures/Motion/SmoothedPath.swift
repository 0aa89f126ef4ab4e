/// A path whose noise is averaged out, s_t = β s_{t−1} + (1 − β) w_t from s_0 = w_0: what to measure turns and curvature on.
///
/// It follows the path by β/(1 − β) records late, and noise of independent records falls by (1 − β)/(1 + β) in variance. The first 1/(1 − β)
/// records still remember w_0: leave them out.
///
/// - Shapes: `path` is `[T, n]`, and so is the result.
/// - Parameter factor: β, at least 0 and below 1.
/// - Throws: `MeasureError.tooFewSamples` below one record, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(T n).
/// - Source: definition.
public func smoothedPath(
  _ path: some SampleMatrix, factor: Double
) throws(MeasureError) -> Matrix<Double> {
  let measure = "smoothedPath"
  guard factor >= 0, factor < 1 else {
    throw .outOfRange(
      measure: measure, what: "factor", value: factor, expected: "at least 0, below 1")
  }
  var rows = try motionRows(of: path, atLeast: 1, measure: measure)
  let columns = rows.columnCount
  rows.withUnsafeMutableBufferPointer { values in
    for index in values.indices.dropFirst(columns) {
      values[index] = factor * values[index - columns] + (1 - factor) * values[index]
    }
  }
  return rows
}

/// Every `interval`-th record of a path, from the first.
///
/// - Shapes: `path` is `[T, n]`; the result has ⌈T/`interval`⌉ rows.
/// - Throws: `MeasureError.tooFewSamples` below one record, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(T n).
public func thinnedPath(
  _ path: some SampleMatrix, every interval: Int
) throws(MeasureError) -> Matrix<Double> {
  let measure = "thinnedPath"
  try requireCount(interval, named: "interval", measure: measure)
  let rows = try motionRows(of: path, atLeast: 1, measure: measure)
  return rows.selectingRows(Array(stride(from: 0, to: rows.rowCount, by: interval)))
}
