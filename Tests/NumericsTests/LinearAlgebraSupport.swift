import Testing
import TestSupport

@testable import GrokNumerics

/// The largest |a − b| over all elements.
func largestDifference<S: RealScalar>(_ a: Matrix<S>, _ b: Matrix<S>) -> Double {
  precondition(
    a.shapeDescription == b.shapeDescription, "\(a.shapeDescription) \(b.shapeDescription)")
  return zip(a.values, b.values).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
}

/// A Qᵀ-orthonormality defect: the largest element of |QᵀQ − 1|.
func orthogonalityDefect<S: RealScalar>(_ q: Matrix<S>) -> Double {
  largestDifference(q.columnGram, .identity(size: q.columnCount))
}

/// A random orthogonal matrix.
func randomOrthogonal<S: RealScalar>(size: Int, key: RandomKey) throws -> Matrix<S> {
  try QRFactors(of: key.normalMatrix(rowCount: size, columnCount: size)).orthogonal
}

/// How far a backward stable decomposition of a matrix of this norm may be off: its unit roundoff, times
/// the norm, times the size, with a factor of 10.
func stableTolerance<S: RealScalar>(size: Int, norm: Double = 1, _: S.Type) -> Double {
  10 * Double(S.ulpOfOne) * Double(max(1, size)) * norm
}
