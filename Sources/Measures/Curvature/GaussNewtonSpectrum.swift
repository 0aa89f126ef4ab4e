internal import Foundation

/// How the loss curves in the outputs of one example.
public enum OutputCurvature: String, Sendable, Codable, CaseIterable {
  /// Of −log softmax(f)[label]: diag(p) − ppᵀ with p = softmax(f). The Gauss–Newton matrix then is the
  /// Fisher information of the classifier.
  case crossEntropy
  /// Of the mean over C outputs of (f − y)²: 2/C times the identity.
  case meanSquaredError
}

/// The eigenvalues of the Gauss–Newton matrix G = (1/n) Σ_i J_iᵀ H_i J_i that are not 0 by construction,
/// from the tangent kernel.
///
/// With H_i = S_i S_iᵀ they are the eigenvalues of `(1/n) Sᵀ K S`, `[nC, nC]`, with K = J Jᵀ, and G itself,
/// as large as the number of weights squared, is never formed. For cross-entropy
/// `S = diag(√p) − p √pᵀ`, and G is the Fisher information matrix.
///
/// - Shapes: `kernel` is `[nC, nC]`, row i·C + a for output a of example i; `outputs` is `[n, C]`.
/// - Units: loss per squared unit of weight.
/// - Parameter outputs: the logits, before the softmax; for squared errors only their number matters.
/// - Returns: nC eigenvalues, descending; what rounding made negative is 0.
/// - Throws: `MeasureError.rowCountMismatch` where the sizes do not fit, `.nonFiniteInput`, `.numerics`.
/// - Complexity: O(n² C³) for the product, O((nC)³) for the eigenvalues.
/// - Source: Schraudolph, Neural Comput. 14, 1723 (2002); Martens, JMLR 21, 146 (2020), for the Fisher
///   information; the exchange of factors as in Papyan, JMLR 21, 252 (2020).
public func gaussNewtonSpectrum<Scalar: RealScalar>(
  kernel: Matrix<Scalar>, outputs: some SampleMatrix, curvature: OutputCurvature
) throws(MeasureError) -> [Double] {
  let measure = "gaussNewtonSpectrum"
  let (n, c) = (outputs.rowCount, outputs.columnCount)
  let kernel = try checkedKernel(kernel, of: outputs, measure: measure)
  var product = kernel
  switch curvature {
  case .meanSquaredError:
    product = symmetrized(kernel).map { $0 * 2 / Double(c) / Double(n) }
  case .crossEntropy:
    let roots = (0..<n).map { row in
      softmax(outputs, row: row).map { $0.squareRoot() }
    }
    // (Sᵀ K)(rows) and then (· S)(columns): both are x_a √p_a − √p_a Σ_b p_b x_b within each example.
    for _ in 0..<2 {
      for (example, root) in roots.enumerated() {
        for column in 0..<n * c {
          var mean = 0.0
          for a in 0..<c { mean += root[a] * root[a] * product[example * c + a, column] }
          for a in 0..<c {
            product[example * c + a, column] = root[a] * (product[example * c + a, column] - mean)
          }
        }
      }
      product = product.transposed
    }
    product = symmetrized(product).map { $0 / Double(n) }
  }
  return try spectrum(product, measure: measure)
}

/// The eigenvalues of the empirical Fisher matrix (1/n) Σ_i g_i g_iᵀ that are not 0 by construction, with
/// g_i the gradient of the cross-entropy of example i, from the tangent kernel.
///
/// They are the eigenvalues of the `[n, n]` matrix of r_iᵀ K_ij r_j/n with r_i = softmax(f_i) − one-hot:
/// the second moment of gradients, which is the noise of SGD where the mean gradient is small. Not the
/// Fisher information, whose labels come from the model.
///
/// - Shapes, Units: as ``gaussNewtonSpectrum(kernel:outputs:curvature:)``; a label an example.
/// - Returns: n eigenvalues, descending.
/// - Throws: as there, and `MeasureError.outOfRange` for a label without an output.
/// - Source: Kunstner, Hennig & Balles, NeurIPS 2019, on how the two differ.
public func empiricalFisherSpectrum<Scalar: RealScalar>(
  kernel: Matrix<Scalar>, logits: some SampleMatrix, labels: [Int]
) throws(MeasureError) -> [Double] {
  let measure = "empiricalFisherSpectrum"
  let (n, c) = (logits.rowCount, logits.columnCount)
  let kernel = try checkedKernel(kernel, of: logits, measure: measure)
  guard labels.count == n else {
    throw .rowCountMismatch(measure: measure, first: n, second: labels.count)
  }
  if let label = labels.first(where: { $0 < 0 || $0 >= c }) {
    throw .outOfRange(
      measure: measure, what: "a label", value: Double(label), expected: "0 ..< \(c)")
  }
  // Row i of R has r_i in the columns of example i.
  var residuals = Matrix<Double>(rowCount: n, columnCount: n * c)
  for row in 0..<n {
    for (a, p) in softmax(logits, row: row).enumerated() {
      residuals[row, row * c + a] = p - (a == labels[row] ? 1 : 0)
    }
  }
  let product = residuals.multiplied(by: kernel).multiplied(by: residuals, transposingOther: true)
  return try spectrum(symmetrized(product).map { $0 / Double(n) }, measure: measure)
}

// MARK: - Helpers

/// The kernel in `Double`, if it is one of these outputs.
private func checkedKernel<Scalar: RealScalar>(
  _ kernel: Matrix<Scalar>, of outputs: some SampleMatrix, measure: String
) throws(MeasureError) -> Matrix<Double> {
  try requireRows([outputs], atLeast: 1, measure: measure)
  let size = outputs.rowCount * outputs.columnCount
  guard kernel.rowCount == size else {
    throw .rowCountMismatch(measure: measure, first: kernel.rowCount, second: size)
  }
  try requireFinite([outputs], measure: measure)
  try decomposing(measure) { () throws(NumericsError) in
    try kernel.requireFinite("tangent kernel")
    try kernel.requireSymmetric("tangent kernel")
  }
  return Matrix<Double>(kernel)
}

private func symmetrized(_ matrix: Matrix<Double>) -> Matrix<Double> {
  var result = matrix
  for row in 0..<matrix.rowCount {
    for column in 0..<row {
      let mean = (matrix[row, column] + matrix[column, row]) / 2
      result[row, column] = mean
      result[column, row] = mean
    }
  }
  return result
}

private func spectrum(_ matrix: Matrix<Double>, measure: String) throws(MeasureError) -> [Double] {
  try decomposing(measure) { () throws(NumericsError) in try symmetricEigenvalues(of: matrix) }
    .reversed().map { max(0, $0) }
}

private func softmax(_ logits: some SampleMatrix, row: Int) -> [Double] {
  let values = (0..<logits.columnCount).map { logits[row, $0] }
  let largest = values.max() ?? 0
  let powers = values.map { exp($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
