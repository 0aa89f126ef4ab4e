/// The columns of several arrays side by side, read in blocks of rows with a shift subtracted.
///
/// The shift is close to the column means, so that sums of squares and products of what is read lose
/// nothing to a large mean and need only a small correction. It is the mean of up to 256 rows, evenly
/// spaced, which a file has read in a moment and which an order of the rows by class does not mislead.
struct SampleBlocks<Scalar: RealScalar> {
  let operands: [any SampleMatrix]
  /// The columns of each operand among all.
  let ranges: [Range<Int>]
  let rowCount: Int
  let shift: [Scalar]
  var columnCount: Int { shift.count }

  /// - Parameter isShifted: without it the shift is 0.
  /// - Precondition: all operands have the same number of rows, at least one.
  init(_ operands: [any SampleMatrix], isShifted: Bool = true) {
    self.operands = operands
    rowCount = operands[0].rowCount
    var (ranges, end) = ([Range<Int>](), 0)
    for operand in operands {
      ranges.append(end..<end + operand.columnCount)
      end += operand.columnCount
    }
    self.ranges = ranges
    shift =
      isShifted
      ? Self.shift(operands, ranges: ranges, columnCount: end, rowCount: rowCount)
      : Array(repeating: 0, count: end)
  }

  /// Rows of one block: about 640 KB, which stay in the second-level cache.
  var blockRows: Int {
    let bytes = max(1, columnCount) * MemoryLayout<Scalar>.size
    return max(32, min(4096, 640 * 1024 / bytes / 8 * 8))
  }

  /// Reads rows, less the shift, one after the other; adds them up in `sums`.
  func read(
    _ rows: Range<Int>, into block: UnsafeMutablePointer<Scalar>,
    sums: UnsafeMutablePointer<Double>? = nil
  ) {
    for (operand, range) in zip(operands, ranges) {
      operand.copy(
        rows: rows, columns: 0..<range.count, to: block + range.lowerBound, stride: columnCount)
    }
    subtract(shift, block, rowCount: rows.count, sums: sums)
  }

  private static func shift(
    _ operands: [any SampleMatrix], ranges: [Range<Int>], columnCount: Int, rowCount: Int
  ) -> [Scalar] {
    let count = min(rowCount, 256)
    var sums = [Double](repeating: 0, count: columnCount)
    var row = [Double](repeating: 0, count: columnCount)
    for index in 0..<count {
      let position = index * rowCount / count
      row.withUnsafeMutableBufferPointer { row in
        guard let first = row.baseAddress else { return }
        for (operand, range) in zip(operands, ranges) {
          operand.copy(
            rows: position..<position + 1, columns: 0..<range.count,
            to: first + range.lowerBound, stride: columnCount)
        }
        // What is not finite is found where the block that it is in is read.
        for column in row.indices where row[column].isFinite { sums[column] += row[column] }
      }
    }
    return sums.map { Scalar($0 / Double(max(1, count))) }
  }
}

/// Subtracts `shift` from every row; adds the results up in `sums`.
private func subtract<S: RealScalar>(
  _ shift: [S], _ block: UnsafeMutablePointer<S>, rowCount: Int, sums: UnsafeMutablePointer<Double>?
) {
  let columns = shift.count
  shift.withUnsafeBufferPointer { shift in
    guard let shift = shift.baseAddress else { return }
    for row in 0..<rowCount {
      subtractRow(shift, block + row &* columns, count: columns)
      if let sums { addRow(block + row &* columns, to: sums, count: columns) }
    }
  }
}

// Loops of their own, for the compiler makes vectors of these and not of one loop that does both.

@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
private func subtractRow<S: RealScalar>(
  _ shift: UnsafePointer<S>, _ x: UnsafeMutablePointer<S>, count: Int
) {
  for column in 0..<count { x[column] -= shift[column] }
}

@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
private func addRow<S: RealScalar>(
  _ x: UnsafePointer<S>, to sums: UnsafeMutablePointer<Double>, count: Int
) {
  for column in 0..<count { sums[column] += Double(x[column]) }
}

// MARK: - Checks that all measures of samples share

/// Throws unless all operands have the same number of rows, as many as are needed.
func requireRows(
  _ operands: [any SampleMatrix], atLeast needed: Int, measure: String
) throws(MeasureError) {
  for operand in operands.dropFirst() where operand.rowCount != operands[0].rowCount {
    throw .rowCountMismatch(
      measure: measure, first: operands[0].rowCount, second: operand.rowCount)
  }
  guard let first = operands.first, first.rowCount >= needed else {
    throw .tooFewSamples(measure: measure, found: operands.first?.rowCount ?? 0, needed: needed)
  }
}

/// Throws for the first element that is not finite; returns where all are.
func requireFinite(_ operands: [any SampleMatrix], measure: String) throws(MeasureError) {
  for (number, operand) in operands.enumerated() {
    let (rows, columns) = (operand.rowCount, operand.columnCount)
    let blockRows = max(1, (1 << 16) / max(1, columns))
    var block = [Double](repeating: 0, count: blockRows * columns)
    for first in stride(from: 0, to: rows, by: blockRows) {
      let count = min(blockRows, rows - first)
      let isFinite = block.withUnsafeMutableBufferPointer { block in
        guard let start = block.baseAddress else { return true }
        operand.copy(
          rows: first..<first + count, columns: 0..<columns, to: start, stride: columns)
        return areFinite(start, count: count * columns)
      }
      if !isFinite, let index = block.firstIndex(where: { !$0.isFinite }) {
        let name = operands.count == 1 ? "the samples" : "array \(number + 1)"
        throw .nonFiniteInput(measure: measure, array: name, index: first * columns + index)
      }
    }
  }
}

private func areFinite(_ values: UnsafePointer<Double>, count: Int) -> Bool {
  // Not-a-number and infinity make not-a-number of a product with 0, which stays in a sum.
  var sum = 0.0
  for index in 0..<count { sum += values[index] * 0 }
  return sum == 0
}

/// The error for sums that are not finite: an element that is not, or numbers too large to square.
func nonFiniteSum(_ operands: [any SampleMatrix], measure: String) throws(MeasureError) -> Never {
  try requireFinite(operands, measure: measure)
  throw .undefined(
    measure: measure, reason: "sums of squares are too large; scale the samples down")
}

/// Whether large products of these samples are computed in `Float`: where all of them are in it.
func areFloat(_ operands: [any SampleMatrix]) -> Bool {
  operands.allSatisfy { $0.precision == .float }
}
