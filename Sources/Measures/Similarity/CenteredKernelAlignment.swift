/// The kernel that samples are compared by.
public enum AlignmentKernel: Sendable, Equatable {
  /// K(x, y) = x · y.
  case linear
  /// K(x, y) = exp(−‖x − y‖²/2σ²), with a width of its own for each array.
  case gaussian(GaussianBandwidth)
}

/// How alignment is estimated from a finite number of samples.
public enum AlignmentEstimator: String, Sendable, Codable, CaseIterable {
  /// tr(K_c L_c), the plain form. In [0, 1]; between unrelated representations it is about d/n rather
  /// than 0, and comes close to 1 where there are more features than samples.
  case biased
  /// The unbiased estimator of the same quantity in numerator and denominator, with the diagonals of
  /// the kernels left out. About 0 between unrelated representations, and can be slightly negative.
  case debiased
}

/// Centred kernel alignment (CKA) of two representations of the same samples.
///
/// tr(K_c L_c) / √(tr(K_c²) tr(L_c²)) with K_c = HKH, H = 1 − 11ᵀ/n. For the linear kernel and centred
/// X, Y this is ‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖) in Frobenius norms. It does not change under rotations, one
/// scale for all features, or a shift. Computed from products of features or tile by tile from pairs of
/// samples, whichever takes fewer operations.
///
/// ```swift
/// let similarity = try centeredKernelAlignment(of: layer3, with: layer4, estimator: .debiased)
/// ```
///
/// - Shapes: `x` is `[n, d]`, `y` is `[n, e]`; row i of both belongs to one sample.
/// - Units: none.
/// - Parameter estimator: by default `.biased`, which is what most published figures show; use
///   `.debiased` where n is not much larger than the numbers of features.
/// - Parameter memoryBudget: how many bytes may be held, beside the arrays.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (2; debiased 4), `.nonFiniteInput`,
///   `.undefined` where one does not vary, `.outOfRange` for a bandwidth or where the memory budget is
///   too small.
/// - Complexity: for the linear kernel O(min(n (d + e)², n² (d + e))) time and one pass over the
///   samples, O((d + e)²) or O(n) memory; for the Gaussian O(n² (d + e)) time.
/// - Source: Kornblith et al., ICML 2019, Eq. 1–3; debiased: Song et al., JMLR 13, 1393 (2012), Eq. 5,
///   used for alignment by Nguyen, Raghu & Kornblith, ICLR 2021.
public func centeredKernelAlignment(
  of x: some SampleMatrix, with y: some SampleMatrix, kernel: AlignmentKernel = .linear,
  estimator: AlignmentEstimator = .biased, memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil
) throws(MeasureError) -> Double {
  let alignments = try centeredKernelAlignments(
    among: [x, y], kernel: kernel, estimator: estimator, memoryBudget: memoryBudget,
    workers: workers)
  return alignments[0, 1]
}

/// Centred kernel alignment of a representation with labels: with the kernel that is 1 for two samples
/// of one class and 0 for others.
///
/// - Shapes: `x` is `[n, d]`; `labels` has n elements, any integers.
/// - Units, Throws, Complexity: as `centeredKernelAlignment(of:with:)` with one feature a class.
/// - Source: Cristianini et al., NIPS 2001; centred: Cortes, Mohri & Rostamizadeh, JMLR 13, 795 (2012).
public func centeredKernelAlignment(
  of x: some SampleMatrix, withLabels labels: [Int], estimator: AlignmentEstimator = .biased,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
) throws(MeasureError) -> Double {
  try centeredKernelAlignment(
    of: x, with: OneHot(labels, precision: x.precision), estimator: estimator,
    memoryBudget: memoryBudget, workers: workers)
}

/// Centred kernel alignment of every pair of several representations, for example the layers of a
/// network or one layer at several checkpoints.
///
/// - Returns: a symmetric matrix with ones on its diagonal.
/// - Shapes: every array has n rows.
/// - Units, Throws: as `centeredKernelAlignment(of:with:)`.
/// - Complexity: with D features in all and m arrays, the smaller of O(n D²) and O(n² (D + m²)) time;
///   each array is read once in the first case.
public func centeredKernelAlignments(
  among samples: [any SampleMatrix], kernel: AlignmentKernel = .linear,
  estimator: AlignmentEstimator = .biased, memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil
) throws(MeasureError) -> Matrix<Double> {
  let measure = "centeredKernelAlignment"
  let minimum = estimator == .biased ? 2 : 4
  try requireRows(samples, atLeast: minimum, measure: measure)
  let indices = samples.indices
  let columnCount = samples.reduce(0) { $0 + $1.columnCount }
  var independence = Matrix<Double>(rowCount: samples.count, columnCount: samples.count)
  if kernel == .linear && samples[0].rowCount >= columnCount {
    let moments = try CenteredMoments(
      of: samples, measure: measure, wantsRowNorms: estimator == .debiased,
      memoryBudget: memoryBudget, workers: workers)
    try moments.requireVariation(measure: measure)
    for a in indices {
      for b in indices { independence[a, b] = moments.independence(a, b) }
    }
  } else {
    let rowCount = samples[0].rowCount
    try requireMemory(
      8 * 2 * rowCount * samples.count * min(8, rowCount / pairTileRows + 1), budget: memoryBudget,
      measure: measure)
    var bandwidths: [Double]?
    if case .gaussian(let bandwidth) = kernel {
      bandwidths = []
      for array in samples {
        bandwidths?.append(try bandwidth.width(for: array, measure: measure, workers: workers))
      }
    }
    let sums = try KernelSums(
      of: samples, bandwidths: bandwidths, measure: measure, minimumRows: minimum, workers: workers)
    try sums.requireVariation(
      precision: areFloat(samples) ? .float : .double, measure: measure)
    for a in indices {
      for b in indices { independence[a, b] = sums.independence(a, b, estimator) }
    }
  }
  return try normalized(independence, measure: measure)
}

/// Centred kernel alignment of two kernel matrices of the same samples, for example tangent kernels.
///
/// - Shapes: both `[n, n]` and symmetric.
/// - Units, Throws: as `centeredKernelAlignment(of:with:)`; `.numerics` where one is not symmetric.
/// - Complexity: O(n²).
public func centeredKernelAlignment<Scalar: RealScalar>(
  ofKernel k: Matrix<Scalar>, withKernel l: Matrix<Scalar>,
  estimator: AlignmentEstimator = .biased
) throws(MeasureError) -> Double {
  let measure = "centeredKernelAlignment"
  try requireRows([k, l], atLeast: estimator == .biased ? 2 : 4, measure: measure)
  do throws(NumericsError) {
    for kernel in [k, l] {
      try kernel.requireFinite(measure)
      try kernel.requireSymmetric(measure)
    }
  } catch {
    throw .numerics(measure: measure, error)
  }
  let sums = KernelSums(ofKernels: [k, l])
  try sums.requireVariation(precision: Scalar.precision, measure: measure)
  let indices = 0..<2
  let independence = Matrix(
    rows: indices.map { a in indices.map { sums.independence(a, $0, estimator) } })
  return try normalized(independence, measure: measure)[0, 1]
}

// MARK: - Helpers

extension CenteredMoments {
  /// As `KernelSums.independence`, from products of features: with a_i = ‖x_i‖² of centred rows, the
  /// entries of K add up to 0, so 1ᵀK̃1 = −Σ a_i and row i of K̃ to −a_i.
  fileprivate func independence(_ a: Int, _ b: Int) -> Double {
    guard let rowNorms else { return squaredNorm(a, b) }
    let cross = rowNorms.products[a, b]
    return debiasedIndependence(
      product: squaredNorm(a, b) - cross, totals: rowNorms.sums[a] * rowNorms.sums[b],
      cross: cross, count: Double(rowCount))
  }
}

extension KernelSums {
  /// Throws where a kernel is constant but for rounding.
  fileprivate func requireVariation(
    precision: Precision, measure: String
  ) throws(MeasureError) {
    let unit = precision == .float ? Double(Float.ulpOfOne) : Double.ulpOfOne
    for index in rowSums.indices
    where independence(index, index, .biased) <= 64 * unit * products[index, index] {
      throw noVariation(index, of: rowSums.count, measure: measure)
    }
  }

  fileprivate init<Scalar: RealScalar>(ofKernels kernels: [Matrix<Scalar>]) {
    let ones = [Scalar](repeating: 1, count: kernels[0].rowCount)
    self.init(
      count: kernels[0].rowCount,
      products: Matrix(rows: kernels.map { k in kernels.map { dot(k.values, $0.values) } }),
      rowSums: kernels.map { kernel in
        (0..<kernel.rowCount).map { dot(Array(kernel.row($0)), ones) }
      },
      diagonals: kernels.map { $0.diagonal.map { Double($0) } })
  }
}

private func normalized(
  _ independence: Matrix<Double>, measure: String
) throws(MeasureError) -> Matrix<Double> {
  let own = independence.diagonal
  for (index, value) in own.enumerated() where value <= 0 {
    throw .undefined(
      measure: measure,
      reason: "array \(index + 1) has no more structure than chance gives so few samples")
  }
  var result = independence
  for a in own.indices {
    result[a, a] = 1
    for b in own.indices.dropFirst(a + 1) {
      // The square roots one by one: their product could overflow.
      result[a, b] = independence[a, b] / own[a].squareRoot() / own[b].squareRoot()
      result[b, a] = result[a, b]
    }
  }
  return result
}

/// Labels as samples with one feature a class: 1 in the class of the sample, else 0.
struct OneHot: SampleMatrix {
  private let classes: [Int]
  let columnCount: Int
  let precision: Precision

  init(_ labels: [Int], precision: Precision) {
    let sorted = Set(labels).sorted()
    let columns = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
    classes = labels.map { columns[$0] ?? 0 }
    columnCount = sorted.count
    self.precision = precision
  }

  var rowCount: Int { classes.count }
  subscript(row: Int, column: Int) -> Double { classes[row] == column ? 1 : 0 }
}
