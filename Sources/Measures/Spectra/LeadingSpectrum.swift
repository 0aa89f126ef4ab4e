/// The largest singular values of an array, found in a random subspace.
public struct LeadingSpectrum: Sendable, Equatable, Codable {
  /// The largest singular values, descending, in the unit of the samples; none is above the true one
  /// but for rounding.
  public var values: [Double]
  /// Σσ² over all singular values, exactly: ‖A‖_F².
  public var squaredNorm: Double
  /// The number of rows.
  public var rowCount: Int
  /// Whether the column means were subtracted first.
  public var isCentered: Bool

  /// The share of Σσ² that the values hold: near 1, there is little besides them.
  public var heldFraction: Double {
    values.reduce(0) { $0 + $1 * $1 } / squaredNorm
  }

  /// ‖A‖_F²/‖A‖₂².
  public var stableRank: Double { squaredNorm / ((values.first ?? 1) * (values.first ?? 1)) }
}

/// The largest singular values of samples, by subspace iteration from a random start: for arrays with
/// so many features that no `[d, d]` matrix can be held.
///
/// Starting from a normal Ω `[d, l]` with l = count + oversampling, Z = Aᵀ(AΩ) is computed in one pass
/// over the rows and made orthonormal, as often as `passCount` says; the roots of the eigenvalues of
/// (AQ)ᵀ(AQ) are the answer. Each pass brings a value closer by the factor (σ_{l+1}/σ_k)⁴ in its
/// square.
///
/// - Shapes: `x` is `[n, d]`; `count` is at most min(n, d).
/// - Units: those of the samples.
/// - Parameter oversampling: further dimensions of the subspace, as far as the array has them; 10 are
///   usual.
/// - Parameter passCount: passes over the samples before the last, at least 1. Two are enough where the
///   spectrum falls off as those of representations do.
/// - Throws: `MeasureError.tooFewSamples`, `.nonFiniteInput`, `.outOfRange`, `.undefined` where all
///   values are 0.
/// - Complexity: O((passCount + 1) n d l) time, passCount + 1 passes over the samples; O(d l) memory.
///   Products in the precision of the samples, the rest in `Double`.
/// - Source: Halko, Martinsson & Tropp, SIAM Rev. 53, 217 (2011), Algorithm 4.4 on AᵀA.
public func leadingSpectrum(
  of x: some SampleMatrix, count: Int, oversampling: Int = 10, passCount: Int = 2,
  isCentered: Bool = true, memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil,
  key: RandomKey
) throws(MeasureError) -> LeadingSpectrum {
  let measure = "leadingSpectrum"
  try requireRows([x], atLeast: isCentered ? 2 : 1, measure: measure)
  let most = min(x.rowCount, x.columnCount)
  for (what, value, range) in [
    ("the number of values", count, 1...max(1, most)),
    ("the oversampling", oversampling, 0...1_000_000),
    ("the number of passes", passCount, 1...1000),
  ] where !range.contains(value) {
    throw .outOfRange(
      measure: measure, what: what, value: Double(value),
      expected: "\(range.lowerBound) to \(range.upperBound)")
  }
  let size = min(most, count + oversampling)
  try requireMemory(
    8 * x.columnCount * size * 12, budget: memoryBudget, measure: measure)
  return x.precision == .float
    ? try iterate(
      SampleBlocks<Float>([x], isShifted: isCentered), count, size, passCount, isCentered, workers,
      key)
    : try iterate(
      SampleBlocks<Double>([x], isShifted: isCentered), count, size, passCount, isCentered, workers,
      key)
}

private func iterate<Scalar: RealScalar>(
  _ blocks: SampleBlocks<Scalar>, _ count: Int, _ size: Int, _ passCount: Int, _ isCentered: Bool,
  _ workers: Workers?, _ key: RandomKey
) throws(MeasureError) -> LeadingSpectrum {
  let measure = "leadingSpectrum"
  let n = Double(blocks.rowCount)
  var basis: Matrix<Double> = key.normalMatrix(rowCount: blocks.columnCount, columnCount: size)
  var squaredNorm = 0.0
  for _ in 0..<passCount {
    let pass = SubspacePass(blocks, basis, wantsProjection: true, workers)
    guard pass.square.isFinite else { try nonFiniteSum(blocks.operands, measure: measure) }
    // Less n δ (δᵀΩ), for the means that the shift is off by.
    let delta = pass.sums.map { isCentered ? $0 / n : 0 }
    let overlap = basis.multiplied(by: delta, transposingSelf: true)
    var projection = pass.projection
    for row in delta.indices {
      for column in 0..<size { projection[row, column] -= n * delta[row] * overlap[column] }
    }
    squaredNorm = pass.square - n * delta.reduce(0) { $0 + $1 * $1 }
    guard squaredNorm > 64 * Double(Scalar.ulpOfOne) * pass.square else {
      throw isCentered
        ? noVariation(0, of: 1, measure: measure)
        : .undefined(measure: measure, reason: "all samples are 0")
    }
    do throws(NumericsError) {
      basis = try QRFactors(of: projection).orthogonal
    } catch {
      throw .numerics(measure: measure, error)
    }
  }
  let pass = SubspacePass(blocks, basis, wantsProjection: false, workers)
  let overlap = basis.multiplied(
    by: pass.sums.map { isCentered ? $0 / n : 0 }, transposingSelf: true)
  var gram = pass.gram
  for row in 0..<size {
    for column in 0..<size { gram[row, column] -= n * overlap[row] * overlap[column] }
  }
  return LeadingSpectrum(
    values: Array(try rootsOfEigenvalues(gram, measure: measure).prefix(count)),
    squaredNorm: squaredNorm, rowCount: blocks.rowCount, isCentered: isCentered)
}

// MARK: - One pass over the samples

/// What one pass adds up, for x̃ the rows less the shift and Q the basis.
private struct SubspacePass {
  /// Σ x̃ (x̃ᵀQ), `[d, l]`; empty where not asked for.
  private(set) var projection: Matrix<Double>
  /// Σ (Qᵀx̃)(Qᵀx̃)ᵀ, `[l, l]`; empty where the projection was asked for.
  private(set) var gram: Matrix<Double>
  /// Σ x̃.
  private(set) var sums: [Double]
  /// Σ ‖x̃‖².
  private(set) var square: Double

  init<Scalar: RealScalar>(
    _ blocks: SampleBlocks<Scalar>, _ basis: Matrix<Double>, wantsProjection: Bool,
    _ workers: Workers?
  ) {
    let (d, l) = (basis.rowCount, basis.columnCount)
    let lanes = (0..<max(1, min(8, blocks.rowCount / 2048))).map { _ in
      SubspaceLane(columnCount: d, size: l, wantsProjection: wantsProjection)
    }
    let job = SubspaceJob(blocks: blocks, basis: Matrix<Scalar>(basis), lanes: lanes)
    if let workers {
      workers.run(job, blockCount: lanes.count)
    } else {
      for lane in lanes.indices { job.run(block: lane) }
    }
    var total = lanes[0].values
    sums = lanes[0].sums
    square = lanes.reduce(0) { $0 + $1.square }
    for lane in lanes.dropFirst() {
      for index in total.indices { total[index] += lane.values[index] }
      for index in sums.indices { sums[index] += lane.sums[index] }
    }
    let empty = Matrix<Double>(rowCount: 0, columnCount: 0)
    let result = Matrix(values: total, rowCount: wantsProjection ? d : l, columnCount: l)
    (projection, gram) = wantsProjection ? (result, empty) : (empty, result)
  }
}

private final class SubspaceLane: @unchecked Sendable {
  let wantsProjection: Bool
  var values: [Double]
  var sums: [Double]
  var square = 0.0

  init(columnCount: Int, size: Int, wantsProjection: Bool) {
    self.wantsProjection = wantsProjection
    values = Array(repeating: 0, count: (wantsProjection ? columnCount : size) * size)
    sums = Array(repeating: 0, count: columnCount)
  }
}

private struct SubspaceJob<Scalar: RealScalar>: BlockJob {
  let blocks: SampleBlocks<Scalar>
  let basis: Matrix<Scalar>
  let lanes: [SubspaceLane]

  func run(block number: Int) {
    let lane = lanes[number]
    let d = blocks.columnCount
    let rows = Workers.range(ofBlock: number, of: lanes.count, count: blocks.rowCount)
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: blocks.blockRows) {
      let some = first..<min(first + blocks.blockRows, rows.upperBound)
      let block = Matrix<Scalar>(rowCount: some.count, columnCount: d) { buffer in
        lane.sums.withUnsafeMutableBufferPointer {
          if let start = buffer.baseAddress {
            blocks.read(some, into: start, sums: $0.baseAddress!)
          }
        }
      }
      lane.square += dot(block.values, block.values)
      let projected = block.multiplied(by: basis)
      let term =
        lane.wantsProjection
        ? Matrix<Double>(block.multiplied(by: projected, transposingSelf: true))
        : Matrix<Double>(projected).columnGram
      term.values.withUnsafeBufferPointer { term in
        lane.values.withUnsafeMutableBufferPointer { sums in
          for index in term.indices { sums[index] += term[index] }
        }
      }
    }
  }
}
