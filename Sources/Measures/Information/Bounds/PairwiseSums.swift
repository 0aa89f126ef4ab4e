/// For each sample and noise variance s²: Σ_j exp(−D²/8s²) and Σ_j exp(−D²/2s²) over all samples, and over those of its class.
struct PairwiseSums {
  /// Sums of both forms, `[variance][sample]`.
  struct Forms {
    var lower: [[Double]]
    var upper: [[Double]]
  }

  let rowCount: Int
  let all: Forms
  /// Over the samples of the class of each; empty without classes.
  let within: Forms

  /// - Parameter classes: a class for each row; nil leaves the sums within classes out.
  init(
    _ samples: Matrix<Double>, classes: LabeledRows?, noiseVariances: [Double], workers: Workers?
  ) {
    let count = samples.rowCount
    // Rows in the order of their classes: those of one class are neighbours in every tile.
    let order = classes.map { classes in
      (0..<count).sorted { (classes.classes[$0], $0) < (classes.classes[$1], $1) }
    }
    let sorted = order.map { samples.selectingRows($0) } ?? samples
    let sizes = classes?.counts ?? []
    var starts = [0]
    for size in sizes { starts.append(starts[starts.count - 1] + size) }
    let classOfRow = sizes.indices.flatMap { Array(repeating: $0, count: sizes[$0]) }
    let variants = noiseVariances.count
    // For each variance: lower, upper, lower within, upper within.
    var sums = [Double](repeating: 0, count: 4 * variants * count)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let base = sums.baseAddress else { return }
      let job = PairwiseJob(
        blocks: SampleBlocks<Double>([sorted]), starts: starts, classOfRow: classOfRow,
        noiseVariances: noiseVariances, sums: base)
      let tileCount = (count + pairTileRows - 1) / pairTileRows
      if let workers {
        workers.run(job, blockCount: tileCount)
      } else {
        for tile in 0..<tileCount { job.run(block: tile) }
      }
    }
    func part(_ number: Int) -> [[Double]] {
      (0..<variants).map { variant in
        let start = (4 * variant + number) * count
        guard let order else { return Array(sums[start..<start + count]) }
        var result = [Double](repeating: 0, count: count)
        for (place, row) in order.enumerated() { result[row] = sums[start + place] }
        return result
      }
    }
    rowCount = count
    all = Forms(lower: part(0), upper: part(1))
    within =
      classes == nil ? Forms(lower: [], upper: []) : Forms(lower: part(2), upper: part(3))
  }
}

private struct PairwiseJob: BlockJob {
  let blocks: SampleBlocks<Double>
  /// The first row of each class, and the number of rows.
  let starts: [Int]
  let classOfRow: [Int]
  let noiseVariances: [Double]
  let sums: UnsafeMutablePointer<Double>

  func run(block number: Int) {
    let count = blocks.rowCount
    let pairs = PairTiles(blocks, top: number)
    let rows = pairs.rows(of: number)
    var scaled = [Double](repeating: 0, count: pairTileRows)
    for left in 0..<(count + pairTileRows - 1) / pairTileRows {
      let columns = pairs.rows(of: left)
      let tile = pairs.squaredDistances(left: left)
      tile.values.withUnsafeBufferPointer { distances in
        scaled.withUnsafeMutableBufferPointer { scaled in
          guard let distances = distances.baseAddress, let scaled = scaled.baseAddress else {
            return
          }
          for (offset, row) in rows.enumerated() {
            let start = distances + offset * columns.count
            let own = ownColumns(row, columns)
            for (variant, variance) in noiseVariances.enumerated() {
              let target = sums + 4 * variant * count + row
              Exponentials.write(
                of: start, times: -0.125 / variance, to: scaled, count: columns.count)
              // exp(−D²/2s²) is the fourth power of exp(−D²/8s²).
              target[0] += sum(scaled, 0..<columns.count)
              target[2 * count] += sum(scaled, own)
              fourthPower(scaled, columns.count)
              target[count] += sum(scaled, 0..<columns.count)
              target[3 * count] += sum(scaled, own)
            }
          }
        }
      }
    }
  }

  /// The places among `columns` of rows of the class of `row`.
  private func ownColumns(_ row: Int, _ columns: Range<Int>) -> Range<Int> {
    guard !classOfRow.isEmpty else { return 0..<0 }
    let members = (starts[classOfRow[row]]..<starts[classOfRow[row] + 1]).clamped(to: columns)
    return members.lowerBound - columns.lowerBound..<members.upperBound - columns.lowerBound
  }

  private func sum(_ values: UnsafePointer<Double>, _ range: Range<Int>) -> Double {
    Exponentials.sum(values + range.lowerBound, count: range.count)
  }
}

private func fourthPower(_ values: UnsafeMutablePointer<Double>, _ count: Int) {
  for index in 0..<count {
    let square = values[index] * values[index]
    values[index] = square * square
  }
}
