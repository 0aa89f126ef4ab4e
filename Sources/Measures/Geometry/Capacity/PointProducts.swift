/// The products of all pairs of points: what non-negative least squares needs of them.
struct PointProducts: Sendable {
  /// The points, `[points, features]`.
  let points: Matrix<Double>
  /// The product of each point with itself.
  let squaredLengths: [Double]
  private let gram: Matrix<Double>?

  /// The number of points.
  var count: Int { points.rowCount }

  /// The products of points, stored up to `largestStoredCount` points and computed a row at a time
  /// beyond, where they would take more memory than the points themselves.
  init(of points: Matrix<Double>, largestStoredCount: Int = 4096) {
    self.points = points
    if points.rowCount <= largestStoredCount {
      let gram = points.rowGram
      self.gram = gram
      squaredLengths = gram.diagonal
    } else {
      gram = nil
      squaredLengths = points.values.withUnsafeBufferPointer { values in
        (0..<points.rowCount).map {
          let row = values.baseAddress! + $0 * points.columnCount
          return BLAS.dot(row, row, count: points.columnCount)
        }
      }
    }
  }

  /// All products, `[points, points]`.
  var stored: Matrix<Double> { gram ?? points.rowGram }

  /// Writes the products of one point with all.
  func copyRow(_ row: Int, into result: UnsafeMutablePointer<Double>) {
    if let gram {
      gram.values.withUnsafeBufferPointer {
        result.update(from: $0.baseAddress! + row * count, count: count)
      }
    } else {
      points.values.withUnsafeBufferPointer { values in
        BLAS.multiply(
          values.baseAddress!, leadingA: points.columnCount, transposedA: false, rows: count,
          columns: points.columnCount, vector: values.baseAddress! + row * points.columnCount,
          into: result)
      }
    }
  }
}
