/// A k-d tree of samples in the maximum norm, whose leaves are blocks that vectorised loops look at whole.
///
/// Each node halves its samples at the median of the column in which they spread widest, always to whole vectors of
/// eight, so that all leaves but the last are full. Nodes lie in the order of a heap: those below node i are 2i + 1 and
/// 2i + 2. The tree depends on the samples alone, not on the number of threads.
struct NeighborTree: Sendable {
  let rowCount: Int
  let columnCount: Int
  /// There are 2^`depth` leaves.
  let depth: Int
  /// The samples in the order of the leaves, each leaf `[columns, samples]` filled up with infinity.
  private let points: [Double]
  /// Of each place in that order, the row of the sample.
  private let rows: [Int32]
  /// Of each node the least and the largest element of every column of its samples.
  private let boxes: [Double]

  /// - Parameter samples: finite, at least one.
  /// - Complexity: O(n (d + 1) log n) time, O(n d) memory.
  init(_ samples: Matrix<Double>, workers: Workers?) {
    let shape = NeighborTreeShape(rowCount: samples.rowCount)
    (rowCount, columnCount) = (samples.rowCount, samples.columnCount)
    depth = shape.depth
    var points = [Double](repeating: .infinity, count: shape.placeCount * samples.columnCount)
    var rows = [Int32](repeating: -1, count: shape.placeCount)
    var boxes = [Double](repeating: 0, count: 2 * shape.nodeCount * samples.columnCount)
    var items = (0..<Int32(rowCount)).map { NeighborTreeItem(key: 0, row: $0) }
    samples.values.withUnsafeBufferPointer { values in
      items.withUnsafeMutableBufferPointer { items in
        points.withUnsafeMutableBufferPointer { points in
          rows.withUnsafeMutableBufferPointer { rows in
            boxes.withUnsafeMutableBufferPointer { boxes in
              guard let values = values.baseAddress, let items = items.baseAddress,
                let points = points.baseAddress, let rows = rows.baseAddress,
                let boxes = boxes.baseAddress
              else { return }
              NeighborTreeBuilder(
                shape: shape, columnCount: samples.columnCount, values: values, items: items,
                points: points, rows: rows, boxes: boxes
              ).build(workers)
            }
          }
        }
      }
    }
    (self.points, self.rows, self.boxes) = (points, rows, boxes)
  }

  /// The largest difference of two samples in any column.
  var diameter: Double {
    (0..<columnCount).reduce(0) { max($0, boxes[columnCount + $1] - boxes[$1]) }
  }

  /// Calls `body` with the memory of the tree.
  func withView<Result>(_ body: (NeighborTreeView) -> Result) -> Result {
    points.withUnsafeBufferPointer { points in
      rows.withUnsafeBufferPointer { rows in
        boxes.withUnsafeBufferPointer { boxes in
          // Trees have at least one sample; one without columns is refused before.
          body(
            NeighborTreeView(
              shape: NeighborTreeShape(rowCount: rowCount), columnCount: columnCount,
              points: points.baseAddress!, rows: rows.baseAddress!, boxes: boxes.baseAddress!))
        }
      }
    }
  }
}

/// How many samples go to each node: the same for all trees of as many samples.
struct NeighborTreeShape: Sendable {
  let rowCount: Int
  /// Vectors of samples.
  private let unitCount: Int
  let depth: Int

  init(rowCount: Int) {
    self.rowCount = rowCount
    let alignment = NeighborBlock.alignment
    unitCount = (rowCount + alignment - 1) / alignment
    let unitsOfLeaf = NeighborBlock.capacity / alignment
    var depth = 0
    while (unitCount + (1 << depth) - 1) >> depth > unitsOfLeaf { depth += 1 }
    self.depth = depth
  }

  var leafCount: Int { 1 << depth }
  var nodeCount: Int { 2 * leafCount - 1 }
  /// The number of the first leaf among the nodes.
  var firstLeaf: Int { leafCount - 1 }
  var placeCount: Int { unitCount * NeighborBlock.alignment }

  /// The place at which the samples of node `index` of a level begin.
  func start(level: Int, index: Int) -> Int {
    NeighborBlock.alignment * ((unitCount * index) >> level)
  }

  /// The places of the samples of node `index` of a level.
  func range(level: Int, index: Int) -> Range<Int> {
    start(level: level, index: index)..<min(rowCount, start(level: level, index: index + 1))
  }
}

/// The memory of a tree, for searches.
struct NeighborTreeView: @unchecked Sendable {
  let shape: NeighborTreeShape
  let columnCount: Int
  let points: UnsafePointer<Double>
  let rows: UnsafePointer<Int32>
  let boxes: UnsafePointer<Double>

  func lower(_ node: Int) -> UnsafePointer<Double> { boxes + 2 * node * columnCount }
  func upper(_ node: Int) -> UnsafePointer<Double> { boxes + (2 * node + 1) * columnCount }

  /// The rows of a leaf.
  func rows(ofLeaf leaf: Int) -> UnsafeBufferPointer<Int32> {
    let range = shape.range(level: shape.depth, index: leaf)
    return UnsafeBufferPointer(start: rows + range.lowerBound, count: range.count)
  }

  func block(_ leaf: Int) -> NeighborBlock {
    let start = shape.start(level: shape.depth, index: leaf)
    let end = shape.start(level: shape.depth, index: leaf + 1)
    let node = shape.firstLeaf + leaf
    return NeighborBlock(
      points: points + start * columnCount, stride: end - start, lower: lower(node),
      upper: upper(node), rows: rows + start, count: min(end, shape.rowCount) - start)
  }

  /// No sample of one node is closer to one of the other: of this tree, or another with the same columns.
  func leastDistance(_ node: Int, _ lower: UnsafePointer<Double>, _ upper: UnsafePointer<Double>)
    -> Double
  {
    let (ownLower, ownUpper) = (self.lower(node), self.upper(node))
    var least = 0.0
    for column in 0..<columnCount {
      let above = ownLower[column] - upper[column]
      let below = lower[column] - ownUpper[column]
      let gap = above > below ? above : below
      least = gap > least ? gap : least
    }
    return least
  }

  /// No sample of one node is farther from one of the other.
  func largestDistance(_ node: Int, _ lower: UnsafePointer<Double>, _ upper: UnsafePointer<Double>)
    -> Double
  {
    let (ownLower, ownUpper) = (self.lower(node), self.upper(node))
    var largest = 0.0
    for column in 0..<columnCount {
      let above = ownUpper[column] - lower[column]
      let below = upper[column] - ownLower[column]
      let extent = above > below ? above : below
      largest = extent > largest ? extent : largest
    }
    return largest
  }
}
