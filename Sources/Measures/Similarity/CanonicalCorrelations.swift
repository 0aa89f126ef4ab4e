/// How far directions of one representation go along with directions of another.
public struct CanonicalCorrelations: Sendable, Equatable, Codable {
  /// ρ_i, descending, in 0...1; as many as the smaller of the two ranks.
  public var values: [Double]
  /// The number of directions of each array that were kept.
  public var ranks: [Int]
  /// The number of samples. Where it does not exceed the sum of the ranks, some ρ are 1 whatever the
  /// data are.
  public var sampleCount: Int
  /// Σ_j |⟨h_i, x_j⟩| for each array: how much of its features x_j the canonical variate h_i, of unit
  /// length, accounts for.
  public var projectionWeights: [[Double]]

  /// The mean of the ρ_i: what is called CCA, or SVCCA after truncation to most of the variance.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The mean of the ρ_i²: R²_CCA.
  public var meanSquare: Double { values.reduce(0) { $0 + $1 * $1 } / Double(values.count) }

  /// Σ α_i ρ_i / Σ α_i with α the projection weights of the first array: PWCCA. Not symmetric in the
  /// two.
  public var projectionWeightedMean: Double {
    let weights = projectionWeights[0]
    return zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }
}

/// Canonical correlations of two representations of the same samples.
///
/// The singular values of S_xx^{-1/2} S_xy S_yy^{-1/2}, with S the centred products. Directions of
/// either array with next to no variance are left out, and on request all but those that hold most of
/// the variance (SVCCA).
///
/// ```swift
/// let svcca = try canonicalCorrelations(of: x, with: y, keptVariance: 0.99).mean
/// let pwcca = try canonicalCorrelations(of: x, with: y).projectionWeightedMean
/// ```
///
/// - Shapes: `x` is `[n, d]`, `y` is `[n, e]`; row i of both belongs to one sample. n should be several
///   times d + e: with fewer samples correlations are near 1 by chance.
/// - Units: none.
/// - Parameter keptVariance: the fraction of variance that the kept directions of each array hold
///   together, above 0 and at most 1.
/// - Parameter relativeTolerance: directions whose variance is below this times the largest are left
///   out; 1e-10 is above what rounding of `Float` samples puts there.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (3), `.nonFiniteInput`, `.outOfRange`,
///   `.undefined` where one does not vary.
/// - Complexity: O(n (d + e)² + d³ + e³) time and one pass over the samples, O((d + e)²) memory. All in
///   `Double`.
/// - Source: Hotelling, Biometrika 28, 321 (1936); SVCCA: Raghu et al., NeurIPS 2017; PWCCA: Morcos,
///   Raghu & Bengio, NeurIPS 2018, §3.2.
/// - Differs from: the authors' code for PWCCA, which adds the means back before it projects, and takes
///   the array with fewer features for the weights; here the first one's are taken, and the features
///   centred.
public func canonicalCorrelations(
  of x: some SampleMatrix, with y: some SampleMatrix, keptVariance: Double = 1,
  relativeTolerance: Double = 1e-10, memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil
) throws(MeasureError) -> CanonicalCorrelations {
  let measure = "canonicalCorrelations"
  guard keptVariance > 0, keptVariance <= 1 else {
    throw .outOfRange(
      measure: measure, what: "the kept variance", value: keptVariance,
      expected: "above 0 and at most 1")
  }
  let moments = try CenteredMoments(
    of: [x, y], measure: measure, minimumRows: 3, inDouble: true, memoryBudget: memoryBudget,
    workers: workers)
  try moments.requireVariation(measure: measure)
  do throws(NumericsError) {
    let axes = [
      try PrincipalAxes(moments.product(0, 0), keptVariance, relativeTolerance),
      try PrincipalAxes(moments.product(1, 1), keptVariance, relativeTolerance),
    ]
    let whitened = axes[0].whitening.multiplied(by: moments.product(0, 1), transposingSelf: true)
      .multiplied(by: axes[1].whitening)
    let svd = try SingularValueDecomposition(of: whitened)
    return CanonicalCorrelations(
      values: svd.values.map { min(1, $0) }, ranks: axes.map(\.rank),
      sampleCount: moments.rowCount,
      projectionWeights: [
        axes[0].weights(svd.leftVectors.transposed), axes[1].weights(svd.rightVectorsTransposed),
      ])
  } catch {
    throw .numerics(measure: measure, error)
  }
}

/// The directions of largest variance of one array.
private struct PrincipalAxes {
  /// U Λ^{-1/2}, `[d, r]`.
  let whitening: Matrix<Double>
  /// Λ^{1/2} Uᵀ, `[r, d]`.
  let coloring: Matrix<Double>
  var rank: Int { coloring.rowCount }

  init(
    _ product: Matrix<Double>, _ keptVariance: Double, _ relativeTolerance: Double
  ) throws(NumericsError) {
    let eigen = try SymmetricEigendecomposition(of: product)
    let largest = eigen.values.last ?? 0
    let total = eigen.values.reduce(0) { $0 + max(0, $1) }
    var (kept, sum) = ([Int](), 0.0)
    for index in eigen.values.indices.reversed() {
      let value = eigen.values[index]
      guard value > relativeTolerance * largest, kept.isEmpty || sum < keptVariance * total
      else { break }
      kept.append(index)
      sum += value
    }
    let roots = kept.map { eigen.values[$0].squareRoot() }
    let axes = eigen.vectors.selectingColumns(kept)
    whitening = axes.multiplied(by: Matrix(diagonal: roots.map { 1 / $0 }))
    coloring = Matrix(diagonal: roots).multiplied(by: axes, transposingOther: true)
  }

  /// Σ_j |⟨h_i, x_j⟩| for variates given as rows in whitened coordinates.
  func weights(_ variates: Matrix<Double>) -> [Double] {
    let projections = variates.multiplied(by: coloring)
    return (0..<projections.rowCount).map { row in
      projections.row(row).reduce(0) { $0 + abs($1) }
    }
  }
}
