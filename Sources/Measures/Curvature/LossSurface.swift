/// A loss as a function of weights, with its gradient, for measures that walk over it.
///
/// The loss is a mean over examples. Networks of this package give theirs with
/// `Snapshot.lossSurface(on:batchSize:)`.
public struct LossSurface: Sendable {
  /// The number of weights.
  public let dimension: Int
  /// The number of examples that the loss is a mean over.
  public let exampleCount: Int
  /// Whether gradients are of batches of examples instead of all.
  public let usesBatches: Bool
  private let whole: @Sendable ([Double]) throws -> Double
  private let gradient: @Sendable ([Double], RandomKey) throws -> (loss: Double, gradient: [Double])

  /// A loss that is always computed over all examples.
  ///
  /// - Parameter loss: the loss alone, where it is cheaper; by default that which comes with the gradient.
  /// - Parameter lossAndGradient: Called from several threads at once by measures that are given
  ///   workers.
  public init(
    dimension: Int, exampleCount: Int, loss: (@Sendable ([Double]) throws -> Double)? = nil,
    lossAndGradient: @escaping @Sendable ([Double]) throws -> (loss: Double, gradient: [Double])
  ) {
    precondition(
      dimension >= 1 && exampleCount >= 1,
      "LossSurface: \(dimension) weights and \(exampleCount) examples")
    self.dimension = dimension
    self.exampleCount = exampleCount
    usesBatches = false
    whole = loss ?? { try lossAndGradient($0).loss }
    gradient = { point, _ in try lossAndGradient(point) }
  }

  /// A loss whose gradient is that of a random batch.
  ///
  /// - Parameter loss: the loss over all examples.
  /// - Parameter batchGradient: the mean loss of a batch that the key draws, and its gradient.
  public init(
    dimension: Int, exampleCount: Int, loss: @escaping @Sendable ([Double]) throws -> Double,
    batchGradient:
      @escaping @Sendable ([Double], RandomKey) throws -> (loss: Double, gradient: [Double])
  ) {
    precondition(
      dimension >= 1 && exampleCount >= 1,
      "LossSurface: \(dimension) weights and \(exampleCount) examples")
    self.dimension = dimension
    self.exampleCount = exampleCount
    usesBatches = true
    whole = loss
    gradient = batchGradient
  }

  /// The mean loss over all examples.
  ///
  /// - Shapes: `point` has `dimension` elements.
  /// - Units: those of the loss.
  /// - Throws: what the given closure throws.
  public func loss(at point: [Double]) throws -> Double {
    precondition(
      point.count == dimension, "loss: \(point.count) elements of \(dimension) weights")
    return try whole(point)
  }

  /// The loss and its gradient, of a batch where the surface uses batches.
  ///
  /// - Shapes: `point` and the gradient have `dimension` elements.
  /// - Units: those of the loss, and of the loss per unit of weight.
  /// - Throws: what the given closure throws, and `MeasureError.undefined` for a gradient of another length.
  public func lossAndGradient(
    at point: [Double], key: RandomKey
  ) throws -> (loss: Double, gradient: [Double]) {
    precondition(
      point.count == dimension, "lossAndGradient: \(point.count) elements of \(dimension) weights")
    let result = try gradient(point, key)
    guard result.gradient.count == dimension else {
      throw MeasureError.undefined(
        measure: "loss surface",
        reason: "the gradient has \(result.gradient.count) elements, the weights \(dimension)")
    }
    return result
  }
}
