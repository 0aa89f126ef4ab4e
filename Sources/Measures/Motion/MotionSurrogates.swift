/// Noise with momentum that is made of given updates: which weights move together, and how far, is kept; when is not.
///
/// The residuals d_t − φ d_{t−1}, less their means, whole vectors in random order, are put through the same recursion, from a random
/// one of the updates. The mean update, the drift, is left out. What a measure finds on such updates follows from their
/// covariance and φ alone: a closer null than ``autoregressiveWalk(stepCount:dimension:coefficient:key:)``, whose weights are
/// independent and alike.
///
/// ```swift
/// let null = try nullValues(drawCount: 99, key: key) { key throws(MeasureError) in
///   let noise = try surrogateUpdates(of: moves, coefficient: 0.9, key: key)
///   return try updateSpectrum(of: noise, windowLength: 64).periodTwoShare ?? 0
/// }
/// ```
///
/// - Shapes: `updates` is `[m, n]`, and so is the result.
/// - Parameter coefficient: φ, above −1 and below 1: the momentum, or ``UpdateSpectrum/lagOneCorrelation``.
/// - Throws: `MeasureError.tooFewSamples` below two updates, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(m n).
/// - Source: Bose, Ann. Stat. 16, 1709 (1988), the residual bootstrap of autoregressions.
public func surrogateUpdates(
  of updates: some SampleMatrix, coefficient: Double, key: RandomKey
) throws(MeasureError) -> Matrix<Double> {
  let measure = "surrogateUpdates"
  guard abs(coefficient) < 1 else {
    throw .outOfRange(
      measure: measure, what: "coefficient", value: coefficient, expected: "above -1, below 1")
  }
  let rows = try motionRows(of: updates, atLeast: 2, measure: measure)
  return resampledUpdates(rows, coefficient: coefficient, key: key)
}

/// The same of checked rows, at least two.
func resampledUpdates(
  _ rows: Matrix<Double>, coefficient: Double, key: RandomKey
) -> Matrix<Double> {
  let (count, columns) = (rows.rowCount, rows.columnCount)
  var means = [Double](repeating: 0, count: columns)
  for row in 0..<count {
    for (column, value) in rows.row(row).enumerated() { means[column] += value / Double(count) }
  }
  // The first update has no residual, which would need the one before.
  let order = key.permutation(of: count - 1)
  var noise = Matrix<Double>(rowCount: count, columnCount: columns)
  let start = key.fork("start").integers(count: 1, in: 0..<count)[0]
  for column in 0..<columns { noise[0, column] = rows[start, column] - means[column] }
  for row in 1..<count {
    let source = order[row - 1] + 1
    for column in 0..<columns {
      let residual =
        (rows[source, column] - means[column])
        - coefficient * (rows[source - 1, column] - means[column])
      noise[row, column] = coefficient * noise[row - 1, column] + residual
    }
  }
  return noise
}
