/// The updates d_t = w_{t+1} − w_t along a path.
///
/// - Shapes: `path` is `[N + 1, n]`, one row of weights per record, the earliest first; the result is
///   `[N, n]`, in `Double`.
/// - Throws: `MeasureError.tooFewSamples` below two records, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(N n).
/// - Source: definition.
public func updates(of path: some SampleMatrix) throws(MeasureError) -> Matrix<Double> {
  differences(try motionRows(of: path, atLeast: 2, measure: "updates"))
}

// MARK: - Rows that all measures of motion read

/// The largest magnitude whose fourth powers can be summed.
private let largestMagnitude = 1e70

/// Weights or updates in `Double`, checked.
func motionRows(
  of samples: some SampleMatrix, atLeast needed: Int, measure: String
) throws(MeasureError) -> Matrix<Double> {
  try requireRows([samples], atLeast: needed, measure: measure)
  try requireFinite([samples], measure: measure)
  let rows = Matrix<Double>(samples)
  if let value = rows.values.first(where: { abs($0) > largestMagnitude }) {
    throw .outOfRange(
      measure: measure, what: "an element", value: value,
      expected: "at most \(largestMagnitude) in magnitude")
  }
  return rows
}

/// Row t + 1 less row t.
func differences(_ rows: Matrix<Double>) -> Matrix<Double> {
  let (values, columns) = (rows.values, rows.columnCount)
  return Matrix(rowCount: rows.rowCount - 1, columnCount: columns) { result in
    for index in result.indices {
      result.initializeElement(at: index, to: values[index + columns] - values[index])
    }
  }
}

/// Σ x y of a row of one matrix and a row of another as wide.
func rowDot(_ x: Matrix<Double>, _ row: Int, _ y: Matrix<Double>, _ other: Int) -> Double {
  let columns = x.columnCount
  return x.values.withUnsafeBufferPointer { x in
    y.values.withUnsafeBufferPointer { y in
      guard let x0 = x.baseAddress, let y0 = y.baseAddress else { return 0 }
      return BLAS.dot(x0 + row * columns, y0 + other * columns, count: columns)
    }
  }
}

/// Row `row` less row `other`.
func rowDifference(_ rows: Matrix<Double>, _ row: Int, _ other: Int) -> [Double] {
  zip(rows.row(row), rows.row(other)).map { $0 - $1 }
}

/// x·y/(‖x‖ ‖y‖) within −1...1, from the product and both squared norms; nil where one of these is 0.
func cosine(_ product: Double, _ squareX: Double, _ squareY: Double) -> Double? {
  guard squareX > 0, squareY > 0 else { return nil }
  // Rounding can carry parallel vectors past 1 by a unit in the last place.
  return max(-1, min(1, product / squareX.squareRoot() / squareY.squareRoot()))
}

/// The mean of numbers; nil of none.
func meanValue(of values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
