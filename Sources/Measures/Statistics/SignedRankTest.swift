internal import Foundation

/// Whether paired differences lie to one side of 0.
public struct SignedRankTest: Sendable, Equatable, Codable {
  /// The sum of the ranks of positive differences.
  public var positiveRankSum: Double
  /// The median of the differences, zeros among them.
  public var medianDifference: Double
  /// The probability of such a rank sum, or one further out, where differences are symmetric about 0.
  public var pValue: Double
  /// Which rank sums count as far out.
  public var alternative: Alternative
  /// The number of differences that are not 0.
  public var sampleCount: Int
  /// Whether the p-value counts all signs, instead of a normal approximation.
  public var isExact: Bool
}

/// Wilcoxon's signed-rank test of paired differences.
///
/// Differences of 0 are left out. Up to `largestExactCount` others the p-value counts all 2ⁿ ways to place
/// the signs on the ranks there are, shared ranks among them; beyond it is normal with variance
/// n(n + 1)(2n + 1)/24 − Σ (t³ − t)/48 over groups of t equal magnitudes, without correction for continuity.
///
/// - Throws: `MeasureError.tooFewSamples` where none differs from 0, `.nonFiniteInput`.
/// - Complexity: O(n³) exact, O(n log n) else.
/// - Source: Wilcoxon, Biometrics Bull. 1, 80 (1945); Pratt & Gibbons (1981) for ties.
/// - Differs from: `scipy.stats.wilcoxon`, which with ties or zeros is normal at any n.
public func signedRankTest(
  of differences: [Double], alternative: Alternative = .twoSided, largestExactCount: Int = 50
) throws(MeasureError) -> SignedRankTest {
  let measure = "signedRankTest"
  try requireOrdered(differences, "the differences", measure: measure)
  let kept = differences.filter { $0 != 0 }
  guard !kept.isEmpty else { throw .tooFewSamples(measure: measure, found: 0, needed: 1) }
  let ranks = Ranks(of: kept.map { abs($0) })
  let sum = zip(kept, ranks.values).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
  let n = Double(kept.count)
  let isExact = kept.count <= largestExactCount
  let pValue: Double
  if isExact {
    pValue = exactTail(sum, ranks.values, alternative)
  } else {
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.tieSum { ($0 * $0 * $0 - $0) / 48 }
    let z = (sum - n * (n + 1) / 4) / variance.squareRoot()
    pValue = oneSided(erfc(abs(z) / 2.0.squareRoot()), isAbove: z > 0, alternative)
  }
  return SignedRankTest(
    positiveRankSum: sum, medianDifference: medianValue(of: differences), pValue: pValue,
    alternative: alternative, sampleCount: kept.count, isExact: isExact)
}

/// The share of all ways to place signs whose rank sum is at least as far out.
private func exactTail(_ sum: Double, _ ranks: [Double], _ alternative: Alternative) -> Double {
  // Twice a rank is whole, also where two share it.
  let doubled = ranks.map { Int(2 * $0) }
  let total = doubled.reduce(0, +)
  var shares = [Double](repeating: 0, count: total + 1)
  shares[0] = 1
  var reached = 0
  for rank in doubled {
    for place in stride(from: reached + rank, through: 0, by: -1) {
      let without = place <= reached ? shares[place] : 0
      let with = place >= rank ? shares[place - rank] : 0
      shares[place] = (without + with) / 2
    }
    reached += rank
  }
  let place = Int(2 * sum)
  let above = shares[place...].reduce(0, +)
  let below = shares[...place].reduce(0, +)
  return switch alternative {
  case .twoSided: min(1, 2 * min(above, below))
  case .greater: above
  case .less: below
  }
}
