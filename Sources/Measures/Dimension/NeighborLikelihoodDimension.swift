internal import Foundation

/// How the local estimates of dimension are averaged.
public enum DimensionAveraging: String, Sendable, Codable, CaseIterable {
  /// The inverse of the mean of their inverses, the maximum-likelihood estimate for one common
  /// dimension.
  case harmonic
  /// Their mean, each freed of its bias: (k − 2)/Σ_j log(T_k/T_j).
  case arithmetic
}

/// The intrinsic dimension by maximum likelihood from the k nearest neighbours of every sample.
///
/// With T_j the distance to the j-th neighbour, the inverse of the local dimension is the mean over j <
/// k of log(T_k/T_j).
///
/// - Shapes: `x` is `[n, features]`. Equal samples are counted and left out.
/// - Units: none.
/// - Parameter neighborCount: k, at least 2 (`.arithmetic`: 3). A larger k has less variance and sees a
///   larger scale; 10 to 20 are published.
/// - Parameter averaging: by default `.harmonic`.
/// - Throws: `MeasureError.tooFewSamples` (k + 1), `.nonFiniteInput`, `.outOfRange`, `.undefined` where
///   too few samples differ, or neighbours are equally far.
/// - Complexity: O(n² features) time, O(n k) memory.
/// - Source: Levina & Bickel, NIPS 2004, Eq. 8 and 9; `.harmonic`: MacKay & Ghahramani, comment of
///   2005.
/// - Differs from: Eq. 8, which has k − 1 in place of k − 2 and a bias of (k − 1)/(k − 2).
public func neighborLikelihoodDimension(
  of x: some SampleMatrix, neighborCount: Int = 20, averaging: DimensionAveraging = .harmonic,
  workers: Workers? = nil
) throws(MeasureError) -> IntrinsicDimension {
  let measure = "neighborLikelihoodDimension"
  let least = averaging == .harmonic ? 2 : 3
  guard neighborCount >= least else {
    throw .outOfRange(
      measure: measure, what: "the number of neighbours", value: Double(neighborCount),
      expected: "at least \(least)")
  }
  let (samples, duplicateCount) = try distinct(x, atLeast: neighborCount + 1, measure: measure)
  let distances = try NeighborDistances(
    of: samples, neighborCount: neighborCount, measure: measure, workers: workers
  ).values
  let k = neighborCount
  // Σ_j log(T_k/T_j): a gamma variable of shape k − 1 and rate d.
  let sums = (0..<distances.rowCount).map { row in
    (0..<k - 1).reduce(0) { $0 + log(distances[row, k - 1] / distances[row, $1]) }
  }
  let dimension: Estimate
  switch averaging {
  case .harmonic:
    guard sums.contains(where: { $0 > 0 }) else { throw equallyFar(measure) }
    let inverse = try Estimate(meanOf: sums.map { $0 / Double(k - 1) }, measure: measure)
    dimension = Estimate(
      value: 1 / inverse.value,
      standardError: inverse.standardError / inverse.value / inverse.value,
      sampleCount: sums.count)
  case .arithmetic:
    guard sums.allSatisfy({ $0 > 0 }) else { throw equallyFar(measure) }
    dimension = try Estimate(meanOf: sums.map { Double(k - 2) / $0 }, measure: measure)
  }
  return IntrinsicDimension(
    dimension: dimension, duplicateCount: duplicateCount,
    meanDistance: distances.column(k - 1).reduce(0, +) / Double(distances.rowCount))
}

private func equallyFar(_ measure: String) -> MeasureError {
  .undefined(
    measure: measure,
    reason:
      "neighbours are equally far, as on a lattice; take more neighbours, or harmonic averaging")
}
