/// How a participation ratio is estimated from a finite number of samples.
public enum ParticipationEstimator: String, Sendable, Codable, CaseIterable {
  /// That of the samples' own covariance: below the true one where there are few samples for the number
  /// of directions, and never above n − 1.
  case biased
  /// Numerator and denominator by unbiased estimators, averages over sets of four different samples.
  case debiased
}

/// The participation ratio of samples, (tr Σ)²/tr Σ² with Σ their covariance: how many directions share
/// the variance.
///
/// Computed from products, without the spectrum. With a_i the squared norms of centred rows, A their
/// sum and S = Σ x xᵀ over centred rows, the debiased form is the quotient of two averages over sets of
/// four different samples: of ½‖x_i − x_j‖² · ½‖x_k − x_l‖², which is [n² A² − Σ (n a_i + A)² + n Σa² +
/// A² + 2‖S‖²] / (n(n−1)(n−2)(n−3)), and of the unbiased estimate of tr Σ², [‖S‖² − Σa² +
/// A²/((n−1)(n−2)) − 2 Σa²/(n−2)] / (n(n−3)).
///
/// - Shapes: `x` is `[n, d]`.
/// - Units: none; `.biased` in 1...min(n − 1, d).
/// - Throws: `MeasureError.tooFewSamples` (2; debiased 4), `.nonFiniteInput`, `.undefined` where the
///   samples do not vary, or no more than chance makes them, `.outOfRange` where the memory budget is
///   too small.
/// - Complexity: O(n d min(n, d)) time and one pass over the samples, O(min(n, d)²) memory; `.debiased`
///   always O(n d²) and O(d²).
/// - Source: Gao et al., bioRxiv 214262 (2017), Eq. 5; the unbiased estimators are U-statistics
///   (Hoeffding, Ann. Math. Stat. 19, 293 (1948)), that of tr Σ² Song et al., JMLR 13, 1393 (2012), Eq.
///   5.
public func participationRatio(
  of x: some SampleMatrix, estimator: ParticipationEstimator = .biased,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
) throws(MeasureError) -> Double {
  let measure = "participationRatio"
  switch estimator {
  case .biased:
    try requireRows([x], atLeast: 2, measure: measure)
    let gram = try smallerGram(
      of: x, isCentered: true, measure: measure, memoryBudget: memoryBudget, workers: workers)
    let trace = gram.diagonal.reduce(0, +)
    return trace * trace / dot(gram.values, gram.values)
  case .debiased:
    let moments = try CenteredMoments(
      of: [x], measure: measure, minimumRows: 4, inDouble: true, wantsRowNorms: true,
      memoryBudget: memoryBudget, workers: workers)
    try moments.requireVariation(measure: measure)
    let n = Double(moments.rowCount)
    let sum = moments.rowNorms?.sums[0] ?? 0
    let squares = moments.rowNorms?.products[0, 0] ?? 0
    let product = moments.squaredNorm(0, 0)
    let denominator =
      debiasedIndependence(
        product: product - squares, totals: sum * sum, cross: squares, count: n) / (n * (n - 3))
    // Σ_i (n a_i + A)² = n² Σa² + 3 n A².
    let sets =
      n * n * sum * sum - (n * n * squares + 3 * n * sum * sum) + n * squares + sum * sum
      + 2 * product
    let numerator = sets / (n * (n - 1) * (n - 2) * (n - 3))
    guard denominator > 0 else {
      throw .undefined(
        measure: measure, reason: "the samples have no more structure than chance gives so few")
    }
    return numerator / denominator
  }
}
