import GrokKernels

/// The nearest neighbours of every sample among the others.
package struct NearestNeighbors: Sendable, Equatable {
  /// How many neighbours each sample has here.
  package let neighborCount: Int
  /// `[n, k]`: the distances, ascending.
  package let distances: [Double]
  /// `[n, k]`: whose distances those are; of equal distances the lower row comes first.
  package let neighbors: [Int32]

  /// The distance from a row to its neighbour `rank`, counted from 1.
  package func distance(_ row: Int, _ rank: Int) -> Double {
    distances[row * neighborCount + rank - 1]
  }
}

extension NeighborTree {
  /// The `neighborCount` nearest of every sample, below the number of samples.
  ///
  /// - Complexity: O(n log n) time in few dimensions, O(n² d) in many; O(n k) memory.
  package func nearest(_ neighborCount: Int, workers: Workers?) -> NearestNeighbors {
    nearest(neighborCount, workers: workers, kernels: Double.kernels.pointee)
  }

  /// How many other samples lie within a radius around each.
  ///
  /// Nodes that lie inside a radius are counted without a look at their samples.
  ///
  /// - Parameter radii: one for each row, finite, not negative.
  /// - Parameter isStrict: whether a sample exactly as far as the radius is left out.
  /// - Complexity: O(n log n) time for radii that hold few samples, in few dimensions; O(n² d) in many; O(n) memory.
  package func neighborCounts(
    within radii: [Double], isStrict: Bool, workers: Workers?
  ) -> [Int32] {
    neighborCounts(
      within: radii, isStrict: isStrict, workers: workers, kernels: Double.kernels.pointee)
  }

  func nearest(
    _ neighborCount: Int, workers: Workers?, kernels: gk_kernels
  ) -> NearestNeighbors {
    precondition(
      neighborCount >= 1 && neighborCount < rowCount,
      "nearest: \(neighborCount) neighbours among \(rowCount) samples")
    var distances = [Double](repeating: 0, count: rowCount * neighborCount)
    var neighbors = [Int32](repeating: 0, count: rowCount * neighborCount)
    distances.withUnsafeMutableBufferPointer { distances in
      neighbors.withUnsafeMutableBufferPointer { neighbors in
        nonisolated(unsafe) let (distances, neighbors) = (
          distances.baseAddress!, neighbors.baseAddress!
        )
        forLeaves(workers) { tree, leaves in
          kernels.nearest_neighbors(
            tree, neighborCount, leaves.lowerBound, leaves.upperBound, distances, neighbors)
        }
      }
    }
    return NearestNeighbors(
      neighborCount: neighborCount, distances: distances, neighbors: neighbors)
  }

  func neighborCounts(
    within radii: [Double], isStrict: Bool, workers: Workers?, kernels: gk_kernels
  ) -> [Int32] {
    precondition(
      radii.count == rowCount, "neighborCounts: \(radii.count) radii for \(rowCount) samples")
    var counts = [Int32](repeating: 0, count: rowCount)
    radii.withUnsafeBufferPointer { radii in
      counts.withUnsafeMutableBufferPointer { counts in
        nonisolated(unsafe) let (radii, counts) = (radii.baseAddress!, counts.baseAddress!)
        forLeaves(workers) { tree, leaves in
          kernels.count_neighbors(
            tree, radii, isStrict, leaves.lowerBound, leaves.upperBound, counts)
        }
      }
    }
    return counts
  }

  /// Calls `body` with the memory of the tree and ranges of leaves, which are the same for any number of threads.
  private func forLeaves(
    _ workers: Workers?,
    _ body: @Sendable (UnsafePointer<gk_neighbor_tree>, Range<Int>) -> Void
  ) {
    values.withUnsafeBufferPointer { values in
      rows.withUnsafeBufferPointer { rows in
        points.withUnsafeBufferPointer { points in
          boxes.withUnsafeBufferPointer { boxes in
            let tree = gk_neighbor_tree(
              columns: columnCount, padded: paddedCount, samples: rowCount,
              depth: Int32(shape.depth), scale: scale,
              values: values.baseAddress!, rows: rows.baseAddress!, points: points.baseAddress!,
              boxes: boxes.baseAddress!)
            withUnsafePointer(to: tree) { tree in
              nonisolated(unsafe) let tree = tree
              guard let workers else { return body(tree, 0..<shape.leafCount) }
              let blockCount = min(shape.leafCount, 256)
              workers.forEach(blockCount: blockCount) { block in
                body(
                  tree, Workers.range(ofBlock: block, of: blockCount, count: shape.leafCount))
              }
            }
          }
        }
      }
    }
  }
}
