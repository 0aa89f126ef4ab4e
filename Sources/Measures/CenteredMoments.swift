/// Means and centred second moments of one or several arrays side by side, from one pass over blocks of
/// rows.
///
/// With x̃ the rows less a shift close to the mean (`SampleBlocks`) and δ the mean of x̃, the centred
/// product is Σ x̃x̃ᵀ − n δδᵀ. Products within a stretch of rows are computed in the precision of the
/// samples; stretches are added in `Double`. Which rows make a stretch depends on the shapes alone, so
/// that results have the same bits with any number of threads.
struct CenteredMoments {
  /// n, the number of rows.
  let rowCount: Int
  /// The columns of each operand among all.
  let ranges: [Range<Int>]
  /// μ, the mean of every column.
  let means: [Double]
  /// Σ (x − μ)(x − μ)ᵀ, `[D, D]` with D columns in all.
  let product: Matrix<Double>
  /// Σ ‖x − μ‖² of each operand below which it is rounding and nothing else.
  let variationFloors: [Double]
  /// Sums over rows of what the squared norms of the centred rows are; nil where not asked for.
  let rowNorms: RowNorms?

  /// With a_i = ‖x_i − μ‖² for one operand and b_i for another.
  struct RowNorms {
    /// Σ a_i of each operand.
    let sums: [Double]
    /// Σ a_i b_i of each pair of operands.
    let products: Matrix<Double>
  }

  /// The block of the product that belongs to two operands, `[d_a, d_b]`.
  func product(_ a: Int, _ b: Int) -> Matrix<Double> {
    Matrix(rowCount: ranges[a].count, columnCount: ranges[b].count) { result in
      for (index, row) in ranges[a].enumerated() {
        for (offset, column) in ranges[b].enumerated() {
          result[index * ranges[b].count + offset] = product[row, column]
        }
      }
    }
  }

  /// ‖Σ (x − μ)(y − ν)ᵀ‖² in the Frobenius norm, for two operands.
  func squaredNorm(_ a: Int, _ b: Int) -> Double {
    var sum = 0.0
    product.values.withUnsafeBufferPointer { values in
      for row in ranges[a] {
        let start = values.baseAddress! + row * product.columnCount + ranges[b].lowerBound
        sum += BLAS.dot(start, start, count: ranges[b].count)
      }
    }
    return sum
  }

  /// Σ ‖x − μ‖² of an operand.
  func trace(_ a: Int) -> Double { ranges[a].reduce(0) { $0 + product[$1, $1] } }

  /// Throws where all rows of an operand are the same.
  func requireVariation(measure: String) throws(MeasureError) {
    for index in ranges.indices where trace(index) <= variationFloors[index] {
      throw noVariation(index, of: ranges.count, measure: measure)
    }
  }
}

// MARK: - From samples

extension CenteredMoments {
  /// The moments of operands with the same number of rows.
  ///
  /// - Parameter inDouble: computes products in `Double` whatever the precision of the samples, for
  ///   measures that divide by small eigenvalues.
  /// - Parameter isCentered: without it μ is taken to be 0.
  /// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples`, `.nonFiniteInput`, `.outOfRange`
  ///   where the memory that is needed exceeds the budget.
  init(
    of operands: [any SampleMatrix], measure: String, minimumRows: Int = 2, inDouble: Bool = false,
    isCentered: Bool = true, wantsRowNorms: Bool = false, memoryBudget: Int = defaultMemoryBudget,
    workers: Workers? = nil
  ) throws(MeasureError) {
    try requireRows(operands, atLeast: minimumRows, measure: measure)
    if areFloat(operands) && !inDouble {
      try self.init(
        SampleBlocks<Float>(operands, isShifted: isCentered), measure: measure,
        isCentered: isCentered, wantsRowNorms: wantsRowNorms, memoryBudget: memoryBudget,
        workers: workers)
    } else {
      try self.init(
        SampleBlocks<Double>(operands, isShifted: isCentered), measure: measure,
        isCentered: isCentered, wantsRowNorms: wantsRowNorms, memoryBudget: memoryBudget,
        workers: workers)
    }
  }

  private init<Scalar: RealScalar>(
    _ blocks: SampleBlocks<Scalar>, measure: String, isCentered: Bool, wantsRowNorms: Bool,
    memoryBudget: Int, workers: Workers?
  ) throws(MeasureError) {
    let (n, size) = (blocks.rowCount, blocks.columnCount)
    // Lanes share out the rows; each has a product of its own, so wide arrays have fewer.
    let laneCount = max(1, min(8, n / 2048, (1 << 24) / max(1, size * size)))
    let accumulators = size * size * MemoryLayout<Double>.size
    try requireMemory(
      accumulators * (laneCount + 1) + laneCount * (accumulators / 2 + (1 << 20)),
      budget: memoryBudget, measure: measure)
    let lanes = (0..<laneCount).map { _ in
      MomentLane(columnCount: size, operandCount: wantsRowNorms ? blocks.operands.count : 0)
    }
    let job = MomentJob(
      blocks: blocks, lanes: lanes,
      scratch: ScratchStack(count: blocks.blockRows * size + size * size))
    if let workers {
      workers.run(job, blockCount: laneCount)
    } else {
      for lane in 0..<laneCount { job.run(block: lane) }
    }
    let total = lanes[0]
    for lane in lanes.dropFirst() { total.add(lane) }
    guard (0..<size).allSatisfy({ total.product[$0 * size + $0].isFinite }) else {
      try nonFiniteSum(blocks.operands, measure: measure)
    }
    let delta = total.sums.map { isCentered ? $0 / Double(n) : 0 }
    rowCount = n
    ranges = blocks.ranges
    means = zip(blocks.shift, delta).map { Double($0) + $1 }
    rowNorms = wantsRowNorms ? total.rowNorms(delta: delta, count: n, ranges: ranges) : nil
    product = total.centered(delta: delta, count: n)
    variationFloors = blocks.ranges.map { range in
      64 * Double(Scalar.ulpOfOne) * range.reduce(0) { $0 + total.product[$1 * size + $1] }
    }
  }
}

func noVariation(_ index: Int, of count: Int, measure: String) -> MeasureError {
  .undefined(
    measure: measure,
    reason: (count == 1 ? "the samples do" : "array \(index + 1) does")
      + " not vary: all rows are the same")
}

/// What one measure may hold in memory unless told otherwise, beside the arrays it is given: 1 GB.
public let defaultMemoryBudget = 1 << 30

/// Throws where more memory is needed than there is leave to use.
func requireMemory(_ needed: Int, budget: Int, measure: String) throws(MeasureError) {
  guard needed <= budget else {
    throw .outOfRange(
      measure: measure, what: "the memory needed, in bytes,", value: Double(needed),
      expected: "at most the budget of \(budget); raise it or take fewer columns")
  }
}

// MARK: - Lanes

/// The sums of one share of the rows. A class, because one thread after another writes to it in place.
private final class MomentLane: @unchecked Sendable {
  let size: Int
  let operandCount: Int
  /// Σ x̃x̃ᵀ, the upper triangle; empty before the first stretch of rows.
  var product: [Double] = []
  /// Σ x̃.
  var sums: [Double]
  /// Σ p_a p_b and Σ p_a of the squared norms of the shifted rows; Σ p_a x̃, operand after operand.
  var normProducts: [Double]
  var normSums: [Double]
  var weighted: [Double]

  init(columnCount: Int, operandCount: Int) {
    size = columnCount
    self.operandCount = operandCount
    sums = Array(repeating: 0, count: columnCount)
    normProducts = Array(repeating: 0, count: operandCount * operandCount)
    normSums = Array(repeating: 0, count: operandCount)
    weighted = Array(repeating: 0, count: operandCount * columnCount)
  }

  func add(_ other: MomentLane) {
    addUp(other.product, to: &product)
    addUp(other.sums, to: &sums)
    addUp(other.normProducts, to: &normProducts)
    addUp(other.normSums, to: &normSums)
    addUp(other.weighted, to: &weighted)
  }

  /// The whole product, less n δδᵀ.
  func centered(delta: [Double], count: Int) -> Matrix<Double> {
    Matrix(rowCount: size, columnCount: size) { result in
      for row in 0..<size {
        let factor = Double(count) * delta[row]
        for column in row..<size {
          let value = product[row * size + column] - factor * delta[column]
          result[row * size + column] = value
          result[column * size + row] = value
        }
      }
    }
  }

  /// From norms p of shifted rows to norms a = p − 2 x̃·δ + ‖δ‖² of centred ones, in the sums.
  func rowNorms(
    delta: [Double], count: Int, ranges: [Range<Int>]
  ) -> CenteredMoments.RowNorms {
    let n = Double(count)
    let square = ranges.map { $0.reduce(0) { $0 + delta[$1] * delta[$1] } }
    let sums = ranges.indices.map { normSums[$0] - n * square[$0] }
    var products = Matrix<Double>(rowCount: ranges.count, columnCount: ranges.count)
    for a in ranges.indices {
      for b in ranges.indices {
        var cross = 0.0
        for row in ranges[a] {
          for column in ranges[b] {
            let entry =
              row <= column ? product[row * size + column] : product[column * size + row]
            cross += delta[row] * entry * delta[column]
          }
        }
        let ab = ranges[b].reduce(0) { $0 + weighted[a * size + $1] * delta[$1] }
        let ba = ranges[a].reduce(0) { $0 + weighted[b * size + $1] * delta[$1] }
        products[a, b] =
          normProducts[a * ranges.count + b] - 2 * (ab + ba) + square[b] * normSums[a]
          + square[a] * normSums[b] + 4 * cross - 3 * n * square[a] * square[b]
      }
    }
    return CenteredMoments.RowNorms(sums: sums, products: products)
  }
}

private func addUp(_ terms: [Double], to sums: inout [Double]) {
  for index in terms.indices { sums[index] += terms[index] }
}

private struct MomentJob<Scalar: RealScalar>: BlockJob {
  let blocks: SampleBlocks<Scalar>
  let lanes: [MomentLane]
  /// For a block of rows and the product of a stretch of them.
  let scratch: ScratchStack<Scalar>

  /// Rows whose products are added up in the precision of the samples.
  private static var stretch: Int { 4096 }

  func run(block number: Int) {
    let lane = lanes[number]
    let size = blocks.columnCount
    let rows = Workers.range(ofBlock: number, of: lanes.count, count: blocks.rowCount)
    if size == 0 { return }
    let buffer = scratch.take()
    defer { scratch.give(buffer) }
    let partial = buffer + blocks.blockRows * size
    var inStretch = 0
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: blocks.blockRows) {
      let some = first..<min(first + blocks.blockRows, rows.upperBound)
      lane.sums.withUnsafeMutableBufferPointer {
        blocks.read(some, into: buffer, sums: $0.baseAddress!)
      }
      BLAS.symmetricProduct(
        buffer, leadingA: size, transposedA: true, into: partial, leadingC: size, size: size,
        inner: some.count, accumulate: inStretch == 0 ? 0 : 1, isUpperOnly: true)
      if lane.operandCount > 0 { addRowNorms(buffer, rowCount: some.count, to: lane) }
      inStretch += some.count
      if inStretch >= Self.stretch || some.upperBound == rows.upperBound {
        if lane.product.isEmpty {
          lane.product = doubles(partial, count: size * size)
        } else {
          addUpperTriangle(partial, to: &lane.product, size: size)
        }
        inStretch = 0
      }
    }
  }

  private func addRowNorms(
    _ block: UnsafePointer<Scalar>, rowCount: Int, to lane: MomentLane
  ) {
    let (size, count) = (blocks.columnCount, lane.operandCount)
    var norms = [Double](repeating: 0, count: count)
    for row in 0..<rowCount {
      let x = block + row * size
      for (index, range) in blocks.ranges.enumerated() {
        norms[index] = BLAS.dot(
          x + range.lowerBound, x + range.lowerBound, count: range.count)
      }
      for a in 0..<count {
        lane.normSums[a] += norms[a]
        for b in 0..<count { lane.normProducts[a * count + b] += norms[a] * norms[b] }
        lane.weighted.withUnsafeMutableBufferPointer {
          accumulate(norms[a], x, to: $0.baseAddress! + a * size, count: size)
        }
      }
    }
  }
}

private func doubles<S: RealScalar>(_ x: UnsafePointer<S>, count: Int) -> [Double] {
  Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
    convert(
      UnsafeBufferPointer(start: x, count: count),
      to: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
    initializedCount = count
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func addUpperTriangle<S: RealScalar>(
  _ partial: UnsafePointer<S>, to total: inout [Double], size: Int
) {
  total.withUnsafeMutableBufferPointer { total in
    for row in 0..<size {
      for index in row &* size &+ row..<(row &+ 1) &* size {
        total[index] += Double(partial[index])
      }
    }
  }
}

/// y += a x.
@specialized(where S == Float)
@specialized(where S == Double)
private func accumulate<S: RealScalar>(
  _ a: Double, _ x: UnsafePointer<S>, to y: UnsafeMutablePointer<Double>, count: Int
) {
  for index in 0..<count { y[index] += a * Double(x[index]) }
}
