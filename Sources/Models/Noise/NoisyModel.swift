/// Gaussian noise on the values between the layers of a network.
public struct ActivationNoise: Sendable, Equatable {
  /// What the standard deviation is measured in.
  public enum Scale: String, Sendable, CaseIterable {
    /// Of the values' own units: T = S + b Z.
    case absolute
    /// Of each value: T = S (1 + b Z).
    case relative
  }

  /// When there is noise.
  public enum Extent: String, Sendable, CaseIterable {
    /// In training and where the network is looked at.
    case everywhere
    /// Only where the network is looked at.
    case evaluation
  }

  /// b: the standard deviation.
  public var deviation: Double
  /// What it is measured in.
  public var scale: Scale
  /// When there is noise.
  public var extent: Extent

  /// Noise of a standard deviation.
  public init(deviation: Double, scale: Scale = .absolute, extent: Extent = .everywhere) {
    self.deviation = deviation
    self.scale = scale
    self.extent = extent
  }
}

/// A network whose intermediate values are noisy: T_l = f_l(T_{l−1}) + b Z_l with independent normal Z_l, the
/// outputs included.
///
/// A deterministic network loses no information on continuous inputs, or all but what a coarse scale shows of it; with
/// noise I(X; T_l) is finite and means something. Taps read the noisy values.
///
/// In training the noise follows from the key of the step. In evaluation it follows from the examples and the
/// values themselves: it is another one at each step and in each layer, and the same where a network is looked at again.
///
/// - Source: Goldfeld et al., *Estimating information flow in deep neural networks*, ICML 2019, §2.
public struct NoisyModel: ModelWrapper {
  /// The network.
  public let base: any Model
  /// How large the noise is, and when.
  public let noise: ActivationNoise
  /// The values that have noise, of the network's ``Model/tapNames``.
  public let noisyTapNames: [String]
  private let key: RandomKey

  /// A network with noise behind some of its values.
  ///
  /// - Parameter tapNames: The values that get noise; all by default.
  /// - Parameter key: Draws the noise of evaluation.
  /// - Precondition: The network has all of `tapNames`.
  public init(
    _ base: any Model, noise: ActivationNoise, on tapNames: [String]? = nil, key: RandomKey
  ) {
    let names = tapNames ?? base.tapNames
    precondition(
      Set(names).isSubset(of: base.tapNames), "NoisyModel: no values \(names) in \(base.tapNames)")
    self.base = base
    self.noise = noise
    noisyTapNames = names
    self.key = key
  }

  /// The outputs for each example: `[examples · positionCount, outputCount]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    let stepKey = pass.trainingKey
    if noise.deviation == 0 || (stepKey != nil && noise.extent == .evaluation) {
      return base.outputs(for: input, parameters: parameters, pass: pass)
    }
    let taps = pass.taps.behind(Set(noisyTapNames)) { [noise, key] name, value in
      let own = stepKey ?? key.fork(Int(truncatingIfNeeded: value.fingerprint))
      let draws = own.fork("activation noise").fork(name)
      return noise.scale == .absolute
        ? value.addingNoise(deviation: noise.deviation, key: draws)
        : value.multiplyingByNoise(deviation: noise.deviation, key: draws)
    }
    return base.outputs(for: input, parameters: parameters, pass: pass.tapped(by: taps))
  }
}
