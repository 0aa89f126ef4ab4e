/// Kernel alignment without centring: ⟨K, L⟩_F / (‖K‖_F ‖L‖_F), which is 1 less the kernel distance.
///
/// Use `centeredKernelAlignment(ofKernel:withKernel:)` unless a published number is to be met: a common
/// offset of all elements, which most kernels have, pushes this one towards 1.
///
/// - Shapes: both `[n, n]` and symmetric.
/// - Units, Throws, Complexity: as `kernelDistance(between:and:)`.
/// - Source: Cristianini et al., NIPS 2001, Definition 1.
public func kernelAlignment<Scalar: RealScalar>(
  ofKernel k: Matrix<Scalar>, withKernel l: Matrix<Scalar>
) throws(MeasureError) -> Double {
  1 - (try kernelDistance(between: k, and: l))
}

/// Alignment of a kernel with labels, without centring: with the kernel YYᵀ, which is 1 for two examples
/// of one class and 0 for others.
///
/// - Shapes: `[n, n]` and n labels, any integers. Of a full tangent kernel, give the class trace or a
///   single output.
/// - Units, Throws, Complexity: as `kernelDistance(between:and:)`; `.rowCountMismatch`.
/// - Source: Cristianini et al., NIPS 2001, §2 (kernel-target alignment).
public func kernelAlignment<Scalar: RealScalar>(
  ofKernel kernel: Matrix<Scalar>, withLabels labels: [Int]
) throws(MeasureError) -> Double {
  try kernelAlignment(
    ofKernel: kernel,
    withKernel: try labelKernel(labels, rowCount: kernel.rowCount, measure: "kernelAlignment"))
}

/// Centred alignment of a kernel with labels.
///
/// - Shapes: `[n, n]` and n labels, any integers.
/// - Units, Throws: as `centeredKernelAlignment(ofKernel:withKernel:)`.
/// - Source: Cortes, Mohri & Rostamizadeh, JMLR 13, 795 (2012), Definition 4.
/// - Differs from: tr(YᵀK_cY)/(‖K_c‖ ‖Y_c‖), which circulates, lacks a power of Y in the denominator, and
///   is not bounded by 1.
public func centeredKernelAlignment<Scalar: RealScalar>(
  ofKernel kernel: Matrix<Scalar>, withLabels labels: [Int],
  estimator: AlignmentEstimator = .biased
) throws(MeasureError) -> Double {
  try centeredKernelAlignment(
    ofKernel: kernel,
    withKernel: try labelKernel(
      labels, rowCount: kernel.rowCount, measure: "centeredKernelAlignment"),
    estimator: estimator)
}

/// Alignment of a kernel with each class by itself, without centring: yᵀKy/(‖y‖² ‖K‖_F) with y = 1 for
/// the examples of the class and 0 for others.
///
/// - Returns: one number for each class, ascending by label.
/// - Shapes: `[n, n]` and n labels.
/// - Units: none; 0 to 1 for positive semi-definite kernels.
/// - Throws: as `kernelDistance(between:and:)`; `.rowCountMismatch`.
/// - Source: the kernel–label alignment of Chou, Le, Wang & Chung, ICML 2025 (lazy–rich dichotomy),
///   which takes the kernel of each class's own output: `.singleOutput(c)`, and the element of class c.
public func classAlignments<Scalar: RealScalar>(
  ofKernel kernel: Matrix<Scalar>, labels: [Int]
) throws(MeasureError) -> [Double] {
  let measure = "classAlignments"
  try requireKernels([kernel], measure: measure)
  guard labels.count == kernel.rowCount else {
    throw .rowCountMismatch(measure: measure, first: kernel.rowCount, second: labels.count)
  }
  let norm = dot(kernel.values, kernel.values).squareRoot()
  guard norm > 0, norm.isFinite else {
    throw .undefined(
      measure: measure, reason: norm == 0 ? "the kernel is 0" : "the kernel is too large to square")
  }
  return Set(labels).sorted().map { label in
    let y: [Scalar] = labels.map { $0 == label ? 1 : 0 }
    return dot(kernel.multiplied(by: y), y) / dot(y, y) / norm
  }
}

/// YYᵀ.
private func labelKernel<Scalar: RealScalar>(
  _ labels: [Int], rowCount: Int, measure: String
) throws(MeasureError) -> Matrix<Scalar> {
  guard labels.count == rowCount else {
    throw .rowCountMismatch(measure: measure, first: rowCount, second: labels.count)
  }
  return Matrix(rows: labels.map { label in labels.map { $0 == label ? 1 : 0 } })
}
