import GrokKernels

/// Exponentials and sums of many numbers at a time, for modules that do not reach the kernels.
package enum Exponentials {
  /// exp(`scale` · x) of each number; the result may be the numbers themselves.
  package static func write<Scalar: RealScalar>(
    of x: UnsafePointer<Scalar>, times scale: Double, to result: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    let kernels = Scalar.kernels.pointee
    kernels.affine(scale, x, 0, result, count)
    kernels.exponential(result, result, count)
  }

  /// The sum of numbers, accumulated in `Double`.
  package static func sum<Scalar: RealScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Double {
    Scalar.kernels.pointee.sum(x, count)
  }
}
