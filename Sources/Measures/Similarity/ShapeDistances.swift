internal import Foundation

/// How alike two representations are once one may be rotated onto the other.
///
/// Everything follows from three numbers of the centred arrays: ‖X‖², ‖Y‖² and the nuclear norm ‖XᵀY‖_*
/// = max over orthogonal Q of tr(QᵀXᵀY). An array with fewer features is taken to have further ones
/// that are 0.
public struct ShapeComparison: Sendable, Equatable, Codable {
  /// ‖X‖_F, in the unit of the samples.
  public var firstNorm: Double
  /// ‖Y‖_F, in the unit of the samples.
  public var secondNorm: Double
  /// ‖XᵀY‖_*, in that unit squared.
  public var nuclearNorm: Double

  /// ‖XᵀY‖_* / (‖X‖ ‖Y‖), in 0...1: the normalised Bures similarity of the linear kernels, also called
  /// fidelity; the cosine of ``angularDistance``.
  public var buresSimilarity: Double { min(1, nuclearNorm / firstNorm / secondNorm) }

  /// arccos ‖XᵀY‖_* / (‖X‖ ‖Y‖), in radians, 0...π/2: a metric between shapes of any scale.
  public var angularDistance: Double { acos(buresSimilarity) }

  /// min over orthogonal Q of ‖X − YQ‖_F, in the unit of the samples: a metric, and the Bures distance
  /// of the linear kernels.
  public var procrustesDistance: Double {
    max(0, firstNorm * firstNorm + secondNorm * secondNorm - 2 * nuclearNorm).squareRoot()
  }

  /// The same for X/‖X‖ and Y/‖Y‖: √(2 − 2 ``buresSimilarity``), in 0...√2.
  public var normalizedProcrustesDistance: Double {
    (2 - 2 * buresSimilarity).squareRoot()
  }
}

/// Compares two representations of the same samples by the shapes they make in space.
///
/// ```swift
/// let turned = try shapeComparison(of: layerAtStart, with: layerNow).angularDistance
/// ```
///
/// - Shapes: `x` is `[n, d]`, `y` is `[n, e]`; row i of both belongs to one sample.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (2), `.nonFiniteInput`, `.undefined`
///   where one does not vary, `.outOfRange` where the memory budget is too small.
/// - Complexity: O(n (d + e)²) time and one pass over the samples; with ‖XᵀY‖_* O(d e min(d, e)) more.
///   O((d + e)²) memory.
/// - Source: Williams et al., NeurIPS 2021, Eq. 4–6; Bures: Harvey, Lipshutz & Williams, UniReps 2023.
/// - Differs from: netrep, which offers partial whitening between these distances and canonical
///   correlation; `canonicalCorrelations(of:with:)` is the other end.
public func shapeComparison(
  of x: some SampleMatrix, with y: some SampleMatrix, memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil
) throws(MeasureError) -> ShapeComparison {
  let measure = "shapeComparison"
  let moments = try CenteredMoments(
    of: [x, y], measure: measure, memoryBudget: memoryBudget, workers: workers)
  try moments.requireVariation(measure: measure)
  return ShapeComparison(
    firstNorm: moments.trace(0).squareRoot(), secondNorm: moments.trace(1).squareRoot(),
    nuclearNorm: try valuesOf(moments.product(0, 1), measure: measure).reduce(0, +))
}

/// The singular values of a matrix, with the error of this module.
func valuesOf(_ matrix: Matrix<Double>, measure: String) throws(MeasureError) -> [Double] {
  do throws(NumericsError) {
    return try singularValues(of: matrix)
  } catch {
    throw .numerics(measure: measure, error)
  }
}

/// The RV coefficient of two representations, tr(S_xy S_yx) / √(tr(S_xx²) tr(S_yy²)) with S their
/// covariances.
///
/// The same number as linear
/// ``centeredKernelAlignment(of:with:kernel:estimator:memoryBudget:workers:)``, under the name that
/// statistics knows it by. Without the diagonals of the n×n products it is the modified coefficient
/// RV₂, which does not rise towards 1 with the number of features.
///
/// - Shapes, Throws, Complexity: as the alignment.
/// - Units: none; in 0...1, RV₂ in −1...1.
/// - Parameter removingDiagonal: gives RV₂.
/// - Source: Robert & Escoufier, Appl. Stat. 25, 257 (1976); RV₂: Smilde et al., Bioinformatics 25, 401
///   (2009).
public func rvCoefficient(
  of x: some SampleMatrix, with y: some SampleMatrix, removingDiagonal: Bool = false,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
) throws(MeasureError) -> Double {
  let measure = "rvCoefficient"
  let moments = try CenteredMoments(
    of: [x, y], measure: measure, wantsRowNorms: removingDiagonal, memoryBudget: memoryBudget,
    workers: workers)
  try moments.requireVariation(measure: measure)
  func product(_ a: Int, _ b: Int) -> Double {
    moments.squaredNorm(a, b) - (moments.rowNorms?.products[a, b] ?? 0)
  }
  let (own, other) = (product(0, 0), product(1, 1))
  guard own > 0, other > 0 else {
    throw .undefined(
      measure: measure,
      reason: "nothing is left of a kernel without its diagonal; take more samples")
  }
  return product(0, 1) / own.squareRoot() / other.squareRoot()
}
