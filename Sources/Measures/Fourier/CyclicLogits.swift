/// The logits of a network on all pairs of a cyclic task, in the order of the task's coordinates.
///
/// The answer of row u n + v is column (u + v) mod n. Logits that stand for no number, such as that of "=", are dropped, and
/// all losses are over the n that remain.
public struct CyclicLogits: Sendable {
  /// What is computed.
  public let task: CyclicTask
  /// `[n², n]`.
  public let values: Matrix<Double>
  /// The pairs that were trained on, by row; nil where that is not known.
  public let isTrained: [Bool]?
  let basis: FourierBasis
  let sums: GridSums

  /// The logits of all pairs.
  ///
  /// - Shapes: `logits` is `[pairs, columns]` with a column for every number modulo p at least; rows in the order of a, then b, as
  ///   ``CyclicTask/pairCount`` says.
  /// - Parameter trainedPairs: the indices of the pairs that were trained on, among the same rows.
  /// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange`, `.nonFiniteInput`.
  /// - Complexity: O(p³) time and memory.
  public init(
    _ logits: some SampleMatrix, task: CyclicTask, trainedPairs: [Int]? = nil,
    workers: Workers? = nil
  ) throws(MeasureError) {
    let measure = "CyclicLogits"
    guard logits.rowCount == task.pairCount else {
      throw .rowCountMismatch(measure: measure, first: logits.rowCount, second: task.pairCount)
    }
    guard logits.columnCount >= task.modulus else {
      throw .outOfRange(
        measure: measure, what: "the number of logits", value: Double(logits.columnCount),
        expected: "at least \(task.modulus), one for each number")
    }
    self.task = task
    basis = try FourierBasis(period: task.period)
    var values = Matrix<Double>(rowCount: task.period * task.period, columnCount: task.period)
    read(logits, task, into: &values)
    self.values = values
    sums = try GridSums(of: values, period: task.period, measure: measure, workers: workers)
    isTrained = try trainedPairs.map { pairs throws(MeasureError) in
      var isTrained = [Bool](repeating: false, count: task.pairCount)
      for pair in pairs {
        guard isTrained.indices.contains(pair) else {
          throw .outOfRange(
            measure: measure, what: "a trained pair", value: Double(pair),
            expected: "0 to \(task.pairCount - 1)")
        }
        isTrained[pair] = true
      }
      return task.pairRows.map { isTrained[$0] }
    }
  }

  /// n.
  public var period: Int { task.period }

  /// Whether the logits are the same for all pairs.
  var isConstant: Bool { sums.centeredPowers.allSatisfy { $0 == 0 } }

  /// u + v modulo n of a row: its answer.
  func sum(ofRow row: Int) -> Int { (row / period + row % period) % period }

  /// How many of the pairs of each sum were trained on.
  var trainedCounts: [Int] {
    var counts = [Int](repeating: 0, count: period)
    for (row, isTrained) in (isTrained ?? []).enumerated() where isTrained {
      counts[sum(ofRow: row)] += 1
    }
    return counts
  }

  /// Throws for a frequency that the task does not have, or one given twice.
  func check(_ frequencies: [Int], measure: String) throws(MeasureError) {
    for (index, frequency) in frequencies.enumerated() {
      guard basis.frequencies.contains(frequency), !frequencies[..<index].contains(frequency) else {
        throw .outOfRange(
          measure: measure, what: "a key frequency", value: Double(frequency),
          expected: "different ones in 1 to \(period / 2)")
      }
    }
  }
}

/// Writes the logits in the order of the coordinates, columns too.
private func read(
  _ logits: some SampleMatrix, _ task: CyclicTask, into values: inout Matrix<Double>
) {
  let (n, answers) = (task.period, task.answers)
  let isPlain = task.operation == .addition
  let rows = isPlain ? [] : task.pairRows
  var line = [Double](repeating: 0, count: task.modulus)
  values.withUnsafeMutableBufferPointer { values in
    guard let first = values.baseAddress else { return }
    if isPlain {
      logits.copy(rows: 0..<n * n, columns: 0..<n, to: first, stride: n)
      return
    }
    for (place, row) in rows.enumerated() {
      line.withUnsafeMutableBufferPointer {
        logits.copy(
          rows: row..<row + 1, columns: 0..<task.modulus, to: $0.baseAddress!,
          stride: task.modulus)
      }
      for (column, answer) in answers.enumerated() { first[place * n + column] = line[answer] }
    }
  }
}
