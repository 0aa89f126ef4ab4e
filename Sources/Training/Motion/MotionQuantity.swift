/// A number of one component at one step: w are its weights before the update, g their gradient, d the update.
///
/// The gradient is that of the loss of the batch, before anything that options or the optimizer do to it; d is the
/// difference of the weights, whatever made it. What a table stores is listed by ``MotionColumns/quantities``; the others
/// are made of that. Of a frozen component all but ‖w‖ and the displacement are 0, and cosines not-a-number.
public enum MotionQuantity: String, Sendable, Hashable, CaseIterable {
  /// ‖g‖, the temperature; loss a weight.
  case gradientNorm
  /// ‖d‖
  case updateNorm
  /// ‖w‖
  case weightNorm
  /// ⟨g, d⟩, in units of the loss: to first order what the update of the component changes it by.
  case gradientAlongUpdate
  /// ⟨w, d⟩
  case weightAlongUpdate
  /// ⟨d, d′⟩ with the update d′ of the step before.
  case updateAlongPrevious
  /// ⟨g, g′⟩ with the gradient g′ of the step before.
  case gradientAlongPrevious
  /// ⟨g, d′⟩: the gradient at the end of the step before along its update.
  case gradientAlongPreviousUpdate
  /// ‖d′‖
  case previousUpdateNorm
  /// ‖g′‖
  case previousGradientNorm
  /// ‖w − w₀‖, from the weights at the start of the training.
  case displacement

  /// ‖g‖ ‖w‖: of weights in front of a normalization, which no scale of theirs changes. In units of the loss.
  case scaleFreeGradientNorm
  /// ‖ηλw‖: what the decay of this step's weights is in the update; 0 in Adam, where decay goes through the moments.
  case decayNorm
  /// ‖d + ηλw‖: the update without it.
  case gradientPartNorm
  /// ‖d + ηλw‖ / η: the gradient as the optimizer has made it; not-a-number at a rate of 0.
  case preconditionedGradientNorm
  /// The cosine of d and d′; not-a-number where one of them is 0.
  case updateCosine
  /// The cosine of g and g′; not-a-number where one of them is 0.
  case gradientCosine

  static let basic: [MotionQuantity] = [
    .gradientNorm, .updateNorm, .weightNorm, .gradientAlongUpdate, .weightAlongUpdate,
  ]
  static let comparisons: [MotionQuantity] = [
    .updateAlongPrevious, .gradientAlongPrevious, .gradientAlongPreviousUpdate,
    .previousUpdateNorm, .previousGradientNorm,
  ]

  /// What it is made of, where it is not stored.
  var sources: [MotionQuantity] {
    switch self {
    case .scaleFreeGradientNorm: [.gradientNorm, .weightNorm]
    case .decayNorm: [.weightNorm]
    case .gradientPartNorm, .preconditionedGradientNorm:
      [.updateNorm, .weightNorm, .weightAlongUpdate]
    case .updateCosine: [.updateAlongPrevious, .updateNorm, .previousUpdateNorm]
    case .gradientCosine: [.gradientAlongPrevious, .gradientNorm, .previousGradientNorm]
    default: []
    }
  }
}
