/// Products between the tangent kernels of one network at many checkpoints, added up over groups of examples: for
/// distances of kernels on more examples than those whose factors fit into memory at once.
///
/// ```swift
/// var products = KernelProducts<Float>(form: .full)
/// try products.add(first)                        // the factors of a group of examples, one a checkpoint
/// try products.add(between: first, and: second)  // and of each pair of groups
/// try products.add(second)
/// let distances = try products.distances()       // of the kernels on both groups together
/// ```
///
/// - Source: Fort et al., NeurIPS 2020.
public struct KernelProducts<Scalar: RealScalar> {
  private let form: TangentKernelForm
  private let parameters: [String]?
  private let memoryBudget: Int
  private let workers: Workers?
  private var sums: Matrix<Double>?

  /// Nothing added up yet.
  ///
  /// - Parameter parameters: As for `tangentKernel(of:form:parameters:)`.
  /// - Parameter memoryBudget: how many bytes may be held besides the factors.
  public init(
    form: TangentKernelForm, parameters: [String]? = nil, memoryBudget: Int = defaultMemoryBudget,
    workers: Workers? = nil
  ) {
    self.form = form
    self.parameters = parameters
    self.memoryBudget = memoryBudget
    self.workers = workers
  }

  /// Adds the kernels on one group of examples.
  ///
  /// - Shapes: factors of the same examples for T checkpoints.
  /// - Throws: As `kernelDistances(among:form:parameters:)`.
  /// - Complexity: That of T kernels, and (n C)² T² / 4 multiply-adds; memory for T tiles a thread. The same bits
  ///   with any number of workers.
  public mutating func add(_ checkpoints: [KernelFactors<Scalar>]) throws(MeasureError) {
    var kernels: [TangentKernel<Scalar>] = []
    for factors in checkpoints {
      kernels.append(try TangentKernel(of: factors, form: form, parameters: parameters))
    }
    try add(kernels)
  }

  /// Adds the kernels between two groups of examples: the blocks on both sides of the diagonal.
  ///
  /// - Shapes: `rows` are factors of some examples for T checkpoints, `columns` of others for the same.
  /// - Throws: As ``add(_:)``.
  public mutating func add(
    between rows: [KernelFactors<Scalar>], and columns: [KernelFactors<Scalar>]
  ) throws(MeasureError) {
    guard rows.count == columns.count else {
      throw .rowCountMismatch(
        measure: kernelDistanceName, first: rows.count, second: columns.count)
    }
    var kernels: [TangentKernel<Scalar>] = []
    for (row, column) in zip(rows, columns) {
      kernels.append(
        try TangentKernel(between: row, and: column, form: form, parameters: parameters))
    }
    try add(kernels)
  }

  /// The distance of every pair of checkpoints, 1 − ⟨K, L⟩_F / (‖K‖_F ‖L‖_F), on all that was added.
  ///
  /// - Returns: a symmetric matrix with zeros on its diagonal.
  /// - Shapes: `[T, T]`.
  /// - Units: none.
  /// - Throws: `MeasureError.tooFewSamples` where nothing was added, `.undefined` for a kernel of zeros.
  public func distances() throws(MeasureError) -> Matrix<Double> {
    guard let sums else {
      throw .tooFewSamples(measure: kernelDistanceName, found: 0, needed: 1)
    }
    return try GrokMeasures.distances(fromProducts: sums)
  }

  private mutating func add(_ kernels: [TangentKernel<Scalar>]) throws(MeasureError) {
    guard let first = kernels.first else {
      throw .tooFewSamples(measure: kernelDistanceName, found: 0, needed: 1)
    }
    for kernel in kernels
    where (kernel.rowCount, kernel.columnCount) != (first.rowCount, first.columnCount) {
      throw .rowCountMismatch(
        measure: kernelDistanceName, first: first.rowCount, second: kernel.rowCount)
    }
    let products = try CheckpointProducts(kernels, memoryBudget: memoryBudget, workers: workers)
      .products
    guard let sums else {
      self.sums = products
      return
    }
    guard sums.rowCount == products.rowCount else {
      throw .rowCountMismatch(
        measure: kernelDistanceName, first: sums.rowCount, second: products.rowCount)
    }
    self.sums = Matrix(
      values: zip(sums.values, products.values).map { $0 + $1 }, rowCount: sums.rowCount,
      columnCount: sums.columnCount)
  }
}

// MARK: - Products between checkpoints

/// Σ_ij K_a[i, j] K_b[i, j] for all pairs of kernels.
private struct CheckpointProducts {
  private(set) var products: Matrix<Double>

  init<Scalar: RealScalar>(
    _ kernels: [TangentKernel<Scalar>], memoryBudget: Int, workers: Workers?
  ) throws(MeasureError) {
    let count = kernels.count
    let width = kernels[0].rowsPerExample
    let tile = { (examples: Int) in
      let elements = examples * width * examples * width
      return elements * count * (MemoryLayout<Scalar>.size + 8)
        + kernels[0].tiles.scratchCount(exampleCount: examples) * MemoryLayout<Scalar>.size
    }
    let threads = workers?.threadCount ?? 1
    try requireMemory(tile(1) * threads, budget: memoryBudget, measure: kernelDistanceName)
    // Cut by the budget of one thread in eight, so that the bits do not depend on their number.
    var examples = kernels[0].tiles.exampleLimit
    while examples > 1 && tile(examples) > memoryBudget / max(8, threads) { examples /= 2 }
    func runs(_ count: Int) -> [Range<Int>] {
      stride(from: 0, to: count, by: examples).map { $0..<min($0 + examples, count) }
    }
    let (rows, columns) = (
      runs(kernels[0].exampleCounts.rows), runs(kernels[0].exampleCounts.columns)
    )
    let isSymmetric = kernels[0].isSymmetric
    let pairs = rows.indices.flatMap { row in
      columns.indices[(isSymmetric ? row : 0)...].map { (rows[row], columns[$0]) }
    }
    let parts = try concurrentMap(count: min(pairs.count, 64), workers: workers) { lane in
      Self.lane(
        kernels, pairs[Workers.range(ofBlock: lane, of: min(pairs.count, 64), count: pairs.count)])
    }
    products = Matrix(rowCount: count, columnCount: count)
    for part in parts {
      for a in 0..<count {
        for b in a..<count {
          products[a, b] += part[a, b]
          products[b, a] = products[a, b]
        }
      }
    }
  }

  /// The products over some tiles; those off the diagonal count twice.
  private static func lane<Scalar: RealScalar>(
    _ kernels: [TangentKernel<Scalar>], _ pairs: ArraySlice<(Range<Int>, Range<Int>)>
  ) -> Matrix<Double> {
    let count = kernels.count
    var sums = Matrix<Double>(rowCount: count, columnCount: count)
    guard let largest = pairs.map({ $0.0.count * $0.1.count }).max() else { return sums }
    let (width, isSymmetric) = (kernels[0].rowsPerExample, kernels[0].isSymmetric)
    let capacity = largest * width * width * count
    let tiles = UnsafeMutablePointer<Scalar>.allocate(capacity: capacity)
    let doubles = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
    defer {
      tiles.deallocate()
      doubles.deallocate()
    }
    for (rows, columns) in pairs {
      let size = rows.count * width * columns.count * width
      for (index, kernel) in kernels.enumerated() {
        kernel.tiles.compute(
          rows, columns, into: tiles + index * size, leading: columns.count * width)
      }
      convert(
        UnsafeBufferPointer(start: tiles, count: size * count),
        to: UnsafeMutableBufferPointer(start: doubles, count: size * count))
      sums.withUnsafeMutableBufferPointer {
        BLAS.symmetricProduct(
          doubles, leadingA: size, transposedA: false, into: $0.baseAddress!, leadingC: count,
          size: count, inner: size, scale: isSymmetric && rows == columns ? 1 : 2, accumulate: 1,
          isUpperOnly: true)
      }
    }
    return sums
  }
}
