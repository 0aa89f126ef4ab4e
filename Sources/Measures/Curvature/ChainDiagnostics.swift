internal import Foundation

/// Whether several Markov chains agree, and how many independent draws they are worth.
public struct ChainDiagnostics: Sendable, Equatable, Codable {
  /// The mean over all draws; its standard error is that of ``effectiveSampleSize`` independent draws.
  public var mean: Estimate
  /// Split R̂: the deviation over all draws as a multiple of that within halves of chains. Near 1 where
  /// they agree; above about 1.01 the chains are too short or have not met.
  public var potentialScaleReduction: Double
  /// The number of independent draws whose mean would be as good.
  public var effectiveSampleSize: Double
  /// Steps from one such draw to the next.
  public var autocorrelationTime: Double
}

/// Convergence diagnostics of one number along several chains.
///
/// Chains are cut in halves; with W the mean variance within them and B/n the variance of their means,
/// var⁺ = (n−1)/n W + B/n, R̂ = √(var⁺/W). Autocorrelations ρ_t = 1 − (W − mean autocovariance)/var⁺ are
/// summed in pairs for as long as the pairs are positive, and made to fall (Geyer's initial monotone
/// sequence): τ = −1 + 2 Σ (ρ_2t + ρ_2t+1).
///
/// - Shapes: chains of one length, at least 8 draws each; an odd last draw is left out of the halves.
/// - Throws: `MeasureError.tooFewSamples`, `.rowCountMismatch`, `.nonFiniteInput`, `.undefined` for draws
///   that are all the same.
/// - Complexity: O(draws × autocorrelation time).
/// - Source: Gelman et al., Bayesian Data Analysis, 3rd ed., Ch. 11; Geyer, Stat. Sci. 7, 473 (1992);
///   Vehtari et al., Bayesian Anal. 16, 667 (2021), without its ranks.
public func chainDiagnostics(of chains: [[Double]]) throws(MeasureError) -> ChainDiagnostics {
  let measure = "chainDiagnostics"
  guard let first = chains.first, first.count >= 8 else {
    throw .tooFewSamples(measure: measure, found: chains.first?.count ?? 0, needed: 8)
  }
  for (number, chain) in chains.enumerated() {
    guard chain.count == first.count else {
      throw .rowCountMismatch(measure: measure, first: first.count, second: chain.count)
    }
    if let index = chain.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: "chain \(number + 1)", index: index)
    }
  }
  let length = first.count / 2
  let halves = chains.flatMap { [Array($0.prefix(length)), Array($0.suffix(length))] }
  let means = halves.map { $0.reduce(0, +) / Double(length) }
  let centered = zip(halves, means).map { half, mean in half.map { $0 - mean } }
  let n = Double(length)

  /// The autocovariance at a lag, divided by n whatever the lag, averaged over the halves.
  func autocovariance(_ lag: Int) -> Double {
    let sums = centered.map { half in
      (0..<length - lag).reduce(0) { $0 + half[$1] * half[$1 + lag] }
    }
    return sums.reduce(0, +) / n / Double(halves.count)
  }
  let within = autocovariance(0) * n / (n - 1)
  let meanOfMeans = means.reduce(0, +) / Double(means.count)
  let between =
    means.reduce(0) { $0 + ($1 - meanOfMeans) * ($1 - meanOfMeans) } / Double(means.count - 1)
  let variance = (n - 1) / n * within + between
  guard within > 0, variance.isFinite else {
    throw .undefined(
      measure: measure,
      reason: "the draws of every half chain are the same; the chains do not move")
  }
  func correlation(_ lag: Int) -> Double { 1 - (within - autocovariance(lag)) / variance }

  var time = -1.0
  var last = Double.infinity
  for lag in stride(from: 0, to: length - 1, by: 2) {
    let even = lag == 0 ? 1 : correlation(lag)
    let pair = even + correlation(lag + 1)
    guard pair > 0 else {
      time += max(0, even)  // what is left of a pair that has turned negative
      break
    }
    last = min(last, pair)
    time += 2 * last
  }
  let drawCount = Double(halves.count * length)
  // Draws that alternate are worth more than independent ones, but no estimate tells how much more.
  time = max(time, 1 / log10(drawCount))
  let effective = drawCount / time
  let all = chains.joined()
  let mean = all.reduce(0, +) / Double(all.count)
  return ChainDiagnostics(
    mean: Estimate(
      value: mean, standardError: (variance / effective).squareRoot(), sampleCount: all.count),
    potentialScaleReduction: (variance / within).squareRoot(), effectiveSampleSize: effective,
    autocorrelationTime: time)
}
