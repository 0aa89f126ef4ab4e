internal import Foundation

/// All singular values of an array of samples, and what they say about how many directions matter.
///
/// With σ_k the singular values of the (centred) array `[n, d]`, λ_k = σ_k²/(n − 1) are the variances
/// along its principal axes. None of the numbers below changes under rotation or a common scale.
public struct SingularSpectrum: Sendable, Equatable, Codable {
  /// σ_k, descending, min(n, d) of them, in the unit of the samples.
  public var values: [Double]
  /// n.
  public var rowCount: Int
  /// Whether the column means were subtracted first.
  public var isCentered: Bool
  /// Singular values below this are rounding errors of the method and not known to any digit.
  public var resolution: Double

  /// λ_k = σ_k²/(n − 1), in the unit of the samples squared; variances where ``isCentered``.
  public var covarianceEigenvalues: [Double] {
    values.map { $0 * $0 / Double(max(1, rowCount - 1)) }
  }

  /// (Σλ)²/Σλ²: from 1, one direction, to the number of directions with equal variance.
  ///
  /// - Source: Gao et al., bioRxiv 214262 (2017).
  public var participationRatio: Double {
    let squares = scaled.map { $0 * $0 }
    let (sum, sumOfSquares) = squares.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return sum * sum / sumOfSquares
  }

  /// exp(−Σ p log p) with p = σ/Σσ: the entropy of the singular values as a number of directions.
  ///
  /// - Source: Roy & Vetterli, EUSIPCO 2007.
  public var effectiveRank: Double { exp(entropy(offset: 0)) }

  /// ``effectiveRank`` with `offset` added to every p, as published for judging representations.
  ///
  /// - Units: a number of directions, at least 1.
  /// - Parameter offset: ε; 1e-7 in the paper, for `Float`.
  /// - Source: Garrido et al., ICML 2023, Eq. 1.
  public func rankMe(offset: Double = 1e-7) -> Double { exp(entropy(offset: offset)) }

  /// ‖A‖_F²/‖A‖₂² = Σσ²/σ₁².
  ///
  /// - Source: Rudelson & Vershynin, J. ACM 54, 21 (2007).
  public var stableRank: Double { scaled.reduce(0) { $0 + $1 * $1 } }

  /// The number of singular values above a fraction of the largest.
  public func rank(relativeTolerance: Double) -> Int {
    values.count { $0 > relativeTolerance * (values.first ?? 0) }
  }

  /// The smallest number of directions that hold a fraction of Σσ².
  public func rank(holding fraction: Double) -> Int {
    let squares = scaled.map { $0 * $0 }
    let wanted = fraction * squares.reduce(0, +)
    var sum = 0.0
    for (index, square) in squares.enumerated() {
      sum += square
      if sum >= wanted { return index + 1 }
    }
    return values.count
  }

  /// σ/σ₁, so that squares neither overflow nor vanish.
  private var scaled: [Double] { values.map { $0 / (values.first ?? 1) } }

  private func entropy(offset: Double) -> Double {
    let sum = scaled.reduce(0, +)
    return scaled.reduce(0) { total, value in
      let p = value / sum + offset
      return p > 0 ? total - p * log(p) : total
    }
  }
}

/// How singular values are computed.
public enum SpectrumMethod: String, Sendable, Codable, CaseIterable {
  /// As roots of the eigenvalues of the smaller of AᵀA and AAᵀ, both computed in `Double` in one pass
  /// over the samples. Resolves values down to about 1e-7 of the largest: no less than a decomposition
  /// in `Float`.
  case gram
  /// By decomposing the array itself in `Double`, which is held in memory twice. Resolves values down
  /// to about 1e-13 of the largest, and takes several times as long.
  case direct
}

/// The singular values of samples.
///
/// ```swift
/// let spectrum = try singularSpectrum(of: activations)
/// print(spectrum.participationRatio, spectrum.effectiveRank)
/// ```
///
/// - Shapes: `x` is `[n, d]`.
/// - Units: those of the samples.
/// - Parameter isCentered: subtracts the column means first, the default; published effective and
///   stable ranks of weight matrices are of the matrix as it is.
/// - Parameter method: by default `.gram`.
/// - Parameter memoryBudget: how many bytes may be held, beside the array.
/// - Throws: `MeasureError.tooFewSamples` (2 where centred, else 1), `.nonFiniteInput`, `.undefined`
///   where all values are 0, `.outOfRange` where the memory budget is too small, `.numerics`.
/// - Complexity: O(n d min(n, d)) time; O(min(n, d)²) memory with `.gram`, else O(n d).
public func singularSpectrum(
  of x: some SampleMatrix, isCentered: Bool = true, method: SpectrumMethod = .gram,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
) throws(MeasureError) -> SingularSpectrum {
  let measure = "singularSpectrum"
  try requireRows([x], atLeast: isCentered ? 2 : 1, measure: measure)
  let (n, d) = (x.rowCount, x.columnCount)
  let values: [Double]
  let unit: Double
  switch method {
  case .gram:
    let product = try smallerGram(
      of: x, isCentered: isCentered, measure: measure, memoryBudget: memoryBudget,
      workers: workers)
    values = try rootsOfEigenvalues(product, measure: measure)
    unit = (Double(max(n, d)) * .ulpOfOne).squareRoot()
  case .direct:
    try requireMemory(2 * 8 * n * d, budget: memoryBudget, measure: measure)
    try requireFinite([x], measure: measure)
    values = try valuesOf(isCentered ? centeredColumns(x) : Matrix<Double>(x), measure: measure)
    unit = Double(max(n, d)) * .ulpOfOne
  }
  guard let largest = values.first, largest > 0 else {
    throw .undefined(
      measure: measure,
      reason: isCentered ? "the samples do not vary: all rows are the same" : "all samples are 0")
  }
  return SingularSpectrum(
    values: values, rowCount: n, isCentered: isCentered, resolution: unit * largest)
}

/// σ of every eigenvalue σ² of a Gram matrix, descending; what rounding made negative is 0.
func rootsOfEigenvalues(
  _ gram: Matrix<Double>, measure: String
) throws(MeasureError) -> [Double] {
  do throws(NumericsError) {
    return try symmetricEigenvalues(of: gram).reversed().map { max(0, $0).squareRoot() }
  } catch {
    throw .numerics(measure: measure, error)
  }
}

private func centeredColumns(_ x: some SampleMatrix) -> Matrix<Double> {
  let blocks = SampleBlocks<Double>([x])
  let (n, d) = (x.rowCount, x.columnCount)
  var sums = [Double](repeating: 0, count: d)
  var centered = Matrix<Double>(rowCount: n, columnCount: d) { buffer in
    guard let first = buffer.baseAddress else { return }
    sums.withUnsafeMutableBufferPointer {
      blocks.read(0..<n, into: first, sums: $0.baseAddress!)
    }
  }
  centered.withUnsafeMutableBufferPointer { values in
    for row in 0..<n {
      for column in 0..<d { values[row * d + column] -= sums[column] / Double(n) }
    }
  }
  return centered
}
