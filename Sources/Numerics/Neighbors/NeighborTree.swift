/// A k-d tree of samples for neighbours in the maximum norm, max |x − y| over columns.
///
/// Each node halves its samples at the median of the column in which they spread widest, always to whole vectors of
/// sixteen, so that all leaves but the last are full. Searches screen samples in `Float`; whatever its rounding leaves
/// open is computed in `Double` from the samples as they came, so that results are those of ``NeighborScan``. The
/// tree depends on the samples alone, not on the number of threads.
package struct NeighborTree: Sendable {
  /// The number of samples.
  package let rowCount: Int
  /// The number of columns.
  package let columnCount: Int
  /// The largest difference of two samples in any column.
  package let diameter: Double
  let shape: NeighborTreeShape
  /// A power of two: points are (samples − middle) · scale.
  let scale: Double
  let paddedCount: Int
  /// `[n, columns]`: the samples in the order of the leaves, and the row of each.
  let values: [Double]
  let rows: [Int32]
  /// The same in `Float`, leaf after leaf `[padded columns, samples]`, filled up with infinity.
  let points: [Float]
  /// The boxes around nodes in `Float`: groups of sixteen nodes, `[padded columns, 2, 16]`, see ``NeighborTreeShape``.
  let boxes: [Float]

  /// - Parameter samples: finite, at least one, with at least one column.
  /// - Complexity: O(n (d + 1) log n) time, O(n d) memory.
  package init(_ samples: Matrix<Double>, workers: Workers?) {
    let (rowCount, columnCount) = (samples.rowCount, samples.columnCount)
    precondition(
      rowCount > 0 && columnCount > 0, "NeighborTree: [\(rowCount), \(columnCount)] samples")
    let shape = NeighborTreeShape(rowCount: rowCount)
    let frame = NeighborFrame(samples)
    var values = [Double](repeating: 0, count: rowCount * columnCount)
    var rows = [Int32](repeating: 0, count: rowCount)
    var points = [Float](repeating: .infinity, count: shape.placeCount * frame.paddedCount)
    var boxes = [Float](repeating: .infinity, count: shape.boxCount * 2 * frame.paddedCount)
    var items = (0..<Int32(rowCount)).map { NeighborTreeItem(key: 0, row: $0) }
    samples.values.withUnsafeBufferPointer { source in
      items.withUnsafeMutableBufferPointer { items in
        values.withUnsafeMutableBufferPointer { values in
          rows.withUnsafeMutableBufferPointer { rows in
            points.withUnsafeMutableBufferPointer { points in
              boxes.withUnsafeMutableBufferPointer { boxes in
                NeighborTreeBuilder(
                  shape: shape, frame: frame, source: source.baseAddress!,
                  items: items.baseAddress!, values: values.baseAddress!, rows: rows.baseAddress!,
                  points: points.baseAddress!, boxes: boxes.baseAddress!
                ).build(workers)
              }
            }
          }
        }
      }
    }
    (self.rowCount, self.columnCount, self.shape) = (rowCount, columnCount, shape)
    (scale, diameter, paddedCount) = (frame.scale, frame.diameter, frame.paddedCount)
    (self.values, self.rows, self.points, self.boxes) = (values, rows, points, boxes)
  }
}

/// How samples are shared out among the nodes: the same for all trees of as many samples.
///
/// Level `l` has the nodes after l halvings. Searches go down `fanBits` levels at a time and end at `depth`, so that boxes are
/// kept for the levels depth, depth − 4, … only; those of a node's descendants lie side by side in a group.
struct NeighborTreeShape: Sendable {
  static let fanBits = 4
  /// Nodes of a group, and samples of a vector.
  static let fan = 1 << fanBits
  static let leafCapacity = 2 * fan

  let rowCount: Int
  private let vectorCount: Int
  /// There are 2^`depth` leaves.
  let depth: Int

  init(rowCount: Int) {
    self.rowCount = rowCount
    vectorCount = (rowCount + Self.fan - 1) / Self.fan
    var depth = 0
    while (vectorCount + (1 << depth) - 1) >> depth > Self.leafCapacity / Self.fan { depth += 1 }
    self.depth = depth
  }

  var leafCount: Int { 1 << depth }
  var placeCount: Int { vectorCount * Self.fan }

  /// The place at which the samples of node `index` of a level begin.
  func start(level: Int, index: Int) -> Int { Self.fan * ((vectorCount * index) >> level) }

  /// The places of the samples of node `index` of a level.
  func range(level: Int, index: Int) -> Range<Int> {
    start(level: level, index: index)..<min(rowCount, start(level: level, index: index + 1))
  }

  /// The first level with boxes: it is one group.
  private var topLevel: Int { depth == 0 ? 0 : (depth - 1) % Self.fanBits + 1 }

  /// Which group holds the box of a node, and its place in it; nil where the level has none.
  func group(level: Int, index: Int) -> (group: Int, lane: Int)? {
    guard level >= topLevel, (level - topLevel) % Self.fanBits == 0 else { return nil }
    if level == topLevel { return (0, index) }
    let before = stride(from: topLevel, to: level - Self.fanBits, by: Self.fanBits)
      .reduce(1) { $0 + 1 << $1 }
    return (before + index / Self.fan, index % Self.fan)
  }

  /// The places of boxes, some of them empty.
  var boxCount: Int {
    let last = group(level: depth, index: leafCount - 1)?.group ?? 0
    return (last + 1) * Self.fan
  }
}

/// The middle and the extent of samples, and what makes numbers of magnitude 1 at most of them.
struct NeighborFrame {
  let columnCount: Int
  /// The columns of boxes and points: loops take four at once, and zeros change no distance.
  var paddedCount: Int { columnCount < 4 ? columnCount : (columnCount + 3) / 4 * 4 }
  let middle: [Double]
  let diameter: Double
  let scale: Double

  init(_ samples: Matrix<Double>) {
    let columnCount = samples.columnCount
    self.columnCount = columnCount
    var (lower, upper) = (Array(samples.row(0)), Array(samples.row(0)))
    samples.values.withUnsafeBufferPointer { values in
      for row in 0..<samples.rowCount {
        for column in 0..<columnCount {
          let value = values[row &* columnCount &+ column]
          lower[column] = value < lower[column] ? value : lower[column]
          upper[column] = value > upper[column] ? value : upper[column]
        }
      }
    }
    middle = zip(lower, upper).map { $0 / 2 + $1 / 2 }
    diameter = zip(lower, upper).reduce(0) { max($0, $1.1 - $1.0) }
    let exponent = diameter > 0 && diameter.isFinite ? Int(diameter.exponent) : 0
    scale = Double(sign: .plus, exponent: -min(1022, max(-1000, exponent)), significand: 1)
  }
}
