/// How two dissimilarity matrices are compared.
public enum DissimilarityComparison: String, Sendable, Codable, CaseIterable {
  /// Spearman's rank correlation, ties at their mean rank.
  case spearman
  /// Pearson's correlation.
  case pearson
  /// The cosine of the angle between the two lists of pairs, which takes 0 for what it is: for
  /// cross-validated dissimilarities.
  case cosine
}

/// Representational similarity: how far two representations agree on which items are unlike.
///
/// ```swift
/// let similarity = try representationalSimilarity(
///   of: dissimilarities(of: layer, using: .correlation), with: dissimilarities(of: labels))
/// ```
///
/// - Shapes: both of the same items in the same order.
/// - Units: none; in −1...1.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (3 items), `.nonFiniteInput`,
///   `.undefined` where all dissimilarities of one are equal, or 0 (cosine).
/// - Complexity: O(n² log n) for n items.
/// - Source: Kriegeskorte, Mur & Bandettini, Front. Syst. Neurosci. 2, 4 (2008).
public func representationalSimilarity(
  of x: DissimilarityMatrix, with y: DissimilarityMatrix,
  using comparison: DissimilarityComparison = .spearman
) throws(MeasureError) -> Double {
  let measure = "representationalSimilarity"
  guard x.itemCount == y.itemCount else {
    throw .rowCountMismatch(measure: measure, first: x.itemCount, second: y.itemCount)
  }
  guard x.itemCount >= 3 else {
    throw .tooFewSamples(measure: measure, found: x.itemCount, needed: 3)
  }
  for (number, matrix) in [x, y].enumerated() {
    if let index = matrix.values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: "array \(number + 1)", index: index)
    }
  }
  var (a, b) = (x.values, y.values)
  if comparison == .spearman { (a, b) = (meanRanks(a), meanRanks(b)) }
  if comparison != .cosine {
    for values in [a, b] where values.allSatisfy({ $0 == values[0] }) {
      throw .undefined(measure: measure, reason: "all dissimilarities of one array are equal")
    }
    (a, b) = (centered(a), centered(b))
  }
  return try cosineSimilarity(between: a, and: b)
}

/// The rank of every element, from 1; elements that are equal have the mean of their ranks.
func meanRanks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var first = 0
  while first < order.count {
    var end = first + 1
    while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
    for index in first..<end { ranks[order[index]] = Double(first + 1 + end) / 2 }
    first = end
  }
  return ranks
}

private func centered(_ values: [Double]) -> [Double] {
  let mean = values.reduce(0, +) / Double(values.count)
  return values.map { $0 - mean }
}
