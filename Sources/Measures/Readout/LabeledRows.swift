/// The labels of rows as classes 0, 1, … in the order of the labels.
struct LabeledRows: Sendable {
  /// The different labels, ascending.
  let labels: [Int]
  /// The class of each row, a position in `labels`.
  let classes: [Int]
  /// The number of rows of each class.
  let counts: [Int]

  var classCount: Int { labels.count }

  /// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` without rows or for a class of fewer than
  ///   `minimumOfEach`, `.undefined` for fewer than `minimumClassCount` classes.
  init(
    _ rowLabels: [Int], rowCount: Int, measure: String, minimumClassCount: Int = 2,
    minimumOfEach: Int = 1
  ) throws(MeasureError) {
    guard rowLabels.count == rowCount else {
      throw .rowCountMismatch(measure: measure, first: rowCount, second: rowLabels.count)
    }
    guard rowCount > 0 else { throw .tooFewSamples(measure: measure, found: 0, needed: 1) }
    labels = Set(rowLabels).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
    classes = rowLabels.map { positions[$0] ?? 0 }
    var counts = [Int](repeating: 0, count: labels.count)
    for index in classes { counts[index] += 1 }
    self.counts = counts
    guard labels.count >= minimumClassCount else {
      throw .undefined(
        measure: measure,
        reason:
          "all samples have the label \(labels[0]); at least \(minimumClassCount) classes are "
          + "needed")
    }
    for (label, count) in zip(labels, counts) where count < minimumOfEach {
      throw .tooFewSamples(
        measure: "\(measure), label \(label)", found: count, needed: minimumOfEach)
    }
  }

  /// The rows of one class, ascending.
  func rows(of index: Int) -> [Int] { classes.indices.filter { classes[$0] == index } }
}
