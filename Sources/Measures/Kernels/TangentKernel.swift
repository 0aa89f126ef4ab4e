/// The tangent kernel of a network on n examples, from the factors of its Jacobian.
///
/// Θ[(n, c), (m, d)] = ∂f_c(x_n)/∂θ · ∂f_d(x_m)/∂θ. Each layer with inputs a and sensitivities δ adds
/// Σ_pq (a_np · a_mq + 1) (δ_ncp · δ_mdq), the 1 where it has a bias: (products of inputs) ∘ (products
/// of sensitivities), computed tile by tile with all layers in one pass. Symmetric by construction, and
/// positive semi-definite but for rounding.
///
/// ```swift
/// let kernel = try tangentKernel(of: factors, form: .classTrace)
/// let last = try tangentKernel(of: factors, form: .full, parameters: ["output.weight", "output.bias"])
/// ```
///
/// - Shapes: `[n C, n C]`, rows ordered by example, then output, for `.full`; else `[n, n]`.
/// - Units: output² per unit of parameter².
/// - Parameter parameters: the names of the parameters to differentiate by, for example those of one
///   layer; nil, the default, for all. The kernels of all parameters add up to that of all.
/// - Parameter memoryBudget: how many bytes the kernel and what it is made of may take. A larger kernel
///   is read block by block from ``TangentKernel``.
/// - Throws: `MeasureError.outOfRange` where the memory budget is too small or there is no such output,
///   `.undefined` for unknown names, with the close ones.
/// - Complexity: for a perceptron with widths w, n² Σ w (1 + C²) multiply-adds for `.full`, n² Σ w (1 + C)
///   at most for `.classTrace`; halved by symmetry. The same bits with any number of workers.
/// - Source: Jacot, Gabriel & Hongler, NeurIPS 2018; by structure: Novak, Sohl-Dickstein & Schoenholz,
///   ICML 2022, §3.
/// - Differs from: the widespread recipe that forms all Jacobians, which gives the same numbers; and from
///   variants that add up outputs or batches first, which give others (see ``TangentKernelForm``).
public func tangentKernel<Scalar: RealScalar>(
  of factors: KernelFactors<Scalar>, form: TangentKernelForm, parameters: [String]? = nil,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
) throws(MeasureError) -> Matrix<Scalar> {
  try TangentKernel(of: factors, form: form, parameters: parameters)
    .matrix(memoryBudget: memoryBudget, workers: workers)
}

/// The tangent kernel between two sets of examples of one network, for example test and training.
///
/// - Shapes: `[n C, m C]` or `[n, m]`: rows belong to `factors`, columns to `others`.
/// - Units, Throws, Complexity: as `tangentKernel(of:form:)`, without symmetry; `.undefined` where the
///   two are not of one architecture.
public func tangentKernel<Scalar: RealScalar>(
  between factors: KernelFactors<Scalar>, and others: KernelFactors<Scalar>,
  form: TangentKernelForm, parameters: [String]? = nil,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
) throws(MeasureError) -> Matrix<Scalar> {
  try TangentKernel(between: factors, and: others, form: form, parameters: parameters)
    .matrix(memoryBudget: memoryBudget, workers: workers)
}

/// A tangent kernel that is not formed: read it in blocks, multiply by it, or ask for all of it.
public struct TangentKernel<Scalar: RealScalar>: Sendable {
  /// Which part of the kernel it is.
  public let form: TangentKernelForm
  /// Kernel rows that belong to one example: C for `.full`, else 1.
  public let rowsPerExample: Int
  /// Examples that rows and columns belong to.
  public let exampleCounts: (rows: Int, columns: Int)
  /// Whether rows and columns belong to the same examples.
  public let isSymmetric: Bool
  let tiles: KernelTiles<Scalar>

  /// The number of rows.
  public var rowCount: Int { exampleCounts.rows * rowsPerExample }
  /// The number of columns.
  public var columnCount: Int { exampleCounts.columns * rowsPerExample }

  /// The kernel of one set of examples.
  ///
  /// - Throws: As ``tangentKernel(of:form:parameters:memoryBudget:workers:)``.
  public init(
    of factors: KernelFactors<Scalar>, form: TangentKernelForm, parameters: [String]? = nil
  ) throws(MeasureError) {
    let terms = try factors.terms(form: form, parameters: parameters)
    self.form = form
    rowsPerExample = factors.rowCount(form)
    exampleCounts = (factors.exampleCount, factors.exampleCount)
    isSymmetric = true
    tiles = KernelTiles(
      left: terms, right: terms, rowCount: rowsPerExample, isSymmetric: true)
  }

  /// The kernel between two sets of examples of one network.
  ///
  /// - Throws: As ``tangentKernel(between:and:form:parameters:memoryBudget:workers:)``.
  public init(
    between factors: KernelFactors<Scalar>, and others: KernelFactors<Scalar>,
    form: TangentKernelForm, parameters: [String]? = nil
  ) throws(MeasureError) {
    let (rows, columns) = (
      try factors.terms(form: form, parameters: parameters),
      try others.terms(form: form, parameters: parameters)
    )
    guard factors.outputCount == others.outputCount, rows.count == columns.count,
      zip(rows, columns).allSatisfy({ $0.fits($1) })
    else {
      throw .undefined(
        measure: tangentKernelName,
        reason: "the factors belong to networks of different architecture; both sets of examples "
          + "need the same layers in the same order")
    }
    self.form = form
    rowsPerExample = factors.rowCount(form)
    exampleCounts = (factors.exampleCount, others.exampleCount)
    isSymmetric = false
    tiles = KernelTiles(
      left: rows, right: columns, rowCount: rowsPerExample, isSymmetric: false)
  }
}

// MARK: - Parts of it

extension TangentKernel {
  /// The rows of some examples in the columns of others: any part of a kernel too large to hold.
  ///
  /// Agrees with the same part of ``matrix(memoryBudget:workers:)`` but for the last bits, which depend
  /// on how products are cut.
  ///
  /// - Shapes: `[examples · rowsPerExample, others · rowsPerExample]`.
  public func block(examples: Range<Int>, with others: Range<Int>) -> Matrix<Scalar> {
    precondition(
      examples.lowerBound >= 0 && examples.upperBound <= exampleCounts.rows
        && others.lowerBound >= 0 && others.upperBound <= exampleCounts.columns,
      "block: examples \(examples) with \(others) of \(exampleCounts.rows) with "
        + "\(exampleCounts.columns)")
    let (rows, columns) = (examples.count * rowsPerExample, others.count * rowsPerExample)
    return Matrix(rowCount: rows, columnCount: columns) { result in
      guard let result = result.baseAddress else { return }
      for some in cut(examples) {
        for other in cut(others) {
          let row = (some.lowerBound - examples.lowerBound) * rowsPerExample
          let column = (other.lowerBound - others.lowerBound) * rowsPerExample
          tiles.compute(
            some, other, into: result + row * columns + column, leading: columns)
        }
      }
    }
  }

  /// Θ[i, i], in `Double`.
  ///
  /// - Units: those of the outputs, squared, per unit of weight squared.
  /// - Precondition: the kernel is of one set of examples.
  /// - Throws: `MeasureError` by its signature; no case is thrown today.
  public func diagonal(workers: Workers? = nil) throws(MeasureError) -> [Double] {
    precondition(isSymmetric, "diagonal: the kernel is between two sets of examples")
    return try concurrentMap(count: exampleCounts.rows, workers: workers) { example in
      block(examples: example..<example + 1, with: example..<example + 1).diagonal
        .map { Double($0) }
    }.flatMap { $0 }
  }

  /// The whole kernel.
  ///
  /// - Throws: `MeasureError.outOfRange` where the memory budget is too small, `.undefined` where its
  ///   elements are too large for the precision.
  public func matrix(
    memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
  ) throws(MeasureError) -> Matrix<Scalar> {
    let largest = min(tiles.exampleLimit, max(exampleCounts.rows, exampleCounts.columns))
    let scratch = tiles.scratchCount(exampleCount: largest) * (workers?.threadCount ?? 1)
    try requireMemory(
      (rowCount * columnCount + scratch) * MemoryLayout<Scalar>.size, budget: memoryBudget,
      measure: tangentKernelName)
    let pairs = tilePairs
    let result = Matrix<Scalar>(rowCount: rowCount, columnCount: columnCount) { buffer in
      guard let first = buffer.baseAddress else { return }
      preferLargePages(buffer)
      let job = KernelJob(
        tiles: tiles, pairs: pairs, isSymmetric: isSymmetric, result: first, leading: columnCount)
      if let workers {
        workers.run(job, blockCount: job.blockCount)
      } else {
        for block in 0..<job.blockCount { job.run(block: block) }
      }
    }
    // |K_ij|² ≤ K_ii K_jj, layer by layer: where the diagonal is finite, all of it is.
    let decisive = isSymmetric ? Matrix(rows: [result.diagonal]) : result
    let isFinite = (try? decisive.requireFinite(tangentKernelName)) != nil
    guard isFinite else {
      throw .undefined(
        measure: tangentKernelName,
        reason: "elements are too large for this precision; use Double or a smaller output scale")
    }
    return result
  }

  /// The pairs of runs of examples that make up the kernel, of those that mirror each other one.
  var tilePairs: [(Range<Int>, Range<Int>)] {
    let (rows, columns) = (cut(0..<exampleCounts.rows), cut(0..<exampleCounts.columns))
    return rows.flatMap { row in
      columns.filter { !isSymmetric || $0.lowerBound >= row.lowerBound }.map { (row, $0) }
    }
  }

  /// Runs of nearly the same length, enough of them to share the work out evenly and to gain from symmetry.
  private func cut(_ examples: Range<Int>) -> [Range<Int>] {
    let fewest = (examples.count + tiles.exampleLimit - 1) / tiles.exampleLimit
    let count = max(fewest, min(3, examples.count * rowsPerExample / 32))
    return (0..<count).map {
      let run = Workers.range(ofBlock: $0, of: count, count: examples.count)
      return examples.lowerBound + run.lowerBound..<examples.lowerBound + run.upperBound
    }
  }
}

extension KernelTerm {
  /// Whether two terms are of the same layer of one architecture.
  fileprivate func fits(_ other: KernelTerm) -> Bool {
    guard hasBias == other.hasBias, positionCount == other.positionCount else { return false }
    switch (inputs, other.inputs) {
    case (nil, nil), (.rows?, .rows?): break
    case (.vectors(let a)?, .vectors(let b)?) where a.columnCount == b.columnCount: break
    default: return false
    }
    switch (rows, other.rows) {
    case (.own(let a), .own(let b)), (.shared(let a), .shared(let b)):
      return a.columnCount == b.columnCount
    default: return false
    }
  }
}

// MARK: - Work in tiles

private struct KernelJob<Scalar: RealScalar>: BlockJob, @unchecked Sendable {
  let tiles: KernelTiles<Scalar>
  let pairs: [(Range<Int>, Range<Int>)]
  let isSymmetric: Bool
  let result: UnsafeMutablePointer<Scalar>
  let leading: Int

  var blockCount: Int { min(pairs.count, 65_535) }

  func run(block: Int) {
    for pair in Workers.range(ofBlock: block, of: blockCount, count: pairs.count) {
      let (rows, columns) = pairs[pair]
      let width = tiles.rowCount
      let first = result + rows.lowerBound * width * leading + columns.lowerBound * width
      tiles.compute(rows, columns, into: first, leading: leading)
      if isSymmetric && rows == columns {
        mirrorUpperTriangle(first, leading: leading, size: rows.count * width)
      } else if isSymmetric {
        let mirrored = result + columns.lowerBound * width * leading + rows.lowerBound * width
        transpose(
          first, leading: leading, into: mirrored, leading: leading, rows: rows.count * width,
          columns: columns.count * width)
      }
    }
  }
}
