internal import Foundation

/// How the ratios of distances become a dimension.
public enum TwoNNEstimator: Sendable, Equatable {
  /// (N − 1)/Σ log μ, the maximum-likelihood estimate without its bias.
  case likelihood
  /// The slope through the origin of −log(1 − F) against log μ, leaving out the given fraction of the
  /// largest ratios, which depart first from what is assumed; 0.1 is published.
  case slope(discardedFraction: Double)
}

/// The intrinsic dimension from the two nearest neighbours of every sample (TwoNN).
///
/// Where samples are spread evenly over the extent of two neighbours, the ratio μ of the second to the
/// first distance has the density d μ^{−d−1}: log μ is exponential with rate d.
///
/// ```swift
/// let dimension = try twoNN(of: activations).dimension
/// print("\(dimension.value) ± \(dimension.standardError)")
/// ```
///
/// - Shapes: `x` is `[n, features]`. Equal samples are counted and left out.
/// - Units: none.
/// - Parameter estimator: by default `.likelihood`, which has the smallest error where the assumption
///   holds.
/// - Throws: `MeasureError.tooFewSamples` (3), `.nonFiniteInput`, `.outOfRange`, `.undefined` where too
///   few samples differ, or all first and second neighbours are equally far.
/// - Complexity: O(n² features) time, O(n) memory.
/// - Source: Facco et al., Sci. Rep. 7, 12140 (2017); likelihood: Denti et al., Sci. Rep. 12, 20005
///   (2022), Eq. 7.
public func twoNN(
  of x: some SampleMatrix, estimator: TwoNNEstimator = .likelihood, workers: Workers? = nil
) throws(MeasureError) -> IntrinsicDimension {
  let measure = "twoNN"
  if case .slope(let discarded) = estimator, !(discarded >= 0 && discarded < 1) {
    throw .outOfRange(
      measure: measure, what: "the discarded fraction", value: discarded,
      expected: "at least 0 and below 1")
  }
  let (samples, duplicateCount) = try distinct(x, atLeast: 3, measure: measure)
  let distances = try NeighborDistances(
    of: samples, neighborCount: 2, measure: measure, workers: workers
  ).values
  let count = distances.rowCount
  let logarithms = (0..<count).map { log(distances[$0, 1] / distances[$0, 0]) }
  let value: Double
  var used = count
  switch estimator {
  case .likelihood:
    value = Double(count - 1) / logarithms.reduce(0, +)
  case .slope(let discarded):
    let sorted = logarithms.sorted()
    // The last has F = 1 and no finite logarithm.
    used = min(count - 1, Int((1 - discarded) * Double(count)))
    let points = (0..<used).map { (sorted[$0], -log(1 - Double($0 + 1) / Double(count))) }
    value =
      points.reduce(0) { $0 + $1.0 * $1.1 } / points.reduce(0) { $0 + $1.0 * $1.0 }
  }
  guard value.isFinite else {
    throw .undefined(
      measure: measure, reason: "first and second neighbours are equally far, as on a lattice")
  }
  return IntrinsicDimension(
    dimension: Estimate(
      value: value, standardError: value / Double(max(1, used - 2)).squareRoot(),
      sampleCount: used),
    duplicateCount: duplicateCount,
    meanDistance: distances.column(1).reduce(0, +) / Double(count))
}
