internal import COpenBLAS

/// Products of matrices and vectors on memory that the caller owns, row-major, single-threaded.
///
/// OpenBLAS runs on one thread: splitting the work is the caller's business, in blocks that do not
/// depend on the number of threads, so that results have the same bits everywhere. Sizes may be 0.
/// Outputs must not overlap inputs.
package enum BLAS {
  /// C `[rows, columns]` = `scale` op(A) op(B) + `beta` C.
  ///
  /// With `transposedA` the memory of A is `[inner, rows]` instead of `[rows, inner]`, with
  /// `transposedB` that of B is `[columns, inner]` instead of `[inner, columns]`. Where `beta` is 0, C is
  /// not read.
  ///
  /// - Parameter leadingA: elements from one row of A's memory to the next; likewise B and C.
  /// - Precondition: no size is negative, every leading dimension covers its rows.
  package static func multiply<S: RealScalar>(
    _ a: UnsafePointer<S>, leadingA: Int, transposedA: Bool,
    _ b: UnsafePointer<S>, leadingB: Int, transposedB: Bool,
    into c: UnsafeMutablePointer<S>, leadingC: Int,
    rows: Int, columns: Int, inner: Int, scale: S = 1, accumulate beta: S = 0
  ) {
    precondition(
      rows >= 0 && columns >= 0 && inner >= 0
        && leadingA >= (transposedA ? rows : inner) && leadingB >= (transposedB ? inner : columns)
        && leadingC >= columns,
      """
      multiply: [\(rows), \(inner)] · [\(inner), \(columns)] does not fit leading dimensions \
      \(leadingA), \(leadingB) and \(leadingC)
      """)
    useOneThread()
    let (ta, tb) = (transposed(transposedA), transposed(transposedB))
    let (m, n, k) = (Int32(rows), Int32(columns), Int32(inner))
    // BLAS wants a positive leading dimension even where nothing is read.
    let (lda, ldb, ldc) = (leading(leadingA), leading(leadingB), leading(leadingC))
    switch S.precision {
    case .float:
      cblas_sgemm(
        CblasRowMajor, ta, tb, m, n, k, value(scale), rebound(a, Float.self), lda,
        rebound(b, Float.self), ldb, value(beta), rebound(c, Float.self), ldc)
    case .double:
      cblas_dgemm(
        CblasRowMajor, ta, tb, m, n, k, value(scale), rebound(a, Double.self), lda,
        rebound(b, Double.self), ldb, value(beta), rebound(c, Double.self), ldc)
    }
  }

  /// C `[size, size]` = `scale` op(A) op(A)ᵀ + `beta` C, both triangles written.
  ///
  /// The memory of A is `[size, inner]`, with `transposedA` `[inner, size]`. Costs half of `multiply`.
  /// Where `beta` is not 0, C is taken to be symmetric: its upper triangle is read. With `isUpperOnly`
  /// what is below the diagonal is left undefined.
  package static func symmetricProduct<S: RealScalar>(
    _ a: UnsafePointer<S>, leadingA: Int, transposedA: Bool,
    into c: UnsafeMutablePointer<S>, leadingC: Int,
    size: Int, inner: Int, scale: S = 1, accumulate beta: S = 0, isUpperOnly: Bool = false
  ) {
    precondition(
      size >= 0 && inner >= 0 && leadingA >= (transposedA ? size : inner) && leadingC >= size,
      """
      symmetricProduct: [\(size), \(inner)] does not fit leading dimensions \(leadingA) and \
      \(leadingC)
      """)
    let isOwn =
      scale == 1 && (beta == 0 || beta == 1)
      && ownSymmetricProduct(
        a, leadingA: leadingA, transposedA: transposedA, into: c, leadingC: leadingC, size: size,
        inner: inner, isAdded: beta == 1)
    if !isOwn {
      useOneThread()
      let ta = transposed(transposedA)
      let (n, k, lda, ldc) = (Int32(size), Int32(inner), leading(leadingA), leading(leadingC))
      switch S.precision {
      case .float:
        cblas_ssyrk(
          CblasRowMajor, CblasUpper, ta, n, k, value(scale), rebound(a, Float.self), lda,
          value(beta), rebound(c, Float.self), ldc)
      case .double:
        cblas_dsyrk(
          CblasRowMajor, CblasUpper, ta, n, k, value(scale), rebound(a, Double.self), lda,
          value(beta), rebound(c, Double.self), ldc)
      }
    }
    if !isUpperOnly { mirrorUpperTriangle(c, leading: leadingC, size: size) }
  }

  /// y = `scale` op(A) x + `beta` y for contiguous vectors.
  ///
  /// The memory of A is `[rows, columns]`; x has `columns` elements and y `rows`, with `transposedA`
  /// the other way round.
  package static func multiply<S: RealScalar>(
    _ a: UnsafePointer<S>, leadingA: Int, transposedA: Bool, rows: Int, columns: Int,
    vector x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, scale: S = 1,
    accumulate beta: S = 0
  ) {
    precondition(
      rows >= 0 && columns >= 0 && leadingA >= columns,
      "multiply: [\(rows), \(columns)] does not fit the leading dimension \(leadingA)")
    useOneThread()
    if rows == 0 || columns == 0 {
      // BLAS returns without applying beta.
      for i in 0..<(transposedA ? columns : rows) { y[i] = beta == 0 ? 0 : beta * y[i] }
      return
    }
    let (ta, m, n, lda) = (transposed(transposedA), Int32(rows), Int32(columns), leading(leadingA))
    switch S.precision {
    case .float:
      cblas_sgemv(
        CblasRowMajor, ta, m, n, value(scale), rebound(a, Float.self), lda,
        rebound(x, Float.self), 1, value(beta), rebound(y, Float.self), 1)
    case .double:
      cblas_dgemv(
        CblasRowMajor, ta, m, n, value(scale), rebound(a, Double.self), lda,
        rebound(x, Double.self), 1, value(beta), rebound(y, Double.self), 1)
    }
  }

  /// Σ x y over `count` elements, accumulated in `Double` for either precision.
  package static func dot<S: RealScalar>(
    _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, count: Int
  ) -> Double {
    precondition(count >= 0, "dot: \(count) elements")
    useOneThread()
    switch S.precision {
    case .float: return dotInDouble(rebound(x, Float.self), rebound(y, Float.self), count: count)
    case .double:
      return cblas_ddot(Int32(count), rebound(x, Double.self), 1, rebound(y, Double.self), 1)
    }
  }

  /// Solves op(L) X = B in place for a lower triangular L `[size, size]` and B `[size, columns]`.
  package static func solveLowerTriangular<S: RealScalar>(
    _ l: UnsafePointer<S>, size: Int, transposed isTransposed: Bool,
    _ b: UnsafeMutablePointer<S>, columns: Int
  ) {
    useOneThread()
    let (n, r) = (Int32(size), Int32(columns))
    let (ldl, ldb) = (leading(size), leading(columns))
    switch S.precision {
    case .float:
      cblas_strsm(
        CblasRowMajor, CblasLeft, CblasLower, transposed(isTransposed), CblasNonUnit, n, r, 1,
        rebound(l, Float.self), ldl, rebound(b, Float.self), ldb)
    case .double:
      cblas_dtrsm(
        CblasRowMajor, CblasLeft, CblasLower, transposed(isTransposed), CblasNonUnit, n, r, 1,
        rebound(l, Double.self), ldl, rebound(b, Double.self), ldb)
    }
  }

  /// Solves op(L) x = b in place for a lower triangular L `[size, size]` with rows `leadingL` apart.
  package static func solveLowerTriangular<S: RealScalar>(
    _ l: UnsafePointer<S>, leadingL: Int, size: Int, transposed isTransposed: Bool,
    vector b: UnsafeMutablePointer<S>
  ) {
    precondition(
      leadingL >= size, "solve: rows of \(size) elements do not fit \(leadingL) apart")
    useOneThread()
    let (n, ldl) = (Int32(size), leading(leadingL))
    switch S.precision {
    case .float:
      cblas_strsv(
        CblasRowMajor, CblasLower, transposed(isTransposed), CblasNonUnit, n,
        rebound(l, Float.self), ldl, rebound(b, Float.self), 1)
    case .double:
      cblas_dtrsv(
        CblasRowMajor, CblasLower, transposed(isTransposed), CblasNonUnit, n,
        rebound(l, Double.self), ldl, rebound(b, Double.self), 1)
    }
  }
}

// MARK: - The library

extension BLAS {
  /// Makes OpenBLAS compute on the calling thread only; every entry point does so before its work.
  ///
  /// The count is global to the process and is set once, because changing it while another thread
  /// computes is not safe.
  package static func useOneThread() { oneThread }

  private static let oneThread: Void = openblas_set_num_threads(1)

  /// The build of OpenBLAS, the processor it has chosen its kernels for, and how it was built to
  /// run in parallel: results differ in the last bits between any of these.
  package static var configuration: String {
    let kinds = ["serial", "pthreads", "OpenMP"]
    let kind = Int(openblas_get_parallel())
    let build = String(cString: openblas_get_config())
    let core = String(cString: openblas_get_corename())
    return
      "\(build); kernels for \(core); \(kinds.indices.contains(kind) ? kinds[kind] : "unknown")"
  }
}

// MARK: - Arguments of the C interface

@inline(__always)
private func transposed(_ flag: Bool) -> CBLAS_TRANSPOSE { flag ? CblasTrans : CblasNoTrans }

@inline(__always)
private func leading(_ count: Int) -> Int32 { Int32(max(1, count)) }

/// A scalar as the type that it is; a generic conversion would cost more than a small product.
@inline(__always)
private func value<S: RealScalar, Actual: RealScalar>(_ scalar: S) -> Actual {
  assert(S.precision == Actual.precision)
  return unsafeBitCast(scalar, to: Actual.self)
}

/// Σ x y with eight partial sums; `cblas_dsdot` adds stretches of 32 products in single precision.
private func dotInDouble(
  _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int
) -> Double {
  var sums = SIMD8<Double>.zero
  var index = 0
  while index &+ 8 <= count {
    let xs = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD8<Float>.self)
    let ys = UnsafeRawPointer(y + index).loadUnaligned(as: SIMD8<Float>.self)
    sums += SIMD8<Double>(xs) * SIMD8<Double>(ys)
    index &+= 8
  }
  var sum = sums.sum()
  while index < count {
    sum += Double(x[index]) * Double(y[index])
    index &+= 1
  }
  return sum
}
