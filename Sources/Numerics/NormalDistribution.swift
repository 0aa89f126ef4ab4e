#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The normal distribution with mean 0 and variance 1.
package enum NormalDistribution {
  /// Φ(z), the probability of a number of at most `z`.
  package static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The number below which the probability is `probability`: −∞ at 0, ∞ at 1.
  ///
  /// Newton steps on log Φ, which is concave, from −√(−2 log p), which lies to the left as
  /// Φ(−x) ≤ e^(−x²/2)/2: they never leave that side.
  ///
  /// - Precondition: `probability` is in 0...1.
  package static func quantile(_ probability: Double) -> Double {
    precondition(
      probability >= 0 && probability <= 1, "NormalDistribution: probability \(probability)")
    guard probability > 0 else { return -.infinity }
    guard probability < 1 else { return .infinity }
    guard probability != 0.5 else { return 0 }
    // The lower tail keeps its digits; 1 − p is exact for p of at least ½.
    guard probability < 0.5 else { return -quantile(1 - probability) }
    var z = -(-2 * log(probability)).squareRoot()
    for _ in 0..<100 {
      let value = cumulative(z)
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      // Around 10⁻³⁰⁸ there is too little left of Φ for a logarithm.
      guard value > .leastNormalMagnitude else { return z }
      let step = (log(value) - log(probability)) * value / density
      z -= step
      guard abs(step) > 1e-15 * max(1, abs(z)) else { break }
    }
    return z
  }
}
