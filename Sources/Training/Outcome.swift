import GrokMeasures

/// How a training ended.
public struct Outcome: Sendable {
  /// Updates done in all.
  public private(set) var steps = 0
  /// The last recorded loss on the training examples.
  public private(set) var trainLoss = Double.nan
  /// The last recorded loss on the test examples.
  public private(set) var testLoss = Double.nan
  /// The last recorded accuracy on the training examples.
  public private(set) var trainAccuracy = Double.nan
  /// The last recorded accuracy on the test examples.
  public private(set) var testAccuracy = Double.nan
  /// Seconds of everything, resumed parts added up.
  public private(set) var seconds = 0.0
  /// Steps over the seconds spent inside steps: no measuring, checkpoints or start-up.
  public private(set) var stepsPerSecond = 0.0
  /// Whether the training was stopped before its last step.
  public internal(set) var wasStopped = false
  var detection: GrokkingDetector?

  /// First recorded step at which the training accuracy reached the threshold and held it for two
  /// more records.
  public var fitStep: Int? { detection?.delay.fitStep }
  /// The same of the test accuracy.
  public var generalizationStep: Int? { detection?.delay.generalizationStep }
  /// Generalization step minus fit step.
  public var delay: Int? { detection?.delay.delay }
  /// How often the test accuracy fell below the threshold after generalization.
  public var relapses: Int { detection?.delay.generalizationRelapseCount ?? 0 }

  mutating func update(
    from train: (loss: Double, accuracy: Double), test: (loss: Double, accuracy: Double)?
  ) {
    (trainLoss, trainAccuracy) = train
    if let test { (testLoss, testAccuracy) = test }
  }

  mutating func finish(steps: Int, clock: TrainingClock) {
    self.steps = steps
    seconds = clock.seconds
    stepsPerSecond = clock.stepsPerSecond
  }
}

/// Wall-clock time of a training, and the part of it that was spent inside steps.
struct TrainingClock {
  private let start = monotonicSeconds()
  private let secondsBefore: Double
  private var stepStart = 0.0
  private var stepSeconds = 0.0
  private var stepCount = 0

  init(secondsBefore: Double) { self.secondsBefore = secondsBefore }

  var seconds: Double { secondsBefore + monotonicSeconds() - start }
  var stepsPerSecond: Double { stepSeconds > 0 ? Double(stepCount) / stepSeconds : 0 }

  mutating func beginStep() { stepStart = monotonicSeconds() }

  mutating func endStep() {
    stepSeconds += monotonicSeconds() - stepStart
    stepCount += 1
  }
}
