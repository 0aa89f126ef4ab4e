import GrokKernels

extension BLAS {
  /// C `[rows, columns]` = A Bᵀ for contiguous A `[rows, inner]` and B `[columns, inner]` on this thread, by the
  /// kernels' own product where the processor has vectors for it, which for tiles of kernels is the faster.
  package static func multiplyByTransposed<S: RealScalar>(
    _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>, rows: Int,
    columns: Int, inner: Int
  ) {
    let kernels = S.kernels.pointee
    guard kernels.level != GK_PORTABLE, min(rows, columns, inner) >= 16 else {
      return multiply(
        a, leadingA: inner, transposedA: false, b, leadingB: inner, transposedB: true, into: c,
        leadingC: columns, rows: rows, columns: columns, inner: inner)
    }
    var product = gk_product(
      rows: rows, columns: columns, inner: inner, a: a, b: b, c: c, stride_a: inner,
      stride_b: inner, stride_c: columns, transposed_a: false, transposed_b: true, workspace: nil,
      adds: false)
    let workspace = UnsafeMutableRawPointer.allocate(
      byteCount: kernels.product_workspace(&product) * MemoryLayout<S>.size, alignment: 64)
    defer { workspace.deallocate() }
    product.workspace = workspace
    kernels.product_pack(&product, 0, kernels.product_panels(&product))
    kernels.product_rows(&product, 0, rows)
  }
}
