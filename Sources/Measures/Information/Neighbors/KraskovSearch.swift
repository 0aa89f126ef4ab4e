internal import Foundation

/// Joint neighbours of several variables, and what the estimators of Kraskov and others make of them.
struct KraskovSearch {
  private let variables: [NeighborStructure]
  private let nearest: NearestNeighbors
  private let digamma: DigammaTable
  private let measure: String
  private let workers: Workers?

  init(
    of variables: [NeighborStructure], neighborCount: Int, measure: String, workers: Workers?
  ) throws(MeasureError) {
    guard !variables.isEmpty else {
      throw .undefined(measure: measure, reason: "there are no variables")
    }
    try requirePaired(variables, neighborCount: neighborCount, measure: measure)
    let joint = try NeighborTree(joining: variables, measure: measure, workers: workers)
    nearest = joint.nearest(neighborCount, workers: workers)
    digamma = DigammaTable(upTo: joint.rowCount)
    (self.variables, self.measure, self.workers) = (variables, measure, workers)
  }

  private var rowCount: Int { variables[0].rowCount }

  /// - Parameter neighborCount: at most that of the search.
  func information(
    _ estimator: KraskovEstimator, _ neighborCount: Int, wantsLocalValues: Bool
  ) throws(MeasureError) -> KraskovInformation {
    let radii = (0..<rowCount).map { nearest.distance($0, neighborCount) }
    guard radii.contains(where: { $0 > 0 }) else {
      throw .undefined(
        measure: measure,
        reason: "every sample equals at least \(neighborCount) others; use the estimator for "
          + "mixtures, or add jitter")
    }
    let (k, others) = (neighborCount, Double(variables.count - 1))
    let isFirst = estimator == .first
    let start =
      digamma[k] + others * digamma[rowCount] - (isFirst ? 0 : others / Double(k))
    var sums = [Double](repeating: 0, count: rowCount)
    var leastCount = Int32.max
    for variable in variables {
      let counts = variable.tree.neighborCounts(
        within: isFirst ? radii : extents(of: variable, neighborCount), isStrict: isFirst,
        workers: workers)
      for row in 0..<rowCount {
        sums[row] += digamma[Int(counts[row]) + (isFirst ? 1 : 0)]
        leastCount = min(leastCount, counts[row])
      }
    }
    // Without ties all joint neighbours but the last are closer than it, in every variable.
    let hasFewer = isFirst && Int(leastCount) < k - 1
    let local = sums.map { start - $0 }
    let estimate = try summary(
      local, ceiling: start - Double(variables.count) * digamma[hasFewer ? 1 : k],
      name: "\(estimator.name), k = \(k)", neighborCount: k)
    return KraskovInformation(
      estimator: estimator, neighborCount: k, estimate: estimate,
      localValues: wantsLocalValues ? local : [])
  }

  /// The distance in one variable to the farthest of the joint neighbours.
  private func extents(of variable: NeighborStructure, _ neighborCount: Int) -> [Double] {
    let width = variable.columnCount
    return variable.samples.values.withUnsafeBufferPointer { values in
      (0..<rowCount).map { row in
        var extent = 0.0
        for rank in 0..<neighborCount {
          let neighbor = Int(nearest.neighbors[row * nearest.neighborCount + rank])
          for column in 0..<width {
            let difference = abs(values[row * width + column] - values[neighbor * width + column])
            extent = difference > extent ? difference : extent
          }
        }
        return extent
      }
    }
  }

  private func summary(
    _ local: [Double], ceiling: Double, name: String, neighborCount: Int
  ) throws(MeasureError) -> InformationEstimate {
    let mean = try Estimate(meanOf: local, measure: measure)
    let dimension = variables.reduce(0) { $0 + $1.effectiveDimension }
    return InformationEstimate(
      value: mean.value, naiveStandardError: mean.standardError, sampleCount: rowCount,
      ceiling: ceiling, estimator: name,
      cautions: neighborCautions(
        value: mean.value, ceiling: ceiling, sampleCount: rowCount, dimension: dimension)
        + nearest.tieCautions(neighborCount))
  }
}

/// Reasons to doubt an estimate from neighbours: a value near the ceiling, too few samples for it or for the
/// effective dimension.
func neighborCautions(
  value: Double, ceiling: Double?, sampleCount: Int, dimension: Double
) -> [InformationCaution] {
  var cautions = [InformationCaution]()
  if let ceiling, value > ceiling - 1 { cautions.append(.nearCeiling(ceiling: ceiling)) }
  let needed = max(exp(value), exp2(dimension))
  if needed > Double(sampleCount) {
    cautions.append(.fewSamples(needed: needed, found: sampleCount))
  }
  return cautions
}

extension NearestNeighbors {
  /// Reasons to doubt what rests on different distances: samples that equal others, or have several of the nearest
  /// `neighborCount` equally far.
  func tieCautions(_ neighborCount: Int) -> [InformationCaution] {
    var (duplicateCount, tiedCount) = (0, 0)
    for first in stride(from: 0, to: distances.count, by: self.neighborCount) {
      let ofRow = distances[first..<first + neighborCount]
      if ofRow.first == 0 { duplicateCount += 1 }
      if zip(ofRow, ofRow.dropFirst()).contains(where: { $0 == $1 && $0 > 0 }) { tiedCount += 1 }
    }
    return (duplicateCount > 0 ? [.duplicates(count: duplicateCount)] : [])
      + (tiedCount > 0 ? [.ties(count: tiedCount)] : [])
  }
}
