/// How often examples of one class were taken for another.
///
/// - Source: definition.
public struct ConfusionMatrix: Sendable, Equatable, Codable {
  /// The labels of the rows and columns, ascending: all that occur as true or as predicted.
  public let labels: [Int]
  /// How many examples of the class of the row were predicted to be of that of the column.
  public let counts: [[Int]]

  /// How one class fares.
  public struct ClassResult: Sendable, Equatable, Codable {
    /// The label of the class.
    public let label: Int
    /// The share of its examples that were recognised: its accuracy. Nil where it has no example.
    public let recall: Proportion?
    /// The share of predictions of it that were right. Nil where it was never predicted.
    public let precision: Proportion?
    /// The harmonic mean of recall and precision, 2 hits / (examples + predictions).
    public let f1: Double
  }

  /// - Precondition: equally many of both, at least one.
  init(predicted: [Int], actual: [Int]) {
    let labels = Set(predicted).union(actual).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
    var counts = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
    for (found, label) in zip(predicted, actual) {
      if let row = positions[label], let column = positions[found] { counts[row][column] += 1 }
    }
    self.labels = labels
    self.counts = counts
  }

  /// The number of examples.
  public var exampleCount: Int { counts.joined().reduce(0, +) }

  /// The share of all examples that were classified correctly.
  public var accuracy: Proportion {
    Proportion(of: labels.indices.reduce(0) { $0 + counts[$1][$1] }, in: exampleCount)
  }

  /// Recall, precision and F₁ of every class.
  public var classes: [ClassResult] {
    labels.indices.map { index in
      let hits = counts[index][index]
      let examples = counts[index].reduce(0, +)
      let predictions = counts.reduce(0) { $0 + $1[index] }
      return ClassResult(
        label: labels[index], recall: examples > 0 ? Proportion(of: hits, in: examples) : nil,
        precision: predictions > 0 ? Proportion(of: hits, in: predictions) : nil,
        f1: 2 * Double(hits) / Double(examples + predictions))
    }
  }

  /// The mean recall over the classes that have examples, every class counting alike; its error is that of
  /// the recalls.
  public var balancedAccuracy: Estimate {
    let recalls = classes.compactMap(\.recall)
    let count = Double(recalls.count)
    let variance = recalls.reduce(0) { $0 + $1.standardError * $1.standardError }
    return Estimate(
      value: recalls.reduce(0) { $0 + $1.value } / count,
      standardError: variance.squareRoot() / count, sampleCount: exampleCount)
  }
}

/// The confusion matrix of predicted labels against the true ones.
///
/// - Shapes: both have one element per example.
/// - Units: examples.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` without examples.
/// - Complexity: O(n + classes²).
public func confusionMatrix(
  of predicted: [Int], against actual: [Int]
) throws(MeasureError) -> ConfusionMatrix {
  guard predicted.count == actual.count else {
    throw .rowCountMismatch(
      measure: "confusionMatrix", first: predicted.count, second: actual.count)
  }
  guard !actual.isEmpty else {
    throw .tooFewSamples(measure: "confusionMatrix", found: 0, needed: 1)
  }
  return ConfusionMatrix(predicted: predicted, actual: actual)
}

/// What a classifier said of every example, beside what is true.
public struct Classification: Sendable, Equatable, Codable {
  /// The label found for each example.
  public let predictions: [Int]
  /// The true label of each example.
  public let labels: [Int]

  /// - Precondition: equally many of both, at least one.
  init(predictions: [Int], labels: [Int]) {
    self.predictions = predictions
    self.labels = labels
  }

  /// The share of examples that were classified correctly.
  public var accuracy: Proportion { Proportion(of: isCorrect) }

  /// Which classes were taken for which.
  public var confusion: ConfusionMatrix {
    ConfusionMatrix(predicted: predictions, actual: labels)
  }

  var isCorrect: [Bool] { zip(predictions, labels).map { $0 == $1 } }
}
