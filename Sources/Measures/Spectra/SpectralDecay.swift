internal import Foundation

/// How fast a spectrum falls off.
public struct SpectralDecay: Sendable, Equatable, Codable {
  /// α in λ_k ∝ k^−α, with the standard error of the least-squares slope, which takes the deviations
  /// from a straight line to be independent; they are not, so it is a lower bound.
  public var exponent: Estimate
  /// The share of the variance of log λ that the line explains.
  public var rSquared: Double
}

/// The exponent α of a power law through part of a spectrum of variances: minus the slope of log λ_k
/// against log k.
///
/// ```swift
/// let decay = try spectralDecay(of: spectrum.covarianceEigenvalues, ranks: 11...50)
/// ```
///
/// - Parameter eigenvalues: λ, descending: variances, squares of singular values.
/// - Parameter ranks: the k that the line goes through, counted from 1. The result depends on it, so
///   there is no default; 11 to 50 and 5 to 100 are published.
/// - Units: none. About 1 is where a code is as rich as smoothness allows.
/// - Throws: `MeasureError.outOfRange` for ranks beyond the spectrum, `.tooFewSamples` (3 ranks),
///   `.nonFiniteInput`, `.undefined` where a value is not positive.
/// - Complexity: O(ranks).
/// - Source: Stringer et al., Nature 571, 361 (2019); α-ReQ: Agrawal et al., NeurIPS 2022.
public func spectralDecay(
  of eigenvalues: [Double], ranks: ClosedRange<Int>
) throws(MeasureError) -> SpectralDecay {
  let measure = "spectralDecay"
  guard ranks.lowerBound >= 1, ranks.upperBound <= eigenvalues.count else {
    throw .outOfRange(
      measure: measure, what: "the last rank", value: Double(ranks.upperBound),
      expected: "ranks within 1 to \(eigenvalues.count), the number of eigenvalues")
  }
  guard ranks.count >= 3 else {
    throw .tooFewSamples(measure: measure, found: ranks.count, needed: 3)
  }
  for rank in ranks {
    let value = eigenvalues[rank - 1]
    guard value.isFinite else {
      throw .nonFiniteInput(measure: measure, array: "the eigenvalues", index: rank - 1)
    }
    guard value > 0 else {
      throw .undefined(
        measure: measure, reason: "eigenvalue \(rank) is \(value) and has no logarithm")
    }
  }
  let x = ranks.map { log(Double($0)) }
  let y = ranks.map { log(eigenvalues[$0 - 1]) }
  let count = Double(x.count)
  let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
  let xx = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  let yy = y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }
  let xy = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
  let slope = xy / xx
  let residual = zip(x, y).reduce(0) {
    let error = $1.1 - meanY - slope * ($1.0 - meanX)
    return $0 + error * error
  }
  return SpectralDecay(
    exponent: Estimate(
      value: -slope, standardError: (residual / (count - 2) / xx).squareRoot(),
      sampleCount: ranks.count),
    rSquared: yy > 0 ? 1 - residual / yy : 1)
}
