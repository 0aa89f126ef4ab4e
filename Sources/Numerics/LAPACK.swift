internal import CLAPACKE

/// The routines of LAPACK that the decompositions use, for either precision.
///
/// Matrices are column-major, as LAPACK wants them; a row-major matrix is its transpose in that order.
/// Each function returns LAPACK's `info`: 0, or what the routine defines. A negative `info` is an
/// argument of ours that is wrong, or memory that the system refused, and stops the program.
enum LAPACK {
  /// Eigenvalues, ascending, of a symmetric matrix whose upper triangle (in row-major order) is read: of
  /// LAPACK's two ways the faster. With `wantsVectors`, `a` is replaced by the eigenvectors, one after another.
  static func symmetricEigen<S: RealScalar>(
    _ a: UnsafeMutablePointer<S>, size: Int, values: UnsafeMutablePointer<S>, wantsVectors: Bool
  ) -> Int {
    let (n, lda) = (Int32(size), Int32(max(1, size)))
    return run("syevd", S.self) {
      LAPACKE_ssyevd(
        columnMajor, letter(wantsVectors ? "V" : "N"), letter("L"), n, rebound(a, Float.self),
        lda, rebound(values, Float.self))
    } double: {
      LAPACKE_dsyevd(
        columnMajor, letter(wantsVectors ? "V" : "N"), letter("L"), n, rebound(a, Double.self),
        lda, rebound(values, Double.self))
    }
  }

  /// Eigenvalues, ascending, of a symmetric tridiagonal matrix: `diagonal` is replaced by them,
  /// `vectors` `[size, size]` receives the eigenvectors one after another.
  static func tridiagonalEigen<S: RealScalar>(
    diagonal: UnsafeMutablePointer<S>, offDiagonal: UnsafeMutablePointer<S>, size: Int,
    vectors: UnsafeMutablePointer<S>
  ) -> Int {
    let (n, ldz) = (Int32(size), Int32(max(1, size)))
    return run("stevd", S.self) {
      LAPACKE_sstevd(
        columnMajor, letter("V"), n, rebound(diagonal, Float.self),
        rebound(offDiagonal, Float.self), rebound(vectors, Float.self), ldz)
    } double: {
      LAPACKE_dstevd(
        columnMajor, letter("V"), n, rebound(diagonal, Double.self),
        rebound(offDiagonal, Double.self), rebound(vectors, Double.self), ldz)
    }
  }

  /// Eigenvalues of a square matrix, which is destroyed: real and imaginary parts.
  static func generalEigenvalues<S: RealScalar>(
    _ a: UnsafeMutablePointer<S>, size: Int, real: UnsafeMutablePointer<S>,
    imaginary: UnsafeMutablePointer<S>
  ) -> Int {
    let (n, lda) = (Int32(size), Int32(max(1, size)))
    return run("geev", S.self) {
      LAPACKE_sgeev(
        columnMajor, letter("N"), letter("N"), n, rebound(a, Float.self), lda,
        rebound(real, Float.self), rebound(imaginary, Float.self), nil, 1, nil, 1)
    } double: {
      LAPACKE_dgeev(
        columnMajor, letter("N"), letter("N"), n, rebound(a, Double.self), lda,
        rebound(real, Double.self), rebound(imaginary, Double.self), nil, 1, nil, 1)
    }
  }

  /// Thin singular value decomposition of `a` `[rows, columns]`, which is destroyed. Without `u` and
  /// `vt`, values only.
  ///
  /// `isFallback` takes the slower QR iteration, for the rare matrix on which divide and conquer fails.
  static func singularValues<S: RealScalar>(
    _ a: UnsafeMutablePointer<S>, rows: Int, columns: Int, values: UnsafeMutablePointer<S>,
    u: UnsafeMutablePointer<S>?, vt: UnsafeMutablePointer<S>?, isFallback: Bool
  ) -> Int {
    let (m, n, k) = (Int32(rows), Int32(columns), Int32(min(rows, columns)))
    let job = letter(u == nil ? "N" : "S")
    if isFallback {
      return run("gesvd", S.self) {
        var superdiagonal = [Float](repeating: 0, count: Int(k))
        return LAPACKE_sgesvd(
          columnMajor, job, job, m, n, rebound(a, Float.self), max(1, m),
          rebound(values, Float.self), u.map { rebound($0, Float.self) }, max(1, m),
          vt.map { rebound($0, Float.self) }, max(1, k), &superdiagonal)
      } double: {
        var superdiagonal = [Double](repeating: 0, count: Int(k))
        return LAPACKE_dgesvd(
          columnMajor, job, job, m, n, rebound(a, Double.self), max(1, m),
          rebound(values, Double.self), u.map { rebound($0, Double.self) }, max(1, m),
          vt.map { rebound($0, Double.self) }, max(1, k), &superdiagonal)
      }
    }
    return run("gesdd", S.self) {
      LAPACKE_sgesdd(
        columnMajor, job, m, n, rebound(a, Float.self), max(1, m), rebound(values, Float.self),
        u.map { rebound($0, Float.self) }, max(1, m), vt.map { rebound($0, Float.self) }, max(1, k))
    } double: {
      LAPACKE_dgesdd(
        columnMajor, job, m, n, rebound(a, Double.self), max(1, m), rebound(values, Double.self),
        u.map { rebound($0, Double.self) }, max(1, m), vt.map { rebound($0, Double.self) },
        max(1, k))
    }
  }

  /// Cholesky factor of a symmetric matrix, in place in the lower triangle of row-major order; the
  /// other triangle is left as it was.
  static func cholesky<S: RealScalar>(_ a: UnsafeMutablePointer<S>, size: Int) -> Int {
    let (n, lda) = (Int32(size), Int32(max(1, size)))
    return run("potrf", S.self) {
      LAPACKE_spotrf(columnMajor, letter("U"), n, rebound(a, Float.self), lda)
    } double: {
      LAPACKE_dpotrf(columnMajor, letter("U"), n, rebound(a, Double.self), lda)
    }
  }

  /// QR factors of `a` `[rows, columns]` in LAPACK's packed form.
  static func qr<S: RealScalar>(
    _ a: UnsafeMutablePointer<S>, rows: Int, columns: Int, reflectors: UnsafeMutablePointer<S>
  ) -> Int {
    let (m, n) = (Int32(rows), Int32(columns))
    return run("geqrf", S.self) {
      LAPACKE_sgeqrf(
        columnMajor, m, n, rebound(a, Float.self), max(1, m), rebound(reflectors, Float.self))
    } double: {
      LAPACKE_dgeqrf(
        columnMajor, m, n, rebound(a, Double.self), max(1, m), rebound(reflectors, Double.self))
    }
  }

  /// The first `columns` columns of Q from `qr`, in place.
  static func orthogonalFactor<S: RealScalar>(
    _ a: UnsafeMutablePointer<S>, rows: Int, columns: Int, reflectors: UnsafePointer<S>
  ) -> Int {
    let (m, k) = (Int32(rows), Int32(columns))
    return run("orgqr", S.self) {
      LAPACKE_sorgqr(
        columnMajor, m, k, k, rebound(a, Float.self), max(1, m), rebound(reflectors, Float.self))
    } double: {
      LAPACKE_dorgqr(
        columnMajor, m, k, k, rebound(a, Double.self), max(1, m), rebound(reflectors, Double.self))
    }
  }

  /// Least squares of smallest norm by singular values; `b` has max(rows, columns) rows and receives
  /// the solution in its first `columns`.
  static func leastSquares<S: RealScalar>(
    _ a: UnsafeMutablePointer<S>, rows: Int, columns: Int, _ b: UnsafeMutablePointer<S>,
    rightHandSides: Int, values: UnsafeMutablePointer<S>, tolerance: Double, rank: inout Int
  ) -> Int {
    let (m, n, r) = (Int32(rows), Int32(columns), Int32(rightHandSides))
    var found: Int32 = 0
    defer { rank = Int(found) }
    return run("gelsd", S.self) {
      LAPACKE_sgelsd(
        columnMajor, m, n, r, rebound(a, Float.self), max(1, m), rebound(b, Float.self),
        max(1, m, n), rebound(values, Float.self), Float(tolerance), &found)
    } double: {
      LAPACKE_dgelsd(
        columnMajor, m, n, r, rebound(a, Double.self), max(1, m), rebound(b, Double.self),
        max(1, m, n), rebound(values, Double.self), tolerance, &found)
    }
  }
}

// MARK: - Helpers

private let columnMajor: Int32 = 102

@inline(__always)
private func letter(_ character: Unicode.Scalar) -> CChar { CChar(character.value) }

private func run<S: RealScalar>(
  _ routine: String, _: S.Type, _ float: () -> Int32, double: () -> Int32
) -> Int {
  // LAPACK's blocks are BLAS calls.
  BLAS.useOneThread()
  let info = Int(S.precision == .float ? float() : double())
  precondition(info >= 0, "\(routine): argument \(-info) is wrong or memory ran out")
  return info
}
