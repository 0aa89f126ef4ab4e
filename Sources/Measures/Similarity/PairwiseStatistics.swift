internal import Foundation

/// Distances and angles between pairs of samples.
public struct PairwiseStatistics: Sendable, Equatable, Codable {
  /// The mean of ‖x_i − x_j‖, in the unit of the samples.
  public var distance: Estimate
  /// The mean of ‖x_i − x_j‖², in that unit squared: twice the total variance.
  public var squaredDistance: Estimate
  /// The mean of the angle between x_i and x_j about the origin, in radians, 0...π.
  public var angle: Estimate
}

/// The mean distance and angle over all pairs of different samples.
///
/// - Shapes: `x` is `[n, d]`.
/// - Units: as its parts say. Standard errors are those of U-statistics to first order, 2 s/√n with s
///   the deviation over samples of a sample's mean over its pairs.
/// - Throws: `MeasureError.tooFewSamples` (3), `.nonFiniteInput`, `.undefined` where a sample is 0 and
///   makes no angle.
/// - Complexity: O(n² d) time, tile by tile, with n numbers of memory a lane; for n beyond some ten
///   thousand sample pairs instead.
/// - Source: Hoeffding, Ann. Math. Stat. 19, 293 (1948), for the error.
public func pairwiseStatistics(
  of x: some SampleMatrix, workers: Workers? = nil
) throws(MeasureError) -> PairwiseStatistics {
  let measure = "pairwiseStatistics"
  try requireRows([x], atLeast: 3, measure: measure)
  let sums =
    try pairPrecision(of: x, measure: measure) == .float
    ? pairSums(SampleBlocks<Float>([x], isShifted: false), workers)
    : pairSums(SampleBlocks<Double>([x], isShifted: false), workers)
  if let index = sums.firstIndexOfZero {
    throw .undefined(measure: measure, reason: "sample \(index) is 0 and makes no angle")
  }
  func estimate(_ rowSums: [Double]) throws(MeasureError) -> Estimate {
    let means = try Estimate(
      meanOf: rowSums.map { $0 / Double(rowSums.count - 1) }, measure: measure)
    return Estimate(
      value: means.value, standardError: 2 * means.standardError,
      sampleCount: rowSums.count * (rowSums.count - 1) / 2)
  }
  return PairwiseStatistics(
    distance: try estimate(sums.distances), squaredDistance: try estimate(sums.squares),
    angle: try estimate(sums.angles))
}

/// The mean distance and angle over random pairs of different samples, for arrays with too many for all
/// pairs.
///
/// - Shapes, Units: as `pairwiseStatistics(of:)`; standard errors are those of the mean over
///   independent pairs.
/// - Parameter pairCount: how many pairs are drawn, independently, at least 2.
/// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.outOfRange`, `.undefined` where a
///   drawn sample is 0 and makes no angle.
/// - Complexity: O(pairCount d) time; a file is read at 2 pairCount places. All in `Double`.
public func pairwiseStatistics(
  of x: some SampleMatrix, pairCount: Int, key: RandomKey
) throws(MeasureError) -> PairwiseStatistics {
  let measure = "pairwiseStatistics"
  try requireRows([x], atLeast: 2, measure: measure)
  guard pairCount >= 2 else {
    throw .outOfRange(
      measure: measure, what: "the number of pairs", value: Double(pairCount),
      expected: "at least 2")
  }
  let d = x.columnCount
  var pair = Matrix<Double>(rowCount: 2, columnCount: d)
  var (distances, squares, angles) = ([Double](), [Double](), [Double]())
  for index in 0..<pairCount {
    let first = key.integer(at: 2 * index, in: 0..<x.rowCount)
    let other = key.integer(at: 2 * index + 1, in: 0..<x.rowCount - 1)
    let rows = [first, other < first ? other : other + 1]
    pair.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      for (position, row) in rows.enumerated() {
        x.copy(
          rows: row..<row + 1, columns: 0..<d, to: start + position * d, stride: d)
      }
    }
    if let element = pair.values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(
        measure: measure, array: "the samples", index: rows[element / d] * d + element % d)
    }
    var (square, product, normX, normY) = (0.0, 0.0, 0.0, 0.0)
    for column in 0..<d {
      let (a, b) = (pair[0, column], pair[1, column])
      square += (a - b) * (a - b)
      product += a * b
      normX += a * a
      normY += b * b
    }
    guard normX > 0, normY > 0 else {
      throw .undefined(
        measure: measure, reason: "sample \(normX > 0 ? rows[1] : rows[0]) is 0 and makes no angle")
    }
    squares.append(square)
    distances.append(square.squareRoot())
    angles.append(acos(max(-1, min(1, product / (normX.squareRoot() * normY.squareRoot())))))
  }
  return PairwiseStatistics(
    distance: try Estimate(meanOf: distances, measure: measure),
    squaredDistance: try Estimate(meanOf: squares, measure: measure),
    angle: try Estimate(meanOf: angles, measure: measure))
}

// MARK: - All pairs

/// Sums over the pairs of each sample.
private struct PairSums {
  var distances: [Double]
  var squares: [Double]
  var angles: [Double]
  var firstIndexOfZero: Int?
}

private func pairSums<Scalar: RealScalar>(
  _ blocks: SampleBlocks<Scalar>, _ workers: Workers?
) -> PairSums {
  let count = blocks.rowCount
  let tileCount = (count + pairTileRows - 1) / pairTileRows
  let norms = (0..<tileCount).map { PairTiles(blocks, top: $0).topNorms }
  var sums = [Double](repeating: 0, count: 3 * count)
  sums.withUnsafeMutableBufferPointer { sums in
    let job = PairSumsJob(blocks: blocks, norms: norms, sums: sums.baseAddress!)
    if let workers {
      workers.run(job, blockCount: tileCount)
    } else {
      for tile in 0..<tileCount { job.run(block: tile) }
    }
  }
  return PairSums(
    distances: Array(sums[..<count]), squares: Array(sums[count..<2 * count]),
    angles: Array(sums[(2 * count)...]),
    firstIndexOfZero: norms.joined().enumerated().first {
      $0.element == 0
    }?.offset)
}

private struct PairSumsJob<Scalar: RealScalar>: BlockJob {
  let blocks: SampleBlocks<Scalar>
  let norms: [[Double]]
  /// Distances, squares and angles, `[3, n]`.
  let sums: UnsafeMutablePointer<Double>

  /// Each row of tiles writes to its own samples, so every pair is computed twice.
  func run(block top: Int) {
    let count = blocks.rowCount
    let pairs = PairTiles(blocks, top: top)
    for left in norms.indices {
      let tile = pairs.products(left: left)
      let leftRows = pairs.rows(of: left)
      for (row, i) in pairs.rows(of: top).enumerated() {
        for (column, j) in leftRows.enumerated() where i != j {
          let (a, b) = (norms[top][row], norms[left][column])
          let product = Double(tile[row, column])
          let square = max(0, a + b - 2 * product)
          sums[i] += square.squareRoot()
          sums[count + i] += square
          if a > 0, b > 0 {
            sums[2 * count + i] += acos(
              max(-1, min(1, product / (a.squareRoot() * b.squareRoot()))))
          }
        }
      }
    }
  }
}
