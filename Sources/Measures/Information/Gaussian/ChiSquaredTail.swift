internal import Foundation

/// The probability that a χ² number of the given degrees of freedom exceeds a value.
///
/// Q(a, z) with a = degrees/2 and z = value/2, from erfc(√z) or e^{−z} upwards by
/// Q(a + 1, z) = Q(a, z) + z^a e^{−z}/Γ(a + 1): a sum of positive terms.
///
/// - Complexity: O(degrees).
/// - Source: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.4.4 and 26.4.5.
func chiSquaredTail(_ value: Double, degreesOfFreedom: Int) -> Double {
  precondition(degreesOfFreedom >= 1, "chiSquaredTail: \(degreesOfFreedom) degrees of freedom")
  guard value > 0 else { return 1 }
  let z = value / 2
  var a = degreesOfFreedom % 2 == 0 ? 1.0 : 0.5
  var tail = degreesOfFreedom % 2 == 0 ? exp(-z) : erfc(z.squareRoot())
  while a < Double(degreesOfFreedom) / 2 {
    tail += exp(a * log(z) - z - GammaFunctions.logGamma(a + 1))
    a += 1
  }
  return min(1, tail)
}
