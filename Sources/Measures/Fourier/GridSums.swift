/// What the columns of a function of pairs sum to along the lines of the p × p grid: of equal a, b, a + b and b − a.
///
/// For a frequency k the coefficients of the grid on cos and sin of w_k a, w_k b, w_k (a + b) and w_k (b − a) are those of
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
      var result: [Double] = []
      result.reserveCapacity(period * width)
      let parts = sums.map(part)
      for row in 0..<period {
        for (strip, values) in zip(strips, parts) {
          result += values[row * strip.count..<(row + 1) * strip.count]
        }
      }
      return Matrix(values: result, rowCount: period, columnCount: width)
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
      // a + b and b − a have the same parity.
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

  init<Scalar>(of samples: Matrix<Scalar>, columns: Range<Int>, period p: Int) {
    let width = columns.count
    let size = p * width
    let memory = [UnsafeMutablePointer<Double>](
      unsafeUninitializedCapacity: 5
    ) { pointers, count in
      for index in 0..<5 {
        let pointer = UnsafeMutablePointer<Double>.allocate(capacity: max(1, size))
        pointer.initialize(repeating: 0, count: size)
        pointers.initializeElement(at: index, to: pointer)
      }
      count = 5
    }
    defer { for pointer in memory { pointer.deallocate() } }
    let (line, first, second, sum, difference) = (
      memory[0], memory[1], memory[2], memory[3], memory[4]
    )
    // Less the first row, so that a column without variation has sums of exactly 0.
    var shift = [Double](repeating: 0, count: width)
    var squares = shift
    for a in 0..<p {
      samples.copy(rows: a * p..<(a + 1) * p, columns: columns, to: line, stride: width)
      if a == 0 { for column in 0..<width { shift[column] = line[column] } }
      for b in 0..<p { subtract(shift, line + b * width, count: width) }
      for b in 0..<p { add(line + b * width, to: first + a * width, count: width) }
      addSquares(line, rowCount: p, to: &squares)
      add(line, to: second, count: size)
      // Sums a + b and differences b − a are whole stretches of lines, one up to the end and one from the start.
      let (low, high) = ((p - a) * width, a * width)
      add(line, to: sum + high, count: low)
      add(line + low, to: sum, count: high)
      add(line + high, to: difference, count: low)
      add(line, to: difference + low, count: high)
    }
    let count = Double(p * p)
    let sums = (0..<width).map { column in (0..<p).reduce(0) { $0 + first[$1 * width + column] } }
    means = zip(sums, shift).map { $0 / count + $1 }
    centeredPowers = zip(squares, sums).map { max(0, $0 - $1 * $1 / count) }
    func array(_ pointer: UnsafeMutablePointer<Double>) -> [Double] {
      Array(UnsafeBufferPointer(start: pointer, count: size))
    }
    (byFirst, bySecond, bySum, byDifference) = (
      array(first), array(second), array(sum), array(difference)
    )
  }
}

@inline(never)
private func subtract(
  _ shift: [Double], _ row: UnsafeMutablePointer<Double>, count: Int
) {
  shift.withUnsafeBufferPointer { shift in
    guard let shift = shift.baseAddress else { return }
    for index in 0..<count { row[index] -= shift[index] }
  }
}

/// Adds numbers to others.
@inline(never)
func add(
  _ values: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>, count: Int
) {
  for index in 0..<count { sums[index] += values[index] }
}

@inline(never)
private func addSquares(
  _ rows: UnsafePointer<Double>, rowCount: Int, to sums: inout [Double]
) {
  sums.withUnsafeMutableBufferPointer { sums in
    guard let first = sums.baseAddress else { return }
    for row in 0..<rowCount {
      let values = rows + row &* sums.count
      for column in 0..<sums.count { first[column] += values[column] * values[column] }
    }
  }
}
