/// What counts as within the distance of the k-th neighbour of the same class. Without ties both give the same.
public enum LabelTies: String, Sendable, Codable, CaseIterable {
  /// Others up to and including that distance, of all classes as published, and of the own class too.
  case counted
  /// The sample itself and others that are closer, as scikit-learn does.
  case left
}

/// The mutual information of samples with a label, I(x; label).
///
/// With N_c samples of class c, d_i the distance of sample i to the min(k, N_c − 1)-th neighbour of its own class, and k_i
/// and m_i the numbers of others of its class, and of all classes, that are not farther,
/// `I = ψ(n) + ⟨ψ(k_i)⟩ − ⟨ψ(N_c)⟩ − ⟨ψ(m_i)⟩`. Labels are names here and not numbers, which is why this is right and
/// a label as one more coordinate is not.
///
/// - Shapes: `x` is `[n, d]`; one label a row.
/// - Units: nats, not clipped.
/// - Parameter neighborCount: k; with few samples a class 3 is usual.
/// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange` for k < 1, `.tooFewSamples` where no class has two samples,
///   `.nonFiniteInput`, `.undefined` without columns.
/// - Complexity: O(n log n) time in few dimensions, O(n² d) in many; O(n (d + k)) memory.
/// - Source: Ross, PLoS ONE 9, e87357 (2014).
/// - Differs from: the paper, which has k for k_i: the same without ties, and with them a constant has no information
///   here. Classes with one sample are left out, and `preparation` says how many.
public func mutualInformation(
  between x: some SampleMatrix, andLabels labels: [Int], neighborCount: Int = 3,
  ties: LabelTies = .counted, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "mutualInformation"
  try requireLabels(labels, of: x.rowCount, measure: measure)
  return try mutualInformation(
    between: NeighborStructure(x, measure: measure, workers: workers), andLabels: labels,
    neighborCount: neighborCount, ties: ties, workers: workers)
}

/// The mutual information of labels with a variable that is arranged already.
///
/// - Throws: as ``mutualInformation(between:andLabels:neighborCount:ties:workers:)``.
public func mutualInformation(
  between x: NeighborStructure, andLabels labels: [Int], neighborCount: Int = 3,
  ties: LabelTies = .counted, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "mutualInformation"
  try requireLabels(labels, of: x.rowCount, measure: measure)
  try requireNeighbors(neighborCount, of: neighborCount + 1, measure: measure)
  let sizes = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
  let kept = labels.indices.filter { sizes[labels[$0], default: 0] > 1 }
  guard kept.count >= 2 else {
    throw .tooFewSamples(measure: measure, found: kept.count, needed: 2)
  }
  let leftOut = labels.count - kept.count
  let variable =
    leftOut == 0
    ? x
    : try NeighborStructure(
      x.samples.selectingRows(kept), measure: measure, workers: workers)
  let classes = Dictionary(grouping: kept.indices) { labels[kept[$0]] }
  var estimate = try information(
    variable, classes.sorted { $0.key < $1.key }.map(\.value), neighborCount, ties, measure,
    workers)
  if leftOut > 0 {
    estimate.preparation = ["\(leftOut) samples that are alone in their class left out"]
  }
  return estimate
}

/// - Parameter classes: the rows of each, two at least.
private func information(
  _ x: NeighborStructure, _ classes: [[Int]], _ neighborCount: Int, _ ties: LabelTies,
  _ measure: String, _ workers: Workers?
) throws(MeasureError) -> InformationEstimate {
  let count = x.rowCount
  let digamma = DigammaTable(upTo: count)
  var radii = [Double](repeating: 0, count: count)
  var local = [Double](repeating: digamma[count], count: count)
  var (classTerm, duplicateCount) = (0.0, 0)
  for rows in classes {
    let k = min(neighborCount, rows.count - 1)
    let tree = NeighborTree(x.samples.selectingRows(rows), workers: workers)
    let nearest = tree.nearest(k, workers: workers)
    let distances = rows.indices.map { nearest.distance($0, k) }
    let within =
      ties == .left
      ? [] : tree.neighborCounts(within: distances, isStrict: false, workers: workers)
    for (place, row) in rows.enumerated() {
      radii[row] = distances[place]
      local[row] += digamma[ties == .left ? k : Int(within[place])] - digamma[rows.count]
      if nearest.distance(place, 1) == 0 { duplicateCount += 1 }
    }
    classTerm += Double(rows.count) / Double(count) * digamma[rows.count]
  }
  let counts = x.tree.neighborCounts(within: radii, isStrict: ties == .left, workers: workers)
  for row in 0..<count { local[row] -= digamma[Int(counts[row]) + (ties == .left ? 1 : 0)] }
  let mean = try Estimate(meanOf: local, measure: measure)
  let ceiling = digamma[count] - classTerm
  // A class is a region of the space: labels add no dimension. The ceiling is close to their entropy, which the
  // truth does reach, so that closeness to it says nothing.
  return InformationEstimate(
    value: mean.value, naiveStandardError: mean.standardError, sampleCount: count,
    ceiling: ceiling, estimator: "Ross, k = \(neighborCount)",
    cautions: neighborCautions(
      value: mean.value, ceiling: nil, sampleCount: count, dimension: x.effectiveDimension)
      + (duplicateCount > 0 ? [.duplicates(count: duplicateCount)] : []))
}

func requireLabels(
  _ labels: [Int], of rowCount: Int, measure: String
) throws(MeasureError) {
  guard labels.count == rowCount else {
    throw .rowCountMismatch(measure: measure, first: rowCount, second: labels.count)
  }
}
