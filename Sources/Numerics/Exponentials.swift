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

  /// The natural logarithm of each number; the result may be the numbers themselves.
  package static func writeLogarithms<Scalar: RealScalar>(
    of x: UnsafePointer<Scalar>, to result: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    Scalar.kernels.pointee.logarithm(x, result, count)
  }

  /// −log softmax(row)[answer] of every row, in `Double`; losses near 0 keep their digits.
  ///
  /// - Shapes: `x` is `[answers, columns]`.
  package static func crossEntropies<Scalar: RealScalar>(
    ofRows x: UnsafePointer<Scalar>, columns: Int, answers: [Int32]
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: answers.count) { losses, count in
      count = answers.count
      guard let first = losses.baseAddress, count > 0 else { return }
      Scalar.kernels.pointee.cross_entropy_rows(
        x, answers, first, nil, 1, count, columns, columns, true)
    }
  }

  /// The sum of numbers, accumulated in `Double`.
  package static func sum<Scalar: RealScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Double {
    Scalar.kernels.pointee.sum(x, count)
  }
}
