/// The distances from every sample to its nearest neighbours, exactly.
///
/// All pairs are looked at, tile by tile, through products of matrices. Their rounding could swap close
/// neighbours, so whatever comes within its bound of the k-th smallest is computed again as Σ (x − y)²
/// in `Double`.
struct NeighborDistances {
  /// `[n, k]`: the distances from sample i, ascending, without that to itself.
  let values: Matrix<Double>

  init(
    of samples: any SampleMatrix, neighborCount: Int, measure: String, workers: Workers?
  ) throws(MeasureError) {
    try requireRows([samples], atLeast: neighborCount + 1, measure: measure)
    values =
      try pairPrecision(of: samples, measure: measure) == .float
      ? neighborDistances(SampleBlocks<Float>([samples]), samples, neighborCount, workers)
      : neighborDistances(SampleBlocks<Double>([samples]), samples, neighborCount, workers)
  }
}

private func neighborDistances<Scalar: RealScalar>(
  _ blocks: SampleBlocks<Scalar>, _ samples: any SampleMatrix, _ neighborCount: Int,
  _ workers: Workers?
) -> Matrix<Double> {
  let count = blocks.rowCount
  let norms = (0..<(count + pairTileRows - 1) / pairTileRows).map { tile in
    PairTiles(blocks, top: tile).topNorms
  }
  return Matrix(rowCount: count, columnCount: neighborCount) { result in
    let job = NeighborJob(
      blocks: blocks, samples: samples, neighborCount: neighborCount, norms: norms,
      result: result.baseAddress!)
    if let workers {
      workers.run(job, blockCount: norms.count)
    } else {
      for tile in norms.indices { job.run(block: tile) }
    }
  }
}

private struct NeighborJob<Scalar: RealScalar>: BlockJob {
  let blocks: SampleBlocks<Scalar>
  let samples: any SampleMatrix
  let neighborCount: Int
  let norms: [[Double]]
  let result: UnsafeMutablePointer<Double>

  func run(block top: Int) {
    let pairs = PairTiles(blocks, top: top)
    let rows = pairs.rows(of: top)
    var lists = Array(
      repeating: CandidateList(neighborCount: neighborCount), count: rows.count)
    for left in norms.indices {
      let tile = pairs.squaredDistances(left: left)
      let leftRows = pairs.rows(of: left)
      let largestNorm = norms[left].max() ?? 0
      for row in 0..<rows.count {
        // |error| ≤ (d + 4) u (‖x‖² + ‖y‖²), with u half a unit in the last place of 1.
        let bound =
          Double(blocks.columnCount + 4) * Double(Scalar.ulpOfOne) / 2
          * (norms[top][row] + largestNorm)
        lists[row].add(
          tile.row(row), firstIndex: leftRows.lowerBound, except: rows.lowerBound + row,
          bound: bound)
      }
    }
    var (x, y) = (
      [Double](repeating: 0, count: blocks.columnCount),
      [Double](repeating: 0, count: blocks.columnCount)
    )
    for row in 0..<rows.count {
      read(rows.lowerBound + row, into: &x)
      let exact = lists[row].candidates.map { candidate in
        read(candidate.index, into: &y)
        return squaredDistance(x, y)
      }
      for (rank, square) in exact.sorted().prefix(neighborCount).enumerated() {
        result[(rows.lowerBound + row) * neighborCount + rank] = square.squareRoot()
      }
    }
  }

  private func read(_ row: Int, into values: inout [Double]) {
    values.withUnsafeMutableBufferPointer {
      guard let first = $0.baseAddress else { return }
      samples.copy(
        rows: row..<row + 1, columns: 0..<$0.count, to: first, stride: $0.count)
    }
  }
}

private func squaredDistance(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0.0
  for index in x.indices { sum += (x[index] - y[index]) * (x[index] - y[index]) }
  return sum
}

/// The samples that may be among the nearest of one, given distances that are known up to a bound.
private struct CandidateList {
  /// A squared distance, the largest that it can be, and whose it is.
  var candidates: [(least: Double, most: Double, index: Int)] = []
  let neighborCount: Int
  /// No neighbour's squared distance is above this.
  private var limit = Double.infinity

  init(neighborCount: Int) { self.neighborCount = neighborCount }

  mutating func add<Scalar: RealScalar>(
    _ distances: ArraySlice<Scalar>, firstIndex: Int, except own: Int, bound: Double
  ) {
    distances.withUnsafeBufferPointer { distances in
      for offset in distances.indices {
        let distance = Double(distances[offset])
        guard distance - bound <= limit, firstIndex + offset != own else { continue }
        candidates.append((distance - bound, distance + bound, firstIndex + offset))
        if candidates.count >= 4 * neighborCount + 64 { prune() }
      }
    }
    prune()
  }

  private mutating func prune() {
    guard candidates.count > neighborCount else { return }
    limit = candidates.map(\.most).sorted()[neighborCount - 1]
    candidates.removeAll { $0.least > limit }
  }
}
