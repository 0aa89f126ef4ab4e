/// A predictor that is a weighted sum of kernel columns: where a network trained in its kernel's regime
/// ends, and the yardstick for one that left it.
public struct KernelRegression: Sendable, Equatable {
  /// (K + λ1)⁻¹ Y, `[rows, outputs]`.
  public let coefficients: Matrix<Double>
  /// λ.
  public let ridge: Double

  /// Fits targets on training examples.
  ///
  /// Solves (K + λ1) A = Y. With the full tangent kernel, Y is one column of n C elements, ordered by
  /// example, then output; with the class trace `[n, C]`, all outputs sharing one kernel. To predict what
  /// a network becomes rather than a function from zero, give Y less the network's initial outputs, and
  /// add those on the test examples to the prediction.
  ///
  /// - Shapes: `kernel` `[n, n]`, `targets` `[n, outputs]`.
  /// - Parameter ridge: λ, in the unit of the kernel; 0 interpolates and needs a kernel of full rank.
  /// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange` for a negative ridge, `.numerics` where K + λ1
  ///   is not positive definite or the kernel not symmetric, `.nonFiniteInput`.
  /// - Complexity: O(n³) time, in `Double`; 16 n² bytes.
  /// - Source: Jacot, Gabriel & Hongler, NeurIPS 2018, §5: gradient flow on squared error ends at λ = 0.
  public init<Scalar: RealScalar>(
    kernel: Matrix<Scalar>, targets: Matrix<Scalar>, ridge: Double
  ) throws(MeasureError) {
    let measure = "kernelRegression"
    try requireKernels([kernel], measure: measure)
    guard kernel.rowCount == targets.rowCount else {
      throw .rowCountMismatch(
        measure: measure, first: kernel.rowCount, second: targets.rowCount)
    }
    guard ridge >= 0, ridge.isFinite else {
      throw .outOfRange(
        measure: measure, what: "the ridge", value: ridge, expected: "0 or more")
    }
    try requireFinite([targets], measure: measure)
    var system = Matrix<Double>(kernel)
    for index in 0..<system.rowCount { system[index, index] += ridge }
    coefficients = try decomposing(measure) { () throws(NumericsError) in
      try CholeskyFactor(of: system).solve(Matrix<Double>(targets))
    }
    self.ridge = ridge
  }

  /// The predictions for other examples.
  ///
  /// - Shapes: `kernel` `[m, n]`, rows of test and columns of training examples, as
  ///   `tangentKernel(between: test, and: train, …)` gives it; the result is `[m, outputs]`.
  /// - Throws: `MeasureError.rowCountMismatch` where the columns are not the training examples.
  public func predictions<Scalar: RealScalar>(
    kernel: Matrix<Scalar>
  ) throws(MeasureError) -> Matrix<Double> {
    guard kernel.columnCount == coefficients.rowCount else {
      throw .rowCountMismatch(
        measure: "kernelRegression", first: kernel.columnCount, second: coefficients.rowCount)
    }
    return Matrix<Double>(kernel).multiplied(by: coefficients)
  }
}
