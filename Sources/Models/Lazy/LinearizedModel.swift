/// A network replaced by its tangent at fixed parameters θ₀: f(θ₀) + J(θ₀)(θ − θ₀), exactly.
///
/// Its tangent kernel never changes and no feature is learned: what a network does that this one does not is the
/// work of feature learning. Parameters have the names, shapes and initial values of the network.
///
/// ```swift
/// let initial = model.initialParameters(as: Float.self, key: key.fork("weights"))
/// let trainer = try Trainer(LinearizedModel(model, at: initial), parameters: initial, …)
/// ```
///
/// - Complexity: A training step takes about four times that of the network: the outputs, one product with J by
///   double backward and one with Jᵀ.
/// - Source: Jacot, Gabriel & Hongler, arXiv 1806.07572; Lee et al., arXiv 1902.06720.
public struct LinearizedModel: ModelWrapper {
  /// The network.
  public let base: any Model
  private let initial: FrozenParameters

  /// The tangent of a network.
  ///
  /// - Parameter initial: θ₀, in the layout of the network.
  public init<Scalar: RealScalar>(_ base: any Model, at initial: [Scalar]) {
    self.base = base
    self.initial = FrozenParameters(initial, layout: base.layout)
  }

  /// The outputs alone: hidden layers stay what they are at θ₀.
  public var tapNames: [String] { base.tapNames.suffix(1) }

  /// The outputs for each example: `[examples · positionCount, outputCount]`.
  public func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    let point: Parameters<Scalar> = initial.parameters(state: parameters.state)
    let map = JacobianMap(model: base, input: input, point: point)
    let (outputs, product) = map.outputsAndProduct(with: parameters.vector - point.vector)
    let sum = outputs + product
    return tapNames.first.map { pass.taps($0, sum) } ?? sum
  }
}
