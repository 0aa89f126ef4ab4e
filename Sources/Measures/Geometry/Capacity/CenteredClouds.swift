/// Manifolds around their own centres in units of the centre's length, with the shared directions of the
/// centres taken out.
struct CenteredClouds: Sendable {
  /// The manifolds as they were given.
  let manifolds: Manifolds
  /// What was tried to make the centres independent.
  let steps: [CenterRemovalStep]
  /// The number K of directions taken out.
  let removedRank: Int
  /// The length of each centre, from the mean of all points.
  let centerLengths: [Double]
  /// The length of each centre without the shared directions.
  let residualLengths: [Double]
  /// The centres without the shared directions plus the mean of all points, `[manifolds, features]`.
  private let origins: Matrix<Double>
  /// The shared directions as orthonormal rows, `[K, features]`.
  private let directions: Matrix<Double>

  /// Centres the manifolds.
  ///
  /// - Throws: `MeasureError.undefined` for a manifold whose centre vanishes.
  init(
    _ manifolds: Manifolds, removing removal: CenterRemoval, workers: Workers?, key: RandomKey
  ) throws(MeasureError) {
    self.manifolds = manifolds
    let means = try concurrentMap(count: manifolds.count, workers: workers) {
      columnMeans(manifolds.points(of: $0))
    }
    let total = Double(manifolds.pointCounts.reduce(0, +))
    let overall = weightedMean(means, manifolds.pointCounts.map { Double($0) / total })
    let centers = Matrix(rows: means.map { zip($0, overall).map { $0 - $1 } })
    centerLengths = (0..<centers.rowCount).map { length(centers.row($0)) }

    let middle = weightedMean(means, means.map { _ in 1 / Double(means.count) })
    let aroundMiddle = Matrix(rows: means.map { zip($0, middle).map { $0 - $1 } })
    let parts = try decomposing(measure) { () throws(NumericsError) in
      try SingularValueDecomposition(of: aroundMiddle)
    }
    let rank = parts.rank()
    let values = Array(parts.values.prefix(rank))
    let coordinates = Matrix(
      rows: (0..<centers.rowCount).map { row in
        (0..<rank).map { parts.leftVectors[row, $0] * values[$0] }
      })
    let removed = try removal.directions(
      for: coordinates, variances: values.map { $0 * $0 }, workers: workers, key: key)
    steps = removed.steps
    removedRank = removed.columns.columnCount
    let basis = parts.rightVectorsTransposed.selectingRows(0..<rank)
    directions = removed.columns.multiplied(by: basis, transposingSelf: true)
    let residual = centers.without(directions)
    residualLengths = (0..<residual.rowCount).map { length(residual.row($0)) }
    origins = Matrix(
      rows: (0..<residual.rowCount).map { row in
        zip(residual.row(row), overall).map { $0 + $1 }
      })
    try requireCenters(scale: centerLengths.max() ?? 0)
  }

  private func requireCenters(scale: Double) throws(MeasureError) {
    for (label, (before, after)) in zip(manifolds.labels, zip(centerLengths, residualLengths)) {
      guard before > 1e-12 * scale, before > 0 else {
        throw .undefined(
          measure: measure,
          reason: "the centre of manifold \(label) lies at the mean of all points, where its "
            + "direction is not defined")
      }
      guard after > 1e-9 * before else {
        throw .undefined(
          measure: measure,
          reason: "nothing is left of the centre of manifold \(label) without the "
            + "\(removedRank) directions that centres share; take out fewer")
      }
    }
  }

  /// The points of one manifold relative to its centre, in units of the centre's length, each with a
  /// last coordinate 1 that stands for the centre: `[points, features + 1]`.
  func extendedPoints(of manifold: Int) -> Matrix<Double> {
    let points = manifolds.points(of: manifold)
    let (count, width) = (points.rowCount, points.columnCount)
    let origin = Array(origins.row(manifold))
    var result = Matrix<Double>(rowCount: count, columnCount: width + 1) { result in
      points.values.withUnsafeBufferPointer { source in
        for row in 0..<count {
          for column in 0..<width {
            result.initializeElement(
              at: row * (width + 1) + column, to: source[row * width + column] - origin[column])
          }
          result.initializeElement(at: row * (width + 1) + width, to: 0)
        }
      }
    }
    if removedRank > 0 { result = result.without(directions.appendingZeroColumn) }
    let scale = 1 / residualLengths[manifold]
    result.withUnsafeMutableBufferPointer { values in
      for index in 0..<values.count { values[index] *= scale }
      for row in 0..<count { values[row * (width + 1) + width] = 1 }
    }
    return result
  }
}

// MARK: - Helpers

private let measure = "manifoldCapacity"

func columnMeans(_ points: Matrix<Double>) -> [Double] {
  let share = 1 / Double(points.rowCount)
  return points.multiplied(
    by: Array(repeating: share, count: points.rowCount), transposingSelf: true)
}

func weightedMean(_ rows: [[Double]], _ weights: [Double]) -> [Double] {
  Matrix(rows: rows).multiplied(by: weights, transposingSelf: true)
}

private func length(_ row: ArraySlice<Double>) -> Double {
  let row = Array(row)
  return dot(row, row).squareRoot()
}

extension Matrix<Double> {
  /// The rows without their parts along orthonormal `directions`, which are rows as well.
  fileprivate func without(_ directions: Matrix) -> Matrix {
    guard directions.rowCount > 0 else { return self }
    var result = self
    result.addProduct(
      of: multiplied(by: directions, transposingOther: true), and: directions, scale: -1)
    return result
  }

  fileprivate var appendingZeroColumn: Matrix {
    Matrix(rows: (0..<rowCount).map { Array(row($0)) + [0] })
  }
}
