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
  try requireMemory(8 * (n * n + 2 * n * width), budget: memoryBudget, measure: measure)
  let block = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(1, n * width))
  defer { block.deallocate() }
  preferLargePages(block)
  var square = 0.0
  var product = Matrix<Double>(rowCount: n, columnCount: n) { result in
    guard let first = result.baseAddress, let block = block.baseAddress else { return }
    preferLargePages(result)
    result.update(repeating: 0)
    for start in stride(from: 0, to: d, by: width) {
      let columns = start..<min(d, start + width)
      square += read(columns, of: x, into: block, isCentered: isCentered, workers: workers)
      BLAS.addSymmetricProduct(
        block, leadingA: columns.count, into: first, leadingC: n, size: n, inner: columns.count,
        workers: workers)
    }
  }
  let trace = product.diagonal.reduce(0, +)
  guard trace.isFinite, square.isFinite else { try nonFiniteSum([x], measure: measure) }
  if isCentered && trace <= 64 * .ulpOfOne * .ulpOfOne * square {
    throw noVariation(0, of: 1, measure: measure)
  }
  product.mirrorUpperTriangle()
  return product
}

/// Reads columns of all samples, less their means where asked for; returns Σ x² before.
private func read(
  _ columns: Range<Int>, of x: some SampleMatrix, into block: UnsafeMutablePointer<Double>,
  isCentered: Bool, workers: Workers?
) -> Double {
  // Parts that different threads read, wide enough for whole lines of the cache and few pages.
  let partCount = max(1, min(4, columns.count / 128))
  var squares = [Double](repeating: 0, count: partCount)
  squares.withUnsafeMutableBufferPointer { squares in
    let job = ReadJob(
      samples: x, columns: columns, block: block, isCentered: isCentered,
      squares: squares.baseAddress!, partCount: partCount)
    if let workers {
      workers.run(job, blockCount: partCount)
    } else {
      for part in 0..<partCount { job.run(block: part) }
    }
  }
  return squares.reduce(0, +)
}

private struct ReadJob<Samples: SampleMatrix>: BlockJob {
  let samples: Samples
  let columns: Range<Int>
  let block: UnsafeMutablePointer<Double>
  let isCentered: Bool
  let squares: UnsafeMutablePointer<Double>
  let partCount: Int

  func run(block part: Int) {
    let some = Workers.range(ofBlock: part, of: partCount, count: columns.count, alignment: 8)
    let first = columns.lowerBound
    samples.copy(
      rows: 0..<samples.rowCount, columns: first + some.lowerBound..<first + some.upperBound,
      to: block + some.lowerBound, stride: columns.count)
    if isCentered { squares[part] = center(block + some.lowerBound, columnCount: some.count) }
  }

  /// Subtracts the mean of every column; returns Σ x² before.
  private func center(_ part: UnsafeMutablePointer<Double>, columnCount: Int) -> Double {
    let (n, stride) = (samples.rowCount, columns.count)
    let share = 1 / Double(n)
    var (means, squares) = (
      [Double](repeating: 0, count: columnCount), [Double](repeating: 0, count: columnCount)
    )
    for row in 0..<n {
      let x = part + row &* stride
      for column in 0..<columnCount {
        means[column] += x[column] * share
        squares[column] += x[column] * x[column]
      }
    }
    for row in 0..<n {
      let x = part + row &* stride
      for column in 0..<columnCount { x[column] -= means[column] }
    }
    return squares.reduce(0, +)
  }
}
