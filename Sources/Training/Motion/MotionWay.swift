/// How the sums over an update are taken, which follows from the optimizer and its options.
struct MotionWay: Sendable {
  /// Whether they are taken while the optimizer changes the weights, from what it has just read; else in a pass of their
  /// own, from copies made before: where something else changes the gradient or the weights too.
  let isFused: Bool
  /// Whether the update of the step before is −η′ times the momentum, and need not be kept.
  let updatesAreMomentum: Bool

  init(_ optimizer: Optimizer, _ options: UpdateOptions) {
    isFused =
      options.gradientFilter == .none && !options.isOrthogonal
      && options.maximumGradientNorm == nil && !options.keepsNorm
    if case .sgd(_, let momentum, _, _, let nesterov) = optimizer {
      updatesAreMomentum = isFused && momentum != 0 && !nesterov
    } else {
      updatesAreMomentum = false
    }
  }

  /// The names of the vectors that are carried from step to step.
  func stateNames(_ recording: MotionRecording) -> [String] {
    guard recording.comparesSteps else { return [] }
    return updatesAreMomentum ? ["previousGradient"] : ["previousGradient", "previousUpdate"]
  }
}
