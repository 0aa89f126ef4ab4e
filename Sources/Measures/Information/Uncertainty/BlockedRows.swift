/// Rows in blocks that stay together when they are shuffled or parted: one row each where samples are independent, longer
/// for series, whose neighbours in time depend on each other.
struct BlockedRows {
  let blocks: [Range<Int>]

  init(sampleCount: Int, blockLength: Int, measure: String) throws(MeasureError) {
    guard blockLength >= 1, blockLength <= max(1, sampleCount) else {
      throw .outOfRange(
        measure: measure, what: "the length of a block", value: Double(blockLength),
        expected: "1 to the \(sampleCount) samples")
    }
    blocks = stride(from: 0, to: sampleCount, by: blockLength).map {
      $0..<min($0 + blockLength, sampleCount)
    }
  }

  /// The rows of blocks in random order, as `count` lists of as nearly equally many blocks as can be.
  func parts(count: Int, key: RandomKey) -> [[Int]] {
    let order = key.permutation(of: blocks.count)
    return (0..<count).map { part in
      Workers.range(ofBlock: part, of: count, count: blocks.count).flatMap { blocks[order[$0]] }
    }
  }

  /// The rows of that many different blocks.
  func choice(_ blockCount: Int, key: RandomKey) -> [Int] {
    key.choice(blockCount, of: blocks.count).flatMap { Array(blocks[$0]) }
  }
}
