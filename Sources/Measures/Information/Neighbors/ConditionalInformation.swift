/// The conditional mutual information I(x; y | z) of samples, from the distances to nearest neighbours.
///
/// With r_i the distance of sample i to its k-th neighbour in the maximum norm over x, y and z, and n_xz, n_yz, n_z
/// the numbers of others that are closer in those variables,
/// `I = ψ(k) − ⟨ψ(n_xz + 1) + ψ(n_yz + 1) − ψ(n_z + 1)⟩`.
///
/// - Shapes: `x` is `[n, dx]`, `y` is `[n, dy]`, `z` is `[n, dz]`.
/// - Units: nats, not clipped. The estimate is pulled towards 0 where z leaves few samples alike.
/// - Throws: as ``mutualInformation(between:and:estimator:neighborCount:workers:)``.
/// - Complexity: one search in dx + dy + dz columns and three counts.
/// - Source: Frenzel & Pompe, Phys. Rev. Lett. 99, 204101 (2007).
public func conditionalMutualInformation(
  between x: some SampleMatrix, and y: some SampleMatrix, given z: some SampleMatrix,
  neighborCount: Int = 3, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "conditionalMutualInformation"
  try requireRows([x, y, z], atLeast: 2, measure: measure)
  try requireFinite([x, y, z], measure: measure)
  return try conditionalInformation(
    Matrix<Double>(x), Matrix<Double>(y), Matrix<Double>(z), neighborCount: neighborCount,
    name: "Frenzel–Pompe, k = \(neighborCount)", measure: measure, workers: workers)
}

/// The transfer entropy from one series to another: what the source's past tells of the target's next value beyond the
/// target's own past, I(target now; source before | target before).
///
/// - Shapes: `source` is `[times, ds]`, `target` is `[times, dt]`, equally spaced in time.
/// - Units: nats, not clipped.
/// - Parameter sourceLength: how many past values of the source are looked at; `targetLength`: of the target.
/// - Parameter delay: the steps from the source's last value to the target's next one.
/// - Throws: as ``conditionalMutualInformation(between:and:given:neighborCount:workers:)``, and `.outOfRange` for lengths
///   or a delay below 1.
/// - Complexity: that of the conditional mutual information with ds · sourceLength + dt · (targetLength + 1) columns.
/// - Source: Schreiber, Phys. Rev. Lett. 85, 461 (2000).
public func transferEntropy(
  from source: some SampleMatrix, to target: some SampleMatrix, sourceLength: Int = 1,
  targetLength: Int = 1, delay: Int = 1, neighborCount: Int = 3, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "transferEntropy"
  for (what, value) in [
    ("the number of past values of the source", sourceLength),
    ("the number of past values of the target", targetLength), ("the delay", delay),
  ] where value < 1 {
    throw .outOfRange(
      measure: measure, what: what, value: Double(value), expected: "at least 1")
  }
  try requireRows([source, target], atLeast: 2, measure: measure)
  try requireFinite([source, target], measure: measure)
  // The first time that has a whole past.
  let first = max(targetLength, sourceLength + delay - 1)
  let times = max(0, source.rowCount - first)
  guard times > neighborCount else {
    throw .tooFewSamples(
      measure: measure, found: source.rowCount, needed: first + neighborCount + 1)
  }
  func past(_ series: Matrix<Double>, _ lag: Int) -> Matrix<Double> {
    series.selectingRows(first - lag..<first - lag + times)
  }
  let (s, t) = (Matrix<Double>(source), Matrix<Double>(target))
  return try conditionalInformation(
    past(t, 0), joinedColumns((0..<sourceLength).map { past(s, delay + $0) }),
    joinedColumns((1...targetLength).map { past(t, $0) }), neighborCount: neighborCount,
    name: "Frenzel–Pompe, k = \(neighborCount), \(sourceLength) past values of the source and "
      + "\(targetLength) of the target, delay \(delay)", measure: measure, workers: workers)
}

private func conditionalInformation(
  _ x: Matrix<Double>, _ y: Matrix<Double>, _ z: Matrix<Double>, neighborCount: Int, name: String,
  measure: String, workers: Workers?
) throws(MeasureError) -> InformationEstimate {
  try requireNeighbors(neighborCount, of: x.rowCount, measure: measure)
  func tree(_ parts: [Matrix<Double>]) throws(MeasureError) -> NeighborTree {
    try NeighborTree(checked: joinedColumns(parts), measure: measure, workers: workers)
  }
  let count = x.rowCount
  let nearest = try tree([x, y, z]).nearest(neighborCount, workers: workers)
  let radii = (0..<count).map { nearest.distance($0, neighborCount) }
  guard radii.contains(where: { $0 > 0 }) else {
    throw .undefined(
      measure: measure,
      reason: "every sample equals at least \(neighborCount) others; add jitter")
  }
  let digamma = DigammaTable(upTo: count)
  var local = [Double](repeating: digamma[neighborCount], count: count)
  for (parts, sign) in [([x, z], -1.0), ([y, z], -1), ([z], 1)] {
    let counts = try tree(parts).neighborCounts(within: radii, isStrict: true, workers: workers)
    for row in 0..<count { local[row] += sign * digamma[Int(counts[row]) + 1] }
  }
  let mean = try Estimate(meanOf: local, measure: measure)
  let dimension = try effectiveDimension(of: joinedColumns([x, y, z]), workers: workers)
  return InformationEstimate(
    value: mean.value, naiveStandardError: mean.standardError, sampleCount: count,
    estimator: name,
    cautions: neighborCautions(
      value: mean.value, ceiling: nil, sampleCount: count, dimension: dimension)
      + nearest.tieCautions(neighborCount))
}
