internal import Foundation

/// How far apart samples are.
public enum NeighborNorm: String, Sendable, Codable, CaseIterable {
  /// max |x − y| over components.
  case maximum
  /// √Σ (x − y)².
  case euclidean

  /// ln of the volume of the ball with radius 1.
  func logUnitVolume(_ dimension: Int) -> Double {
    let d = Double(dimension)
    return self == .maximum
      ? d * log(2) : d / 2 * log(Double.pi) - GammaFunctions.logGamma(d / 2 + 1)
  }
}

/// The differential entropy of samples from the distances ρ to their k-th nearest neighbours,
/// `h = ψ(n) − ψ(k) + ln V_d + d ⟨ln ρ⟩` with V_d the volume of the unit ball.
///
/// The difference of such entropies is a poor estimate of mutual information, for their errors do not cancel: take
/// ``mutualInformation(between:and:estimator:neighborCount:workers:)``.
///
/// - Shapes: `x` is `[n, d]`.
/// - Units: nats, relative to the unit of the samples; below zero where they lie densely.
/// - Throws: `MeasureError.tooFewSamples` for n ≤ k, `.outOfRange` for k < 1, `.nonFiniteInput`, `.undefined` where a
///   sample equals k others (the entropy of an atom is −∞), or without columns.
/// - Complexity: O(n log n) time in few dimensions and O(n² d) in many for the maximum norm, O(n² d) for the Euclidean;
///   O(n (d + k)) memory.
/// - Source: Kozachenko & Leonenko, Probl. Inf. Transm. 23, 95 (1987), with ψ(n) for ln(n − 1) as in Kraskov et al.
///   (2004), Eq. 20.
public func differentialEntropy(
  of x: some SampleMatrix, norm: NeighborNorm = .maximum, neighborCount: Int = 3,
  workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "differentialEntropy"
  let logarithms = try neighborLogarithms(
    of: x, norm, neighborCount: neighborCount, ranks: [neighborCount], measure: measure,
    workers: workers)
  let (n, k, d) = (x.rowCount, neighborCount, Double(x.columnCount))
  let digamma = DigammaTable(upTo: n)
  let start = digamma[n] - digamma[k] + norm.logUnitVolume(x.columnCount)
  let mean = try Estimate(meanOf: logarithms[0].map { start + d * $0 }, measure: measure)
  return InformationEstimate(
    value: mean.value, naiveStandardError: mean.standardError, sampleCount: n,
    estimator: "Kozachenko–Leonenko, \(norm.rawValue) norm, k = \(k)")
}

/// ln of the distances to neighbours of some ranks, for every rank one array over samples.
func neighborLogarithms(
  of x: some SampleMatrix, _ norm: NeighborNorm, neighborCount: Int, ranks: [Int], measure: String,
  workers: Workers?
) throws(MeasureError) -> [[Double]] {
  try requireNeighbors(neighborCount, of: x.rowCount, measure: measure)
  try requireFinite([x], measure: measure)
  guard x.columnCount > 0 else {
    throw .undefined(measure: measure, reason: "a variable has no columns")
  }
  let distances: [Double]
  switch norm {
  case .maximum:
    distances = try NeighborTree(checked: Matrix<Double>(x), measure: measure, workers: workers)
      .nearest(neighborCount, workers: workers).distances
  case .euclidean:
    distances = try NeighborDistances(
      of: x, neighborCount: neighborCount, measure: measure, workers: workers
    ).values.values
  }
  var result = [[Double]]()
  for rank in ranks {
    let ofRank = stride(from: rank - 1, to: distances.count, by: neighborCount).map {
      distances[$0]
    }
    let atomCount = ofRank.count { $0 == 0 }
    guard atomCount == 0 else {
      throw .undefined(
        measure: measure,
        reason: "\(atomCount) samples equal at least \(rank) others: the entropy of an atom is -∞; "
          + "add jitter")
    }
    result.append(ofRank.map { log($0) })
  }
  return result
}
