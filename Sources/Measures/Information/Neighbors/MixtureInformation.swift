internal import Foundation

/// Which of two forms of the estimator for mixtures.
public enum MixtureForm: String, Sendable, Codable, CaseIterable {
  /// That of the authors' program: ψ of the numbers of samples that are closer, the sample itself among them.
  case program
  /// That of the paper: ln of the numbers up to and including the distance. Below the truth by about ln k − ψ(k), and more
  /// for one variable with a density and one with atoms: ln(k + 1) − ψ(k).
  case paper
}

/// The mutual information of variables that may have atoms: discrete, continuous or mixtures of both, on either side.
///
/// With ρ_i the distance of sample i to its k-th joint neighbour and k_i = k, n_x the number of others whose x is closer
/// than ρ_i, `I = ⟨ψ(k_i) + ln n − ψ(n_x + 1) − ψ(n_y + 1)⟩`. Where ρ_i = 0 the sample is of an atom: then n_x counts
/// those at distance 0 and k_i all of the joint atom, the sample too. In the form of the paper n_x counts up to and including ρ_i, k_i
/// has not the sample itself, and the logarithm stands for the last two ψ. Without ties the first form is that of
/// ``mutualInformation(between:and:estimator:neighborCount:workers:)``, less ψ(n) − ln n.
///
/// - Shapes: `x` is `[n, dx]`, `y` is `[n, dy]`.
/// - Units: nats, not clipped.
/// - Throws: as ``mutualInformation(between:and:estimator:neighborCount:workers:)``; constants are no error.
/// - Complexity: as ``mutualInformation(between:and:estimator:neighborCount:workers:)``.
/// - Source: Gao, Kannan, Oh & Viswanath, NeurIPS 2017, Algorithm 1, and the program that they published with it.
/// - Differs from: that program, which has a margin of 1e-15 in place of exact comparisons.
public func mixtureInformation(
  between x: some SampleMatrix, and y: some SampleMatrix, form: MixtureForm = .program,
  neighborCount: Int = 5, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "mixtureInformation"
  try requireRows([x, y], atLeast: 2, measure: measure)
  try requireFinite([x, y], measure: measure)
  return try mixtureInformation(
    between: NeighborStructure(x, measure: measure, workers: workers),
    and: NeighborStructure(y, measure: measure, workers: workers), form: form,
    neighborCount: neighborCount, workers: workers)
}

/// The mutual information, with atoms, of variables that are arranged already.
///
/// - Throws: as ``mixtureInformation(between:and:form:neighborCount:workers:)``.
public func mixtureInformation(
  between x: NeighborStructure, and y: NeighborStructure, form: MixtureForm = .program,
  neighborCount: Int = 5, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "mixtureInformation"
  try requirePaired([x, y], neighborCount: neighborCount, measure: measure)
  let joint = try NeighborTree(joining: [x, y], measure: measure, workers: workers)
  let nearest = joint.nearest(neighborCount, workers: workers)
  let radii = (0..<x.rowCount).map { nearest.distance($0, neighborCount) }
  let counts = [joint, x.tree, y.tree].map {
    $0.mixtureCounts(radii, isStrict: form == .program, workers)
  }
  let (n, k) = (x.rowCount, neighborCount)
  let own = form == .program ? 1 : 0
  let digamma = DigammaTable(upTo: n)
  let term = { (count: Int32) in
    form == .program ? digamma[Int(count) + 1] : log(Double(count) + 1)
  }
  let local = radii.indices.map { row in
    digamma[radii[row] > 0 ? k : Int(counts[0][row]) + own] + log(Double(n))
      - (term(counts[1][row]) + term(counts[2][row]))
  }
  let mean = try Estimate(meanOf: local, measure: measure)
  // The largest term of a sample: with k neighbours, fewer of them closer where there are ties, or of an atom.
  let fewest = min(k - own, Int(counts[1...].joined().min() ?? 0))
  let ofDensity = digamma[k] - 2 * term(Int32(fewest))
  let ofAtom = digamma[min(n, k + own)] - 2 * term(Int32(k))
  let ofPair = k == 1 && n > 2 ? digamma[2 + own] - 2 * term(2) : ofAtom
  let ceiling = log(Double(n)) + max(ofDensity, max(ofAtom, ofPair))
  return InformationEstimate(
    value: mean.value, naiveStandardError: mean.standardError, sampleCount: n,
    ceiling: ceiling, estimator: "mixture (\(form.rawValue)), k = \(k)",
    cautions: neighborCautions(
      value: mean.value, ceiling: ceiling, sampleCount: n,
      dimension: x.effectiveDimension + y.effectiveDimension))
}

extension NeighborTree {
  /// How many others are within a radius, at distance 0 where it is 0.
  fileprivate func mixtureCounts(
    _ radii: [Double], isStrict: Bool, _ workers: Workers?
  ) -> [Int32] {
    let counts = neighborCounts(within: radii, isStrict: isStrict, workers: workers)
    guard isStrict, radii.contains(0) else { return counts }
    let equals = neighborCounts(
      within: radii.map { _ in 0 }, isStrict: false, workers: workers)
    return radii.indices.map { radii[$0] > 0 ? counts[$0] : equals[$0] }
  }
}
