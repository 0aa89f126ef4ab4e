/// The smaller of XᵀX and XXᵀ, in `Double`, of samples whose column means are subtracted where asked
/// for.
func smallerGram(
  of x: some SampleMatrix, isCentered: Bool, measure: String, memoryBudget: Int, workers: Workers?
) throws(MeasureError) -> Matrix<Double> {
  if x.columnCount <= x.rowCount {
    let moments = try CenteredMoments(
      of: [x], measure: measure, minimumRows: 1, inDouble: true, isCentered: isCentered,
      memoryBudget: memoryBudget, workers: workers)
    if isCentered { try moments.requireVariation(measure: measure) }
    return moments.product
  }
  return try rowGram(
    of: x, isCentered: isCentered, measure: measure, memoryBudget: memoryBudget, workers: workers)
}

/// XXᵀ in `Double`, from one pass over blocks of columns.
private func rowGram(
  of x: some SampleMatrix, isCentered: Bool, measure: String, memoryBudget: Int, workers: Workers?
) throws(MeasureError) -> Matrix<Double> {
  let (n, d) = (x.rowCount, x.columnCount)
  // Blocks of about 4 MB that are wide enough to read whole pages of a file.
  let width = min(d, max(256, (1 << 19) / max(1, n)))
  let blockCount = (d + width - 1) / width
  let laneCount = max(1, min(8, blockCount, (1 << 21) / max(1, n * n)))
  try requireMemory(
    8 * (n * n * (laneCount + 1) + n * width * laneCount), budget: memoryBudget, measure: measure)
  let lanes = (0..<laneCount).map { _ in RowGramLane(size: n) }
  let job = RowGramJob(samples: x, isCentered: isCentered, width: width, lanes: lanes)
  if let workers {
    workers.run(job, blockCount: laneCount)
  } else {
    for lane in 0..<laneCount { job.run(block: lane) }
  }
  var total = lanes[0].product
  for lane in lanes.dropFirst() {
    for index in total.indices { total[index] += lane.product[index] }
  }
  let square = lanes.reduce(0) { $0 + $1.square }
  let trace = (0..<n).reduce(0) { $0 + total[$1 * n + $1] }
  guard trace.isFinite, square.isFinite else { try nonFiniteSum([x], measure: measure) }
  if isCentered && trace <= 64 * .ulpOfOne * .ulpOfOne * square {
    throw noVariation(0, of: 1, measure: measure)
  }
  return Matrix(rowCount: n, columnCount: n) { result in
    for row in 0..<n {
      for column in row..<n {
        result[row * n + column] = total[row * n + column]
        result[column * n + row] = total[row * n + column]
      }
    }
  }
}

private final class RowGramLane: @unchecked Sendable {
  /// The upper triangle.
  var product: [Double]
  /// Σ x² before the means are subtracted.
  var square = 0.0

  init(size: Int) { product = Array(repeating: 0, count: size * size) }
}

private struct RowGramJob<Samples: SampleMatrix>: BlockJob {
  let samples: Samples
  let isCentered: Bool
  let width: Int
  let lanes: [RowGramLane]

  func run(block number: Int) {
    let (n, d) = (samples.rowCount, samples.columnCount)
    let lane = lanes[number]
    let blocks = Workers.range(
      ofBlock: number, of: lanes.count, count: (d + width - 1) / width)
    let buffer = UnsafeMutablePointer<Double>.allocate(capacity: n * width)
    defer { buffer.deallocate() }
    for block in blocks {
      let columns = block * width..<min(d, (block + 1) * width)
      samples.copy(rows: 0..<n, columns: columns, to: buffer, stride: width)
      if isCentered { lane.square += center(buffer, columnCount: columns.count) }
      lane.product.withUnsafeMutableBufferPointer {
        BLAS.symmetricProduct(
          buffer, leadingA: width, transposedA: false, into: $0.baseAddress!, leadingC: n, size: n,
          inner: columns.count, accumulate: 1, isUpperOnly: true)
      }
    }
  }

  /// Subtracts the mean of every column; returns Σ x² before.
  private func center(_ block: UnsafeMutablePointer<Double>, columnCount: Int) -> Double {
    let n = samples.rowCount
    var (means, square) = ([Double](repeating: 0, count: columnCount), 0.0)
    for row in 0..<n {
      let x = block + row * width
      for column in 0..<columnCount {
        means[column] += x[column] / Double(n)
        square += x[column] * x[column]
      }
    }
    for row in 0..<n {
      let x = block + row * width
      for column in 0..<columnCount { x[column] -= means[column] }
    }
    return square
  }
}
