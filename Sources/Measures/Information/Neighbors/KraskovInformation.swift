/// Which of the two estimators of Kraskov, Stögbauer & Grassberger.
public enum KraskovEstimator: String, Sendable, Codable, CaseIterable {
  /// KSG-1: neighbours of each variable are counted that are closer than the k-th joint neighbour.
  case first
  /// KSG-2: within the extent of the k joint neighbours in that variable, including its border. Less bias in many
  /// dimensions, more variance.
  case second

  /// `KSG-1` or `KSG-2`.
  public var name: String { self == .first ? "KSG-1" : "KSG-2" }
}

/// One of several estimates that share a search: see ``kraskovInformation(between:and:estimators:neighborCounts:wantsLocalValues:workers:)``.
public struct KraskovInformation: Sendable, Equatable, Codable {
  /// Which estimator.
  public var estimator: KraskovEstimator
  /// The number of neighbours k.
  public var neighborCount: Int
  /// The mean of the local values, with what a reader has to know.
  public var estimate: InformationEstimate
  /// What each sample adds to the mean, in nats; empty where they were not asked for.
  public var localValues: [Double]
}

/// The mutual information I(x; y) of paired samples, from the distances to nearest neighbours.
///
/// With ψ the digamma function, r_i the distance of sample i to its k-th neighbour in the maximum norm over all columns
/// of x and y, and n_x the number of other samples whose x is closer than r_i,
/// `I₁ = ψ(k) + ψ(n) − ⟨ψ(n_x + 1) + ψ(n_y + 1)⟩`. The second estimator takes for each variable the distance ε_x
/// to the farthest of the k joint neighbours, counts n_x up to and including it, and is
/// `I₂ = ψ(k) − 1/k + ψ(n) − ⟨ψ(n_x) + ψ(n_y)⟩`.
///
/// Comparisons are exact, with distances in `Double` by one expression everywhere: multiplying both variables by a
/// power of two changes nothing. Scales matter otherwise, so that variables in different units want to be
/// standardised before, each by itself; that is not done here.
///
/// - Shapes: `x` is `[n, dx]`, `y` is `[n, dy]`; row `i` of both belongs to one sample.
/// - Units: nats. Estimates may be below zero near independence; they are not clipped.
/// - Parameter neighborCount: k. More neighbours, less variance and more bias; 3 is usual, and 20 or more only to tell
///   dependence from independence.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` for n ≤ k, `.outOfRange` for k < 1, `.nonFiniteInput`,
///   `.undefined` where every sample equals k others, or without columns.
/// - Complexity: O(n log n) time in few dimensions, O(n² (dx + dy)) in many; O(n (dx + dy + k)) memory.
/// - Source: Kraskov, Stögbauer & Grassberger, Phys. Rev. E 69, 066138 (2004), Eqs. 8 and 9.
/// - Differs from: the authors' code, which adds small noise first. Ties are kept and said in `cautions`; of
///   equally far neighbours the second estimator takes the lower row.
public func mutualInformation(
  between x: some SampleMatrix, and y: some SampleMatrix, estimator: KraskovEstimator = .first,
  neighborCount: Int = 3, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "mutualInformation"
  try requireRows([x, y], atLeast: 2, measure: measure)
  try requireNeighbors(neighborCount, of: x.rowCount, measure: measure)
  try requireFinite([x, y], measure: measure)
  return try mutualInformation(
    between: NeighborStructure(x, measure: measure, workers: workers),
    and: NeighborStructure(y, measure: measure, workers: workers), estimator: estimator,
    neighborCount: neighborCount, workers: workers)
}

/// The mutual information of variables that are arranged already.
///
/// - Throws: as ``mutualInformation(between:and:estimator:neighborCount:workers:)``.
public func mutualInformation(
  between x: NeighborStructure, and y: NeighborStructure, estimator: KraskovEstimator = .first,
  neighborCount: Int = 3, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let search = try KraskovSearch(
    of: [x, y], neighborCount: neighborCount, measure: "mutualInformation", workers: workers)
  return try search.information(estimator, neighborCount, wantsLocalValues: false).estimate
}

/// The mutual information by several estimators and numbers of neighbours, from one search.
///
/// ```swift
/// let results = try kraskovInformation(
///   between: x, and: y, estimators: [.first, .second], neighborCounts: [1, 3, 5, 20])
/// ```
///
/// - Returns: for each estimator in turn one result for each number of neighbours.
/// - Parameter wantsLocalValues: whether to keep what each sample adds.
/// - Throws: as ``mutualInformation(between:and:estimator:neighborCount:workers:)``.
/// - Complexity: one search for the largest number of neighbours, and two counts for each result.
/// - Source: Kraskov, Stögbauer & Grassberger, Phys. Rev. E 69, 066138 (2004).
public func kraskovInformation(
  between x: NeighborStructure, and y: NeighborStructure,
  estimators: [KraskovEstimator] = [.first], neighborCounts: [Int],
  wantsLocalValues: Bool = false, workers: Workers? = nil
) throws(MeasureError) -> [KraskovInformation] {
  let measure = "kraskovInformation"
  for count in neighborCounts { try requireNeighbors(count, of: x.rowCount, measure: measure) }
  guard let largest = neighborCounts.max() else { return [] }
  let search = try KraskovSearch(
    of: [x, y], neighborCount: largest, measure: measure, workers: workers)
  var results = [KraskovInformation]()
  for estimator in estimators {
    for count in neighborCounts {
      results.append(
        try search.information(estimator, count, wantsLocalValues: wantsLocalValues))
    }
  }
  return results
}

/// The multi-information (total correlation) of several variables, Σ h(x_v) − h(x_1, x_2, …).
///
/// The estimators of mutual information for m variables:
/// `ψ(k) + (m − 1) ψ(n) − ⟨Σ ψ(n_v + 1)⟩` and `ψ(k) − (m − 1)/k + (m − 1) ψ(n) − ⟨Σ ψ(n_v)⟩`.
///
/// - Shapes: each variable `[n, d_v]`.
/// - Units: nats, not clipped.
/// - Throws: as ``mutualInformation(between:and:estimator:neighborCount:workers:)``, and `.tooFewSamples` without any variable.
/// - Complexity: one search and m counts.
/// - Source: Kraskov, Stögbauer & Grassberger, Phys. Rev. E 69, 066138 (2004), Eqs. 22 and 23.
public func multiInformation(
  of variables: [NeighborStructure], estimator: KraskovEstimator = .first, neighborCount: Int = 3,
  workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let search = try KraskovSearch(
    of: variables, neighborCount: neighborCount, measure: "multiInformation", workers: workers)
  return try search.information(estimator, neighborCount, wantsLocalValues: false).estimate
}
