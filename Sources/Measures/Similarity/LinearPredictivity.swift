/// How well one representation predicts another on samples that it was not fitted to.
public struct LinearPredictivity: Sendable, Equatable, Codable {
  /// R², at most 1; negative where the prediction is worse than the mean. The standard error is the
  /// jackknife's over folds.
  public var rSquared: Estimate
  /// The penalty that was chosen in each fold, relative to the mean variance of a feature.
  public var penalties: [Double]
}

/// The cross-validated R² of ridge regression from one representation to another.
///
/// For each fold, B = (S_xx + λ I)⁻¹ S_xy is fitted to the other folds and 1 − Σ‖y − ŷ‖² / Σ‖y − ȳ‖²
/// taken over all held-out samples, ȳ being the mean of the others. λ is the one of `penalties`, times
/// the mean variance of a feature in the other folds, that has the least generalised cross-validation
/// error there: held-out samples have no say in it.
///
/// - Shapes: `y` is `[n, e]`, `x` is `[n, d]`; row i of both belongs to one sample.
/// - Units: none.
/// - Parameter penalties: candidates for λ, positive.
/// - Parameter foldCount: folds of random samples, at least 2; 5 or 10 are usual.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (2 a fold), `.nonFiniteInput`,
///   `.outOfRange`, `.undefined` where one does not vary.
/// - Complexity: O(n (d + e)² + foldCount (d³ + d² e)) time and one pass over the samples; foldCount (d
///   + e)² numbers of memory. All in `Double`.
/// - Source: Hoerl & Kennard, Technometrics 12, 55 (1970); λ: Golub, Heath & Wahba, Technometrics 21,
///   215 (1979).
public func linearPredictivity(
  of y: some SampleMatrix, from x: some SampleMatrix,
  penalties: [Double] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100], foldCount: Int = 5,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> LinearPredictivity {
  let measure = "linearPredictivity"
  guard foldCount >= 2 else {
    throw .outOfRange(
      measure: measure, what: "the number of folds", value: Double(foldCount),
      expected: "at least 2")
  }
  guard !penalties.isEmpty, penalties.allSatisfy({ $0 > 0 && $0.isFinite }) else {
    throw .outOfRange(
      measure: measure, what: "a penalty", value: penalties.first { !($0 > 0 && $0.isFinite) } ?? 0,
      expected: "at least one, all positive")
  }
  try requireRows([x, y], atLeast: 2 * foldCount, measure: measure)
  try requireFinite([x, y], measure: measure)
  let order = key.permutation(of: x.rowCount)
  var folds: [CenteredMoments] = []
  for fold in 0..<foldCount {
    let rows = order[Workers.range(ofBlock: fold, of: foldCount, count: order.count)].sorted()
    folds.append(
      try CenteredMoments(
        of: [RowSelection(x, rows), RowSelection(y, rows)], measure: measure, inDouble: true,
        memoryBudget: memoryBudget / (foldCount + 1), workers: workers))
  }
  try CenteredMoments(combining: folds).requireVariation(measure: measure)

  var outcomes: [(residual: Double, total: Double)] = []
  var chosen: [Double] = []
  for fold in 0..<foldCount {
    let others = CenteredMoments(combining: folds.indices.filter { $0 != fold }.map { folds[$0] })
    let fit: RidgeFit
    do throws(NumericsError) {
      fit = try RidgeFit(others, penalties: penalties)
    } catch {
      throw .numerics(measure: measure, error)
    }
    chosen.append(fit.penalty)
    outcomes.append(fit.outcome(on: folds[fold]))
  }
  let residual = outcomes.reduce(0) { $0 + $1.residual }
  let total = outcomes.reduce(0) { $0 + $1.total }
  let without = outcomes.map { 1 - (residual - $0.residual) / (total - $0.total) }
  guard total > 0, without.allSatisfy(\.isFinite) else {
    throw .undefined(measure: measure, reason: "what is predicted varies in one fold alone")
  }
  return LinearPredictivity(
    rSquared: Estimate(
      value: 1 - residual / total, standardError: jackknifeError(without),
      sampleCount: x.rowCount),
    penalties: chosen)
}

/// Ridge regression from the first operand to the second.
struct RidgeFit {
  let means: [Double]
  /// The penalty that was chosen, and the generalised cross-validation error of each candidate.
  let penalty: Double
  let errors: [Double]
  /// B, `[d, e]`.
  let coefficients: Matrix<Double>

  init(_ moments: CenteredMoments, penalties: [Double]) throws(NumericsError) {
    means = moments.means
    let eigen = try SymmetricEigendecomposition(of: moments.product(0, 0))
    let values = eigen.values.map { max(0, $0) }
    let projected = eigen.vectors.multiplied(by: moments.product(0, 1), transposingSelf: true)
    let squares = squaredNorms(projected)
    let scale = moments.trace(0) / Double(max(1, values.count))
    let (n, total) = (Double(moments.rowCount), moments.trace(1))
    // Generalised cross-validation: n RSS(λ) / (n − degrees of freedom)².
    func error(_ lambda: Double) -> Double {
      var (residual, freedom) = (total, 1.0)
      for (value, square) in zip(values, squares) where value + lambda > 0 {
        let share = value / (value + lambda)
        residual -= (2 - share) * square / (value + lambda)
        freedom += share
      }
      let left = n - freedom
      return left > 0 ? n * max(0, residual) / (left * left) : .infinity
    }
    let errors = penalties.map { error($0 * scale) }
    self.errors = errors
    let best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
    penalty = penalties[best]
    let ridge = penalties[best] * scale
    let inverse = values.map { $0 + ridge > 0 ? 1 / ($0 + ridge) : 0 }
    coefficients = eigen.vectors.multiplied(by: Matrix(diagonal: inverse))
      .multiplied(by: projected)
  }

  /// Σ‖y − ŷ‖² and Σ‖y − ȳ‖² over other samples, from their moments.
  func outcome(on moments: CenteredMoments) -> (residual: Double, total: Double) {
    let explained = coefficients.multiplied(
      by: moments.product(0, 0).multiplied(by: coefficients), transposingSelf: true)
    let within =
      moments.trace(1) - 2 * dot(coefficients.values, moments.product(0, 1).values)
      + explained.diagonal.reduce(0, +)
    let shift = zip(moments.means, means).map { $0 - $1 }
    let shiftY = Array(shift[moments.ranges[1]])
    let predicted = coefficients.multiplied(
      by: Array(shift[moments.ranges[0]]), transposingSelf: true)
    let n = Double(moments.rowCount)
    let offset = zip(shiftY, predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (
      max(0, within) + n * offset, moments.trace(1) + n * shiftY.reduce(0) { $0 + $1 * $1 }
    )
  }
}

extension CenteredMoments {
  /// The moments of all samples together.
  ///
  /// - Precondition: at least one part, all with the same columns.
  init(combining parts: [CenteredMoments]) {
    let n = parts.reduce(0) { $0 + $1.rowCount }
    let size = parts[0].means.count
    var means = [Double](repeating: 0, count: size)
    for part in parts {
      let share = Double(part.rowCount) / Double(n)
      for column in 0..<size { means[column] += share * part.means[column] }
    }
    var product = Matrix<Double>(rowCount: size, columnCount: size)
    for part in parts {
      let shift = zip(part.means, means).map { $0 - $1 }
      let weight = Double(part.rowCount)
      part.product.values.withUnsafeBufferPointer { values in
        product.withUnsafeMutableBufferPointer { sums in
          for row in 0..<size {
            for column in 0..<size {
              sums[row * size + column] +=
                values[row * size + column] + weight * shift[row] * shift[column]
            }
          }
        }
      }
    }
    self.init(
      rowCount: n, ranges: parts[0].ranges, means: means, product: product,
      variationFloors: parts[0].ranges.indices.map { operand in
        parts.reduce(0) { $0 + $1.variationFloors[operand] }
      }, rowNorms: nil)
  }
}

/// Some rows of samples, in a given order.
struct RowSelection: SampleMatrix {
  private let samples: any SampleMatrix
  private let rows: [Int]

  init(_ samples: any SampleMatrix, _ rows: [Int]) {
    self.samples = samples
    self.rows = rows
  }

  var rowCount: Int { rows.count }
  var columnCount: Int { samples.columnCount }
  var precision: Precision { samples.precision }
  subscript(row: Int, column: Int) -> Double { samples[rows[row], column] }

  func copy<Scalar: RealScalar>(
    rows some: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>,
    stride: Int
  ) {
    // Rows that follow one another are copied at once.
    var first = some.lowerBound
    while first < some.upperBound {
      var end = first + 1
      while end < some.upperBound, rows[end] == rows[end - 1] + 1 { end += 1 }
      samples.copy(
        rows: rows[first]..<rows[first] + end - first, columns: columns,
        to: destination + (first - some.lowerBound) * stride, stride: stride)
      first = end
    }
  }
}
