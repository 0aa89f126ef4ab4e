internal import Foundation

/// The real Fourier basis of the functions on 0, 1, …, p − 1.
///
/// Rows of ``matrix`` are orthonormal: row 0 is constant, rows 2k − 1 and 2k are cos(2πkn/p) and sin(2πkn/p) for the
/// frequencies k below p/2, and an even p has the alternating row (−1)ⁿ/√p at the end, the only one of frequency p/2.
///
/// - Source: Nanda, Chan, Lieberum, Smith & Steinhardt, arXiv 2301.05217, and its code.
/// - Differs from: the code, which knows odd p only and in places leaves out the last frequency.
public struct FourierBasis: Sendable, Equatable {
  /// p.
  public let period: Int
  /// F, `[p, p]`.
  public let matrix: Matrix<Double>

  /// The basis for a period of at least 3.
  ///
  /// - Throws: `MeasureError.outOfRange`.
  /// - Complexity: O(p²).
  public init(period: Int) throws(MeasureError) {
    guard period >= 3 else {
      throw .outOfRange(
        measure: "FourierBasis", what: "period", value: Double(period), expected: "at least 3")
    }
    self.period = period
    let p = Double(period)
    var matrix = Matrix<Double>(rowCount: period, columnCount: period)
    for n in 0..<period {
      matrix[0, n] = 1 / p.squareRoot()
      for k in 1...(period - 1) / 2 {
        // The angle from the remainder, so that it is as exact for large k as for small.
        let angle = 2 * Double.pi * Double(k * n % period) / p
        matrix[2 * k - 1, n] = cos(angle) * (2 / p).squareRoot()
        matrix[2 * k, n] = sin(angle) * (2 / p).squareRoot()
      }
      if period.isMultiple(of: 2) {
        matrix[period - 1, n] = (n.isMultiple(of: 2) ? 1 : -1) / p.squareRoot()
      }
    }
    self.matrix = matrix
  }

  /// The frequencies without the constant: 1 to p/2, rounded down.
  public var frequencies: ClosedRange<Int> { 1...period / 2 }

  /// The rows of a frequency: cosine and sine, or the alternating row alone.
  ///
  /// - Precondition: the frequency is one of ``frequencies``.
  public func rows(of frequency: Int) -> Range<Int> {
    precondition(
      frequencies.contains(frequency),
      "FourierBasis: frequency \(frequency) is not in \(frequencies)"
    )
    return 2 * frequency - 1..<min(period, 2 * frequency + 1)
  }

  /// F X: the coefficients of every column.
  ///
  /// - Shapes: `[p, columns]` gives `[p, columns]`.
  /// - Throws: `MeasureError.rowCountMismatch`.
  /// - Complexity: O(p² columns).
  public func coefficients(
    of columns: some SampleMatrix
  ) throws(MeasureError) -> Matrix<Double> {
    guard columns.rowCount == period else {
      throw .rowCountMismatch(
        measure: "FourierBasis", first: columns.rowCount, second: period)
    }
    return matrix.multiplied(by: Matrix<Double>(columns))
  }

  /// F X Fᵀ of every column, each a function of pairs (a, b): the full two-dimensional spectrum.
  ///
  /// - Shapes: `[p², columns]`, row a p + b, gives `[p², columns]`, row i p + j for the product of basis functions i of a
  ///   and j of b.
  /// - Throws: `MeasureError.rowCountMismatch`.
  /// - Complexity: O(p³ columns).
  public func gridCoefficients(
    of columns: some SampleMatrix
  ) throws(MeasureError) -> Matrix<Double> {
    let width = columns.columnCount
    guard columns.rowCount == period * period else {
      throw .rowCountMismatch(
        measure: "FourierBasis", first: columns.rowCount, second: period * period)
    }
    let grid = Matrix<Double>(columns)
    let overFirst = matrix.multiplied(
      by: Matrix(values: grid.values, rowCount: period, columnCount: period * width))
    var result: [Double] = []
    result.reserveCapacity(grid.count)
    for row in 0..<period {
      let line = Matrix(
        values: Array(overFirst.row(row)), rowCount: period, columnCount: width)
      result += matrix.multiplied(by: line).values
    }
    return Matrix(values: result, rowCount: period * period, columnCount: width)
  }
}
