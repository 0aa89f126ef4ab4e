/// A sample and its element in the column that is looked at.
struct NeighborTreeItem {
  var key: Double
  var row: Int32
}

/// Builds a ``NeighborTree``: sorts samples into nodes, top down.
struct NeighborTreeBuilder: @unchecked Sendable {
  let shape: NeighborTreeShape
  let frame: NeighborFrame
  /// `[n, columns]`, row by row.
  let source: UnsafePointer<Double>
  /// All samples, in the order of the nodes as far as those are made.
  let items: UnsafeMutablePointer<NeighborTreeItem>
  // The parts of the tree.
  let values: UnsafeMutablePointer<Double>
  let rows: UnsafeMutablePointer<Int32>
  let points: UnsafeMutablePointer<Float>
  let boxes: UnsafeMutablePointer<Float>

  private var columnCount: Int { frame.columnCount }

  func build(_ workers: Workers?) {
    // The nodes of a level do not touch each other's samples; from the last of these on whole subtrees are made.
    let subtreeLevel = min(shape.depth, 4)
    for level in 0..<subtreeLevel {
      forEach(1 << level, workers) { index in
        withBox { split(level: level, index: index, $0) }
      }
    }
    forEach(1 << subtreeLevel, workers) { index in
      withBox { finish(level: subtreeLevel, index: index, $0) }
    }
  }

  private func forEach(_ count: Int, _ workers: Workers?, _ body: @Sendable (Int) -> Void) {
    guard let workers, count > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    workers.forEach(blockCount: count, body)
  }

  /// Memory for the lower and the upper ends of a box.
  private func withBox(_ body: (UnsafeMutablePointer<Double>) -> Void) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * columnCount) {
      body($0.baseAddress!)
    }
  }

  private func finish(level: Int, index: Int, _ box: UnsafeMutablePointer<Double>) {
    guard level < shape.depth else { return makeLeaf(index, box) }
    split(level: level, index: index, box)
    finish(level: level + 1, index: 2 * index, box)
    finish(level: level + 1, index: 2 * index + 1, box)
  }

  /// Puts the samples of the first child before those of the second.
  private func split(level: Int, index: Int, _ box: UnsafeMutablePointer<Double>) {
    let range = shape.range(level: level, index: index)
    measureBox(level, index, range, box)
    var (widest, extent) = (0, -1.0)
    for column in 0..<columnCount where box[columnCount + column] - box[column] > extent {
      (widest, extent) = (column, box[columnCount + column] - box[column])
    }
    for place in range { items[place].key = source[Int(items[place].row) &* columnCount &+ widest] }
    NeighborTreeSelection.partition(
      items, from: range.lowerBound, to: range.upperBound - 1,
      at: shape.start(level: level + 1, index: 2 * index + 1))
  }

  private func makeLeaf(_ leaf: Int, _ box: UnsafeMutablePointer<Double>) {
    let range = shape.range(level: shape.depth, index: leaf)
    measureBox(shape.depth, leaf, range, box)
    let stride = shape.start(level: shape.depth, index: leaf + 1) - range.lowerBound
    let block = points + range.lowerBound * frame.paddedCount
    for column in columnCount..<frame.paddedCount {
      (block + column * stride).update(repeating: 0, count: range.count)
    }
    for place in range {
      let row = items[place].row
      rows[place] = row
      for column in 0..<columnCount {
        let value = source[Int(row) &* columnCount &+ column]
        values[place &* columnCount &+ column] = value
        block[column &* stride &+ place &- range.lowerBound] = scaled(value, column)
      }
    }
  }

  private func scaled(_ value: Double, _ column: Int) -> Float {
    Float((value - frame.middle[column]) * frame.scale)
  }

  private func measureBox(
    _ level: Int, _ index: Int, _ range: Range<Int>, _ box: UnsafeMutablePointer<Double>
  ) {
    let (lower, upper) = (box, box + columnCount)
    lower.update(repeating: .infinity, count: columnCount)
    upper.update(repeating: -.infinity, count: columnCount)
    for place in range {
      let sample = source + Int(items[place].row) &* columnCount
      for column in 0..<columnCount {
        let value = sample[column]
        lower[column] = value < lower[column] ? value : lower[column]
        upper[column] = value > upper[column] ? value : upper[column]
      }
    }
    guard let (group, lane) = shape.group(level: level, index: index) else { return }
    let fan = NeighborTreeShape.fan
    for column in 0..<frame.paddedCount {
      let ends = boxes + (group * frame.paddedCount + column) * 2 * fan + lane
      let isPadding = column >= columnCount
      ends[0] = isPadding ? 0 : scaled(lower[column], column)
      ends[fan] = isPadding ? 0 : scaled(upper[column], column)
    }
  }
}

/// Selection of a rank without sorting all.
enum NeighborTreeSelection {
  /// Reorders `first ... last` so that no key before place `middle` is above one from there on.
  ///
  /// - Complexity: O(n) on average; where the pivots are poor the rest is sorted, O(n log n).
  /// - Source: Hoare's quickselect with the median of three.
  static func partition(
    _ items: UnsafeMutablePointer<NeighborTreeItem>, from first: Int, to last: Int, at middle: Int
  ) {
    var (low, high) = (first, last)
    var patience = 2 * (64 - max(1, last - first).leadingZeroBitCount)
    while high > low {
      if high - low < 16 || patience == 0 {
        var rest = UnsafeMutableBufferPointer(start: items + low, count: high - low + 1)
        return rest.sort { $0.key < $1.key }
      }
      patience -= 1
      let pivot = medianOfThree(
        items[low].key, items[low + (high - low) / 2].key, items[high].key)
      var (left, right) = (low, high)
      while left <= right {
        while items[left].key < pivot { left += 1 }
        while pivot < items[right].key { right -= 1 }
        if left <= right {
          (items[left], items[right]) = (items[right], items[left])
          left += 1
          right -= 1
        }
      }
      if middle <= right {
        high = right
      } else if middle >= left {
        low = left
      } else {
        return
      }
    }
  }

  private static func medianOfThree(_ a: Double, _ b: Double, _ c: Double) -> Double {
    max(min(a, b), min(max(a, b), c))
  }
}
