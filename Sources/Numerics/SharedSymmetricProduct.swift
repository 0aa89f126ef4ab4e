import GrokKernels

extension BLAS {
  /// Adds A Aᵀ for A `[size, inner]` to C `[size, size]` on and above the diagonal, with the threads of
  /// `workers`; what is below the diagonal is left undefined.
  ///
  /// The same bits with any number of threads, or none.
  ///
  /// - Parameter leadingA: elements from one row of A to the next; likewise C.
  package static func addSymmetricProduct<S: RealScalar>(
    _ a: UnsafePointer<S>, leadingA: Int, into c: UnsafeMutablePointer<S>, leadingC: Int, size: Int,
    inner: Int, workers: Workers?
  ) {
    let kernels = S.kernels.pointee
    guard kernels.level != GK_PORTABLE, min(size, inner) >= 16 else {
      return symmetricProduct(
        a, leadingA: leadingA, transposedA: false, into: c, leadingC: leadingC, size: size,
        inner: inner, accumulate: 1, isUpperOnly: true)
    }
    var product = gk_product(
      rows: size, columns: size, inner: inner, a: a, b: a, c: c, stride_a: leadingA,
      stride_b: leadingA, stride_c: leadingC, transposed_a: false, transposed_b: true, adds: true,
      upper: true, workspace: nil)
    let workspace = UnsafeMutableBufferPointer<S>.allocate(
      capacity: kernels.product_workspace(&product))
    defer { workspace.deallocate() }
    preferLargePages(workspace)
    product.workspace = UnsafeMutableRawPointer(workspace.baseAddress!)
    run(PanelJob<S>(product: product, count: kernels.product_panels(&product)), workers)
    run(RowJob<S>(product: product), workers)
  }

  private static func run(_ job: some CountedJob, _ workers: Workers?) {
    if let workers {
      workers.run(job, blockCount: job.blockCount)
    } else {
      for block in 0..<job.blockCount { job.run(block: block) }
    }
  }
}

private protocol CountedJob: BlockJob {
  var blockCount: Int { get }
}

/// Packs what all rows share.
private struct PanelJob<S: RealScalar>: CountedJob {
  let product: gk_product
  let count: Int
  var blockCount: Int { min(count, 65_535) }

  func run(block: Int) {
    let panels = Workers.range(ofBlock: block, of: blockCount, count: count)
    withUnsafePointer(to: product) {
      S.kernels.pointee.product_pack($0, panels.lowerBound, panels.upperBound)
    }
  }
}

/// Computes rows, from the long ones to the short.
private struct RowJob<S: RealScalar>: CountedJob {
  let product: gk_product
  private var rowsPerBlock: Int { 8 * S.kernels.pointee.product_tile }
  var blockCount: Int { min((product.rows + rowsPerBlock - 1) / rowsPerBlock, 65_535) }

  func run(block: Int) {
    let rows = Workers.range(
      ofBlock: block, of: blockCount, count: product.rows,
      alignment: S.kernels.pointee.product_tile)
    withUnsafePointer(to: product) {
      S.kernels.pointee.product_rows($0, rows.lowerBound, rows.upperBound)
    }
  }
}
