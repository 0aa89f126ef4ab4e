/// What happens to a gradient before the optimizer reads it, and to θ behind it.
///
/// In this order: the filter, the removal of what is along θ, the limit on the norm, the optimizer with each group's
/// rate and decay, the return to the norm at the start.
///
/// ```swift
/// var options = UpdateOptions()
/// options.groups = [ParameterGroup("*.bias", weightDecayFactor: 0)]
/// options.maximumGradientNorm = 1
/// ```
public struct UpdateOptions: Sendable, Hashable {
  /// Strengthens what of the gradient changes slowly.
  public var gradientFilter = GradientFilter.none
  /// Takes out of each parameter's gradient what is along the parameter, and gives the rest the norm that it had, so
  /// that no step makes weights grow for nothing but confidence: ⊥Grad.
  ///
  /// - Source: Prieto, Barsbey, Mediano & Birdal, arXiv 2501.04697, §5, and its code.
  public var isOrthogonal = false
  /// A gradient of a larger norm, over all parameters, is scaled down to it; `nil`: no limit.
  ///
  /// - Source: Pascanu, Mikolov & Bengio, arXiv 1211.5063; factor max / (norm + 1e-6) as `clip_grad_norm_` of PyTorch.
  public var maximumGradientNorm: Double?
  /// Scales θ after each step back to the norm that it had at the start.
  ///
  /// - Source: Liu, Michaud & Tegmark, arXiv 2210.01117, §4: training on a sphere.
  public var keepsNorm = false
  /// Parameters with rates and decay of their own; the last group that matches a name counts.
  public var groups: [ParameterGroup] = []

  /// Nothing but the optimizer.
  public init() {}

  /// The names of the vectors that are carried from step to step.
  var stateNames: [String] { gradientFilter == .none ? [] : ["slowGradient"] }
}

/// Strengthens what of the gradient changes slowly.
public enum GradientFilter: Sendable, Hashable {
  /// The gradient as it is.
  case none
  /// g + λμ with the exponential average μ ← αμ + (1 − α)g, which begins at the first gradient.
  ///
  /// - Parameter decay: α.
  /// - Parameter amplification: λ.
  /// - Source: Lee, Kang, Kim & Lee, arXiv 2405.20233 (Grokfast-EMA), Algorithm 2, and its code.
  case exponentialAverage(decay: Double = 0.98, amplification: Double = 2)
}

/// Parameters with a rate and a decay of their own.
public struct ParameterGroup: Sendable, Hashable {
  /// Which names: as they are, or with `*` for any characters: `*.bias`.
  public let pattern: String
  /// A factor on the optimizer's rate.
  public let learningRateFactor: Double
  /// A factor on the optimizer's weight decay.
  public let weightDecayFactor: Double

  /// The parameters of a pattern.
  public init(_ pattern: String, learningRateFactor: Double = 1, weightDecayFactor: Double = 1) {
    self.pattern = pattern
    self.learningRateFactor = learningRateFactor
    self.weightDecayFactor = weightDecayFactor
  }

  /// Whether a parameter belongs to it.
  public func contains(_ name: String) -> Bool {
    matches(Array(name.utf8)[...], Array(pattern.utf8)[...])
  }

  private func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    if first == UInt8(ascii: "*") {
      return (name.startIndex...name.endIndex).contains {
        matches(name[$0...], pattern.dropFirst())
      }
    }
    return name.first == first && matches(name.dropFirst(), pattern.dropFirst())
  }
}
