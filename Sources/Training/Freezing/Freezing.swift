/// Which parts of a network stop being trained, and when.
///
/// ```swift
/// var trainer = try Trainer(
///   network, parameters: start, loss: .crossEntropy, optimizer: .sgd(learningRate: 0.05, momentum: 0.9),
///   freezing: .scheduled([.init("stem", from: 400), .init("layer1", from: 600)]))
/// ```
///
/// What is frozen stays as it is, bit for bit: neither gradient nor decay nor momentum moves it. Its batch normalizations
/// use their running statistics, which stay too. Its gradient is 0 and not computed, and where everything before it is
/// frozen as well, the pass backward ends there; values after it do not depend on whether it is watched. What becomes
/// frozen loses its momentum (the first moment of Adam, and averages of gradients); the second moment of Adam waits for
/// its return.
public enum Freezing: Sendable, Hashable {
  /// Everything is trained to the end.
  case never
  /// Each part is frozen from a step on.
  case scheduled([FrozenPart])
  /// Stages are frozen one after the other, once each has cooled.
  case whenCool(CoolingRule)
  /// Stages are trained one after the other: a network that grows, of which only the newest stage and its head are
  /// trained. Each step begins the next stage; one more than there are stages to come trains all stages together.
  ///
  /// - Source: Belilovsky, Eickenberg & Oyallon, arXiv 1812.11446.
  case layerwise(beginnings: [Int])
}

/// A part of a network, and the step from which on it is frozen.
public struct FrozenPart: Sendable, Hashable {
  /// A stage, a parameter, or the beginning of a path; `*` stands for any characters.
  public let name: String
  /// The number of updates after which it is not changed any more.
  public let step: Int

  /// A part that is frozen from a step on.
  public init(_ name: String, from step: Int) {
    self.name = name
    self.step = step
  }
}

/// When a stage has cooled: the temperature of all its parameters stays below a quantile of its own history.
///
/// The temperature of a stage is η‖g‖, the norm of the gradient by all its parameters at the rate of the step: at a
/// constant rate it may never fall, as gradients often grow while a network fits. It is smoothed as eₜ = αxₜ + (1 − α)eₜ₋₁ from
/// e₀ = x₀. Every ``interval`` steps it joins the history of the stage. A stage is cool there if its history has
/// ``minimumCount`` values before and the temperature is at most their quantile; it has cooled after ``patience`` such
/// times in a row. Of the stages that are not frozen yet only the next one is frozen, at most one each time, in the order
/// of ``order``; the last two of the order stay trained.
public struct CoolingRule: Sendable, Hashable {
  /// Which stages come first.
  public enum Order: String, Sendable, CaseIterable {
    /// Those next to the input.
    case earlyFirst
    /// Those next to the output: the control.
    case lateFirst
  }

  /// Which stages come first.
  public var order: Order
  /// The share of a stage's history that is at most as warm.
  public var quantile: Double
  /// How often in a row a stage is to be cool.
  public var patience: Int
  /// Steps from one value of the history to the next.
  public var interval: Int
  /// α
  public var smoothing: Double
  /// As many values as a history needs.
  public var minimumCount: Int

  /// A rule; the default of `smoothing` is that of the notes in which temperature was first drawn.
  public init(
    _ order: Order = .earlyFirst, quantile: Double = 0.5, patience: Int = 5, interval: Int = 10,
    smoothing: Double = 0.08, minimumCount: Int = 10
  ) {
    self.order = order
    self.quantile = quantile
    self.patience = patience
    self.interval = interval
    self.smoothing = smoothing
    self.minimumCount = minimumCount
  }
}
