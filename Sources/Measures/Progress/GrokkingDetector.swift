/// The `grokkingDelay` of a run that is still going on, one record at a time.
///
/// At any moment `delay` is what `grokkingDelay(of:)` would return for the records so far. The state has a
/// constant size and can be stored in a checkpoint.
///
/// - Source: as `grokkingDelay(of:)`.
public struct GrokkingDetector: Sendable, Equatable, Codable {
  /// The accuracy to reach.
  public let threshold: Double
  /// The number of further records that must stay at the threshold.
  public let confirmationCount: Int
  /// The number of records so far.
  public private(set) var recordCount = 0
  /// The step of the last record.
  public private(set) var lastStep: Int?
  private var train = Transition()
  private var test = Transition()

  /// A detector that has seen no record.
  ///
  /// - Parameter threshold: the accuracy to reach, as in `grokkingDelay(of:threshold:confirmationCount:)`.
  /// - Parameter confirmationCount: the number of further records that must stay at the threshold.
  /// - Throws: `MeasureError.outOfRange`.
  public init(threshold: Double = 0.99, confirmationCount: Int = 2) throws(MeasureError) {
    try checkThreshold(threshold, confirmationCount)
    self.threshold = threshold
    self.confirmationCount = confirmationCount
  }

  /// Takes the accuracies, in 0...1, that were recorded at `step`.
  ///
  /// A record that is refused changes nothing.
  ///
  /// - Throws: `MeasureError.notIncreasing`, `.nonFiniteInput`, `.outOfRange`.
  /// - Complexity: O(1).
  public mutating func append(
    step: Int, trainAccuracy: Double, testAccuracy: Double
  ) throws(MeasureError) {
    if let lastStep, step <= lastStep {
      throw .notIncreasing(measure: "grokkingDelay", array: "steps", index: recordCount)
    }
    try checkAccuracy(trainAccuracy, "train accuracy", recordCount)
    try checkAccuracy(testAccuracy, "test accuracy", recordCount)
    train.append(step, isReached: trainAccuracy >= threshold, confirmationCount)
    test.append(step, isReached: testAccuracy >= threshold, confirmationCount)
    recordCount += 1
    lastStep = step
  }

  /// The steps found so far.
  public var delay: GrokkingDelay {
    GrokkingDelay(
      fitStep: train.lastingStep, generalizationStep: test.lastingStep,
      fitRelapseCount: train.relapseCount, generalizationRelapseCount: test.relapseCount)
  }
}

/// How far one accuracy is on its way to staying at the threshold.
private struct Transition: Sendable, Equatable, Codable {
  /// The first record of the current stretch at the threshold, and the number of records in it.
  var candidateStep: Int?
  var reachedCount = 0
  var lastingStep: Int?
  var relapseCount = 0

  mutating func append(_ step: Int, isReached: Bool, _ confirmationCount: Int) {
    guard isReached else {
      if lastingStep != nil, reachedCount > 0 { relapseCount += 1 }
      candidateStep = nil
      reachedCount = 0
      return
    }
    if reachedCount == 0 { candidateStep = step }
    // Counting further would serve nothing and could not go on for ever.
    reachedCount = min(reachedCount + 1, confirmationCount + 1)
    if lastingStep == nil, reachedCount > confirmationCount { lastingStep = candidateStep }
  }
}
