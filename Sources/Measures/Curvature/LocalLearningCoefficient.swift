/// The local learning coefficient of weights: how degenerate the loss is around them, as half of an
/// effective number of parameters.
public struct LocalLearningCoefficient: Sendable, Equatable, Codable {
  /// λ̂, with the standard error of the Monte-Carlo mean; that of the estimator itself, which depends on
  /// n, β and γ, is not in it.
  public var value: Estimate
  /// λ̂ of each chain alone.
  public var chainValues: [Double]
  /// L(w*).
  public var centerLoss: Double
  /// The loss after each step of each chain, burn-in included: flat where the chains have settled.
  public var lossTraces: [[Double]]
  /// Diagnostics of the loss over the kept steps.
  public var diagnostics: ChainDiagnostics
  /// The mean probability with which Metropolis's rule accepts a move; 1 for infinitely small steps.
  /// Where it is below about 0.9 the steps of an unadjusted chain are too large. Of batches it
  /// contains their noise as well, and is lower.
  public var acceptance: Double
  /// n.
  public var exampleCount: Int
  /// β.
  public var inverseTemperature: Double
}

/// The local learning coefficient at a point, by Langevin sampling around it.
///
/// `λ̂ = n β (E[L(w)] − L(w*))`, the mean over the posterior `exp(−n β L(w) − γ/2 ‖w − w*‖²)`. At a
/// regular minimum of d weights it is d/2 (less what γ holds back), at a singular one it is smaller:
/// 1/(2k) for L = w^{2k}.
///
/// ```swift
/// let surface = try snapshot.lossSurface(on: data.train)
/// let result = try localLearningCoefficient(
///   of: surface, at: snapshot.parameterVector.map(Double.init),
///   sampling: LangevinSampling(stepSize: 1e-6), key: key)
/// print(result.value, result.diagnostics.potentialScaleReduction)
/// ```
///
/// - Units: none.
/// - Parameter point: w*, which should be close to a local minimum; where it is not, chains find lower
///   losses and the result may be negative.
/// - Parameter workers: threads that share the chains; for surfaces that use one themselves.
/// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange`, `.undefined` where a chain diverges or does
///   not move, `.tooFewSamples` for a loss over one example without an inverse temperature, and what the
///   surface throws.
/// - Complexity: one gradient for each step of each chain.
/// - Source: Lau, Furman, Wang, Murfet & Wei, arXiv 2308.12108.
/// - Differs from: the authors' code, where losses of batches are averaged: so they are here where the
///   surface uses batches, but L(w*) is over all examples. A chain's first loss is after its first
///   step. R̂, effective sample size and acceptance are ours.
public func localLearningCoefficient(
  of surface: LossSurface, at point: [Double], sampling: LangevinSampling, workers: Workers? = nil,
  key: RandomKey
) throws -> LocalLearningCoefficient {
  let measure = "localLearningCoefficient"
  try requirePoint(point, of: surface, measure: measure)
  guard surface.exampleCount >= 2 || sampling.inverseTemperature != nil else {
    throw MeasureError.tooFewSamples(measure: measure, found: surface.exampleCount, needed: 2)
  }
  try sampling.check(surface, measure: measure)
  let centerLoss = try surface.loss(at: point)
  let chains = try mapped(count: sampling.chainCount, workers: workers) { chain in
    try LangevinChain(
      sampling, on: surface, at: point, number: chain, measure: measure, key: key.fork(chain))
  }
  let kept = chains.map { Array($0.losses.suffix(sampling.drawCount)) }
  let diagnostics = try chainDiagnostics(of: kept)
  let beta = sampling.inverseTemperature(exampleCount: surface.exampleCount)
  let scale = Double(surface.exampleCount) * beta
  return LocalLearningCoefficient(
    value: Estimate(
      value: scale * (diagnostics.mean.value - centerLoss),
      standardError: scale * diagnostics.mean.standardError,
      sampleCount: diagnostics.mean.sampleCount),
    chainValues: kept.map {
      scale * ($0.reduce(0, +) / Double($0.count) - centerLoss)
    },
    centerLoss: centerLoss, lossTraces: chains.map(\.losses), diagnostics: diagnostics,
    acceptance: chains.reduce(0) { $0 + $1.acceptance } / Double(chains.count),
    exampleCount: surface.exampleCount, inverseTemperature: beta)
}
