/// A sample and its element in the column that is looked at.
struct NeighborTreeItem {
  var key: Double
  var row: Int32
}

/// Builds a ``NeighborTree``: sorts samples into nodes, top down.
struct NeighborTreeBuilder: @unchecked Sendable {
  let shape: NeighborTreeShape
  let columnCount: Int
  /// `[n, columns]`, row by row.
  let values: UnsafePointer<Double>
  /// All samples, in the order of the nodes as far as those are made.
  let items: UnsafeMutablePointer<NeighborTreeItem>
  let points: UnsafeMutablePointer<Double>
  let rows: UnsafeMutablePointer<Int32>
  let boxes: UnsafeMutablePointer<Double>

  func build(_ workers: Workers?) {
    // The nodes of a level do not touch each other's samples; from here on whole subtrees are made.
    let subtreeLevel = min(shape.depth, 4)
    for level in 0..<subtreeLevel {
      forEach(1 << level, workers) { split(level: level, index: $0) }
    }
    forEach(1 << subtreeLevel, workers) { finish(level: subtreeLevel, index: $0) }
  }

  private func forEach(_ count: Int, _ workers: Workers?, _ body: @Sendable (Int) -> Void) {
    guard let workers, count > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    workers.forEach(blockCount: count, body)
  }

  private func finish(level: Int, index: Int) {
    guard level < shape.depth else { return makeLeaf(index) }
    split(level: level, index: index)
    finish(level: level + 1, index: 2 * index)
    finish(level: level + 1, index: 2 * index + 1)
  }

  /// Puts the samples of the first child before those of the second.
  private func split(level: Int, index: Int) {
    let range = shape.range(level: level, index: index)
    let node = (1 << level) - 1 + index
    measureBox(node, range)
    let (lower, upper) = (boxes + 2 * node * columnCount, boxes + (2 * node + 1) * columnCount)
    var widest = 0
    for column in 1..<max(1, columnCount)
    where upper[column] - lower[column] > upper[widest] - lower[widest] {
      widest = column
    }
    let middle = shape.start(level: level + 1, index: 2 * index + 1)
    guard middle < range.upperBound else { return }
    for place in range { items[place].key = values[Int(items[place].row) * columnCount + widest] }
    NeighborTreeSelection.partition(
      items, from: range.lowerBound, to: range.upperBound - 1, at: middle)
  }

  private func makeLeaf(_ leaf: Int) {
    let range = shape.range(level: shape.depth, index: leaf)
    measureBox(shape.firstLeaf + leaf, range)
    let end = shape.start(level: shape.depth, index: leaf + 1)
    let stride = end - range.lowerBound
    let block = points + range.lowerBound * columnCount
    for (offset, place) in range.enumerated() {
      let row = Int(items[place].row)
      rows[place] = Int32(row)
      for column in 0..<columnCount {
        block[column * stride + offset] = values[row * columnCount + column]
      }
    }
  }

  private func measureBox(_ node: Int, _ range: Range<Int>) {
    let (lower, upper) = (boxes + 2 * node * columnCount, boxes + (2 * node + 1) * columnCount)
    let first = values + Int(items[range.lowerBound].row) * columnCount
    for column in 0..<columnCount {
      (lower[column], upper[column]) = (first[column], first[column])
    }
    for place in range.dropFirst() {
      let sample = values + Int(items[place].row) * columnCount
      for column in 0..<columnCount {
        let value = sample[column]
        lower[column] = value < lower[column] ? value : lower[column]
        upper[column] = value > upper[column] ? value : upper[column]
      }
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
