/// Every sample classified by its nearest neighbours among the others.
///
/// The label that most of the k neighbours have, each with one vote; of labels with equally many votes that
/// of the nearest neighbour among theirs. Neighbours are exact; of equal distances the lower row counts
/// as nearer.
///
/// - Shapes: `samples` is `[n, features]`; `labels` has one element per row.
/// - Parameter neighborCount: k; 5 by default. 1 asks whether classes are separated at all, more
///   averages noise.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (k + 1), `.nonFiniteInput`, `.outOfRange`,
///   `.undefined` for one class.
/// - Complexity: O(n² features) time, tile by tile; about n k numbers of memory.
/// - Source: Cover & Hart, IEEE Trans. Inf. Theory 13, 21 (1967).
/// - Differs from: scikit-learn, where ties go to the lowest label.
public func neighborClassification(
  of samples: some SampleMatrix, labels: [Int], neighborCount: Int = 5, workers: Workers? = nil
) throws(MeasureError) -> Classification {
  try requireNeighborCount(neighborCount)
  let classes = try LabeledRows(labels, rowCount: samples.rowCount, measure: measure)
  let neighbors = try NeighborDistances(
    of: samples, neighborCount: neighborCount, measure: measure, workers: workers)
  return Classification(
    predictions: votes(neighbors, classes, neighborCount), labels: labels)
}

/// Samples classified by their nearest neighbours among others whose labels are known.
///
/// As `neighborClassification(of:labels:)`, with all neighbours out of `references`.
///
/// - Shapes: `samples` is `[n, features]`, `references` is `[m, features]`; labels have one element per
///   row each.
/// - Throws: as there, and `.undefined` where the features differ in number.
/// - Complexity: O(n m features) time, tile by tile.
public func neighborClassification(
  of samples: some SampleMatrix, labels: [Int], among references: some SampleMatrix,
  referenceLabels: [Int], neighborCount: Int = 5, workers: Workers? = nil
) throws(MeasureError) -> Classification {
  try requireNeighborCount(neighborCount)
  let classes = try LabeledRows(referenceLabels, rowCount: references.rowCount, measure: measure)
  _ = try LabeledRows(labels, rowCount: samples.rowCount, measure: measure, minimumClassCount: 1)
  try requireSameFeatures(references, samples, measure: measure)
  let all = StackedRows(references, samples)
  let neighbors = try NeighborDistances(
    of: all, queries: references.rowCount..<all.rowCount, references: 0..<references.rowCount,
    neighborCount: neighborCount, measure: measure, workers: workers)
  return Classification(
    predictions: votes(neighbors, classes, neighborCount), labels: labels)
}

// MARK: - Helpers

private let measure = "neighborClassification"

private func requireNeighborCount(_ count: Int) throws(MeasureError) {
  guard count >= 1 else {
    throw .outOfRange(
      measure: measure, what: "the number of neighbors", value: Double(count),
      expected: "at least 1")
  }
}

private func votes(
  _ neighbors: NeighborDistances, _ classes: LabeledRows, _ neighborCount: Int
) -> [Int] {
  (0..<neighbors.values.rowCount).map { row in
    var votes = [Int](repeating: 0, count: classes.classCount)
    let ranked = neighbors.indices[row * neighborCount..<(row + 1) * neighborCount].map {
      classes.classes[$0]
    }
    for index in ranked { votes[index] += 1 }
    let most = votes.max() ?? 0
    // Nearest first, so that the first class with the most votes is the one with the nearest.
    return classes.labels[ranked.first { votes[$0] == most } ?? 0]
  }
}

/// Throws unless two sets of samples lie in one space.
func requireSameFeatures(
  _ first: some SampleMatrix, _ second: some SampleMatrix, measure: String
) throws(MeasureError) {
  guard first.columnCount == second.columnCount else {
    throw .undefined(
      measure: measure,
      reason: "one set of samples has \(first.columnCount) features, the other "
        + "\(second.columnCount); both must lie in one space")
  }
}

/// Two sets of samples with the same features, one below the other.
struct StackedRows: SampleMatrix {
  private let first: any SampleMatrix
  private let second: any SampleMatrix

  init(_ first: any SampleMatrix, _ second: any SampleMatrix) {
    (self.first, self.second) = (first, second)
  }

  var rowCount: Int { first.rowCount + second.rowCount }
  var columnCount: Int { first.columnCount }
  var precision: Precision { areFloat([first, second]) ? .float : .double }
  subscript(row: Int, column: Int) -> Double {
    row < first.rowCount ? first[row, column] : second[row - first.rowCount, column]
  }

  func copy<Scalar: RealScalar>(
    rows: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>,
    stride: Int
  ) {
    let upper = rows.clamped(to: 0..<first.rowCount)
    if !upper.isEmpty {
      first.copy(rows: upper, columns: columns, to: destination, stride: stride)
    }
    let lower = rows.clamped(to: first.rowCount..<rowCount)
    if !lower.isEmpty {
      second.copy(
        rows: lower.lowerBound - first.rowCount..<lower.upperBound - first.rowCount,
        columns: columns, to: destination + upper.count * stride, stride: stride)
    }
  }
}
