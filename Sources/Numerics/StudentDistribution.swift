#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Student's t distribution with a whole number of degrees of freedom: what widens the interval of a mean
/// when the spread is estimated from the same few numbers.
package struct StudentDistribution: Sendable {
  /// The number of values less the number of estimated means.
  package let degreesOfFreedom: Int

  /// The distribution with the given degrees of freedom.
  ///
  /// - Precondition: there is at least one.
  package init(degreesOfFreedom: Int) {
    precondition(
      degreesOfFreedom >= 1, "StudentDistribution: \(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability that |T| ≤ `bound`.
  ///
  /// - Complexity: O(degrees of freedom).
  /// - Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4: a finite sum.
  package func probability(within bound: Double) -> Double {
    probability(angle: atan(bound / Double(degreesOfFreedom).squareRoot()))
  }

  /// The bound that |T| keeps with probability `confidence`: 12.706 for 0.95 and one degree of freedom,
  /// 1.960 for many.
  ///
  /// - Precondition: `confidence` is above 0 and below 1.
  package func bound(confidence: Double) -> Double {
    precondition(
      confidence > 0 && confidence < 1, "StudentDistribution: confidence \(confidence)")
    let count = Double(degreesOfFreedom)
    if degreesOfFreedom > 1_000 {
      // Beyond that the sum is long, and three terms around the normal bound are exact to 1e-10.
      let z = bisected(in: 0...40) { erf($0 / 2.0.squareRoot()) < confidence }
      let (z3, z5) = (z * z * z, z * z * z * z * z)
      return z + (z3 + z) / (4 * count)
        + (5 * z5 + 16 * z3 + 3 * z) / (96 * count * count)
    }
    let angle = bisected(in: 0...Double.pi / 2) { probability(angle: $0) < confidence }
    return tan(angle) * count.squareRoot()
  }

  private func probability(angle: Double) -> Double {
    let (sine, cosine) = (sin(angle), cos(angle))
    let isOdd = degreesOfFreedom % 2 == 1
    if degreesOfFreedom == 1 { return 2 * angle / .pi }
    var term = isOdd ? cosine : 1
    var sum = term
    var factor = isOdd ? 2.0 : 1.0
    while Int(factor) + 1 < degreesOfFreedom {
      term *= factor / (factor + 1) * cosine * cosine
      sum += term
      factor += 2
    }
    return isOdd ? 2 / .pi * (angle + sine * sum) : sine * sum
  }
}

/// The end of the part of `range` in which `isBelow` holds, to the last bit.
private func bisected(in range: ClosedRange<Double>, isBelow: (Double) -> Bool) -> Double {
  var (low, high) = (range.lowerBound, range.upperBound)
  while true {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { return high }
    if isBelow(middle) { low = middle } else { high = middle }
  }
}
