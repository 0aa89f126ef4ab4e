// The parts of logits that depend on a pair by its sum alone.

extension CyclicLogits {
  /// P_k(L): the part of the logits along cos(w_k (u + v)) and sin(w_k (u + v)), w_k = 2πk/n.
  ///
  /// As a function of pairs both have norm 1: c_k = (cos ⊗ cos − sin ⊗ sin)/√2 and s_k = (sin ⊗ cos + cos ⊗ sin)/√2 in rows of
  /// the basis; the alternating frequency of an even n has only c_k. P_k is linear, idempotent, and P_j P_k = 0.
  ///
  /// - Returns: `[n², n]`, in the order of ``values``.
  /// - Throws: `MeasureError.outOfRange` for a frequency that the task does not have.
  /// - Complexity: O(n³).
  /// - Source: Nanda et al., arXiv 2301.05217, §5.1 and its code.
  public func projection(onto frequencies: [Int]) throws(MeasureError) -> Matrix<Double> {
    try check(frequencies, measure: "projection")
    let table = sumTable(of: frequencies)
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for row in 0..<values.rowCount { result += table.row(sum(ofRow: row)) }
    return Matrix(values: result, rowCount: values.rowCount, columnCount: period)
  }

  /// Σ P_k(L) of some frequencies by the sum of a pair: `[n, n]`.
  func sumTable(of frequencies: [Int]) -> Matrix<Double> {
    let rows = frequencies.flatMap { basis.rows(of: $0) }
    let directions = basis.matrix.selectingRows(rows)
    var table = Matrix<Double>(rowCount: period, columnCount: period)
    table.addProduct(
      of: directions, transposed: true, and: directions.multiplied(by: sums.bySum),
      scale: 1 / Double(period), keeping: 0)
    return table
  }

  /// ⟨C_k, L⟩ for all frequencies: the coefficients on the functions cos(w_k (u + v − r)) of pair and answer, of norm 1 in n³
  /// dimensions.
  ///
  /// - Returns: n/2 numbers, of frequency k at index k − 1.
  /// - Complexity: O(n²) from the sums.
  /// - Source: Nanda et al., arXiv 2301.05217, §4.2.
  public var cosineCoefficients: [Double] {
    var byOffset = [Double](repeating: 0, count: period)
    for sum in 0..<period {
      for answer in 0..<period {
        byOffset[(sum - answer + period) % period] += sums.bySum[sum, answer]
      }
    }
    let coefficients = basis.matrix.multiplied(by: byOffset)
    return basis.frequencies.map { coefficients[basis.rows(of: $0).lowerBound] / Double(period) }
  }

  /// Σ γ_k C_k of some frequencies by the sum of a pair: `[n, n]`.
  func cosineTable(of frequencies: [Int], coefficients: [Double]) -> Matrix<Double> {
    var byOffset = [Double](repeating: 0, count: period)
    for frequency in frequencies {
      let row = basis.matrix.row(basis.rows(of: frequency).lowerBound)
      for (offset, value) in row.enumerated() {
        byOffset[offset] += coefficients[frequency - 1] * value / Double(period)
      }
    }
    var table = Matrix<Double>(rowCount: period, columnCount: period)
    for sum in 0..<period {
      for answer in 0..<period {
        table[sum, answer] = byOffset[(sum - answer + period) % period]
      }
    }
    return table
  }

  /// What the nine products {1, cos, sin} of w_k u and of w_k v of some frequencies make of the logits, with the mean: `[n², n]`.
  func blockProjection(onto frequencies: [Int]) -> Matrix<Double> {
    let rows = frequencies.flatMap { basis.rows(of: $0) }
    // The alternating frequency has the same direction along sums and differences.
    let differenceRows = frequencies.filter { 2 * $0 < period }.flatMap { basis.rows(of: $0) }
    func table(_ rows: [Int], _ sums: Matrix<Double>) -> Matrix<Double> {
      let directions = basis.matrix.selectingRows(rows)
      var table = Matrix<Double>(rowCount: period, columnCount: period)
      table.addProduct(
        of: directions, transposed: true, and: directions.multiplied(by: sums),
        scale: 1 / Double(period), keeping: 0)
      return table
    }
    let first = table(rows, sums.byFirst)
    let second = table(rows, sums.bySecond)
    let sum = table(rows, sums.bySum)
    let difference = table(differenceRows, sums.byDifference)
    var result = Matrix<Double>(rowCount: period * period, columnCount: period)
    result.withUnsafeMutableBufferPointer { result in
      guard let start = result.baseAddress else { return }
      for u in 0..<period {
        for v in 0..<period {
          let row = start + (u * period + v) * period
          sums.means.withUnsafeBufferPointer { add($0.baseAddress!, to: row, count: period) }
          for (table, line) in [
            (first, u), (second, v), (sum, (u + v) % period),
            (difference, (v - u + period) % period),
          ] {
            table.values.withUnsafeBufferPointer {
              add($0.baseAddress! + line * period, to: row, count: period)
            }
          }
        }
      }
    }
    return result
  }
}
