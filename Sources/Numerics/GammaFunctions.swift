#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Functions related to the gamma function.
package enum GammaFunctions {
  /// ln Γ(x) for x > 0.
  package static func logGamma(_ x: Double) -> Double {
    precondition(x > 0, "logGamma: \(x) is not above 0")
    return lgamma(x)
  }

  /// ψ(x), the derivative of ln Γ, for x > 0, to within a few units in the last place of the larger of 1 and ψ.
  ///
  /// - Source: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 6.3.5 and 6.3.18.
  package static func digamma(_ x: Double) -> Double {
    precondition(x > 0, "digamma: \(x) is not above 0")
    // ψ(x) = ψ(x + 1) − 1/x, up to where the asymptotic series is exact.
    var (z, shift) = (x, 0.0)
    while z < 10 {
      shift += 1 / z
      z += 1
    }
    let w = 1 / (z * z)
    let series =
      w
      * (1 / 12
        - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w * (1 / 132 - w * (691 / 32760 - w / 12))))))
    return log(z) - 0.5 / z - series - shift
  }
}

extension RandomKey {
  /// A number with the gamma distribution of a shape, and scale 1.
  ///
  /// - Source: Marsaglia & Tsang, ACM Trans. Math. Softw. 26, 363 (2000); for shapes below 1 a number of the shape
  ///   plus 1 times u^(1/shape).
  package func gamma(shape: Double) -> Double {
    precondition(shape > 0, "gamma: shape \(shape) is not above 0")
    let d = max(shape, shape + (shape < 1 ? 1 : 0)) - 1 / 3
    let c = 1 / (9 * d).squareRoot()
    var attempt = 0
    while true {
      let key = fork(attempt)
      let normal: [Double] = key.fork("normal").normal(count: 1)
      let uniform: [Double] = key.fork("uniform").uniform(count: 1, in: 0..<1)
      attempt += 1
      let cube = 1 + c * normal[0]
      guard cube > 0 else { continue }
      let v = cube * cube * cube
      guard log(1 - uniform[0]) < 0.5 * normal[0] * normal[0] + d * (1 - v + log(v)) else {
        continue
      }
      guard shape < 1 else { return d * v }
      let last: [Double] = fork("small").uniform(count: 1, in: 0..<1)
      return d * v * pow(1 - last[0], 1 / shape)
    }
  }
}
