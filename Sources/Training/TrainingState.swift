import GrokMeasures
import GrokModels

/// All that changes while a network trains: what a checkpoint holds.
struct TrainingState<Scalar: RealScalar>: Sendable {
  /// Updates done.
  var step = 0
  /// θ
  var parameters: Tensor<Scalar>
  /// What the network keeps besides θ; `nil` for a network that keeps nothing.
  var modelState: Tensor<Scalar>?
  var optimizer: OptimizerState<Scalar>
  /// The norm that θ is brought back to after each step; `nil`: none.
  var keptNorm: Double?
  /// What is frozen.
  var freezing = FreezingState()
  /// What the records so far say about fitting and generalizing.
  var detector: GrokkingDetector
  /// Seconds of the parts before this one, when resumed.
  var secondsBefore = 0.0
}
