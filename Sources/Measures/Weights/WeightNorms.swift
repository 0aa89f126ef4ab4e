/// The norms of the weights of a network, of all together and of each parameter.
///
/// - Source: definition.
public struct WeightNorms: Sendable, Equatable, Codable {
  /// The norms of one parameter.
  public struct Part: Sendable, Equatable, Codable {
    /// Its path.
    public var name: String
    /// Its norms.
    public var norms: VectorNorms
  }

  /// The norms of the whole vector; ‖θ‖ is `total.euclidean`.
  public var total: VectorNorms
  /// The norms of each parameter, in the order given.
  public var parts: [Part]

  /// Σ ‖θ_l‖ over parameters, which some programs log as "the weight norm".
  ///
  /// Not a norm of θ: between ‖θ‖ and √L ‖θ‖ for L parameters that cover it.
  public var sumOfNorms: Double { parts.reduce(0) { $0 + $1.norms.euclidean } }
}

/// The norms of a weight vector and of its parts, accumulated in `Double`.
///
/// ```swift
/// let norms = try weightNorms(of: snapshot.parameterVector, parts: snapshot.model.layout.parts)
/// print(norms.total.euclidean, norms.sumOfNorms)
/// ```
///
/// - Parameter parts: parameters, or whatever runs of elements are wanted; they may overlap and leave
///   elements out.
/// - Throws: `MeasureError.nonFiniteInput`, `.undefined` for a part outside of the vector.
/// - Complexity: O(n), one pass for the whole and one for the parts.
public func weightNorms<Scalar: RealScalar>(
  of vector: [Scalar], parts: [VectorPart]
) throws(MeasureError) -> WeightNorms {
  try requireParts(parts, within: vector.count, measure: "weightNorms")
  var result = WeightNorms(total: try norms(of: vector), parts: [])
  for part in parts {
    result.parts.append(.init(name: part.name, norms: try norms(of: vector, in: part.range)))
  }
  return result
}
