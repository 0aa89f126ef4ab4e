internal import Foundation

/// One row of tiles of a symmetric matrix over pairs of samples: products, squared distances, kernels.
///
/// Products are computed in the precision of the samples, of rows less a shift close to their mean.
final class PairTiles<Scalar: RealScalar> {
  private let blocks: SampleBlocks<Scalar>
  private let topRows: Range<Int>
  private let top: Matrix<Scalar>
  let topNorms: [Double]

  /// - Precondition: `blocks` has one operand.
  init(_ blocks: SampleBlocks<Scalar>, top tile: Int) {
    self.blocks = blocks
    topRows = Self.rows(of: tile, rowCount: blocks.rowCount)
    top = Self.read(topRows, blocks)
    topNorms = squaredNorms(top)
  }

  /// The samples of a tile.
  func rows(of tile: Int) -> Range<Int> { Self.rows(of: tile, rowCount: blocks.rowCount) }

  /// x_i · x_j for the rows i of this row of tiles and j of tile `left`.
  func products(left tile: Int) -> Matrix<Scalar> {
    let left = rows(of: tile)
    return products(with: left == topRows ? top : Self.read(left, blocks))
  }

  private func products(with left: Matrix<Scalar>) -> Matrix<Scalar> {
    Matrix(rowCount: top.rowCount, columnCount: left.rowCount) { result in
      top.values.withUnsafeBufferPointer { a in
        left.values.withUnsafeBufferPointer { b in
          guard let c = result.baseAddress else { return }
          // Samples without features have no memory; the result's serves as an address not read.
          BLAS.multiplyByTransposed(
            a.baseAddress ?? UnsafePointer(c), b.baseAddress ?? UnsafePointer(c), into: c,
            rows: top.rowCount, columns: left.rowCount, inner: top.columnCount)
        }
      }
    }
  }

  /// ‖x_i − x_j‖², exactly 0 where i = j, never negative.
  func squaredDistances(left tile: Int) -> Matrix<Scalar> {
    let leftRows = rows(of: tile)
    let left = leftRows == topRows ? top : Self.read(leftRows, blocks)
    var tile = products(with: left)
    turnIntoDistances(&tile, topNorms, leftRows == topRows ? topNorms : squaredNorms(left))
    if leftRows == topRows { for index in 0..<tile.rowCount { tile[index, index] = 0 } }
    return tile
  }

  /// exp(−‖x_i − x_j‖²/2σ²).
  func gaussian(left tile: Int, bandwidth: Double) -> Matrix<Scalar> {
    let scale = -0.5 / (bandwidth * bandwidth)
    return squaredDistances(left: tile).map { Scalar(exp(scale * Double($0))) }
  }

  private static func rows(of tile: Int, rowCount: Int) -> Range<Int> {
    tile * pairTileRows..<min(rowCount, (tile + 1) * pairTileRows)
  }

  private static func read(_ rows: Range<Int>, _ blocks: SampleBlocks<Scalar>) -> Matrix<Scalar> {
    Matrix(rowCount: rows.count, columnCount: blocks.columnCount) { buffer in
      if let first = buffer.baseAddress { blocks.read(rows, into: first) }
    }
  }
}

/// Whether the squared distances of all pairs of samples fit `Float`, or need `Double`.
///
/// - Throws: `MeasureError.nonFiniteInput`, and `.undefined` where not even `Double` will do.
func pairPrecision(
  of samples: any SampleMatrix, measure: String
) throws(MeasureError) -> Precision {
  try requireFinite([samples], measure: measure)
  let blocks = SampleBlocks<Double>([samples])
  var largest = 0.0
  for tile in 0..<(samples.rowCount + pairTileRows - 1) / pairTileRows {
    largest = PairTiles(blocks, top: tile).topNorms.reduce(largest) { max($0, $1) }
  }
  guard 4 * largest < .greatestFiniteMagnitude else {
    throw .undefined(
      measure: measure, reason: "squared distances are too large; scale the samples down")
  }
  return samples.precision == .float && 4 * largest < Double(Float.greatestFiniteMagnitude)
    ? .float : .double
}

/// ‖x‖² of every row, in `Double`.
func squaredNorms<Scalar: RealScalar>(_ matrix: Matrix<Scalar>) -> [Double] {
  let width = matrix.columnCount
  return matrix.values.withUnsafeBufferPointer { values in
    (0..<matrix.rowCount).map { row in
      guard let first = values.baseAddress else { return 0 }
      return BLAS.dot(first + row * width, first + row * width, count: width)
    }
  }
}

/// Replaces products x·y by ‖x‖² + ‖y‖² − 2 x·y, not below 0.
@specialized(where S == Float)
@specialized(where S == Double)
private func turnIntoDistances<S: RealScalar>(
  _ tile: inout Matrix<S>, _ rowNorms: [Double], _ columnNorms: [Double]
) {
  let width = tile.columnCount
  tile.withUnsafeMutableBufferPointer { values in
    for row in rowNorms.indices {
      for column in 0..<width {
        let index = row &* width &+ column
        // Written so that not-a-number stays.
        let distance = rowNorms[row] + columnNorms[column] - 2 * Double(values[index])
        values[index] = distance < 0 ? 0 : S(distance)
      }
    }
  }
}
