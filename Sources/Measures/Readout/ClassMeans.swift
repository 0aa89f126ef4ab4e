/// The mean of the samples of every class.
struct ClassMeans {
  let classes: LabeledRows
  /// μ_c, `[classes, features]`.
  let means: Matrix<Double>

  /// One pass over samples that are known to be finite.
  init(of samples: some SampleMatrix, classes: LabeledRows, workers: Workers?) {
    let blocks = SampleBlocks<Double>(samples, isShifted: true)
    let d = blocks.columnCount
    let zero = [Double](repeating: 0, count: classes.classCount * d)
    let lanes = foldRows(of: blocks, workers: workers, from: zero) { sums, rows, block in
      sums.withUnsafeMutableBufferPointer { sums in
        for (offset, row) in rows.enumerated() {
          let start = classes.classes[row] * d
          for column in 0..<d { sums[start + column] += block[offset * d + column] }
        }
      }
    }
    var means = zero
    for lane in lanes { for index in means.indices { means[index] += lane[index] } }
    for index in means.indices {
      means[index] = blocks.shift[index % d] + means[index] / Double(classes.counts[index / d])
    }
    self.classes = classes
    self.means = Matrix(values: means, rowCount: classes.classCount, columnCount: d)
  }

  /// The mean of the class means: every class counts alike, however many samples it has.
  var center: [Double] {
    let share = 1 / Double(means.rowCount)
    return means.multiplied(
      by: Array(repeating: share, count: means.rowCount), transposingSelf: true)
  }

  /// μ_c less the mean of the class means, `[classes, features]`.
  var centered: Matrix<Double> { means.subtracting(center) }

  /// Σ ‖A (x − μ_c)‖² over the samples of each class, A being the identity where it is nil.
  ///
  /// - Parameter map: A, `[k, features]`.
  func squaredDeviations(
    of samples: some SampleMatrix, through map: Matrix<Double>? = nil, workers: Workers?
  ) -> [Double] {
    let blocks = SampleBlocks<Double>(samples, isShifted: false)
    let d = blocks.columnCount
    let zero = [Double](repeating: 0, count: classes.classCount)
    let lanes = foldRows(of: blocks, workers: workers, from: zero) { sums, rows, block in
      means.values.withUnsafeBufferPointer { means in
        for (offset, row) in rows.enumerated() {
          let start = classes.classes[row] * d
          for column in 0..<d { block[offset * d + column] -= means[start + column] }
        }
      }
      var projected: Matrix<Double>?
      if let map { projected = product(block, rowCount: rows.count, with: map) }
      for (offset, row) in rows.enumerated() {
        if let projected {
          sums[classes.classes[row]] += projected.row(offset).reduce(0) { $0 + $1 * $1 }
        } else {
          sums[classes.classes[row]] += BLAS.dot(block + offset * d, block + offset * d, count: d)
        }
      }
    }
    return lanes.reduce(zero) { zip($0, $1).map(+) }
  }
}

/// X Aᵀ for a block of rows X.
func product(
  _ block: UnsafePointer<Double>, rowCount: Int, with a: Matrix<Double>
) -> Matrix<Double> {
  Matrix(rowCount: rowCount, columnCount: a.rowCount) { result in
    guard let first = result.baseAddress else { return }
    a.values.withUnsafeBufferPointer { a0 in
      // With no features nothing is read of either.
      BLAS.multiply(
        block, leadingA: a.columnCount, transposedA: false, a0.baseAddress ?? UnsafePointer(first),
        leadingB: a.columnCount, transposedB: true, into: first, leadingC: a.rowCount,
        rows: rowCount, columns: a.rowCount, inner: a.columnCount)
    }
  }
}

extension Matrix<Double> {
  /// The matrix with one vector subtracted from every row.
  func subtracting(_ vector: [Double]) -> Matrix {
    var result = self
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[row, column] -= vector[column] }
    }
    return result
  }
}
