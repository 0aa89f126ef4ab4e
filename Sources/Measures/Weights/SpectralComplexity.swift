internal import Foundation

/// The spectral norms of the layers of a network, and what bounds of generalisation make of them.
public struct SpectralComplexity: Sendable, Equatable, Codable {
  /// ‖W_i‖₂ of each layer: by how much it can stretch its input.
  public var spectralNorms: [Double]
  /// ‖W_iᵀ − M_iᵀ‖_{2,1} of each layer: the sum over its units of the distance of their incoming weights
  /// from the reference's.
  public var distances: [Double]
  /// ρ, of each activation.
  public var activationLipschitz: Double

  /// Σ log(ρ ‖W_i‖₂).
  public var logLipschitzBound: Double {
    spectralNorms.reduce(0) { $0 + log(activationLipschitz * $1) }
  }

  /// Π ρ ‖W_i‖₂, which no Lipschitz constant of the network exceeds.
  public var lipschitzBound: Double {
    spectralNorms.reduce(1) { $0 * activationLipschitz * $1 }
  }

  /// R = Π ρ ‖W_i‖₂ · (Σ (‖W_iᵀ − M_iᵀ‖_{2,1}/‖W_i‖₂)^{2/3})^{3/2}; 0 where a layer is 0.
  public var value: Double {
    if lipschitzBound == 0 { return 0 }
    let sum = zip(distances, spectralNorms).reduce(0) { $0 + pow($1.0 / $1.1, 2 / 3.0) }
    return lipschitzBound * pow(sum, 1.5)
  }
}

/// The spectral complexity of a perceptron.
///
/// - Shapes: `layers`, from the input on, each `[outputs, inputs]`; the references have the same
///   shapes. Biases play no part.
/// - Parameter references: M_i; by default 0. Initial weights are the other usual choice.
/// - Parameter activationLipschitz: ρ; 1 for ReLU and tanh. The last layer is counted with it too.
/// - Throws: `MeasureError.undefined` for layers that do not follow upon each other, references of other
///   shapes, and a bound that is too large, `.nonFiniteInput`, `.numerics`.
/// - Complexity: O(m n min(m, n)) for each layer.
/// - Source: Bartlett, Foster & Telgarsky, NeurIPS 2017. Their A_i are our W_i.
public func spectralComplexity<Scalar: RealScalar>(
  of layers: [Matrix<Scalar>], references: [Matrix<Scalar>]? = nil, activationLipschitz: Double = 1,
  workers: Workers? = nil
) throws(MeasureError) -> SpectralComplexity {
  let measure = "spectralComplexity"
  try requireChain(layers, measure: measure)
  guard activationLipschitz > 0, activationLipschitz.isFinite else {
    throw .outOfRange(
      measure: measure, what: "the activations' Lipschitz constant", value: activationLipschitz,
      expected: "a positive number")
  }
  if let references {
    guard references.map(\.shapeDescription) == layers.map(\.shapeDescription) else {
      throw .undefined(
        measure: measure,
        reason: "layers \(layers.map(\.shapeDescription)) cannot be compared with references "
          + "\(references.map(\.shapeDescription))")
    }
    try requireFinite(references, measure: measure)
  }
  var norms: [Double] = []
  var distances: [Double] = []
  for (index, layer) in layers.enumerated() {
    norms.append(try spectralNorm(of: layer, workers: workers))
    distances.append(
      (0..<layer.rowCount).reduce(0.0) { sum, row in
        let reference = references?[index].row(row)
        return sum + rowDistance(layer.row(row), reference)
      })
  }
  let result = SpectralComplexity(
    spectralNorms: norms, distances: distances, activationLipschitz: activationLipschitz)
  guard result.value.isFinite else {
    throw .undefined(measure: measure, reason: "the product of norms is too large for a Double")
  }
  return result
}

/// ‖A‖₂, the largest singular value of a matrix; 0 of a matrix of zeros.
///
/// - Shapes: any, `[rows, columns]`.
/// - Units: those of the elements.
/// - Throws: `MeasureError.tooFewSamples` for a matrix without rows, `.nonFiniteInput`, `.numerics`.
/// - Complexity: O(m n min(m, n)): the eigenvalues of the smaller Gram matrix, in `Double`.
public func spectralNorm(
  of matrix: some SampleMatrix, workers: Workers? = nil
) throws(MeasureError) -> Double {
  let measure = "spectralNorm"
  try requireRows([matrix], atLeast: 1, measure: measure)
  guard matrix.columnCount > 0 else { return 0 }
  let gram = try smallerGram(
    of: matrix, isCentered: false, measure: measure, memoryBudget: defaultMemoryBudget,
    workers: workers)
  return try rootsOfEigenvalues(gram, measure: measure)[0]
}

private func rowDistance<Scalar: RealScalar>(
  _ row: ArraySlice<Scalar>, _ reference: ArraySlice<Scalar>?
) -> Double {
  guard let reference else {
    return row.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
  return zip(row, reference).reduce(0) {
    let difference = Double($1.0) - Double($1.1)
    return $0 + difference * difference
  }.squareRoot()
}
