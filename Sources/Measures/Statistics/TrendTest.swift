internal import Foundation

/// Whether a series rises or falls, by the signs of all differences between its records.
public struct TrendTest: Sendable, Equatable, Codable {
  /// S: pairs of records that rise less pairs that fall.
  public var score: Int
  /// Kendall's τ_b between values and time, in −1...1; 0 where all values are equal.
  public var tau: Double
  /// (|S| − 1)/√Var S with the sign of S; 0 where all values are equal.
  public var zScore: Double
  /// The probability of such an S, or one further out, without a trend.
  public var pValue: Double
  /// Which scores count as far out.
  public var alternative: Alternative
  /// How many times fewer independent records there are than records; 1 where that was not asked for.
  public var varianceFactor: Double
}

/// The Mann–Kendall test for a trend of any shape.
///
/// Var S = (n(n − 1)(2n + 5) − Σ t(t − 1)(2t + 5))/18 over groups of t equal values, and z is normal. That
/// variance is of independent records. Smoothed records are not, and the test then sees trends
/// where there are none; with `forCorrelatedRecords` it is multiplied by
/// 1 + 2/(n(n − 1)(n − 2)) Σ_k (n − k)(n − k − 1)(n − k − 2) (6/π) asin(φᵏ/2), which is Hamed & Rao's factor for records of
/// first order: φ is the correlation of neighbors less the line in time, (n φ̂ + 2)/(n − 4) to take off the bias of the
/// line, within 0...0.999.
///
/// - Throws: `MeasureError.tooFewSamples` (4; 10 with the correction), `.nonFiniteInput`.
/// - Complexity: O(n log n).
/// - Source: Mann, Econometrica 13, 245 (1945); Hamed & Rao, J. Hydrol. 204, 182 (1998).
/// - Differs from: Hamed & Rao, who sum the sample's correlations at all lags that are significant: of records with φ = 0.7
///   that left about 20 % of false trends at a level of 5 %.
public func trendTest(
  of values: [Double], alternative: Alternative = .twoSided, forCorrelatedRecords: Bool = false
) throws(MeasureError) -> TrendTest {
  let measure = "trendTest"
  let needed = forCorrelatedRecords ? 10 : 4
  guard values.count >= needed else {
    throw .tooFewSamples(measure: measure, found: values.count, needed: needed)
  }
  try requireOrdered(values, "the values", measure: measure)
  let n = Double(values.count)
  let ranks = Ranks(of: values)
  let score = risingLessFalling(values)
  let pairs = n * (n - 1) / 2
  let tied = ranks.tieSum { $0 * ($0 - 1) / 2 }
  let factor = forCorrelatedRecords ? varianceFactor(of: values) : 1
  let variance =
    (n * (n - 1) * (2 * n + 5) - ranks.tieSum { $0 * ($0 - 1) * (2 * $0 + 5) }) / 18 * factor
  guard variance > 0, score != 0 else {
    return TrendTest(
      score: score, tau: 0, zScore: 0, pValue: alternative == .twoSided ? 1 : 0.5,
      alternative: alternative, varianceFactor: factor)
  }
  let s = Double(score)
  let z = (s - (s > 0 ? 1 : -1)) / variance.squareRoot()
  return TrendTest(
    score: score, tau: s / (pairs * (pairs - tied)).squareRoot(), zScore: z,
    pValue: oneSided(erfc(abs(z) / 2.0.squareRoot()), isAbove: s > 0, alternative),
    alternative: alternative, varianceFactor: factor)
}

// MARK: - Counting

/// Pairs i < j with x_i < x_j less those with x_i > x_j, by sorting in halves.
private func risingLessFalling(_ values: [Double]) -> Int {
  var (sorted, scratch) = (values, values)
  func count(_ low: Int, _ high: Int) -> Int {
    guard high - low > 1 else { return 0 }
    let middle = (low + high) / 2
    var total = count(low, middle) + count(middle, high)
    // For each of the right half, how many of the left are smaller and how many larger.
    var (smaller, notLarger) = (low, low)
    for right in middle..<high {
      while smaller < middle, sorted[smaller] < sorted[right] { smaller += 1 }
      while notLarger < middle, sorted[notLarger] <= sorted[right] { notLarger += 1 }
      total += (smaller - low) - (middle - notLarger)
    }
    var (left, right) = (low, middle)
    for place in low..<high {
      if right >= high || (left < middle && sorted[left] <= sorted[right]) {
        scratch[place] = sorted[left]
        left += 1
      } else {
        scratch[place] = sorted[right]
        right += 1
      }
    }
    for place in low..<high { sorted[place] = scratch[place] }
    return total
  }
  return count(0, values.count)
}

/// How many times larger the variance of S is than that of independent records.
private func varianceFactor(of values: [Double]) -> Double {
  let n = Double(values.count)
  let rest = withoutLine(values)
  var (square, product) = (0.0, 0.0)
  for index in rest.indices {
    square += rest[index] * rest[index]
    if index > 0 { product += rest[index] * rest[index - 1] }
  }
  guard square > 0 else { return 1 }
  let neighbors = max(0, min(0.999, (n * product / square + 2) / (n - 4)))
  var (sum, power) = (0.0, 1.0)
  for lag in 1..<values.count - 2 {
    power *= neighbors
    let left = n - Double(lag)
    // asin x is x to the last digit from here on.
    let ranks = power < 1e-8 ? power / 2 : asin(power / 2)
    sum += left * (left - 1) * (left - 2) * 6 / .pi * ranks
  }
  return 1 + 2 / (n * (n - 1) * (n - 2)) * sum
}

/// Values less their line of least squares in their index.
func withoutLine(_ values: [Double]) -> [Double] {
  let count = Double(values.count)
  let (meanTime, mean) = ((count - 1) / 2, values.reduce(0, +) / count)
  var (spread, shared) = (0.0, 0.0)
  for (index, value) in values.enumerated() {
    let time = Double(index) - meanTime
    spread += time * time
    shared += time * (value - mean)
  }
  let slope = spread > 0 ? shared / spread : 0
  return values.enumerated().map { $1 - mean - slope * (Double($0) - meanTime) }
}
