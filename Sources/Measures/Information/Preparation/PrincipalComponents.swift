internal import Foundation

/// The directions of largest variance of some samples, with a fixed sign, to project these or others on.
///
/// - Source: definition.
public struct PrincipalComponents: Sendable, Equatable {
  /// The means of the columns that they were fitted to.
  public let means: [Double]
  /// The kept directions, one a row, `[kept, columns]`: orthonormal; of each the element of largest magnitude is positive.
  public let directions: Matrix<Double>
  /// All eigenvalues of the covariance (with n − 1), descending; those that rounding made negative are 0.
  public let eigenvalues: [Double]
  /// The number of samples that they were fitted to.
  public let sampleCount: Int

  /// How many were kept.
  public var keptCount: Int { directions.rowCount }

  /// The share of the variance that the kept ones hold.
  public var keptFraction: Double {
    eigenvalues.prefix(keptCount).reduce(0, +) / eigenvalues.reduce(0, +)
  }

  /// (λ_i − λ_{i+1})/λ_i of each kept one, with λ = 0 behind the last.
  ///
  /// Where a gap is not well above √(8/n), the standard error of the difference of two equal eigenvalues, the two directions
  /// turn within their plane from one set of samples to another, and so do distances by the largest coordinate.
  public var relativeGaps: [Double] {
    (0..<keptCount).map { index in
      let next = index + 1 < eigenvalues.count ? eigenvalues[index + 1] : 0
      return (eigenvalues[index] - next) / eigenvalues[index]
    }
  }

  /// The kept components whose gap is below √(8/n).
  public var unresolved: [Int] {
    let least = (8 / Double(max(1, sampleCount))).squareRoot()
    return relativeGaps.indices.filter { relativeGaps[$0] < least }
  }

  /// The principal components of samples.
  ///
  /// - Shapes: `samples` is `[n, d]`; at most min(n − 1, d) are kept.
  /// - Parameter threshold: components with an eigenvalue of at most this times the largest are left out; 1e-12 is what
  ///   rounding puts there.
  /// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.outOfRange`, `.undefined` where the samples do
  ///   not vary.
  /// - Complexity: O(n d² + d³) time, one pass over the samples, O(d²) memory; in `Double`.
  public init(
    of samples: some SampleMatrix, count: Int, threshold: Double = 1e-12,
    memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
  ) throws(MeasureError) {
    let measure = "principalComponents"
    try Preparation.Step.principalComponents(count: count, isWhitened: false, threshold: threshold)
      .check()
    let moments = try CenteredMoments(
      of: [samples], measure: measure, inDouble: true, memoryBudget: memoryBudget, workers: workers)
    try moments.requireVariation(measure: measure)
    let eigen = try decomposing(measure) { () throws(NumericsError) in
      try SymmetricEigendecomposition(of: moments.product)
    }
    let scale = 1 / Double(moments.rowCount - 1)
    let order = Array(eigen.values.indices.reversed())
    let values = order.map { max(0, eigen.values[$0] * scale) }
    let kept = order.prefix(min(count, moments.rowCount - 1)).enumerated().filter {
      values[$0.offset] > threshold * values[0]
    }.map(\.element)
    var directions = eigen.vectors.selectingColumns(kept).transposed
    for row in 0..<directions.rowCount { directions.makeLargestPositive(row: row) }
    means = moments.means
    eigenvalues = values
    sampleCount = moments.rowCount
    self.directions = directions
  }

  /// The coordinates of samples along the kept directions, in units of the standard deviations of those fitted where
  /// whitened.
  ///
  /// - Shapes: `[n, d]` gives `[n, kept]`.
  /// - Throws: `MeasureError.outOfRange` for another number of columns than fitted.
  public func coordinates(
    of samples: some SampleMatrix, isWhitened: Bool
  ) throws(MeasureError) -> Matrix<Double> {
    guard samples.columnCount == means.count else {
      throw .outOfRange(
        measure: "principalComponents", what: "the number of columns",
        value: Double(samples.columnCount), expected: "\(means.count), as fitted")
    }
    var map = directions
    if isWhitened {
      map = Matrix(
        diagonal: eigenvalues.prefix(keptCount).map { 1 / $0.squareRoot() }
      ).multiplied(by: directions)
    }
    return Matrix<Double>(samples).subtracting(means).multiplied(by: map, transposingOther: true)
  }
}

extension Matrix<Double> {
  /// Turns a row around where its element of largest magnitude is negative; of two as large the first counts, rounding
  /// aside.
  fileprivate mutating func makeLargestPositive(row: Int) {
    var largest = 0.0
    for column in 0..<columnCount where abs(self[row, column]) > abs(largest) * (1 + 1e-9) {
      largest = self[row, column]
    }
    guard largest < 0 else { return }
    for column in 0..<columnCount { self[row, column] = -self[row, column] }
  }
}
