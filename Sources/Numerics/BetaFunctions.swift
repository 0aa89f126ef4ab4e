#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The incomplete beta function, and the tails of the distributions that it gives.
package enum BetaFunctions {
  /// I_x(a, b), the probability of at most `x` in the beta distribution, for a, b > 0 and x in 0...1.
  ///
  /// Relative error about 1e-13 for a and b up to some thousands, in either tail.
  ///
  /// - Source: DLMF 8.17.22, the continued fraction, by Lentz's method; 8.17.4 on its slow side.
  package static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
    precondition(a > 0 && b > 0 && x >= 0 && x <= 1, "regularized beta: I_\(x)(\(a), \(b))")
    guard x > 0, x < 1 else { return x }
    if x > (a + 1) / (a + b + 2) { return 1 - fraction(1 - x, b, a) }
    return fraction(x, a, b)
  }

  /// The probability that |T| is at least `bound`, T of Student's distribution.
  package static func studentTail(beyond bound: Double, degreesOfFreedom: Double) -> Double {
    guard bound.isFinite else { return 0 }
    return regularized(
      degreesOfFreedom / (degreesOfFreedom + bound * bound), degreesOfFreedom / 2, 0.5)
  }

  /// The probability that F is at least `bound`, F of Fisher's distribution.
  package static func fisherTail(
    beyond bound: Double, numeratorFreedom: Double, denominatorFreedom: Double
  ) -> Double {
    guard bound.isFinite else { return 0 }
    return regularized(
      denominatorFreedom / (denominatorFreedom + numeratorFreedom * max(0, bound)),
      denominatorFreedom / 2, numeratorFreedom / 2)
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let front = exp(
      GammaFunctions.logGamma(a + b) - GammaFunctions.logGamma(a) - GammaFunctions.logGamma(b)
        + a * log(x) + b * log1p(-x))
    let least = 1e-300
    func safe(_ value: Double) -> Double { abs(value) < least ? least : value }
    var c = 1.0
    var d = 1 / safe(1 - (a + b) * x / (a + 1))
    var result = d
    for m in 1..<10_000 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / safe(1 + even * d)
      c = safe(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / safe(1 + odd * d)
      c = safe(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return front * result / a
  }
}
