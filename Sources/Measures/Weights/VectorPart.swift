/// A named run of elements of a vector: of the weights of a network, one parameter.
///
/// Networks of this package give theirs with `ParameterLayout.parts`; a program of its own says where
/// its layers lie.
public struct VectorPart: Sendable, Hashable, Codable {
  /// The path, such as `hidden.0.weight`.
  public var name: String
  /// Its elements.
  public var range: Range<Int>

  /// A part of a vector.
  public init(_ name: String, _ range: Range<Int>) {
    self.name = name
    self.range = range
  }
}

/// Throws for a part that is not within a vector of `count` elements.
func requireParts(
  _ parts: [VectorPart], within count: Int, measure: String
) throws(MeasureError) {
  for part in parts where part.range.lowerBound < 0 || part.range.upperBound > count {
    throw .undefined(
      measure: measure,
      reason: "'\(part.name)' is elements \(part.range) of a vector of \(count)")
  }
}
