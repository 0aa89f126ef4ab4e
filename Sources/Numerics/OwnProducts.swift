import GrokKernels

/// Products by the package's own kernels, which for the sizes that measures have are faster than BLAS.
extension BLAS {
  /// C `[rows, columns]` = A Bᵀ for contiguous A `[rows, inner]` and B `[columns, inner]` on this thread, by the
  /// kernels' own product where the processor has vectors for it, which for tiles of kernels is the faster.
  package static func multiplyByTransposed<S: RealScalar>(
    _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>, rows: Int,
    columns: Int, inner: Int
  ) {
    guard S.kernels.pointee.level != GK_PORTABLE, min(rows, columns, inner) >= 16 else {
      return multiply(
        a, leadingA: inner, transposedA: false, b, leadingB: inner, transposedB: true, into: c,
        leadingC: columns, rows: rows, columns: columns, inner: inner)
    }
    var product = gk_product(
      rows: rows, columns: columns, inner: inner, a: a, b: b, c: c, stride_a: inner,
      stride_b: inner, stride_c: columns, transposed_a: false, transposed_b: true, adds: false,
      upper: false, workspace: nil)
    compute(&product, as: S.self)
  }

  /// Adds op(A) op(A)ᵀ to C, or replaces C by it, on and above the diagonal; of what is below it, elements
  /// near the diagonal are overwritten.
  ///
  /// - Returns: whether it did: not where BLAS is the faster, for few rows or more than the second-level
  ///   cache holds, or where the processor has no vectors.
  static func ownSymmetricProduct<S: RealScalar>(
    _ a: UnsafePointer<S>, leadingA: Int, transposedA: Bool, into c: UnsafeMutablePointer<S>,
    leadingC: Int, size: Int, inner: Int, isAdded: Bool
  ) -> Bool {
    guard S.kernels.pointee.level != GK_PORTABLE, inner >= 16, (16...512).contains(size) else {
      return false
    }
    var product = gk_product(
      rows: size, columns: size, inner: inner, a: a, b: a, c: c, stride_a: leadingA,
      stride_b: leadingA, stride_c: leadingC, transposed_a: transposedA,
      transposed_b: !transposedA, adds: isAdded, upper: true, workspace: nil)
    compute(&product, as: S.self)
    return true
  }

  private static func compute<S: RealScalar>(_ product: inout gk_product, as _: S.Type) {
    let kernels = S.kernels.pointee
    let workspace = UnsafeMutableRawPointer.allocate(
      byteCount: kernels.product_workspace(&product) * MemoryLayout<S>.size, alignment: 64)
    defer { workspace.deallocate() }
    product.workspace = workspace
    kernels.product_pack(&product, 0, kernels.product_panels(&product))
    kernels.product_rows(&product, 0, product.rows)
  }
}
