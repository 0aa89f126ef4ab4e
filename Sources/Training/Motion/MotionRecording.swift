/// What a training records of how its weights move, and at which steps.
///
/// ```swift
/// var trainer = try Trainer(
///   model, parameters: start, loss: .crossEntropy, optimizer: .adamW(), motion: MotionRecording())
/// trainer.observeMotion { row in temperatures.append(row[.gradientNorm, of: "output.weight"]) }
/// ```
///
/// Gradient, update and weights of every component are always recorded; what costs more memory traffic can be left
/// out. The numbers of a step do not depend on which other steps are recorded.
public struct MotionRecording: Sendable, Hashable {
  /// Recorded are the last of every so many steps: of 20 those numbered 19, 39, … from 0.
  public var interval: Int
  /// Whether steps are counted anew in each epoch.
  public var countsInEpochs: Bool
  /// Whether updates and gradients are compared with those of the step before. Keeps one gradient, and one update
  /// where the optimizer has none, in memory and in checkpoints.
  public var comparesSteps: Bool
  /// Whether the distance from the weights at the start is measured, which keeps these in memory.
  public var measuresDisplacement: Bool

  /// Everything at every step, unless said otherwise.
  ///
  /// - Precondition: `interval` is at least 1.
  public init(
    interval: Int = 1, countsInEpochs: Bool = false, comparesSteps: Bool = true,
    measuresDisplacement: Bool = true
  ) {
    precondition(interval >= 1, "MotionRecording: every \(interval) steps; at least 1 is needed")
    self.interval = interval
    self.countsInEpochs = countsInEpochs
    self.comparesSteps = comparesSteps
    self.measuresDisplacement = measuresDisplacement
  }

  /// Whether the update that follows `step` updates is recorded.
  public func contains(_ step: Int, stepsPerEpoch: Int) -> Bool {
    let place = countsInEpochs ? step % stepsPerEpoch : step
    return place % interval == interval - 1
  }

  /// How many of the first `steps` updates are recorded.
  public func count(steps: Int, stepsPerEpoch: Int) -> Int {
    guard countsInEpochs else { return steps / interval }
    let (epochs, rest) = steps.quotientAndRemainder(dividingBy: stepsPerEpoch)
    return epochs * (stepsPerEpoch / interval) + rest / interval
  }

  /// The numbers of each component in a row.
  var quantities: [MotionQuantity] {
    MotionQuantity.basic + (comparesSteps ? MotionQuantity.comparisons : [])
      + (measuresDisplacement ? [.displacement] : [])
  }
}
