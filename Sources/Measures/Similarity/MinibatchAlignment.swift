/// Linear or Gaussian centred kernel alignment from batches of samples, each seen once.
///
/// Σ_b HSIC₁(K_b, L_b) / √(Σ_b HSIC₁(K_b, K_b) Σ_b HSIC₁(L_b, L_b)) over batches b of consecutive rows,
/// with HSIC₁ the unbiased estimator: neither numerator nor denominator depends on the batch size, but
/// for noise. A rest of fewer rows than a batch makes a batch of its own if it has at least 4, and else
/// is not used.
///
/// - Shapes: as `centeredKernelAlignment(of:with:)`. Rows in an order that says nothing of their
///   content: shuffle them first.
/// - Units: none. The standard error is the jackknife's over batches.
/// - Parameter batchSize: rows of a batch, at least 4. Memory and time grow with it; 256 to 1,024 are
///   usual.
/// - Throws: as `centeredKernelAlignment(of:with:)`, with two batches needed.
/// - Complexity: O(n batchSize (d + e)) time.
/// - Source: Nguyen, Raghu & Kornblith, ICLR 2021, Eq. 2–4.
/// - Differs from: the paper, which goes over the samples several times in random batches; once over is
///   unbiased already, and its error known.
public func minibatchKernelAlignment(
  of x: some SampleMatrix, with y: some SampleMatrix, kernel: AlignmentKernel = .linear,
  batchSize: Int, workers: Workers? = nil
) throws(MeasureError) -> Estimate {
  let measure = "minibatchKernelAlignment"
  try requireRows([x, y], atLeast: 8, measure: measure)
  guard batchSize >= 4, batchSize <= x.rowCount - 4 else {
    throw .outOfRange(
      measure: measure, what: "the batch size", value: Double(batchSize),
      expected: "4 to \(x.rowCount - 4), so that there are two batches")
  }
  try requireFinite([x, y], measure: measure)
  var bandwidths: [Double]?
  if case .gaussian(let bandwidth) = kernel {
    bandwidths = [
      try bandwidth.width(for: x, measure: measure, workers: workers),
      try bandwidth.width(for: y, measure: measure, workers: workers),
    ]
  }
  var batches: [(xy: Double, xx: Double, yy: Double)] = []
  for first in stride(from: 0, to: x.rowCount, by: batchSize) {
    let rows = first..<min(first + batchSize, x.rowCount)
    if rows.count < 4 { continue }
    let sums = try KernelSums(
      of: [RowRange(x, rows), RowRange(y, rows)], bandwidths: bandwidths, measure: measure,
      minimumRows: 4, workers: workers)
    let scale = 1 / (Double(rows.count) * Double(rows.count - 3))
    batches.append(
      (
        scale * sums.independence(0, 1, .debiased), scale * sums.independence(0, 0, .debiased),
        scale * sums.independence(1, 1, .debiased)
      ))
  }
  let (xy, xx, yy) = batches.reduce(into: (0.0, 0.0, 0.0)) {
    $0 = ($0.0 + $1.xy, $0.1 + $1.xx, $0.2 + $1.yy)
  }
  func alignment(_ xy: Double, _ xx: Double, _ yy: Double) throws(MeasureError) -> Double {
    guard xx > 0, yy > 0 else {
      throw .undefined(
        measure: measure, reason: "an array has no more structure than chance gives so few samples")
    }
    return xy / xx.squareRoot() / yy.squareRoot()
  }
  var without: [Double] = []
  for batch in batches {
    without.append(try alignment(xy - batch.xy, xx - batch.xx, yy - batch.yy))
  }
  return Estimate(
    value: try alignment(xy, xx, yy), standardError: jackknifeError(without),
    sampleCount: batches.count)
}

/// The jackknife's standard error, √((n − 1)/n Σ (θ_i − θ̄)²), from the values with one part left out
/// each.
func jackknifeError(_ values: [Double]) -> Double {
  let count = Double(values.count)
  let mean = values.reduce(0, +) / count
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return ((count - 1) / count * squares).squareRoot()
}

/// Some consecutive rows of samples.
struct RowRange: SampleMatrix {
  private let samples: any SampleMatrix
  private let rows: Range<Int>

  init(_ samples: any SampleMatrix, _ rows: Range<Int>) {
    self.samples = samples
    self.rows = rows
  }

  var rowCount: Int { rows.count }
  var columnCount: Int { samples.columnCount }
  var precision: Precision { samples.precision }
  subscript(row: Int, column: Int) -> Double { samples[rows.lowerBound + row, column] }

  func copy<Scalar: RealScalar>(
    rows some: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>,
    stride: Int
  ) {
    let first = rows.lowerBound
    samples.copy(
      rows: first + some.lowerBound..<first + some.upperBound, columns: columns, to: destination,
      stride: stride)
  }
}
