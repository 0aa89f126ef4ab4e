/// The distances from samples to their nearest neighbours, exactly, and who those are.
///
/// All pairs are looked at, tile by tile, through products of matrices. Their rounding could swap close
/// neighbours, so whatever comes within its bound of the k-th smallest is computed again as Σ (x − y)²
/// in `Double`.
struct NeighborDistances {
  /// `[queries, k]`: the distances from each, ascending, without that to itself.
  let values: Matrix<Double>
  /// Whose distances those are: rows of the samples, in the same order; of equal distances the lower
  /// row comes first.
  let indices: [Int]

  /// - Parameter queries: the samples whose neighbours are sought; all where nil.
  /// - Parameter references: the samples that may be neighbours; all where nil.
  init(
    of samples: any SampleMatrix, queries: Range<Int>? = nil, references: Range<Int>? = nil,
    neighborCount: Int, measure: String, workers: Workers?
  ) throws(MeasureError) {
    let all = 0..<samples.rowCount
    let (queries, references) = (queries ?? all, references ?? all)
    let needed = neighborCount + (queries.overlaps(references) ? 1 : 0)
    guard references.count >= needed else {
      throw .tooFewSamples(measure: measure, found: references.count, needed: needed)
    }
    let search = NeighborSearch(
      samples: samples, queries: queries, references: references, neighborCount: neighborCount)
    (values, indices) =
      try pairPrecision(of: samples, measure: measure) == .float
      ? search.run(SampleBlocks<Float>([samples]), workers)
      : search.run(SampleBlocks<Double>([samples]), workers)
  }
}

private struct NeighborSearch {
  let samples: any SampleMatrix
  let queries: Range<Int>
  let references: Range<Int>
  let neighborCount: Int

  func run<Scalar: RealScalar>(
    _ blocks: SampleBlocks<Scalar>, _ workers: Workers?
  ) -> (Matrix<Double>, [Int]) {
    let norms = (0..<tileCount(blocks.rowCount)).map { PairTiles(blocks, top: $0).topNorms }
    let firstTile = queries.lowerBound / pairTileRows
    var indices = [Int](repeating: 0, count: queries.count * neighborCount)
    let values = Matrix<Double>(
      rowCount: queries.count, columnCount: neighborCount
    ) { values in
      indices.withUnsafeMutableBufferPointer { indices in
        guard let values = values.baseAddress, let indices = indices.baseAddress else { return }
        let job = NeighborJob(
          search: self, blocks: blocks, firstTile: firstTile, norms: norms, values: values,
          indices: indices)
        let blockCount = tileCount(queries.upperBound) - firstTile
        if let workers {
          workers.run(job, blockCount: blockCount)
        } else {
          for block in 0..<blockCount { job.run(block: block) }
        }
      }
    }
    return (values, indices)
  }

  private func tileCount(_ rows: Int) -> Int { (rows + pairTileRows - 1) / pairTileRows }
}

private struct NeighborJob<Scalar: RealScalar>: BlockJob {
  let search: NeighborSearch
  let blocks: SampleBlocks<Scalar>
  /// The first tile with a query, and the norms of all.
  let firstTile: Int
  let norms: [[Double]]
  let values: UnsafeMutablePointer<Double>
  let indices: UnsafeMutablePointer<Int>

  // Reached through a protocol, where nothing else says which precision it is.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block number: Int) {
    let top = firstTile + number
    let neighborCount = search.neighborCount
    let pairs = PairTiles(blocks, top: top)
    let rows = pairs.rows(of: top)
    var lists = Array(
      repeating: CandidateList(neighborCount: neighborCount), count: rows.count)
    var places = [Int32](repeating: 0, count: pairTileRows)
    for left in norms.indices {
      let leftRows = pairs.rows(of: left)
      let some = leftRows.clamped(to: search.references)
      if some.isEmpty { continue }
      let largestNorm = norms[left].max() ?? 0
      pairs.squaredDistances(left: left).values.withUnsafeBufferPointer { tile in
        for row in 0..<rows.count where search.queries.contains(rows.lowerBound + row) {
          // |error| ≤ (d + 4) u (‖x‖² + ‖y‖²), with u half a unit in the last place of 1.
          let bound =
            Double(blocks.columnCount + 4) * Double(Scalar.ulpOfOne) / 2
            * (norms[top][row] + largestNorm)
          let first = row * leftRows.count + some.lowerBound - leftRows.lowerBound
          lists[row].add(
            UnsafeBufferPointer(rebasing: tile[first..<first + some.count]),
            firstIndex: some.lowerBound, except: rows.lowerBound + row, bound: bound,
            places: &places)
        }
      }
    }
    var (x, y) = (
      [Double](repeating: 0, count: blocks.columnCount),
      [Double](repeating: 0, count: blocks.columnCount)
    )
    for (row, query) in rows.enumerated() where search.queries.contains(query) {
      read(query, into: &x)
      let exact = lists[row].indices.map { index in
        read(index, into: &y)
        return (square: squaredDistance(x, y), index: index)
      }
      let first = (query - search.queries.lowerBound) * neighborCount
      for (rank, neighbor) in exact.sorted(by: <).prefix(neighborCount).enumerated() {
        values[first + rank] = neighbor.square.squareRoot()
        indices[first + rank] = neighbor.index
      }
    }
  }

  private func read(_ row: Int, into values: inout [Double]) {
    values.withUnsafeMutableBufferPointer {
      guard let first = $0.baseAddress else { return }
      search.samples.copy(
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
  /// The smallest that a squared distance can be, and whose it is.
  private var candidates: [(least: Double, index: Int)] = []
  /// The k smallest of the largest that the squared distances can be, ascending.
  private var nearest: [Double] = []
  private let neighborCount: Int
  /// The number of candidates at which those that have fallen behind are looked for.
  private var fullCount: Int

  init(neighborCount: Int) {
    self.neighborCount = neighborCount
    fullCount = 4 * neighborCount + 64
  }

  /// No neighbour's squared distance is above this.
  private var limit: Double {
    nearest.count == neighborCount ? nearest[neighborCount - 1] : .infinity
  }

  /// Whose distances may be among the k smallest.
  var indices: [Int] { candidates.filter { [limit] in $0.least <= limit }.map(\.index) }

  /// - Parameter places: room for as many numbers as there are distances.
  mutating func add<Scalar: RealScalar>(
    _ distances: UnsafeBufferPointer<Scalar>, firstIndex: Int, except own: Int, bound: Double,
    places: inout [Int32]
  ) {
    for place in 0..<findPlaces(in: distances, upTo: limit + bound, into: &places) {
      let offset = Int(places[place])
      let distance = Double(distances[offset])
      guard distance - bound <= limit, firstIndex + offset != own else { continue }
      candidates.append((distance - bound, firstIndex + offset))
      note(distance + bound)
      if candidates.count >= fullCount {
        candidates.removeAll { [limit] in $0.least > limit }
        fullCount = max(fullCount, 2 * candidates.count)
      }
    }
  }

  private mutating func note(_ most: Double) {
    guard most < limit else { return }
    if nearest.count == neighborCount { nearest.removeLast() }
    var (low, high) = (0, nearest.count)
    while low < high {
      let middle = (low + high) / 2
      if nearest[middle] < most { low = middle + 1 } else { high = middle }
    }
    nearest.insert(most, at: low)
  }
}

/// Writes where distances are at most `limit`, or hardly above it, into `places`, and returns how many there are.
@specialized(where S == Float)
@specialized(where S == Double)
private func findPlaces<S: RealScalar>(
  in distances: UnsafeBufferPointer<S>, upTo limit: Double, into places: inout [Int32]
) -> Int {
  let limit = S(limit).nextUp  // rounded down, it might leave a neighbour out
  return places.withUnsafeMutableBufferPointer { places in
    var (found, start) = (0, 0)
    while start < distances.count {
      let end = min(start &+ 32, distances.count)
      // Most runs have none, which a loop without branches says in a few vectors.
      var near: Int32 = 0
      for place in start..<end { near &+= distances[place] <= limit ? 1 : 0 }
      if near > 0 {
        for place in start..<end where distances[place] <= limit {
          places[found] = Int32(truncatingIfNeeded: place)
          found &+= 1
        }
      }
      start = end
    }
    return found
  }
}
