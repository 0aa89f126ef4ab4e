/// A network without what it says at fixed parameters θ₀, times a factor: α(f(θ) − f(θ₀)).
///
/// The last of its taps, the output, is centred and scaled.
///
/// With the factor α and a loss divided by α² (``CenteredModel/lossFactor``) the parameters move the less the larger α
/// is: at large α the network trains like its ``LinearizedModel``.
///
/// - Complexity: The outputs at θ₀ are computed anew each time: a training step takes about 1.4 times the
///   network's.
/// - Source: Chizat, Oyallon & Bach, arXiv 1812.07956.
/// - Differs from: a mere factor on the outputs, as in the study of grokking by Zheng et al. (2024), which
///   neither centres nor divides the loss: that is `outputScale` of a network.
public struct CenteredModel: ModelWrapper {
  /// The network.
  public let base: any Model
  /// α: a factor on the difference.
  public let laziness: Double
  private let initial: FrozenParameters

  /// A network centred at its initial outputs.
  ///
  /// - Parameter initial: θ₀, in the layout of the network.
  public init<Scalar: RealScalar>(
    _ base: any Model, at initial: [Scalar], laziness: Double = 1
  ) {
    self.base = base
    self.laziness = laziness
    self.initial = FrozenParameters(initial, layout: base.layout)
  }

  /// 1/α²: what the loss must be multiplied by, so that parameters move at the pace of the network's.
  public var lossFactor: Double { 1 / (laziness * laziness) }

  /// The outputs for each example: `[examples · positionCount, outputCount]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    let (outputName, taps) = (tapNames.last, pass.taps)
    let moved = base.outputs(
      for: input, parameters: parameters,
      pass: pass.tapped(
        by: Taps { name, value in name == outputName ? value : taps(name, value) }))
    let start: Parameters<Scalar> = initial.parameters(state: parameters.state)
    let difference = moved - base.outputs(for: input, parameters: start)
    let scaled = laziness == 1 ? difference : difference * Scalar(laziness)
    return outputName.map { taps($0, scaled) } ?? scaled
  }
}
