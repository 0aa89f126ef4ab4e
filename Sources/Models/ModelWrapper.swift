/// A network made of another one with the same parameters: everything but its outputs is the other's, unless it says
/// otherwise.
public protocol ModelWrapper: Model {
  /// The network that is wrapped.
  var base: any Model { get }
}

extension ModelWrapper {
  /// The parameters of the network.
  public var layout: ParameterLayout { base.layout }
  /// The parts of the network.
  public var stages: [ModelStage] { base.stages }
  /// The draws of the network.
  public var pyTorchDraws: [PyTorchDraw] { base.pyTorchDraws }
  /// The number of outputs of the network.
  public var outputCount: Int { base.outputCount }
  /// The positions of the network.
  public var positionCount: Int { base.positionCount }
  /// The names of the network's.
  public var tapNames: [String] { base.tapNames }
  /// As many examples at once as the network takes.
  public var evaluationBatchSize: Int { base.evaluationBatchSize }

  /// Checks examples as the network does.
  public func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {
    try base.check(input)
  }
}
