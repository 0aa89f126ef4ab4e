internal import Foundation

/// The intrinsic dimension at several scales, from ratios of distances to neighbours of ranks n and 2n
/// (GRIDE).
///
/// Where samples are spread evenly, the ratio μ of the distances to the neighbours of ranks n₂ = 2n₁
/// and n₁ has the density d (μ^d − 1)^{n₂−n₁−1} / (B(n₂−n₁, n₁) μ^{(n₂−1)d+1}); d is where the
/// likelihood of all ratios is largest. Rank 1 is ``twoNN(of:estimator:workers:)`` by likelihood, but
/// for its factor (N − 1)/N. A dimension that stays the same over scales is one to believe; noise
/// raises it at small scales, curvature changes it at large ones.
///
/// - Shapes: `x` is `[n, features]`. Equal samples are counted and left out.
/// - Units: none.
/// - Parameter ranks: the n₁, ascending, at least 1; 1, 2, 4, 8, … is usual.
/// - Returns: one dimension for each rank, with the mean distance to the neighbour of twice that rank.
/// - Throws: `MeasureError.tooFewSamples` (2 n₁ + 1), `.nonFiniteInput`, `.outOfRange`,
///   `.notIncreasing`, `.undefined` where too few samples differ, or neighbours are equally far.
/// - Complexity: O(n² features) time, O(n max n₁) memory.
/// - Source: Denti et al., Sci. Rep. 12, 20005 (2022), Eq. 9 and 10.
public func gride(
  of x: some SampleMatrix, ranks: [Int] = [1, 2, 4, 8, 16, 32], workers: Workers? = nil
) throws(MeasureError) -> [IntrinsicDimension] {
  let measure = "gride"
  guard let last = ranks.last, ranks[0] >= 1 else {
    throw .outOfRange(
      measure: measure, what: "the first rank", value: Double(ranks.first ?? 0),
      expected: "at least one rank, all at least 1")
  }
  for index in ranks.indices.dropFirst() where ranks[index] <= ranks[index - 1] {
    throw .notIncreasing(measure: measure, array: "the ranks", index: index)
  }
  let (samples, duplicateCount) = try distinct(x, atLeast: 2 * last + 1, measure: measure)
  let distances = try NeighborDistances(
    of: samples, neighborCount: 2 * last, measure: measure, workers: workers
  ).values
  let count = distances.rowCount
  var result: [IntrinsicDimension] = []
  for rank in ranks {
    let far = distances.column(2 * rank - 1)
    let ratios = zip(far, distances.column(rank - 1)).map { log($0 / $1) }
    guard ratios.contains(where: { $0 > 0 }) else {
      throw .undefined(
        measure: measure,
        reason: "neighbours of ranks \(rank) and \(2 * rank) are equally far, as on a lattice")
    }
    result.append(
      IntrinsicDimension(
        dimension: ratioLikelihoodDimension(ratios, rank: rank), duplicateCount: duplicateCount,
        meanDistance: far.reduce(0, +) / Double(count)))
  }
  return result
}

/// The d of largest likelihood for logarithms of ratios of ranks 2n and n, by bisection and Newton's
/// method on the score N/d + (n − 1) Σ l/(1 − e^{−dl}) − (2n − 1) Σ l, which falls from +∞ to below 0.
///
/// - Precondition: no logarithm is negative and one is positive.
func ratioLikelihoodDimension(_ logarithms: [Double], rank n: Int) -> Estimate {
  let count = Double(logarithms.count)
  let total = logarithms.reduce(0, +)
  func score(_ d: Double) -> (value: Double, slope: Double) {
    var value = count / d - Double(2 * n - 1) * total
    var slope = -count / (d * d)
    if n > 1 {
      for l in logarithms {
        // Of l = 0 what remains are the limits 1/d and −1/d².
        let small = d * l < 1e-8
        let share = small ? d * l : -expm1(-d * l)
        value += Double(n - 1) * (small ? 1 / d : l / share)
        slope -= Double(n - 1) * (small ? 1 / (d * d) : l * l * exp(-d * l) / (share * share))
      }
    }
    return (value, slope)
  }
  var (low, high) = (0.0, count / total)
  while score(high).value > 0 { (low, high) = (high, 2 * high) }
  var d = low > 0 ? 0.5 * (low + high) : high
  for _ in 0..<200 {
    let (value, slope) = score(d)
    if value > 0 { low = d } else { high = d }
    let newton = d - value / slope
    let next = newton > low && newton < high ? newton : 0.5 * (low + high)
    if abs(next - d) <= 1e-14 * d { break }
    d = next
  }
  return Estimate(
    value: d, standardError: (-1 / score(d).slope).squareRoot(), sampleCount: logarithms.count)
}
