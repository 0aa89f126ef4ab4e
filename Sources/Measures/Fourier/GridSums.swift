/// What the columns of a function of pairs sum to along the lines of the p × p grid: of equal a, b, a + b and a − b.
///
/// For a frequency k the coefficients of the grid on cos and sin of w_k a, w_k b, w_k (a + b) and w_k (a − b) are those of
/// these sums, so that all frequencies together cost one pass over the grid. The values of the first row are subtracted
/// from all, which no frequency sees.
struct GridSums: Sendable {
  let period: Int
  /// The sums of each column by the value of a: `[p, columns]`; the others likewise, modulo p.
  private(set) var byFirst: Matrix<Double>
  private(set) var bySecond: Matrix<Double>
  private(set) var bySum: Matrix<Double>
  private(set) var byDifference: Matrix<Double>
  /// The mean of each column.
  private(set) var means: [Double]
  /// Σ (x − mean)² of each column; exactly 0 where all its values are equal.
  private(set) var centeredPowers: [Double]

  /// The sums of the columns of `[p², columns]`, row a p + b.
  ///
  /// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`.
  init<Scalar>(
    of samples: Matrix<Scalar>, period: Int, measure: String, workers: Workers?
  ) throws(MeasureError) {
    let width = samples.columnCount
    guard samples.rowCount == period * period else {
      throw .rowCountMismatch(
        measure: measure, first: samples.rowCount, second: period * period)
    }
    self.period = period
    // Columns in strips, so that the four tables of one stay in the cache.
    let strips = stride(from: 0, to: width, by: stripWidth).map {
      $0..<min(width, $0 + stripWidth)
    }
    let sums = try concurrentMap(count: strips.count, workers: workers) {
      (index) throws(MeasureError) in
      StripSums(of: samples, columns: strips[index], period: period)
    }
    for sum in sums where !sum.centeredPowers.allSatisfy(\.isFinite) {
      try nonFiniteSum([samples], measure: measure)
    }
    func joined(_ part: (StripSums) -> [Double]) -> Matrix<Double> {
      var result = Matrix<Double>(rowCount: period, columnCount: width)
      for (strip, sum) in zip(strips, sums) {
        let values = part(sum)
        for row in 0..<period {
          for (offset, column) in strip.enumerated() {
            result[row, column] = values[row * strip.count + offset]
          }
        }
      }
      return result
    }
    byFirst = joined(\.byFirst)
    bySecond = joined(\.bySecond)
    bySum = joined(\.bySum)
    byDifference = joined(\.byDifference)
    means = sums.flatMap(\.means)
    centeredPowers = sums.flatMap(\.centeredPowers)
  }

  /// The squared length of each column's projection on the terms of each frequency: `[p/2, columns]`.
  ///
  /// The terms are those of {1, cos w_k a, sin w_k a} × {1, cos w_k b, sin w_k b} without 1 × 1: eight, or three for the
  /// alternating frequency of an even p.
  func powersByFrequency(_ basis: FourierBasis) -> Matrix<Double> {
    let tables = [byFirst, bySecond, bySum, byDifference].map {
      basis.matrix.multiplied(by: $0)
    }
    let width = means.count
    var powers = Matrix<Double>(rowCount: period / 2, columnCount: width)
    for frequency in basis.frequencies {
      let rows = basis.rows(of: frequency)
      // a + b and a − b have the same parity.
      for table in tables.prefix(rows.count == 1 ? 3 : 4) {
        for row in rows {
          for (column, value) in table.row(row).enumerated() {
            powers[frequency - 1, column] += value * value / Double(period)
          }
        }
      }
    }
    return powers
  }
}

private let stripWidth = 64

/// The sums of a few columns.
private struct StripSums: Sendable {
  var byFirst, bySecond, bySum, byDifference: [Double]
  var means, centeredPowers: [Double]

  init<Scalar>(of samples: Matrix<Scalar>, columns: Range<Int>, period: Int) {
    let (p, width) = (period, columns.count)
    var line = [Double](repeating: 0, count: p * width)
    var (first, second, total, difference) = (line, line, line, line)
    func read(_ a: Int) {
      line.withUnsafeMutableBufferPointer {
        guard let first = $0.baseAddress else { return }
        samples.copy(rows: a * p..<(a + 1) * p, columns: columns, to: first, stride: width)
      }
    }
    read(0)
    // Less the first row, so that a column without variation has sums of exactly 0.
    let shift = Array(line[..<width])
    var squares = [Double](repeating: 0, count: width)
    for a in 0..<p {
      if a > 0 { read(a) }
      for b in 0..<p {
        line.withUnsafeBufferPointer { line in
          shift.withUnsafeBufferPointer { shift in
            let row = line.baseAddress! + b * width
            add(row, shift.baseAddress!, to: &first, a, width)
            add(row, shift.baseAddress!, to: &second, b, width)
            add(row, shift.baseAddress!, to: &total, (a + b) % p, width)
            add(row, shift.baseAddress!, to: &difference, (a - b + p) % p, width)
            addSquares(row, shift.baseAddress!, to: &squares, width)
          }
        }
      }
    }
    let count = Double(p * p)
    let sums = (0..<width).map { column in (0..<p).reduce(0) { $0 + first[$1 * width + column] } }
    (byFirst, bySecond, bySum, byDifference) = (first, second, total, difference)
    means = zip(sums, shift).map { $0 / count + $1 }
    centeredPowers = zip(squares, sums).map { max(0, $0 - $1 * $1 / count) }
  }
}

@inline(never)
private func add(
  _ row: UnsafePointer<Double>, _ shift: UnsafePointer<Double>, to table: inout [Double],
  _ place: Int, _ width: Int
) {
  table.withUnsafeMutableBufferPointer { table in
    let target = table.baseAddress! + place &* width
    for column in 0..<width { target[column] += row[column] - shift[column] }
  }
}

@inline(never)
private func addSquares(
  _ row: UnsafePointer<Double>, _ shift: UnsafePointer<Double>, to sums: inout [Double],
  _ width: Int
) {
  sums.withUnsafeMutableBufferPointer { sums in
    let target = sums.baseAddress!
    for column in 0..<width {
      let value = row[column] - shift[column]
      target[column] += value * value
    }
  }
}
