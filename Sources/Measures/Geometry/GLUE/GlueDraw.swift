/// What one probe and dichotomy contribute to the figures of GLUE.
struct GlueDraw: Sendable {
  /// a = ‖t − V‖².
  var total: Double
  /// Whether nothing of t is left, so that V = 0.
  var isUnsolvable: Bool
  /// b = (S₁t)ᵀ(S₁S₁ᵀ)†(S₁t).
  var axes: Double
  /// c = (S₁t)ᵀ(S₀S₀ᵀ + S₁S₁ᵀ)†(S₁t).
  var shared: Double
  /// Products of centres with centres. They are the same at every draw but for what this draw adds to the
  /// means that centres are, so that the spread over draws is the error.
  var centers: PairMeans
  /// Products of axes with axes.
  var axesPairs: PairMeans
  /// Products of centres with axes.
  var centerAxes: PairMeans

  /// - Parameter anchors: S, `[manifolds, features]`.
  /// - Parameter centers: S₀, likewise.
  /// - Parameter probe: t.
  init(
    anchors: Matrix<Double>, centers: Matrix<Double>, probe: [Double], squaredDistance: Double
  ) throws(NumericsError) {
    let axes = Matrix(
      values: zip(anchors.values, centers.values).map { $0 - $1 }, rowCount: anchors.rowCount,
      columnCount: anchors.columnCount)
    let along = axes.multiplied(by: probe)
    let (axesGram, centersGram) = (axes.rowGram, centers.rowGram)
    let sum = Matrix(
      values: zip(axesGram.values, centersGram.values).map { $0 + $1 },
      rowCount: axesGram.rowCount, columnCount: axesGram.columnCount)
    total = squaredDistance
    isUnsolvable = squaredDistance > (1 - 1e-9) * dot(probe, probe)
    self.axes = try pseudoInverseForm(axesGram, along)
    shared = try pseudoInverseForm(sum, along)
    let cross = centers.multiplied(by: axes, transposingOther: true)
    self.centers = PairMeans(ofCenters: centersGram, movedBy: cross)
    axesPairs = PairMeans(axesGram, rowLengths: lengths(axesGram), columnLengths: lengths(axesGram))
    centerAxes = PairMeans(
      cross, rowLengths: lengths(centersGram), columnLengths: lengths(axesGram))
  }
}

/// xᵀA†x of a positive semi-definite A.
func pseudoInverseForm(_ matrix: Matrix<Double>, _ x: [Double]) throws(NumericsError) -> Double {
  let eigen = try SymmetricEigendecomposition(of: matrix)
  // Eigenvalues below this are rounding errors of zero.
  let threshold = 1e-13 * Double(max(1, x.count)) * (eigen.values.last ?? 0)
  let coordinates = eigen.vectors.multiplied(by: x, transposingSelf: true)
  return zip(eigen.values, coordinates).reduce(0) {
    $1.0 > threshold ? $0 + $1.1 * $1.1 / $1.0 : $0
  }
}

private func lengths(_ gram: Matrix<Double>) -> [Double] {
  gram.diagonal.map { max(0, $0).squareRoot() }
}

// MARK: - Means over pairs

/// Means over pairs i ≠ j of products of vectors u_i · v_j.
struct PairMeans: Sendable, Equatable {
  var absoluteCosine = 0.0
  var absoluteProduct = 0.0
  var signedCosine = 0.0

  /// - Parameter products: u_i · v_j in row i and column j. A vector of length 0 is orthogonal to all.
  init(_ products: Matrix<Double>, rowLengths: [Double], columnLengths: [Double]) {
    forEachPair(of: products.rowCount) { row, column, share in
      let product = products[row, column]
      let lengths = rowLengths[row] * columnLengths[column]
      let cosine = lengths > 0 ? product / lengths : 0
      absoluteProduct += share * abs(product)
      absoluteCosine += share * abs(cosine)
      signedCosine += share * cosine
    }
  }

  /// Products of centres, which are means over draws, with the first-order change that one draw more of
  /// anchors S₀ + S₁ would make, n times: its mean over draws is 0, its spread that of the draws.
  ///
  /// - Parameter cross: centres times axes, u_i · v_j.
  init(ofCenters gram: Matrix<Double>, movedBy cross: Matrix<Double>) {
    let lengths = lengths(gram)
    forEachPair(of: gram.rowCount) { i, j, share in
      let (product, scale) = (gram[i, j], lengths[i] * lengths[j])
      let change = cross[i, j] + cross[j, i]
      absoluteProduct += share * (abs(product) + (product < 0 ? -change : change))
      guard scale > 0 else { return }
      let cosine = product / scale
      let shrinking =
        cross[i, i] / (lengths[i] * lengths[i]) + cross[j, j] / (lengths[j] * lengths[j])
      let turned = change / scale - cosine * shrinking
      signedCosine += share * (cosine + turned)
      absoluteCosine += share * (abs(cosine) + (cosine < 0 ? -turned : turned))
    }
  }
}

private func forEachPair(of count: Int, _ body: (Int, Int, Double) -> Void) {
  let share = 1 / Double(count * (count - 1))
  for row in 0..<count {
    for column in 0..<count where column != row { body(row, column, share) }
  }
}
