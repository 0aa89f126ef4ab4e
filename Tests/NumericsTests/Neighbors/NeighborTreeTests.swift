import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct NeighborTreeTests {
  private static let levels = KernelCase.all.filter { $0.scalar == Double.self }

  @Test(
    .tags(.oracle), arguments: RandomSamples.allCases,
    [(2, 1), (9, 3), (33, 2), (150, 1), (301, 4), (90, 20)])
  func treeEqualsScan(kind: RandomSamples, shape: (Int, Int)) {
    let (rowCount, columnCount) = shape
    let samples = kind.matrix(rowCount, columnCount)
    let (tree, scan) = (NeighborTree(samples, workers: nil), NeighborScan(samples))
    for k in [1, 7] where k < rowCount {
      let plain = scan.nearest(k)
      for level in Self.levels {
        #expect(tree.nearest(k, workers: nil, kernels: level.table) == plain)
      }
      // Radii that some samples lie exactly on.
      expectCounts(tree, scan, (0..<rowCount).map { plain.distance($0, k) })
    }
    // Radii that hold whole nodes, or nothing.
    for radius in [0, 2, 1e9] {
      expectCounts(tree, scan, (0..<rowCount).map { $0 % 5 == 0 ? radius / 3 : radius })
    }
  }

  private func expectCounts(_ tree: NeighborTree, _ scan: NeighborScan, _ radii: [Double]) {
    for isStrict in [true, false] {
      let plain = scan.neighborCounts(within: radii, isStrict: isStrict)
      for level in Self.levels {
        let counts = tree.neighborCounts(
          within: radii, isStrict: isStrict, workers: nil, kernels: level.table)
        #expect(counts == plain)
      }
    }
  }

  /// Five levels of groups would need 2²⁰ samples; these have three.
  @Test(.tags(.oracle), arguments: [4_000, 9_000]) func deepTreesEqualScans(rowCount: Int) {
    let values: [Double] = RandomKey(seed: 5).normal(count: rowCount)
    let samples = Matrix(values: values, rowCount: rowCount, columnCount: 1)
    let nearest = NeighborTree(samples, workers: nil).nearest(2, workers: nil)
    // In one dimension the two nearest are among the four next in order.
    let order = (0..<rowCount).sorted { values[$0] < values[$1] }
    for (place, row) in order.enumerated() {
      let near = (max(0, place - 2)...min(rowCount - 1, place + 2)).filter { $0 != place }
        .map { abs(values[order[$0]] - values[row]) }.sorted()
      #expect(nearest.distance(row, 1) == near[0] && nearest.distance(row, 2) == near[1])
    }
  }

  @Test(.tags(.law), arguments: [0x1p-1070, 0x1p-500, 0x1p1021])
  func extremeScalesChangeNothing(scale: Double) {
    let samples = RandomSamples.smooth.matrix(100, 2).map { ($0 * 1024).rounded() / 1024 }
    let tree = NeighborTree(samples, workers: nil).nearest(3, workers: nil)
    // Whole multiples of the scale lose nothing, even where numbers have few digits.
    let scaled = samples.map { scale < 0x1p-1000 ? $0 * 1024 * scale : $0 / 4 * scale }
    #expect(NeighborTree(scaled, workers: nil).nearest(3, workers: nil).neighbors == tree.neighbors)
  }

  @Test(.tags(.resume)) func threadsChangeNothing() {
    let samples = RandomSamples.smooth.matrix(1100, 3)
    let workers = Workers(threadCount: 3)
    let (one, three) = (
      NeighborTree(samples, workers: nil), NeighborTree(samples, workers: workers)
    )
    let (alone, shared) = (one.nearest(5, workers: nil), three.nearest(5, workers: workers))
    #expect(alone == shared)
    let radii = (0..<1100).map { alone.distance($0, 5) }
    #expect(
      one.neighborCounts(within: radii, isStrict: true, workers: nil)
        == three.neighborCounts(within: radii, isStrict: true, workers: workers))
  }

  @Test(.tags(.law)) func leavesAreFullButTheLast() {
    for rowCount in [1, 15, 16, 17, 32, 33, 64, 65, 1000, 4097] {
      let shape = NeighborTreeShape(rowCount: rowCount)
      let ranges = (0..<shape.leafCount).map { shape.range(level: shape.depth, index: $0) }
      #expect(ranges.map(\.count).reduce(0, +) == rowCount)
      #expect(ranges.dropLast().allSatisfy { $0.count % 16 == 0 && !$0.isEmpty && $0.count <= 32 })
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
