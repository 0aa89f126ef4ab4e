import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct NeighborTreeTests {
  /// Samples of several kinds: smooth, rounded, with far ones among them, and many equal.
  static func samples(_ kind: String, _ rowCount: Int, _ columnCount: Int) -> Matrix<Double> {
    let key = RandomKey(seed: 3).fork(kind).fork(rowCount).fork(columnCount)
    let normal: Matrix<Double> = key.normalMatrix(rowCount: rowCount, columnCount: columnCount)
    return switch kind {
    case "rounded": normal.map { ($0 * 3).rounded() }
    case "far": normal.map { $0 * $0 * $0 * $0 * $0 }
    case "equal": normal.map { $0 < 0.8 ? 0 : 1 }
    default: normal
    }
  }

  @Test(
    .tags(.oracle), arguments: ["smooth", "rounded", "far", "equal"],
    [(2, 1), (9, 3), (33, 2), (130, 1), (161, 4), (90, 20)])
  func treeEqualsScan(kind: String, shape: (Int, Int)) {
    let (rowCount, columnCount) = shape
    let samples = Self.samples(kind, rowCount, columnCount)
    let (tree, scan) = (NeighborTree(samples, workers: nil), NeighborScan(samples))
    for k in [1, 7] where k < rowCount {
      let (fast, plain) = (tree.nearest(k, workers: nil), scan.nearest(k))
      #expect(fast.distances == plain.distances)
      #expect(fast.neighbors == plain.neighbors)
      // Radii that some samples lie exactly on.
      let radii = (0..<rowCount).map { plain.distance($0, k) }
      for isStrict in [true, false] {
        #expect(
          tree.neighborCounts(within: radii, isStrict: isStrict, workers: nil)
            == scan.neighborCounts(within: radii, isStrict: isStrict))
      }
    }
    // Radii that hold whole nodes, or nothing.
    for radius in [0, 2, 1e9] {
      let radii = (0..<rowCount).map { $0 % 5 == 0 ? radius / 3 : radius }
      for isStrict in [true, false] {
        #expect(
          tree.neighborCounts(within: radii, isStrict: isStrict, workers: nil)
            == scan.neighborCounts(within: radii, isStrict: isStrict))
      }
    }
  }

  @Test(.tags(.resume)) func threadsChangeNothing() {
    let samples = Self.samples("smooth", 1100, 3)
    let workers = Workers(threadCount: 3)
    let (one, three) = (
      NeighborTree(samples, workers: nil), NeighborTree(samples, workers: workers)
    )
    let (alone, shared) = (one.nearest(5, workers: nil), three.nearest(5, workers: workers))
    #expect(alone.distances == shared.distances && alone.neighbors == shared.neighbors)
    let radii = (0..<1100).map { alone.distance($0, 5) }
    #expect(
      one.neighborCounts(within: radii, isStrict: true, workers: nil)
        == three.neighborCounts(within: radii, isStrict: true, workers: workers))
  }

  @Test(.tags(.law)) func leavesAreFullButTheLast() {
    for rowCount in [1, 7, 8, 9, 32, 33, 64, 65, 1000, 4097] {
      let shape = NeighborTreeShape(rowCount: rowCount)
      let ranges = (0..<shape.leafCount).map { shape.range(level: shape.depth, index: $0) }
      #expect(ranges.map(\.count).reduce(0, +) == rowCount)
      #expect(ranges.dropLast().allSatisfy { $0.count % 8 == 0 && !$0.isEmpty && $0.count <= 32 })
      #expect(ranges.last.map { !$0.isEmpty && $0.count <= 32 } == true)
    }
  }

  @Test(.tags(.oracle), arguments: 0..<3)
  func selectionPutsRanksInPlace(kind: Int) {
    let keys: [Double] =
      switch kind {
      case 0: RandomKey(seed: 1).uniform(count: 501, in: 0..<1)
      case 1: (0..<501).map { Double($0 % 7) }
      default: (0..<501).map { Double($0 < 250 ? $0 : 501 - $0) }
      }
    for middle in [0, 1, 250, 499, 500] {
      var items = keys.enumerated().map { NeighborTreeItem(key: $1, row: Int32($0)) }
      items.withUnsafeMutableBufferPointer {
        NeighborTreeSelection.partition($0.baseAddress!, from: 0, to: 500, at: middle)
      }
      let pivot = keys.sorted()[middle]
      #expect(items[middle].key == pivot)
      #expect(items[..<middle].allSatisfy { $0.key <= pivot })
      #expect(items[middle...].allSatisfy { $0.key >= pivot })
      #expect(Set(items.map(\.row)).count == 501)
    }
  }
}
