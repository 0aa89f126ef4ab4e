/// How the weights along a path are counted.
public enum PathOrder: String, Sendable, Codable, CaseIterable {
  /// Σ over paths of Π |w|.
  case one
  /// The root of Σ over paths of Π w².
  case two
}

/// The path norm of a perceptron: all paths from an input to an output, each with the product of its
/// weights.
///
/// `φ_p = (Σ_paths Π |w|^p)^{1/p}`, computed as 1ᵀ|W_L|^p ⋯ |W_1|^p 1. It does not change where the
/// weights into a ReLU unit are multiplied by a positive number and those out of it divided by the same,
/// which changes no output.
///
/// - Shapes: `layers`, from the input on, each `[outputs, inputs]`.
/// - Parameter biases: of each layer, one for each output; paths then begin at a further input that is
///   always 1 as well.
/// - Throws: `MeasureError.undefined` for layers that do not follow upon each other and where the
///   result is too large, `.nonFiniteInput`.
/// - Complexity: O(number of weights).
/// - Source: Neyshabur, Tomioka & Srebro, COLT 2015 and NeurIPS 2015 (Path-SGD).
public func pathNorm<Scalar: RealScalar>(
  of layers: [Matrix<Scalar>], biases: [[Scalar]]? = nil, order: PathOrder = .two
) throws(MeasureError) -> Double {
  let measure = "pathNorm"
  try requireChain(layers, measure: measure)
  if let biases {
    guard biases.map(\.count) == layers.map(\.rowCount) else {
      throw .undefined(
        measure: measure,
        reason: "biases of \(biases.map(\.count)) elements for layers of "
          + "\(layers.map(\.rowCount)) outputs")
    }
  }
  // What arrives at each unit over all paths from the inputs.
  var arriving = [Double](repeating: 1, count: layers[0].columnCount)
  for (index, layer) in layers.enumerated() {
    var next = pathSums(layer, arriving, isSquared: order == .two)
    if let bias = biases?[index] {
      for (unit, value) in bias.enumerated() {
        next[unit] += order == .two ? Double(value) * Double(value) : Double(abs(value))
      }
    }
    arriving = next
  }
  let sum = arriving.reduce(0, +)
  guard sum.isFinite else {
    for (index, bias) in (biases ?? []).enumerated() {
      if let element = bias.firstIndex(where: { !$0.isFinite }) {
        throw .nonFiniteInput(measure: measure, array: "bias \(index + 1)", index: element)
      }
    }
    for (index, layer) in layers.enumerated() {
      if let element = layer.values.firstIndex(where: { !$0.isFinite }) {
        throw .nonFiniteInput(measure: measure, array: "layer \(index + 1)", index: element)
      }
    }
    throw .undefined(measure: measure, reason: "the sum over paths is too large for a Double")
  }
  return order == .two ? sum.squareRoot() : sum
}

/// Throws unless there are layers and each reads as many values as the one before gives.
func requireChain<Scalar>(_ layers: [Matrix<Scalar>], measure: String) throws(MeasureError) {
  guard !layers.isEmpty else {
    throw .tooFewSamples(measure: measure, found: 0, needed: 1)
  }
  for index in layers.indices.dropFirst()
  where layers[index].columnCount != layers[index - 1].rowCount {
    throw .undefined(
      measure: measure,
      reason: "layer \(index + 1) \(layers[index].shapeDescription) cannot follow layer \(index) "
        + "\(layers[index - 1].shapeDescription); layers are [outputs, inputs], the first first")
  }
}

// MARK: - Loops

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func pathSums<Scalar: RealScalar>(
  _ layer: Matrix<Scalar>, _ arriving: [Double], isSquared: Bool
) -> [Double] {
  var sums = [Double](repeating: 0, count: layer.rowCount)
  for row in sums.indices {
    var sum = 0.0
    for (column, value) in layer.row(row).enumerated() {
      let weight = Double(value)
      sum += (isSquared ? weight * weight : abs(weight)) * arriving[column]
    }
    sums[row] = sum
  }
  return sums
}
