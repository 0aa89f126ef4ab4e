/// How far the representation of the classes has collapsed to the corners of a simplex.
public struct NeuralCollapse: Sendable, Equatable, Codable {
  /// NC1: tr(Σ_W Σ_B†)/C, the variation within classes relative to that between; 0 where collapsed.
  public var withinClassVariation: Double
  /// The directions that Σ_B† keeps; C − 1 where none is cut off.
  public var keptDirectionCount: Int
  /// NC2 of the class means less their mean.
  public var means: SimplexDeviation
  /// NC2 of the rows of the readout; nil without one.
  public var weights: SimplexDeviation?
  /// NC3: ‖W/‖W‖ − M/‖M‖‖ in the Frobenius norm, with M the class means less their mean; 0 where the
  /// readout is a multiple of them, √2 where it has nothing to do with them, at most 2. Nil without
  /// readout.
  public var selfDuality: Double?
  /// NC4: the share of samples that the readout classifies otherwise than the nearest class mean. Nil
  /// without readout.
  public var nearestCenterDisagreement: Proportion?
}

/// How far vectors, one for each of C classes, are from the corners of a regular simplex.
public struct SimplexDeviation: Sendable, Equatable, Codable {
  /// The standard deviation of their norms over the mean norm; 0 where all are equally long.
  public var normVariation: Double
  /// The standard deviation of the cosine over all pairs; 0 where all angles are the same.
  public var cosineVariation: Double
  /// The mean of |cosine + 1/(C − 1)| over all pairs; 0 where all angles are as wide as can be.
  public var cosineDeviation: Double
}

/// Neural collapse of features with class labels, and of the readout that works on them.
///
/// With μ_c the mean of class c and μ̄ the mean of these, Σ_W is the mean over classes of the covariance
/// within each, Σ_B = (1/C) Σ_c (μ_c − μ̄)(μ_c − μ̄)ᵀ. Every class counts alike, however many samples it
/// has. Nothing of the size of a covariance is formed: Σ_B† has rank C − 1 and is applied through the
/// Gram matrix of the class means.
///
/// - Shapes: `features` is `[n, d]`; `labels` has one element per row; the readout has d features and a
///   row for every label that occurs. Its other rows have no part in this.
/// - Units: none.
/// - Parameter readout: the layer that turns these features into outputs, for NC2 of its weights, NC3,
///   NC4.
/// - Parameter eigenvalueCut: eigenvalues of Σ_B below this times the largest are taken to be 0 in Σ_B†.
///   1e-10 cuts off rounding alone; 1e-3 is what some published code has.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.outOfRange`, `.undefined` for one
///   class, where class means coincide with their mean, or where the readout does not fit.
/// - Complexity: O(n d C) time, four passes, C d numbers of memory. All in `Double`.
/// - Source: Papyan, Han & Donoho, PNAS 117, 24652 (2020).
/// - Differs from: the paper where classes differ in size; its means over samples would let large classes
///   decide. Standard deviations divide by the number of norms or pairs, not by one less.
public func neuralCollapse(
  of features: some SampleMatrix, labels: [Int], readout: LinearReadout? = nil,
  eigenvalueCut: Double = 1e-10, workers: Workers? = nil
) throws(MeasureError) -> NeuralCollapse {
  guard eigenvalueCut > 0, eigenvalueCut < 1 else {
    throw .outOfRange(
      measure: measure, what: "the eigenvalue cut", value: eigenvalueCut,
      expected: "above 0, below 1: it is relative to the largest")
  }
  let classes = try LabeledRows(labels, rowCount: features.rowCount, measure: measure)
  try requireFinite([features], measure: measure)
  let centers = ClassMeans(of: features, classes: classes, workers: workers)
  let centered = centers.centered
  let whitening = try WhitenedMeans(centered, cut: eigenvalueCut)
  let deviations = centers.squaredDeviations(
    of: features, through: whitening.map, workers: workers)
  let count = Double(classes.classCount)
  let variation =
    zip(deviations, classes.counts).reduce(0) { $0 + $1.0 / Double($1.1) } / (count * count)
  var result = NeuralCollapse(
    withinClassVariation: variation, keptDirectionCount: whitening.map.rowCount,
    means: try SimplexDeviation(
      of: centered, labels: classes.labels, what: "the mean of class"))
  guard let readout else { return result }
  let own = try readout.selecting(classes.labels, measure: measure)
  guard own.weights.columnCount == features.columnCount else {
    throw .undefined(
      measure: measure,
      reason: "the readout takes \(own.weights.columnCount) features, the samples have "
        + "\(features.columnCount)")
  }
  result.weights = try SimplexDeviation(
    of: own.weights, labels: classes.labels, what: "the weights of class")
  result.selfDuality = normalizedDistance(own.weights, centered)
  let byReadout = try own.predictions(for: features, workers: workers)
  let byCenter = try nearestCenterReadout(centers).predictions(for: features, workers: workers)
  result.nearestCenterDisagreement = Proportion(of: zip(byReadout, byCenter).map { $0 != $1 })
  return result
}

// MARK: - Parts

private let measure = "neuralCollapse"

/// A with AᵀA = Σ_B†, from the class means less their mean.
private struct WhitenedMeans {
  /// A, `[kept directions, features]`.
  let map: Matrix<Double>

  init(_ centered: Matrix<Double>, cut: Double) throws(MeasureError) {
    let count = Double(centered.rowCount)
    let eigen = try decomposing(measure) { () throws(NumericsError) in
      try SymmetricEigendecomposition(of: centered.rowGram.map { $0 / count })
    }
    let largest = eigen.values.last ?? 0
    guard largest > 0 else {
      throw .undefined(measure: measure, reason: "all class means are the same")
    }
    // The mean of the centred means is 0, so one eigenvalue is nothing but rounding.
    let kept = eigen.values.indices.dropFirst().filter { eigen.values[$0] >= cut * largest }
    // With M the centred means: u_k = Mᵀ v_k / √(C λ_k) is an eigenvector of Σ_B, and A has rows
    // u_k/√λ_k.
    let directions = eigen.vectors.selectingColumns(kept)
      .multiplied(by: Matrix(diagonal: kept.map { 1 / (eigen.values[$0] * count.squareRoot()) }))
    map = directions.multiplied(by: centered, transposingSelf: true)
  }
}

extension SimplexDeviation {
  /// - Parameter vectors: `[classes, features]`.
  init(of vectors: Matrix<Double>, labels: [Int], what: String) throws(MeasureError) {
    let norms = squaredNorms(vectors).map { $0.squareRoot() }
    if let index = norms.firstIndex(of: 0) {
      throw .undefined(
        measure: measure, reason: "\(what) \(labels[index]) is 0 and makes no angle")
    }
    let products = vectors.rowGram
    var cosines: [Double] = []
    for i in norms.indices {
      for j in 0..<i { cosines.append(products[i, j] / norms[i] / norms[j]) }
    }
    let corner = -1 / Double(norms.count - 1)
    normVariation = standardDeviation(norms) / (norms.reduce(0, +) / Double(norms.count))
    cosineVariation = standardDeviation(cosines)
    cosineDeviation = cosines.reduce(0) { $0 + abs($1 - corner) } / Double(cosines.count)
  }
}

/// √(mean (x − mean x)²).
private func standardDeviation(_ values: [Double]) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (squares / Double(values.count)).squareRoot()
}

/// ‖A/‖A‖ − B/‖B‖‖ in the Frobenius norm.
private func normalizedDistance(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
  let (normA, normB) = (dot(a.values, a.values).squareRoot(), dot(b.values, b.values).squareRoot())
  return zip(a.values, b.values).reduce(0) {
    let difference = $1.0 / normA - $1.1 / normB
    return $0 + difference * difference
  }.squareRoot()
}
