// Cross-entropies of changed logits on all pairs, in Double.

extension CyclicLogits {
  /// The loss and the accuracy of logits given for every pair, `[n², n]`.
  func scores(
    of logits: Matrix<Double>, workers: Workers?
  ) throws(MeasureError) -> (loss: SplitValues, accuracy: SplitValues) {
    let n = period
    let parts = try concurrentMap(count: n, workers: workers) {
      u throws(MeasureError) -> (SplitSums, SplitSums) in
      var (losses, hits) = (SplitSums(), SplitSums())
      let rows = u * n..<(u + 1) * n
      let found = rowScores(logits, rows: rows, answers: rows.map { sum(ofRow: $0) })
      for (row, (loss, isRight)) in zip(rows, found) {
        let trainedCount = isTrained?[row] == true ? 1 : 0
        losses.add(loss, trainedCount: trainedCount)
        hits.add(isRight ? 1 : 0, trainedCount: trainedCount)
      }
      return (losses, hits)
    }
    var (losses, hits) = (SplitSums(), SplitSums())
    for part in parts {
      losses.add(part.0)
      hits.add(part.1)
    }
    return (losses.means(isSplit: isTrained != nil), hits.means(isSplit: isTrained != nil))
  }

  /// The same for logits that depend on the sum of a pair alone, `[n, n]`.
  func scores(ofSums table: Matrix<Double>) -> (loss: SplitValues, accuracy: SplitValues) {
    let (n, counts) = (period, trainedCounts)
    var (losses, hits) = (SplitSums(), SplitSums())
    let found = rowScores(table, rows: 0..<n, answers: Array(0..<n))
    for (sum, (loss, isRight)) in found.enumerated() {
      losses.add(loss, count: n, trainedCount: counts[sum])
      hits.add(isRight ? 1 : 0, count: n, trainedCount: counts[sum])
    }
    return (losses.means(isSplit: isTrained != nil), hits.means(isSplit: isTrained != nil))
  }

  /// The loss of the logits less what a table `[n, n]` has for the sum of a pair: the plain way.
  func plainLoss(without table: Matrix<Double>) throws(MeasureError) -> SplitValues {
    var logits = values
    for row in 0..<logits.rowCount {
      for (column, value) in table.row(sum(ofRow: row)).enumerated() {
        logits[row, column] -= value
      }
    }
    return try scores(of: logits, workers: nil).loss
  }

  /// The losses of the logits less each of some tables `[n, n]`.
  ///
  /// Pairs of one sum lose the same, so Σ_r exp(L_r − T_r) over answers r is, for all pairs of a sum and all tables at once,
  /// a product of exp L and exp(−T). Where a sum of such terms would be too small to be exact the row is computed by itself.
  /// Losses are exact to about 10⁻¹⁵ times the largest difference of logits.
  func losses(
    without tables: [Matrix<Double>], workers: Workers?
  ) throws(MeasureError) -> [SplitValues] {
    let parts = try concurrentMap(count: period, workers: workers) {
      sum throws(MeasureError) in
      sums(ofSum: sum, without: tables)
    }
    return tables.indices.map { index in
      var total = SplitSums()
      for part in parts { total.add(part[index]) }
      return total.means(isSplit: isTrained != nil)
    }
  }

  /// The losses of the pairs of one sum, added up for every table.
  private func sums(ofSum sum: Int, without tables: [Matrix<Double>]) -> [SplitSums] {
    let n = period
    let rows = (0..<n).map { $0 * n + (sum - $0 + n) % n }
    var logits: [Double] = []
    logits.reserveCapacity(n * n)
    for row in rows { logits += values.row(row) }
    let (powers, largest) = exponentials(of: logits, rowLength: n, sign: 1)
    let removed = tables.flatMap { $0.row(sum) }
    let (factors, largestFactors) = exponentials(of: removed, rowLength: n, sign: -1)
    let products = Matrix(values: powers, rowCount: n, columnCount: n).multiplied(
      by: Matrix(values: factors, rowCount: tables.count, columnCount: n), transposingOther: true)
    var logarithms = products
    logarithms.withUnsafeMutableBufferPointer { values in
      guard let first = values.baseAddress else { return }
      Exponentials.writeLogarithms(of: first, to: first, count: values.count)
    }
    var result = [SplitSums](repeating: SplitSums(), count: tables.count)
    for (place, row) in rows.enumerated() {
      let trainedCount = isTrained?[row] == true ? 1 : 0
      for table in tables.indices {
        let loss: Double
        if products[place, table] > 1e-250 {
          loss =
            logarithms[place, table] + (largest[place] - logits[place * n + sum])
            + (largestFactors[table] + removed[table * n + sum])
        } else {
          let difference = Matrix(
            values: (0..<n).map { logits[place * n + $0] - removed[table * n + $0] }, rowCount: 1,
            columnCount: n)
          loss = rowScores(difference, rows: 0..<1, answers: [sum])[0].loss
        }
        result[table].add(loss, trainedCount: trainedCount)
      }
    }
    return result
  }
}

/// exp(± x − max) row by row, and the max of each row.
private func exponentials(
  of values: [Double], rowLength: Int, sign: Double
) -> (values: [Double], largest: [Double]) {
  var result = values
  var largest: [Double] = []
  result.withUnsafeMutableBufferPointer { result in
    guard let first = result.baseAddress else { return }
    for start in stride(from: 0, to: result.count, by: rowLength) {
      let row = first + start
      var most = -Double.infinity
      for column in 0..<rowLength { most = max(most, sign * row[column]) }
      for column in 0..<rowLength { row[column] -= sign * most }
      largest.append(most)
    }
    Exponentials.write(of: first, times: sign, to: first, count: result.count)
  }
  return (result, largest)
}

/// log Σ exp(x_c − x_answer) of some rows, and whether the answer has the first of the largest values.
private func rowScores(
  _ logits: Matrix<Double>, rows: Range<Int>, answers: [Int]
) -> [(loss: Double, isRight: Bool)] {
  let columns = logits.columnCount
  return logits.values.withUnsafeBufferPointer { values in
    guard let first = values.baseAddress.map({ $0 + rows.lowerBound * columns }) else { return [] }
    let losses = Exponentials.crossEntropies(
      ofRows: first, columns: columns, answers: answers.map { Int32($0) })
    return answers.indices.map { row in
      let x = first + row * columns
      var best = 0
      for column in 1..<columns where x[column] > x[best] { best = column }
      return (losses[row], best == answers[row])
    }
  }
}
