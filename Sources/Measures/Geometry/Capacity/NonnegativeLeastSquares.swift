/// The weights λ ≥ 0 of points whose combination comes closest to a vector t.
///
/// The combination Sλ is the projection of t on the cone that the points span; the rest, t − Sλ, is
/// the projection on the polar cone, the vectors that make no positive product with any point.
struct NonnegativeWeights: Sendable, Equatable {
  /// The points with a positive weight.
  var support: [Int] = []
  /// Their weights, in the same order.
  var weights: [Double] = []
  /// ‖Sλ‖², which is the squared distance of t from the polar cone.
  var squaredLength = 0.0
}

/// λ ≥ 0 that minimizes ‖Sλ − t‖, solved afresh from the points in every step.
///
/// The plain form of ``ActiveSetSolver``, which must agree with it.
///
/// - Shapes: `points` is Sᵀ `[points, features]`; `target` has `features` elements.
/// - Complexity: O(features · support²) per step, about as many steps as the support has points.
/// - Source: Lawson & Hanson, Solving Least Squares Problems (1974), chapter 23.
func nonnegativeLeastSquares(
  points: Matrix<Double>, target: [Double]
) throws(NumericsError) -> NonnegativeWeights {
  let tolerance = 1e-12 * dot(target, target).squareRoot()
  let lengths = (0..<points.rowCount).map { dot(Array(points.row($0)), Array(points.row($0))) }
  var (support, weights, rejected) = ([Int](), [Double](), Set<Int>())
  for _ in 0..<3 * points.rowCount + 10 {
    let combined = points.selectingRows(support).multiplied(by: weights, transposingSelf: true)
    let rest = zip(target, combined).map { $0 - $1 }
    let products = points.multiplied(by: rest)
    let candidates = (0..<points.rowCount).filter {
      !support.contains($0) && !rejected.contains($0)
        && products[$0] > tolerance * lengths[$0].squareRoot()
    }
    guard
      let next = candidates.max(by: {
        products[$0] / lengths[$0].squareRoot() < products[$1] / lengths[$1].squareRoot()
      })
    else {
      return NonnegativeWeights(
        support: support, weights: weights, squaredLength: dot(combined, combined))
    }
    support.append(next)
    weights.append(0)
    var isFirst = true
    while true {
      let solution = try leastSquares(
        points.selectingRows(support).transposed,
        Matrix(values: target, rowCount: target.count, columnCount: 1)
      ).solution.values
      if isFirst, (solution.last ?? 0) <= 0 {
        // Rounding made a point attractive that is not.
        (support, weights) = (support.dropLast(), weights.dropLast())
        rejected.insert(next)
        break
      }
      isFirst = false
      guard let step = largestStep(from: weights, towards: solution) else {
        (weights, rejected) = (solution, [])
        break
      }
      weights = zip(weights, solution).map { $0 + step.length * ($1 - $0) }
      weights[step.blocking] = 0
      let kept = weights.indices.filter { weights[$0] > 0 }
      (support, weights) = (kept.map { support[$0] }, kept.map { weights[$0] })
    }
  }
  throw .didNotConverge(operation: "non-negative least squares", count: 1)
}

/// The part of the way to `solution` that keeps every weight positive and the weight that ends it;
/// nil where the whole way does.
private func largestStep(
  from weights: [Double], towards solution: [Double]
) -> (length: Double, blocking: Int)? {
  var result: (length: Double, blocking: Int)?
  for index in weights.indices where solution[index] <= 0 {
    let length = weights[index] / (weights[index] - solution[index])
    if length < result?.length ?? .infinity { result = (length, index) }
  }
  return result
}
