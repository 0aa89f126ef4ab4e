internal import Foundation

/// The mutual information that two variables would have if they were jointly normal, and what independence would give.
public struct GaussianInformation: Sendable, Equatable, Codable {
  /// −½ Σ ln(1 − ρ²) over the canonical correlations of the samples, raw.
  public var estimate: InformationEstimate
  /// By how much ``estimate`` is too large on average, in nats, for normal variables of any covariance.
  public var bias: Double
  /// The probability of at least as much information where normal variables are independent.
  public var pValue: Double
  /// The canonical correlations ρ, descending.
  public var correlations: [Double]

  /// The estimate without its bias, in nats.
  public var corrected: Double { estimate.value - bias }
}

/// The mutual information of two variables from their covariance alone: −½ ln(det Σ/(det Σ_x det Σ_y)).
///
/// Exact for jointly normal variables. For others it is the information of normal variables with the same
/// covariance, which where both margins are normal is at most the true one.
///
/// Bias: E ln det of the sample covariance of d normal components is Σ ψ((n − i)/2), i = 1…d, up to what cancels, so that the
/// estimate is too large by ½ [Σ_x + Σ_y − Σ_xy] of such sums, about d_x d_y/2n. Null: with independence
/// (2n − 3 − d_x − d_y) times the estimate is χ² with d_x d_y degrees of freedom (Bartlett). Naive error:
/// √(Σ ρ²/n), from the variance of the local values.
///
/// - Shapes: `x` is `[n, d_x]`, `y` is `[n, d_y]`; n ≥ d_x + d_y + 2 of those directions that vary.
/// - Units: nats.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples`, `.nonFiniteInput`, `.undefined` where one does not vary, or
///   where a combination of one is a combination of the other: information is infinite then.
/// - Complexity: as ``canonicalCorrelations(of:with:keptVariance:relativeTolerance:memoryBudget:workers:)``.
/// - Source: null: Bartlett, Math. Proc. Camb. Philos. Soc. 34, 33 (1938); bias: Misra, Singh & Demchuk, J. Multivar.
///   Anal. 92, 324 (2005).
public func gaussianInformation(
  between x: some SampleMatrix, and y: some SampleMatrix, memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil
) throws(MeasureError) -> GaussianInformation {
  let measure = "gaussianInformation"
  try requireRows([x, y], atLeast: 4, measure: measure)
  let canonical = try canonicalCorrelations(
    of: x, with: y, memoryBudget: memoryBudget, workers: workers)
  let (n, dx, dy) = (canonical.sampleCount, canonical.ranks[0], canonical.ranks[1])
  guard n >= dx + dy + 2 else {
    throw .tooFewSamples(measure: measure, found: n, needed: dx + dy + 2)
  }
  // A correlation is known to about 1e-14; above that it is 1 as far as anyone can tell.
  if let index = canonical.values.firstIndex(where: { $0 > 1 - 1e-13 }) {
    throw .undefined(
      measure: measure,
      reason: "canonical correlation \(index + 1) is 1: one variable tells a combination of the "
        + "other exactly, and information is infinite; add noise")
  }
  let value = canonical.values.reduce(0) { $0 - log1p(-$1 * $1) / 2 }
  let square = canonical.values.reduce(0) { $0 + $1 * $1 }
  func digammas(_ dimension: Int) -> Double {
    (1...dimension).reduce(0) { $0 + GammaFunctions.digamma(Double(n - $1) / 2) }
  }
  return GaussianInformation(
    estimate: InformationEstimate(
      value: value, naiveStandardError: (square / Double(n)).squareRoot(), sampleCount: n,
      estimator: "Gaussian"),
    bias: (digammas(dx) + digammas(dy) - digammas(dx + dy)) / 2,
    pValue: chiSquaredTail(
      Double(2 * n - 3 - dx - dy) * value, degreesOfFreedom: dx * dy),
    correlations: canonical.values)
}
