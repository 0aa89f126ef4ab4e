/// Accuracies on training and test examples, as a run recorded them.
public struct AccuracyCurves: Sendable, Equatable {
  /// The steps of the records, increasing.
  public var steps: [Int]
  /// The share of training examples answered correctly at each record, in 0...1.
  public var trainAccuracy: [Double]
  /// The share of test examples answered correctly at each record, in 0...1.
  public var testAccuracy: [Double]

  /// Curves from three arrays of one length.
  public init(steps: [Int], trainAccuracy: [Double], testAccuracy: [Double]) {
    self.steps = steps
    self.trainAccuracy = trainAccuracy
    self.testAccuracy = testAccuracy
  }
}

/// When a network fitted its training examples, when it generalized, and how far apart.
public struct GrokkingDelay: Sendable, Equatable, Codable {
  /// The first step of lasting accuracy on training examples; nil if never.
  public var fitStep: Int?
  /// The first step of lasting accuracy on test examples; nil if never.
  public var generalizationStep: Int?
  /// How often training accuracy fell below the threshold after `fitStep`.
  public var fitRelapseCount: Int
  /// How often test accuracy fell below the threshold after `generalizationStep`.
  public var generalizationRelapseCount: Int

  /// Steps from fitting to generalizing; nil unless both happened, negative where a network
  /// generalized first.
  public var delay: Int? {
    guard let fitStep, let generalizationStep else { return nil }
    return generalizationStep - fitStep
  }
}

/// The steps at which a network fitted and generalized, and the delay between them.
///
/// An accuracy *lasts* from the first recorded step at which it reaches the threshold and at the next
/// `confirmationCount` records stays there; a curve that ends earlier has not lasted. A relapse is a
/// record below the threshold that follows one at or above it, after that step.
///
/// - Shapes: the three arrays of `curves` have one element per record.
/// - Units: steps.
/// - Parameter threshold: the accuracy to reach; 0.99 by default, as most reports of grokking use it.
/// - Parameter confirmationCount: the number of further records that must stay at the threshold. Two
///   by default: single records above it are common long before a network generalizes.
/// - Throws: `MeasureError.rowCountMismatch`, `.notIncreasing`, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(records).
/// - Source: the delay between the two transitions of Power et al., arXiv 2201.02177; threshold and
///   confirmation are this package's.
public func grokkingDelay(
  of curves: AccuracyCurves, threshold: Double = 0.99, confirmationCount: Int = 2
) throws(MeasureError) -> GrokkingDelay {
  try checkThreshold(threshold, confirmationCount)
  try check(curves)
  let fit = lastingIndex(curves.trainAccuracy, confirmationCount) { $0 >= threshold }
  let generalization = lastingIndex(curves.testAccuracy, confirmationCount) { $0 >= threshold }
  return GrokkingDelay(
    fitStep: fit.map { curves.steps[$0] },
    generalizationStep: generalization.map { curves.steps[$0] },
    fitRelapseCount: fit.map { relapseCount(curves.trainAccuracy, threshold, after: $0) } ?? 0,
    generalizationRelapseCount: generalization.map {
      relapseCount(curves.testAccuracy, threshold, after: $0)
    } ?? 0)
}

// MARK: - Helpers

private func relapseCount(_ accuracy: [Double], _ threshold: Double, after index: Int) -> Int {
  (index + 1..<max(accuracy.count, index + 1)).count {
    accuracy[$0] < threshold && accuracy[$0 - 1] >= threshold
  }
}

private let measure = "grokkingDelay"

private func check(_ curves: AccuracyCurves) throws(MeasureError) {
  for accuracy in [curves.trainAccuracy, curves.testAccuracy] {
    guard accuracy.count == curves.steps.count else {
      throw .rowCountMismatch(
        measure: measure, first: curves.steps.count, second: accuracy.count)
    }
  }
  for index in curves.steps.indices {
    if index > 0, curves.steps[index] <= curves.steps[index - 1] {
      throw .notIncreasing(measure: measure, array: "steps", index: index)
    }
    try checkAccuracy(curves.trainAccuracy[index], "train accuracy", index)
    try checkAccuracy(curves.testAccuracy[index], "test accuracy", index)
  }
}

func checkThreshold(_ threshold: Double, _ confirmationCount: Int) throws(MeasureError) {
  guard threshold > 0, threshold <= 1 else {
    throw .outOfRange(
      measure: measure, what: "threshold", value: threshold, expected: "above 0, at most 1")
  }
  guard confirmationCount >= 0 else {
    throw .outOfRange(
      measure: measure, what: "confirmationCount", value: Double(confirmationCount),
      expected: "at least 0")
  }
}

func checkAccuracy(_ accuracy: Double, _ array: String, _ index: Int) throws(MeasureError) {
  guard accuracy.isFinite else {
    throw .nonFiniteInput(measure: measure, array: array, index: index)
  }
  guard accuracy >= 0, accuracy <= 1 else {
    throw .outOfRange(
      measure: measure, what: "\(array) of record \(index)", value: accuracy,
      expected: "0 to 1; divide percentages by 100")
  }
}
