/// The sliced mutual information of samples: the mean of I(a·x; b·y) over random directions a and b.
///
/// It is not the mutual information, and below it: what no single direction shows it does not see. But it is
/// estimated as well in a thousand dimensions as in one. Directions are orthonormal among themselves as far as there are
/// dimensions, which spreads them evenly.
///
/// - Shapes: `x` is `[n, dx]`, `y` is `[n, dy]`.
/// - Units: nats. The standard error is that of the mean over slices; it knows nothing of the bias of each.
/// - Parameter sliceCount: how many pairs of directions, at least 2.
/// - Throws: as ``mutualInformation(between:and:estimator:neighborCount:workers:)``, and `.outOfRange` for fewer slices.
/// - Complexity: O(n (dx + dy) + n log n) time a slice, O(n) memory a thread.
/// - Source: Goldfeld & Greenewald, NeurIPS 2021, Eqs. 2 and 8, with the estimator of Kraskov et al. on each slice.
public func slicedMutualInformation(
  between x: some SampleMatrix, and y: some SampleMatrix, sliceCount: Int = 1000,
  estimator: KraskovEstimator = .first, neighborCount: Int = 3, workers: Workers? = nil,
  key: RandomKey
) throws(MeasureError) -> Estimate {
  let measure = "slicedMutualInformation"
  try requireRows([x, y], atLeast: 2, measure: measure)
  try requireNeighbors(neighborCount, of: x.rowCount, measure: measure)
  try requireFinite([x, y], measure: measure)
  try requireSlices(sliceCount, measure: measure)
  guard x.columnCount > 0, y.columnCount > 0 else {
    throw .undefined(measure: measure, reason: "a variable has no columns")
  }
  let (a, b) = (Matrix<Double>(x), Matrix<Double>(y))
  let first = try orthonormalDirections(
    count: sliceCount, dimension: a.columnCount, measure: measure, key: key.fork("x"))
  let second = try orthonormalDirections(
    count: sliceCount, dimension: b.columnCount, measure: measure, key: key.fork("y"))
  let values = try concurrentMap(count: sliceCount, workers: workers) {
    slice throws(MeasureError) in
    try mutualInformation(
      between: projection(a, first.row(slice)), and: projection(b, second.row(slice)),
      estimator: estimator, neighborCount: neighborCount
    ).value
  }
  return try Estimate(meanOf: values, measure: measure)
}

/// The sliced information of labels: the mean of I(a·x; label) over random directions a.
///
/// - Shapes: `x` is `[n, d]`; one label a row.
/// - Units: nats, with the standard error of the mean over slices.
/// - Throws: as ``mutualInformation(between:andLabels:neighborCount:ties:workers:)``, and `.outOfRange` for fewer than two
///   slices.
/// - Complexity: O(n d + n log n) time a slice, O(n) memory a thread.
/// - Source: Goldfeld & Greenewald, NeurIPS 2021, with the estimator of Ross on each slice.
public func slicedMutualInformation(
  between x: some SampleMatrix, andLabels labels: [Int], sliceCount: Int = 1000,
  neighborCount: Int = 3, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> Estimate {
  let measure = "slicedMutualInformation"
  try requireRows([x], atLeast: 2, measure: measure)
  try requireLabels(labels, of: x.rowCount, measure: measure)
  try requireFinite([x], measure: measure)
  try requireSlices(sliceCount, measure: measure)
  guard x.columnCount > 0 else {
    throw .undefined(measure: measure, reason: "a variable has no columns")
  }
  let samples = Matrix<Double>(x)
  let directions = try orthonormalDirections(
    count: sliceCount, dimension: samples.columnCount, measure: measure, key: key.fork("x"))
  let values = try concurrentMap(count: sliceCount, workers: workers) {
    slice throws(MeasureError) in
    try mutualInformation(
      between: projection(samples, directions.row(slice)), andLabels: labels,
      neighborCount: neighborCount
    ).value
  }
  return try Estimate(meanOf: values, measure: measure)
}

private func requireSlices(_ count: Int, measure: String) throws(MeasureError) {
  guard count >= 2 else {
    throw .outOfRange(
      measure: measure, what: "the number of slices", value: Double(count), expected: "at least 2")
  }
}

/// Directions of length 1, `[count, dimension]`, in sets of `dimension` that are orthogonal to each other.
private func orthonormalDirections(
  count: Int, dimension: Int, measure: String, key: RandomKey
) throws(MeasureError) -> Matrix<Double> {
  var rows = [Double]()
  var set = 0
  while rows.count < count * dimension {
    let normal: Matrix<Double> = key.fork(set).normalMatrix(
      rowCount: dimension, columnCount: min(dimension, count - rows.count / dimension))
    let factors = try decomposing(measure) { () throws(NumericsError) in
      try QRFactors(of: normal)
    }
    rows += factors.orthogonal.transposed.values
    set += 1
  }
  return Matrix(values: rows, rowCount: count, columnCount: dimension)
}

private func projection(_ samples: Matrix<Double>, _ direction: ArraySlice<Double>)
  -> Matrix<Double>
{
  samples.multiplied(
    by: Matrix(values: Array(direction), rowCount: direction.count, columnCount: 1))
}
