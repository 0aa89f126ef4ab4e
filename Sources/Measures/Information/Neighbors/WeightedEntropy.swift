internal import Foundation

/// The differential entropy of samples as a weighted sum of Kozachenko–Leonenko estimates with 1 to k neighbours, whose
/// weights remove the leading terms of the bias,
/// `h = Σ_j w_j ⟨ln(V_d (n − 1) ρ_j^d / e^ψ(j))⟩` in the Euclidean norm.
///
/// Weights are those of ``entropyWeights(dimension:neighborCount:)``: below four dimensions there is no term to remove and
/// it is the estimate with k neighbours.
///
/// - Shapes: `x` is `[n, d]`.
/// - Units: nats.
/// - Throws: as ``differentialEntropy(of:norm:neighborCount:workers:)`` and ``entropyWeights(dimension:neighborCount:)``.
/// - Complexity: O(n² d) time, O(n (d + k)) memory.
/// - Source: Berrett, Samworth & Yuan, Ann. Statist. 47, 288 (2019), Eq. 4.
public func weightedEntropy(
  of x: some SampleMatrix, neighborCount: Int, workers: Workers? = nil
) throws(MeasureError) -> InformationEstimate {
  let measure = "weightedEntropy"
  let (n, d) = (x.rowCount, x.columnCount)
  try requireNeighbors(neighborCount, of: n, measure: measure)
  guard d > 0 else {
    throw .undefined(measure: measure, reason: "a variable has no columns")
  }
  let weights = try entropyWeights(dimension: d, neighborCount: neighborCount)
  let ranks = weights.indices.filter { weights[$0] != 0 }.map { $0 + 1 }
  let logarithms = try neighborLogarithms(
    of: x, .euclidean, neighborCount: neighborCount, ranks: ranks, measure: measure,
    workers: workers)
  let digamma = DigammaTable(upTo: neighborCount)
  let start = NeighborNorm.euclidean.logUnitVolume(d) + log(Double(n - 1))
  var local = [Double](repeating: 0, count: n)
  for (rank, values) in zip(ranks, logarithms) {
    for row in 0..<n {
      local[row] += weights[rank - 1] * (start + Double(d) * values[row] - digamma[rank])
    }
  }
  let mean = try Estimate(meanOf: local, measure: measure)
  return InformationEstimate(
    value: mean.value, naiveStandardError: mean.standardError, sampleCount: n,
    estimator: "weighted Kozachenko–Leonenko, k = \(neighborCount)")
}

/// The weights w_1 … w_k of ``weightedEntropy(of:neighborCount:workers:)``: those of least norm with Σ w_j = 1,
/// Σ w_j Γ(j + 2l/d)/Γ(j) = 0 for l = 1 … ⌊d/4⌋, and w_j = 0 but for j = ⌊k/d⌋, ⌊2k/d⌋, … k.
///
/// Below four dimensions, where there is nothing to remove, all weight is on the k-th neighbour.
///
/// - Units: none; the weights sum to 1 and may be negative.
/// - Throws: `MeasureError.outOfRange` for a dimension below 1, or k so small that no weights do all that.
/// - Complexity: O(d³) time.
/// - Source: Berrett, Samworth & Yuan, Ann. Statist. 47, 288 (2019), Eq. 2.
public func entropyWeights(
  dimension: Int, neighborCount: Int
) throws(MeasureError) -> [Double] {
  let measure = "weightedEntropy"
  guard dimension >= 1 else {
    throw .outOfRange(
      measure: measure, what: "the dimension", value: Double(dimension), expected: "at least 1")
  }
  // From k = d on the ranks ⌊jk/d⌋ are all different and none is 0.
  let needed = dimension < 4 ? 1 : dimension
  guard neighborCount >= needed else {
    throw .outOfRange(
      measure: measure, what: "the number of neighbours", value: Double(neighborCount),
      expected: "at least \(needed) in \(dimension) dimensions")
  }
  var weights = [Double](repeating: 0, count: neighborCount)
  guard dimension >= 4 else {
    weights[neighborCount - 1] = 1
    return weights
  }
  let ranks = (1...dimension).map { $0 * neighborCount / dimension }
  let conditionCount = dimension / 4
  var rows = [[Double]](repeating: ranks.map { _ in 1 }, count: 1)
  for l in 1...conditionCount {
    let shift = 2 * Double(l) / Double(dimension)
    let row = ranks.map {
      exp(GammaFunctions.logGamma(Double($0) + shift) - GammaFunctions.logGamma(Double($0)))
    }
    let largest = row.max() ?? 1
    rows.append(row.map { $0 / largest })
  }
  let conditions = Matrix<Double>(rows: rows)
  let sides = Matrix<Double>(rows: (0...conditionCount).map { [$0 == 0 ? 1 : 0] })
  let solution = try decomposing(measure) { () throws(NumericsError) in
    try leastSquares(conditions, sides).solution
  }
  let residual = conditions.multiplied(by: solution)
  let error = (0...conditionCount).reduce(0) { max($0, abs(residual[$1, 0] - sides[$1, 0])) }
  guard error < 1e-8 else {
    throw .outOfRange(
      measure: measure, what: "the number of neighbours", value: Double(neighborCount),
      expected: "more: no weights remove the bias in \(dimension) dimensions")
  }
  for (place, rank) in ranks.enumerated() { weights[rank - 1] = solution[place, 0] }
  return weights
}
