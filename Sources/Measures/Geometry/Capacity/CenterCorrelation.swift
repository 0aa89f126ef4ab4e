/// How strongly the centres of manifolds point in common directions, and its gradient.
///
/// With K directions V taken out of the centres x_m, ρ_mn are the cosines between what is left of them.
///
/// - Source: equations and gradient by derivation: with G = XXᵀ − XVVᵀXᵀ, ρ_mn² = G_mn² / (G_mm G_nn) and
///   dG = −(dc cᵀ + c dcᵀ), c = XV, follows ∇ ½ Σ ρ² = −2 XᵀWc with
///   W_mn = G_mn / (G_mm G_nn) − δ_mn Σ_k ρ_mk² / G_mm.
struct CenterCorrelation: Sendable {
  /// The centres, `[manifolds, coordinates]`.
  let centers: Matrix<Double>
  private let gram: Matrix<Double>

  init(_ centers: Matrix<Double>) {
    self.centers = centers
    gram = centers.rowGram
  }

  /// ½ Σ ρ_mn² over all pairs, each manifold with itself included, and its gradient at V.
  ///
  /// - Shapes: V and its gradient are `[coordinates, K]`.
  func cost(_ directions: Matrix<Double>) -> (value: Double, gradient: Matrix<Double>) {
    let removed = centers.multiplied(by: directions)
    var weights = residualGram(removed)
    let size = weights.rowCount
    let sum = weights.withUnsafeMutableBufferPointer { weightFromGram($0, size: size) }
    var gradient = centers.multiplied(
      by: weights.multiplied(by: removed), transposingSelf: true)
    gradient.withUnsafeMutableBufferPointer { for index in 0..<$0.count { $0[index] *= -2 } }
    return (sum / 2, gradient)
  }

  /// The products of what is left of the centres.
  private func residualGram(_ removed: Matrix<Double>) -> Matrix<Double> {
    var result = gram
    result.addProduct(of: removed, transposed: false, and: removed, transposed: true, scale: -1)
    return result
  }

  /// What is left of each centre, as a fraction of its length.
  func residualFractions(_ directions: Matrix<Double>) -> [Double] {
    let left = residualGram(centers.multiplied(by: directions)).diagonal
    return zip(left, gram.diagonal).map { $1 > 0 ? (max($0, 0) / $1).squareRoot() : 0 }
  }

  /// The mean over pairs m ≠ n of |ρ_mn|; a centre of which nothing is left counts as uncorrelated.
  func meanMagnitude(without directions: Matrix<Double>) -> Double {
    let products = residualGram(centers.multiplied(by: directions))
    let inverse = products.diagonal.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    let count = inverse.count
    var sum = 0.0
    for row in 0..<count {
      for column in 0..<row {
        sum += abs(products[row, column]) * inverse[row] * inverse[column]
      }
    }
    return 2 * sum / Double(count * (count - 1))
  }
}

/// Replaces G by W; the result is Σ ρ².
private func weightFromGram(_ values: UnsafeMutableBufferPointer<Double>, size: Int) -> Double {
  let elements = values.baseAddress!
  return withUnsafeTemporaryAllocation(of: Double.self, capacity: size) { inverse in
    // A centre of which nothing is left has no direction; its row is kept finite.
    for row in 0..<size { inverse[row] = 1 / max(elements[row * (size + 1)], 1e-300) }
    var total = 0.0
    for row in 0..<size {
      let (line, scale) = (elements + row * size, inverse[row])
      var sum = 0.0
      for column in 0..<size {
        let weight = line[column] * scale * inverse[column]
        sum += line[column] * weight
        line[column] = weight
      }
      line[row] -= sum * scale
      total += sum
    }
    return total
  }
}
