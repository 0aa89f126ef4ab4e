internal import Foundation

/// The most information, in nats, that a layer with Gaussian noise loses when only its first principal components are kept.
///
/// For L = l(X) + N(0, s² I), μ_1 ≥ … ≥ μ_D the eigenvalues of its covariance and P_q the projection on the first q,
/// 0 ≤ I(X; L) − I(X; P_q L) ≤ ½ Σ_{i>q} ln(μ_i/s²): what is left out has at most the entropy of normal variables of as
/// much variance, and at least that of the noise. With little noise this is hundreds of nats.
///
/// - Shapes: `eigenvalues` has D elements.
/// - Parameter eigenvalues: μ of the noisy layer, descending, as ``PrincipalComponents/eigenvalues``; of samples, so that
///   some may be below s² by chance: those count as s².
/// - Parameter keptCount: q.
/// - Parameter noiseVariance: s².
/// - Throws: `MeasureError.outOfRange`.
/// - Complexity: O(D).
/// - Source: by derivation: normal variables have the most entropy of their variance (Cover & Thomas, Elements of
///   Information Theory, Theorem 8.6.5).
public func compressionLossBound(
  eigenvalues: [Double], keptCount: Int, noiseVariance: Double
) throws(MeasureError) -> Double {
  let measure = "compressionLossBound"
  try requirePositive(noiseVariance, "the variance of the noise", measure: measure)
  guard keptCount >= 0 else {
    throw .outOfRange(
      measure: measure, what: "the number of components", value: Double(keptCount),
      expected: "at least 0")
  }
  return eigenvalues.dropFirst(keptCount).reduce(0) {
    $0 + max(0, log($1 / noiseVariance)) / 2
  }
}

/// The most information, in nats, that an encoder loses of a variable with Gaussian noise, given how well a decoder makes
/// it anew.
///
/// For X_s = X + N(0, s² I) with D components and a code f(X) from which X is told with the mean squared error Δ of each
/// component, I(X_s; Y) ≤ I(f(X); Y) + D/2 ln(1 + Δ/s²).
///
/// - Parameter meanSquaredError: Δ.
/// - Parameter dimension: D.
/// - Parameter noiseVariance: s².
/// - Throws: `MeasureError.outOfRange`.
/// - Source: by derivation, as ``compressionLossBound(eigenvalues:keptCount:noiseVariance:)``.
public func reconstructionLossBound(
  meanSquaredError: Double, dimension: Int, noiseVariance: Double
) throws(MeasureError) -> Double {
  let measure = "reconstructionLossBound"
  try requirePositive(noiseVariance, "the variance of the noise", measure: measure)
  guard meanSquaredError >= 0 else {
    throw .outOfRange(
      measure: measure, what: "the mean squared error", value: meanSquaredError,
      expected: "at least 0")
  }
  return Double(dimension) / 2 * log1p(meanSquaredError / noiseVariance)
}

/// The most uncertainty, in nats, that is left of a class which is told with the given share of errors (Fano):
/// H(Y | L) ≤ h(p) + p ln(C − 1), with h the entropy of a coin.
///
/// It bounds what any compression of a layer loses of the class, where a classifier of the compressed layer errs so often.
///
/// - Throws: `MeasureError.outOfRange`.
/// - Source: Fano; Cover & Thomas, Elements of Information Theory, Theorem 2.10.1.
public func fanoBound(errorProbability: Double, classCount: Int) throws(MeasureError) -> Double {
  let measure = "fanoBound"
  guard errorProbability >= 0, errorProbability <= 1 else {
    throw .outOfRange(
      measure: measure, what: "the probability of an error", value: errorProbability,
      expected: "0 to 1")
  }
  guard classCount >= 2 else {
    throw .outOfRange(
      measure: measure, what: "the number of classes", value: Double(classCount),
      expected: "at least 2")
  }
  func term(_ p: Double) -> Double { p > 0 ? -p * log(p) : 0 }
  return term(errorProbability) + term(1 - errorProbability)
    + errorProbability * log(Double(classCount - 1))
}

func requirePositive(
  _ value: Double, _ what: String, measure: String
) throws(MeasureError) {
  guard value > 0, value.isFinite else {
    throw .outOfRange(measure: measure, what: what, value: value, expected: "above 0")
  }
}
