/// All points of all manifolds in one matrix, with the manifold of each.
struct JointPoints: Sendable {
  let points: Matrix<Double>
  /// The rows of each manifold.
  let ranges: [Range<Int>]
  /// The manifold of each row.
  let owners: [Int]

  init(_ manifolds: Manifolds, isCentered: Bool) {
    let clouds = (0..<manifolds.count).map { manifolds.points(of: $0) }
    var (values, ranges) = ([Double](), [Range<Int>]())
    var first = 0
    for cloud in clouds {
      values += cloud.values
      ranges.append(first..<first + cloud.rowCount)
      first += cloud.rowCount
    }
    var all = Matrix(values: values, rowCount: first, columnCount: manifolds.featureCount)
    if isCentered {
      let mean = columnMeans(all)
      all.withUnsafeMutableBufferPointer { values in
        for row in 0..<first {
          for column in mean.indices { values[row * mean.count + column] -= mean[column] }
        }
      }
    }
    (points, self.ranges) = (all, ranges)
    owners = ranges.enumerated().flatMap { owner, range in range.map { _ in owner } }
  }
}

/// The projections of one probe t on the cone of all points, those of one side of a dichotomy reflected.
struct JointAnchors: Sendable {
  /// ‖t − V‖², the squared distance of t from the vectors that solve the dichotomy.
  var squaredDistance: Double
  /// The points that carry weight, and their shares of the weight of their manifold.
  var support: [Int]
  var shares: [Double]

  /// - Parameter signs: of each point.
  init(
    _ solver: inout ActiveSetSolver, alongPoints: UnsafePointer<Double>, signs: [Double],
    owners: [Int], manifoldCount: Int
  ) throws(NumericsError) {
    let found = try solver.solve(alongPoints, signs: signs)
    var totals = [Double](repeating: 0, count: manifoldCount)
    for (point, weight) in zip(found.support, found.weights) { totals[owners[point]] += weight }
    squaredDistance = found.squaredLength
    support = found.support
    shares = zip(found.support, found.weights).map { $1 / totals[owners[$0]] }
  }

  /// S, one anchor per manifold: `[manifolds, features]`; 0 for a manifold that carries no weight.
  func anchors(_ joint: JointPoints) -> Matrix<Double> {
    let width = joint.points.columnCount
    var result = Matrix<Double>(rowCount: joint.ranges.count, columnCount: width)
    result.withUnsafeMutableBufferPointer { result in
      joint.points.values.withUnsafeBufferPointer { points in
        for (point, share) in zip(support, shares) {
          let (target, source) = (joint.owners[point] * width, point * width)
          for column in 0..<width { result[target + column] += share * points[source + column] }
        }
      }
    }
    return result
  }
}
