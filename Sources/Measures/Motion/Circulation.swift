internal import Foundation

/// The currents of a path in the space of its leading components.
public struct Circulation: Sendable, Equatable {
  /// Q = ½ Σ_t (y_t d_tᵀ − d_t y_tᵀ), antisymmetric: the signed area in every plane of two components, `[k, k]`, in squared units
  /// of the weights.
  public var areas: Matrix<Double>
  /// Twice the largest |eigenvalue| of Q over Σ_t ‖y_t‖², in radians per step: sin Δ for a circle in steps of Δ.
  public var rate: Double
  /// Ω = ⟨x dy − y dx⟩/⟨x² + y²⟩ in the plane of the first two components, in radians per step: 0 in equilibrium.
  ///
  /// The error is that of a jackknife over eight stretches of time. Which sense is positive means nothing by itself.
  public var angularVelocity: Estimate
}

/// The circulation of a path, a proxy of its entropy production.
///
/// In equilibrium, where every loop is as often gone one way as the other, Ω is 0 but for chance. A path that is
/// not stationary has areas too: a random walk of T records has an |Ω| of about 1.7/T in 2 dimensions (95 % below 5/T) and 2.6/T in 64 (its Lévy
/// area), and a drift adds to it. Compare with walks of the null; the error holds for a stationary path that is long compared with its memory.
///
/// - Shapes: `path` is `[T, n]`.
/// - Parameter componentCount: k, at least 2; fewer where the path has fewer directions.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples` below 17 records, `.nonFiniteInput`, `.undefined` where
///   the path does not move or moves on a line.
/// - Complexity: that of ``pathComponents(of:count:)``.
/// - Source: this package's; the areas are those of Ghanta, Neu & Teitsworth, Phys. Rev. E 95, 032128 (2017).
public func circulation(
  of path: some SampleMatrix, componentCount: Int = 10
) throws(MeasureError) -> Circulation {
  let measure = "circulation"
  try requireCount(componentCount, named: "componentCount", atLeast: 2, measure: measure)
  let rows = try motionRows(of: path, atLeast: 17, measure: measure)
  let scores = try components(of: rows, count: componentCount, measure: measure).path.scores
  let count = scores.columnCount
  guard count >= 2 else {
    throw .undefined(measure: measure, reason: "the path moves on a line, which has no areas")
  }
  let moves = differences(scores)
  let places = scores.selectingRows(0..<moves.rowCount)
  let products = places.multiplied(by: moves, transposingSelf: true)
  var areas = Matrix<Double>(rowCount: count, columnCount: count)
  for i in 0..<count {
    for j in 0..<count { areas[i, j] = 0.5 * (products[i, j] - products[j, i]) }
  }
  // The eigenvalues of Q are ±iω, those of Q Qᵀ are ω², each twice.
  let squares = try decomposing(measure) { () throws(NumericsError) in
    try symmetricEigenvalues(of: areas.rowGram)
  }
  let largest = max(0, squares[count - 1]).squareRoot()
  return Circulation(
    areas: areas, rate: 2 * largest / dot(places.values, places.values),
    angularVelocity: angularVelocity(places, moves))
}

private func angularVelocity(_ places: Matrix<Double>, _ moves: Matrix<Double>) -> Estimate {
  let stretchCount = 8
  var sums = [(area: Double, square: Double)](repeating: (0, 0), count: stretchCount)
  for t in 0..<places.rowCount {
    let stretch = t * stretchCount / places.rowCount
    let (x, y) = (places[t, 0], places[t, 1])
    sums[stretch].area += x * moves[t, 1] - y * moves[t, 0]
    sums[stretch].square += x * x + y * y
  }
  func quotient(without stretch: Int?) -> Double {
    let kept = sums.indices.filter { $0 != stretch }
    return kept.reduce(0) { $0 + sums[$1].area } / kept.reduce(0) { $0 + sums[$1].square }
  }
  let left = sums.indices.map { quotient(without: $0) }
  let center = left.reduce(0, +) / Double(stretchCount)
  let squares = left.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  let share = Double(stretchCount - 1) / Double(stretchCount)
  return Estimate(
    value: quotient(without: nil), standardError: (share * squares).squareRoot(),
    sampleCount: stretchCount)
}
