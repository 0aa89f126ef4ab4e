import GrokKernels

/// Samples that a neighbour search looks at together, and the vectorised loops between two such blocks.
///
/// Distances are max |x − y| over columns in `Double`; their rounding is monotone, so that a distance to the box of a
/// block is never above the distance to a sample in it.
package struct NeighborBlock {
  /// The most samples of a block.
  package static let capacity = Int(GK_BLOCK_SAMPLES)
  /// Blocks are stored with room for a multiple of so many samples.
  package static let alignment = 8

  private let block: gk_sample_block

  /// - Parameter points: `[columns, stride]`, infinite in places without a sample.
  /// - Parameter stride: `count` rounded up to a multiple of ``alignment``.
  /// - Parameter lower: the least element of each column; `upper`: the largest.
  /// - Parameter rows: the numbers that the samples are known by.
  package init(
    points: UnsafePointer<Double>, stride: Int, lower: UnsafePointer<Double>,
    upper: UnsafePointer<Double>, rows: UnsafePointer<Int32>, count: Int
  ) {
    block = gk_sample_block(
      points: points, lower: lower, upper: upper, rows: rows, count: count, stride: stride)
  }

  /// Adds to `counts` how many samples of another block lie closer to each than its radius, or as far as it where not
  /// strict.
  ///
  /// - Parameter radii: `[stride]`, negative in places without a sample.
  @inline(__always)
  package func count(
    in other: NeighborBlock, columnCount: Int, radii: UnsafePointer<Double>, isStrict: Bool,
    counts: UnsafeMutablePointer<Int32>
  ) {
    withUnsafePointer(to: block) { queries in
      withUnsafePointer(to: other.block) { others in
        Double.kernels.pointee.count_neighbors(
          queries, others, columnCount, radii, isStrict, counts)
      }
    }
  }

  /// Takes the samples of another block into the k nearest so far of each, without the sample itself.
  ///
  /// - Parameter nearest: `[count, k]` distances, ascending; of equal ones the lower row first.
  /// - Parameter neighbors: `[count, k]`, whose distances those are.
  /// - Parameter reach: `[stride]`, the last distance of each, negative in places without a sample.
  /// - Returns: the largest of `reach`.
  @inline(__always)
  package func takeNearest(
    of other: NeighborBlock, columnCount: Int, k: Int, nearest: UnsafeMutablePointer<Double>,
    neighbors: UnsafeMutablePointer<Int32>, reach: UnsafeMutablePointer<Double>
  ) -> Double {
    withUnsafePointer(to: block) { queries in
      withUnsafePointer(to: other.block) { others in
        Double.kernels.pointee.nearest_neighbors(
          queries, others, columnCount, k, nearest, neighbors, reach)
      }
    }
  }
}
