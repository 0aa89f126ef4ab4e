/// What two or more kernels on the same n samples are compared by: sums over all pairs of samples,
/// added up tile by tile, so that no kernel is ever held whole.
struct KernelSums {
  /// n.
  let count: Int
  /// Σ_ij K_a(i, j) K_b(i, j) of each pair of kernels.
  private(set) var products: Matrix<Double>
  /// Σ_j K_a(i, j) for every i, kernel after kernel.
  private(set) var rowSums: [[Double]]
  /// K_a(i, i) for every i, kernel after kernel.
  private(set) var diagonals: [[Double]]

  /// The statistic that alignment is made of, up to a factor that depends on n alone: tr(K_c L_c) with
  /// K_c = HKH and H = 1 − 11ᵀ/n; or n (n − 3) times the unbiased estimator.
  ///
  /// - Source: Gretton et al., ALT 2005; Song et al., JMLR 13, 1393 (2012), Eq. 5.
  func independence(_ a: Int, _ b: Int, _ estimator: AlignmentEstimator) -> Double {
    let n = Double(count)
    switch estimator {
    case .biased:
      let cross = dot(rowSums[a], rowSums[b])
      let totals = rowSums[a].reduce(0, +) * rowSums[b].reduce(0, +)
      return products[a, b] - 2 / n * cross + totals / (n * n)
    case .debiased:
      let rowsA = zip(rowSums[a], diagonals[a]).map { $0 - $1 }
      let rowsB = zip(rowSums[b], diagonals[b]).map { $0 - $1 }
      return debiasedIndependence(
        product: products[a, b] - dot(diagonals[a], diagonals[b]),
        totals: rowsA.reduce(0, +) * rowsB.reduce(0, +), cross: dot(rowsA, rowsB), count: n)
    }
  }
}

/// tr(K̃L̃) + 1ᵀK̃1 1ᵀL̃1 / ((n − 1)(n − 2)) − 2/(n − 2) 1ᵀK̃L̃1, for kernels with zeros on the
/// diagonal.
func debiasedIndependence(
  product: Double, totals: Double, cross: Double, count n: Double
) -> Double {
  product + totals / ((n - 1) * (n - 2)) - 2 / (n - 2) * cross
}

// MARK: - From samples

extension KernelSums {
  /// The sums for one kernel on each operand.
  ///
  /// - Parameter bandwidths: σ of a Gaussian kernel exp(−‖x − y‖²/2σ²) for each operand; nil for the
  ///   linear kernel of the samples less a shift, which no centred statistic notices.
  init(
    of operands: [any SampleMatrix], bandwidths: [Double]?, measure: String, minimumRows: Int,
    workers: Workers?
  ) throws(MeasureError) {
    try requireRows(operands, atLeast: minimumRows, measure: measure)
    let tiles =
      areFloat(operands)
      ? Self.lanes(operands.map { SampleBlocks<Float>([$0]) }, bandwidths, workers)
      : Self.lanes(operands.map { SampleBlocks<Double>([$0]) }, bandwidths, workers)
    count = operands[0].rowCount
    products = tiles[0].products
    rowSums = tiles[0].rowSums
    diagonals = tiles[0].diagonals
    for lane in tiles.dropFirst() {
      for a in operands.indices {
        for b in operands.indices { products[a, b] += lane.products[a, b] }
        for row in 0..<count {
          rowSums[a][row] += lane.rowSums[a][row]
          diagonals[a][row] += lane.diagonals[a][row]
        }
      }
    }
    guard diagonals.allSatisfy({ $0.allSatisfy(\.isFinite) }),
      products.values.allSatisfy(\.isFinite)
    else { try nonFiniteSum(operands, measure: measure) }
  }

  private static func lanes<Scalar: RealScalar>(
    _ blocks: [SampleBlocks<Scalar>], _ bandwidths: [Double]?, _ workers: Workers?
  ) -> [KernelSumsLane] {
    let tileRows = pairTileRows
    let tileCount = (blocks[0].rowCount + tileRows - 1) / tileRows
    let lanes = (0..<min(8, tileCount)).map { _ in
      KernelSumsLane(operandCount: blocks.count, rowCount: blocks[0].rowCount)
    }
    let job = KernelSumsJob(
      blocks: blocks, bandwidths: bandwidths, tileCount: tileCount, lanes: lanes)
    if let workers {
      workers.run(job, blockCount: lanes.count)
    } else {
      for lane in lanes.indices { job.run(block: lane) }
    }
    return lanes
  }
}

/// Rows and columns of a tile of pairs.
let pairTileRows = 256

private final class KernelSumsLane: @unchecked Sendable {
  var products: Matrix<Double>
  var rowSums: [[Double]]
  var diagonals: [[Double]]

  init(operandCount: Int, rowCount: Int) {
    products = Matrix(rowCount: operandCount, columnCount: operandCount)
    let zeros = [Double](repeating: 0, count: rowCount)
    rowSums = Array(repeating: zeros, count: operandCount)
    diagonals = rowSums
  }
}

private struct KernelSumsJob<Scalar: RealScalar>: BlockJob {
  let blocks: [SampleBlocks<Scalar>]
  let bandwidths: [Double]?
  let tileCount: Int
  let lanes: [KernelSumsLane]

  func run(block number: Int) {
    // Rows of tiles in turn, because those further down have fewer tiles.
    for top in stride(from: number, to: tileCount, by: lanes.count) {
      let pairs = blocks.map { PairTiles($0, top: top) }
      for left in top..<tileCount {
        let tiles = zip(pairs, blocks.indices).map { pairs, index in
          bandwidths.map { pairs.gaussian(left: left, bandwidth: $0[index]) }
            ?? pairs.products(left: left)
        }
        add(tiles, rows: pairs[0].rows(of: top), columns: pairs[0].rows(of: left))
      }
    }

    func add(_ tiles: [Matrix<Scalar>], rows: Range<Int>, columns: Range<Int>) {
      let lane = lanes[number]
      let weight = rows == columns ? 1.0 : 2
      for a in tiles.indices {
        for b in a..<tiles.count {
          let sum = weight * dot(tiles[a].values, tiles[b].values)
          lane.products[a, b] += sum
          if a != b { lane.products[b, a] += sum }
        }
        addSums(
          tiles[a], rows: rows.lowerBound, columns: rows == columns ? nil : columns.lowerBound,
          to: &lane.rowSums[a])
        if rows == columns {
          for (index, value) in tiles[a].diagonal.enumerated() {
            lane.diagonals[a][rows.lowerBound + index] = Double(value)
          }
        }
      }
    }
  }
}

/// Adds the sums of the rows of a tile and, because the whole is symmetric, those of its columns.
@specialized(where S == Float)
@specialized(where S == Double)
private func addSums<S: RealScalar>(
  _ tile: Matrix<S>, rows: Int, columns: Int?, to sums: inout [Double]
) {
  let width = tile.columnCount
  tile.values.withUnsafeBufferPointer { values in
    for row in 0..<tile.rowCount {
      var sum = 0.0
      for column in 0..<width { sum += Double(values[row &* width &+ column]) }
      sums[rows + row] += sum
      if let columns {
        for column in 0..<width {
          sums[columns &+ column] += Double(values[row &* width &+ column])
        }
      }
    }
  }
}
