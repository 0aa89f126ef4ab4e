/// The rule that turns gradients into changes of the parameters, with PyTorch's definitions and defaults.
public enum Optimizer: Sendable, Hashable {
  /// Stochastic gradient descent with optional momentum; weight decay is added to the gradient.
  ///
  /// - Source: `torch.optim.SGD`.
  case sgd(
    learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false)

  /// Adam; weight decay is added to the gradient.
  ///
  /// - Source: Kingma & Ba, arXiv 1412.6980, Algorithm 1; `torch.optim.Adam`.
  case adam(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0)

  /// Adam with decoupled weight decay: every parameter is multiplied by 1 − rate · decay first.
  ///
  /// - Source: Loshchilov & Hutter, arXiv 1711.05101, Algorithm 2; `torch.optim.AdamW`.
  case adamW(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0.01)

  /// The rate before any schedule.
  public var learningRate: Double {
    switch self {
    case .sgd(let rate, _, _, _, _), .adam(let rate, _, _, _, _), .adamW(let rate, _, _, _, _): rate
    }
  }

  /// The names of the vectors that the rule carries from step to step.
  var stateNames: [String] {
    switch self {
    case .sgd(_, let momentum, _, _, _): momentum == 0 ? [] : ["momentum"]
    case .adam, .adamW: ["firstMoment", "secondMoment"]
    }
  }
}
