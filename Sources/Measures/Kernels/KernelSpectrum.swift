internal import Foundation

/// The eigenvalues of a kernel, or the largest of them, and how many directions they stand for.
public struct KernelSpectrum: Sendable, Equatable, Codable {
  /// Eigenvalues, descending, in the unit of the kernel; some slightly below 0 by rounding.
  public var values: [Double]
  /// The sum of all eigenvalues, also of those that are not in ``values``.
  public var trace: Double
  /// The size of the kernel.
  public var rowCount: Int

  /// The share of the trace that ``values`` hold: 1 where all are there.
  public var heldFraction: Double { values.reduce(0, +) / trace }

  /// exp(−Σ p log p) with p = λ/Σλ: the entropy of the eigenvalues as a number of directions. Of the
  /// eigenvalues in ``values``.
  ///
  /// - Source: Roy & Vetterli, EUSIPCO 2007, on eigenvalues: `SingularSpectrum.effectiveRank` has
  ///   singular values of samples, whose squares these are, and is larger.
  public var effectiveRank: Double {
    let positive = values.filter { $0 > 0 }
    let sum = positive.reduce(0, +)
    return exp(positive.reduce(0) { $0 - $1 / sum * log($1 / sum) })
  }

  /// (Σλ)²/Σλ² of the eigenvalues in ``values``.
  public var participationRatio: Double {
    let largest = values.first ?? 1
    let (sum, squares) = values.reduce((0.0, 0.0)) {
      ($0.0 + $1 / largest, $0.1 + $1 / largest * ($1 / largest))
    }
    return sum * sum / squares
  }

  /// λ₁/λ_r with r the smallest above rounding, n ε λ₁: what gradient descent on the kernel is slowed by.
  public var conditionNumber: Double {
    let largest = values.first ?? 1
    let floor = Double(rowCount) * .ulpOfOne * largest
    return largest / (values.last { $0 > floor } ?? largest)
  }
}

/// All eigenvalues of a kernel.
///
/// - Shapes: `[n, n]`, symmetric.
/// - Units: those of the kernel.
/// - Parameter memoryBudget: how many bytes the decomposition may take.
/// - Throws: `MeasureError.tooFewSamples`, `.undefined` for a kernel of zeros, `.outOfRange` where the
///   memory budget is too small, `.numerics`.
/// - Complexity: O(n³) time, in `Double`; 16 n² bytes.
public func kernelSpectrum<Scalar: RealScalar>(
  of kernel: Matrix<Scalar>, memoryBudget: Int = defaultMemoryBudget
) throws(MeasureError) -> KernelSpectrum {
  let measure = "kernelSpectrum"
  try requireKernels([kernel], measure: measure)
  try requireMemory(16 * kernel.count, budget: memoryBudget, measure: measure)
  let values = try decomposing(measure) { () throws(NumericsError) in
    try symmetricEigenvalues(of: Matrix<Double>(kernel))
  }
  guard let largest = values.last, largest > 0 else {
    throw .undefined(measure: measure, reason: "the kernel has no positive eigenvalue")
  }
  return KernelSpectrum(
    values: values.reversed(), trace: kernel.diagonal.reduce(0) { $0 + Double($1) },
    rowCount: kernel.rowCount)
}

/// The largest eigenvalues of a tangent kernel that is not formed, by subspace iteration from a random
/// start: for full kernels of many outputs, where `[n C, n C]` is gigabytes.
///
/// - Shapes: `count` is at most n C.
/// - Units: those of the kernel. No value is above the true one but for rounding.
/// - Parameter oversampling: further dimensions of the subspace; 10 are usual.
/// - Parameter passCount: multiplications with the kernel before the last, at least 1; each brings a value
///   closer by (λ_{l+1}/λ_k)².
/// - Throws: `MeasureError.outOfRange`, `.undefined` for a kernel of zeros, `.numerics`.
/// - Complexity: (passCount + 1)(count + oversampling) products of kernel and vector.
/// - Source: Halko, Martinsson & Tropp, SIAM Rev. 53, 217 (2011), Algorithm 4.4.
public func leadingKernelSpectrum<Scalar: RealScalar>(
  of kernel: TangentKernel<Scalar>, count: Int, oversampling: Int = 10, passCount: Int = 3,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> KernelSpectrum {
  let measure = "leadingKernelSpectrum"
  guard kernel.isSymmetric else {
    throw .undefined(
      measure: measure, reason: "a kernel between two sets of examples has no eigenvalues")
  }
  for (what, value, range) in [
    ("the number of values", count, 1...kernel.rowCount),
    ("the oversampling", oversampling, 0...1_000_000),
    ("the number of passes", passCount, 1...1000),
  ] where !range.contains(value) {
    throw .outOfRange(
      measure: measure, what: what, value: Double(value),
      expected: "\(range.lowerBound) to \(range.upperBound)")
  }
  let size = min(kernel.rowCount, count + oversampling)
  try requireMemory(5 * 8 * kernel.rowCount * size, budget: memoryBudget, measure: measure)
  var basis: Matrix<Double> = key.normalMatrix(rowCount: kernel.rowCount, columnCount: size)
  for _ in 0..<passCount {
    let image = try kernel.multiplied(by: Matrix<Scalar>(basis), workers: workers)
    basis = try decomposing(measure) { () throws(NumericsError) in
      try QRFactors(of: Matrix<Double>(image)).orthogonal
    }
  }
  let image = Matrix<Double>(
    try kernel.multiplied(by: Matrix<Scalar>(basis), workers: workers))
  var projected = basis.multiplied(by: image, transposingSelf: true)
  for row in 0..<size {
    for column in 0..<row {
      let mean = (projected[row, column] + projected[column, row]) / 2
      (projected[row, column], projected[column, row]) = (mean, mean)
    }
  }
  let values = try decomposing(measure) { () throws(NumericsError) in
    try symmetricEigenvalues(of: projected)
  }
  guard let largest = values.last, largest > 0 else {
    throw .undefined(measure: measure, reason: "the kernel has no positive eigenvalue")
  }
  return KernelSpectrum(
    values: Array(values.reversed().prefix(count)),
    trace: try kernel.diagonal(workers: workers).reduce(0, +), rowCount: kernel.rowCount)
}
