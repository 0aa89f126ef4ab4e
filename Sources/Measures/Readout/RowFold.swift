/// Goes over all rows of samples once, block by block, in `Double`.
///
/// The rows are shared out among lanes by their number alone, and each lane has a result of its own; so a
/// sum over lanes in order has the same bits with any number of threads.
///
/// - Parameter laneSize: how many numbers a lane holds; lanes are fewer where that is much.
/// - Parameter initial: what a lane starts with.
/// - Parameter body: takes the numbers of the rows of a block and their elements less the shift, row after
///   row; may overwrite those.
/// - Returns: what each lane has come to, in the order of its rows.
func foldRows<Partial>(
  of blocks: SampleBlocks<Double>, workers: Workers?, laneSize: Int = 0, from initial: Partial,
  _ body: (inout Partial, Range<Int>, UnsafeMutablePointer<Double>) -> Void
) -> [Partial] {
  let laneCount = max(1, min(16, blocks.rowCount / 512, (1 << 24) / max(1, laneSize)))
  var results = [Partial](repeating: initial, count: laneCount)
  withoutActuallyEscaping(body) { body in
    results.withUnsafeMutableBufferPointer { results in
      let job = RowFoldJob(
        blocks: blocks, laneCount: laneCount, results: results.baseAddress!, body: body)
      if let workers {
        workers.run(job, blockCount: laneCount)
      } else {
        for lane in 0..<laneCount { job.run(block: lane) }
      }
    }
  }
  return results
}

private struct RowFoldJob<Partial>: BlockJob {
  let blocks: SampleBlocks<Double>
  let laneCount: Int
  let results: UnsafeMutablePointer<Partial>
  let body: (inout Partial, Range<Int>, UnsafeMutablePointer<Double>) -> Void

  func run(block lane: Int) {
    let rows = Workers.range(ofBlock: lane, of: laneCount, count: blocks.rowCount)
    let buffer = UnsafeMutablePointer<Double>.allocate(
      capacity: max(1, blocks.blockRows * blocks.columnCount))
    defer { buffer.deallocate() }
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: blocks.blockRows) {
      let some = first..<min(first + blocks.blockRows, rows.upperBound)
      blocks.read(some, into: buffer)
      body(&results[lane], some, buffer)
    }
  }
}

extension SampleBlocks<Double> {
  /// The rows as they are, or less a shift close to their mean.
  init(_ samples: some SampleMatrix, isShifted: Bool) {
    self.init([samples as any SampleMatrix], isShifted: isShifted)
  }
}
