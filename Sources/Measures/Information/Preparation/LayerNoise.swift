/// Gaussian noise on the values of a layer: what makes the information of a deterministic network finite.
///
/// T = S + Z with Z normal and independent for every element: of one size for all, or of the size of each element times a
/// factor.
///
/// - Source: Goldfeld et al., ICML 2019, for absolute noise; Butakov et al., ICLR 2024, for relative noise.
public enum LayerNoise: Sendable, Equatable, Codable {
  /// Z ~ N(0, σ²), in the units of the layer.
  case absolute(Double)
  /// Z ~ N(0, (σ s)²) on an element s: none where it is 0.
  case relative(Double)

  /// The layer with noise, a pure function of its values and the key: the same key draws the same noise.
  ///
  /// - Shapes: as the layer; element (i, j) of `[n, d]` has the number at position i d + j of the key.
  /// - Precondition: the size is not negative.
  /// - Complexity: O(n d).
  public func added<Scalar: RealScalar>(
    to layer: Matrix<Scalar>, key: RandomKey
  ) -> Matrix<Scalar> {
    precondition(size >= 0, "LayerNoise: the size is \(size)")
    guard size > 0 else { return layer }
    let noise: Matrix<Scalar> = key.normalMatrix(
      rowCount: layer.rowCount, columnCount: layer.columnCount)
    var result = layer
    let scale = Scalar(size)
    result.withUnsafeMutableBufferPointer { values in
      noise.values.withUnsafeBufferPointer { noise in
        switch self {
        case .absolute:
          for index in values.indices { values[index] += scale * noise[index] }
        case .relative:
          for index in values.indices { values[index] += scale * values[index] * noise[index] }
        }
      }
    }
    return result
  }

  /// σ.
  public var size: Double {
    switch self {
    case .absolute(let size), .relative(let size): size
    }
  }

  /// What records call it: `noise of 0.001`, `noise of 0.001 of each value`.
  public var description: String {
    switch self {
    case .absolute(let size): "noise of \(size)"
    case .relative(let size): "noise of \(size) of each value"
    }
  }
}
