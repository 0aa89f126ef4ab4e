/// The plain search: the distances of all pairs of samples, and a look at each. ``NeighborTree`` gives the same, faster.
package struct NeighborScan {
  package let rowCount: Int
  /// `[n, n]`: the maximum norm of the difference of two rows.
  package let distances: [Double]

  /// - Complexity: O(n² d) time, O(n²) memory.
  package init(_ samples: Matrix<Double>) {
    let rows = (0..<samples.rowCount).map { Array(samples.row($0)) }
    rowCount = samples.rowCount
    var distances = [Double]()
    distances.reserveCapacity(rowCount * rowCount)
    for first in rows {
      for second in rows {
        var largest = 0.0
        for column in 0..<first.count {
          largest = max(largest, abs(first[column] - second[column]))
        }
        distances.append(largest)
      }
    }
    self.distances = distances
  }

  /// The distances to all others, by row.
  private func others(of row: Int) -> [(Double, Int32)] {
    (0..<rowCount).filter { $0 != row }.map { (distances[row * rowCount + $0], Int32($0)) }
  }

  /// - Complexity: O(n² log n) time.
  package func nearest(_ neighborCount: Int) -> NearestNeighbors {
    let nearest = (0..<rowCount).flatMap { others(of: $0).sorted(by: <).prefix(neighborCount) }
    return NearestNeighbors(
      neighborCount: neighborCount, distances: nearest.map(\.0), neighbors: nearest.map(\.1))
  }

  /// - Complexity: O(n²) time.
  package func neighborCounts(within radii: [Double], isStrict: Bool) -> [Int32] {
    (0..<rowCount).map { row in
      let radius = radii[row]
      return Int32(others(of: row).count { isStrict ? $0.0 < radius : $0.0 <= radius })
    }
  }
}
