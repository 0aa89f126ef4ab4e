/// How far a head moved between two checkpoints.
///
/// Only W_Qᵀ W_K and W_O W_V do anything: turning queries and keys by one rotation changes all weights and no circuit.
public struct CircuitChange: Sendable, Equatable, Codable {
  /// ‖Δ(W_Qᵀ W_K)‖_F.
  public var queryKey: Double
  /// ‖Δ(W_O W_V)‖_F.
  public var valueOutput: Double
  /// ‖Δ(W_Qᵀ W_K)‖_F over the mean norm of both checkpoints; nil where both are 0.
  public var relativeQueryKey: Double?
  /// ‖Δ(W_O W_V)‖_F over the mean norm of both checkpoints; nil where both are 0.
  public var relativeValueOutput: Double?
  /// Σ (θ′ − θ)² over W_Q, W_K, W_V and W_O, in which a rotation counts.
  public var squaredDisplacement: Double

  /// The change for each token between the checkpoints, which makes unevenly spaced ones comparable.
  ///
  /// - Parameter tokenCount: tokens, or steps, between the checkpoints.
  public func perToken(_ tokenCount: Double) -> (queryKey: Double, valueOutput: Double) {
    (queryKey / tokenCount, valueOutput / tokenCount)
  }

  /// Squared speed: Σ (θ′ − θ)² over the squared number of tokens between.
  public func squaredSpeed(tokenCount: Double) -> Double {
    squaredDisplacement / (tokenCount * tokenCount)
  }
}

/// How far a head moved from one checkpoint to another, as its circuits see it.
///
/// - Throws: `MeasureError.outOfRange` for heads of different sizes, `.numerics`.
/// - Complexity: O(width headWidth²); no matrix of `[width, width]`.
/// - Source: this package's, with the circuits of Elhage et al., A Mathematical Framework for Transformer Circuits (2021).
public func circuitChange(
  from first: HeadWeights, to second: HeadWeights
) throws(MeasureError) -> CircuitChange {
  guard first.queries.rowCount == second.queries.rowCount,
    first.queries.columnCount == second.queries.columnCount
  else {
    throw .outOfRange(
      measure: "circuitChange", what: "the number of weights", value: Double(second.queries.count),
      expected: "\(first.queries.shapeDescription) as before")
  }
  func change(
    _ before: ThinProduct, _ after: ThinProduct
  ) throws(MeasureError) -> (Double, Double?) {
    let distance = try after.subtracting(before).norm()
    let size = (try before.norm() + after.norm()) / 2
    return (distance, size > 0 ? distance / size : nil)
  }
  let queryKey = try change(first.scoreCircuit, second.scoreCircuit)
  let valueOutput = try change(first.writeCircuit, second.writeCircuit)
  var squares = 0.0
  for (x, y) in [
    (first.queries, second.queries), (first.keys, second.keys), (first.values, second.values),
    (first.output, second.output),
  ] {
    squares += zip(x.values, y.values).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
  }
  return CircuitChange(
    queryKey: queryKey.0, valueOutput: valueOutput.0, relativeQueryKey: queryKey.1,
    relativeValueOutput: valueOutput.1, squaredDisplacement: squares)
}
