/// The arithmetic of training a network on one example: multiplications and additions of its products, two operations
/// for each pair.
///
/// Counted are convolutions, linear layers and matrix products, as is usual; what is done once to each value, such as
/// normalization, rectifying, the loss and the optimizer's step, is not. Windows of a convolution that reach over the margin
/// count in full.
///
/// ```swift
/// let count = try OperationCount(of: model, reading: .features(Tensor<Float>(repeating: 0, shape: [1, 3_072])))
/// print(count.forward, count.backward)
/// ```
public struct OperationCount: Sendable, Hashable {
  /// Those of the outputs.
  public let forward: Int
  /// Those of the gradient by all parameters that are not frozen: for each product, as many as forward for the weights
  /// and as many again for what they read, where that depends on a parameter that is trained.
  public let backward: Int

  /// Both.
  public var total: Int { forward + backward }

  /// Counts the operations of one training pass.
  ///
  /// - Parameter input: One example of any values.
  /// - Parameter state: What the network keeps besides its parameters; else what it has before training.
  /// - Parameter frozenNames: The parameters that are not trained.
  /// - Throws: ``ModelError/uncountedOperations`` for networks with attention or memory cells.
  /// - Complexity: one pass forward, or two where something is frozen.
  public init<Scalar>(
    of model: any Model, reading input: ModelInput<Scalar>, state: Tensor<Scalar>? = nil,
    frozenNames: Set<String> = []
  ) throws(ModelError) {
    func count(_ frozenNames: Set<String>) throws(ModelError) -> ProductCount {
      let tape = Tape<Scalar>()
      let vector = tape.watch(Tensor(repeating: 0, shape: Shape(model.layout.count)))
      let outputs = model.outputs(
        for: input,
        parameters: Parameters(
          vector, state: state, layout: model.layout, frozenNames: frozenNames),
        pass: Pass(.training(key: RandomKey(seed: 0))))
      defer { tape.clear() }
      guard let count = tape.productCount(of: outputs, by: vector) else {
        throw .uncountedOperations
      }
      return count
    }
    let whole = try count([])
    forward = 2 * whole.forward
    backward = 2 * (frozenNames.isEmpty ? whole : try count(frozenNames)).backward
  }
}
