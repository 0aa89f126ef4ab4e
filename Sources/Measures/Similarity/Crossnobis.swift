/// What differences between patterns are measured in.
public enum NoiseNormalization: Sendable, Equatable {
  /// Nothing: the cross-validated squared Euclidean distance.
  case none
  /// The noise variance of each feature.
  case variance
  /// The noise covariance, off-diagonal elements shrunk by a factor of 1 − shrinkage: the crossnobis
  /// distance. Shrinkage above 0 keeps it invertible where residuals are fewer than features.
  case covariance(shrinkage: Double)
}

/// Cross-validated dissimilarities of conditions from repeated measurements: unbiased, 0 on average
/// between conditions that do not differ, and then as often negative as positive.
///
/// With μ_i^m the mean pattern of condition i in partition m and Σ the noise covariance, the mean over
/// ordered pairs of different partitions m ≠ n of (μ_i^m − μ_j^m) Σ⁻¹ (μ_i^n − μ_j^n)ᵀ / d. Σ is
/// estimated from residuals of all samples about the mean of their condition and partition.
///
/// - Shapes: `x` is `[n, d]`; `conditions` and `partitions` have n elements, any integers. Items of the
///   result are the conditions in ascending order.
/// - Units: per feature, in units of the noise variance; without normalisation in the unit of the
///   samples squared.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.outOfRange`, `.tooFewSamples` (two
///   conditions, two partitions, residuals), `.undefined` where a condition is missing in a partition,
///   and `.numerics` where Σ cannot be inverted.
/// - Complexity: O(n d² + d³ + C² P d) time for C conditions and P partitions. All in `Double`.
/// - Source: Walther et al., NeuroImage 137, 188 (2016), Eq. 5 and 7.
public func crossnobisDissimilarities(
  of x: some SampleMatrix, conditions: [Int], partitions: [Int],
  normalization: NoiseNormalization = .covariance(shrinkage: 0.1)
) throws(MeasureError) -> DissimilarityMatrix {
  let measure = "crossnobisDissimilarities"
  for labels in [conditions, partitions] where labels.count != x.rowCount {
    throw .rowCountMismatch(measure: measure, first: x.rowCount, second: labels.count)
  }
  if case .covariance(let shrinkage) = normalization, !(0...1).contains(shrinkage) {
    throw .outOfRange(
      measure: measure, what: "the shrinkage", value: shrinkage, expected: "0 to 1")
  }
  try requireFinite([x], measure: measure)
  let items = Set(conditions).sorted()
  let parts = Set(partitions).sorted()
  for count in [items.count, parts.count] where count < 2 {
    throw .tooFewSamples(measure: measure, found: count, needed: 2)
  }
  let cells = try Cells(
    Matrix<Double>(x), conditions: conditions, partitions: partitions, items: items, parts: parts,
    measure: measure)
  let patterns = try cells.normalized(normalization, measure: measure)

  let (width, partCount) = (x.columnCount, Double(parts.count))
  var values: [Double] = []
  for i in items.indices {
    for j in i + 1..<items.count {
      // Σ over m ≠ n of δ^m·δ^n is ‖Σ δ^m‖² − Σ ‖δ^m‖².
      var total = [Double](repeating: 0, count: width)
      var own = 0.0
      for pattern in patterns {
        for column in 0..<width {
          let difference = pattern[i, column] - pattern[j, column]
          total[column] += difference
          own += difference * difference
        }
      }
      let cross = total.reduce(0) { $0 + $1 * $1 } - own
      values.append(cross / (partCount * (partCount - 1)) / Double(width))
    }
  }
  return DissimilarityMatrix(itemCount: items.count, values: values)
}

/// Mean patterns by condition and partition, and what is left of the samples.
private struct Cells {
  /// `[conditions, features]` for each partition.
  var means: [Matrix<Double>]
  var residuals: Matrix<Double>

  init(
    _ x: Matrix<Double>, conditions: [Int], partitions: [Int], items: [Int], parts: [Int],
    measure: String
  ) throws(MeasureError) {
    let itemIndex = Dictionary(uniqueKeysWithValues: zip(items, items.indices))
    let partIndex = Dictionary(uniqueKeysWithValues: zip(parts, parts.indices))
    let width = x.columnCount
    means = parts.map { _ in Matrix(rowCount: items.count, columnCount: width) }
    var counts = Matrix<Double>(rowCount: parts.count, columnCount: items.count)
    let cells = zip(conditions, partitions).map { (itemIndex[$0] ?? 0, partIndex[$1] ?? 0) }
    for (row, (item, part)) in cells.enumerated() {
      counts[part, item] += 1
      for column in 0..<width { means[part][item, column] += x[row, column] }
    }
    for part in parts.indices {
      for item in items.indices {
        guard counts[part, item] > 0 else {
          throw .undefined(
            measure: measure,
            reason: "condition \(items[item]) has no sample in partition \(parts[part])")
        }
        for column in 0..<width { means[part][item, column] /= counts[part, item] }
      }
    }
    residuals = x
    for (row, (item, part)) in cells.enumerated() {
      for column in 0..<width { residuals[row, column] -= means[part][item, column] }
    }
  }

  /// The patterns in units of the noise.
  func normalized(
    _ normalization: NoiseNormalization, measure: String
  ) throws(MeasureError) -> [Matrix<Double>] {
    if normalization == .none { return means }
    let freedom = residuals.rowCount - means.count * means[0].rowCount
    guard freedom >= 1 else {
      throw .tooFewSamples(
        measure: measure, found: residuals.rowCount,
        needed: means.count * means[0].rowCount + 1)
    }
    var covariance = residuals.columnGram.map { $0 / Double(freedom) }
    let kept: Double =
      if case .covariance(let shrinkage) = normalization { 1 - shrinkage } else { 0 }
    for row in 0..<covariance.rowCount {
      for column in 0..<row {
        covariance[row, column] *= kept
        covariance[column, row] *= kept
      }
    }
    do throws(NumericsError) {
      // With Σ = L Lᵀ, δ Σ⁻¹ δᵀ is the product of L⁻¹δᵀ with itself.
      let factor = try CholeskyFactor(of: covariance)
      var result: [Matrix<Double>] = []
      for mean in means { result.append(factor.solveLower(mean.transposed).transposed) }
      return result
    } catch {
      throw .numerics(measure: measure, error)
    }
  }
}
