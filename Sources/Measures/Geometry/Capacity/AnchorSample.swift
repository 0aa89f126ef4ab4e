/// What random probes of one manifold find: how far each is from the vectors that the manifold is
/// on one side of, and the point of the manifold's hull that stops it.
struct AnchorSample: Sendable {
  /// ‖T − V‖² per draw.
  var squaredDistances: [Double] = []
  /// ‖s̃ − ⟨s̃⟩‖² per draw.
  var squaredDeviations: [Double] = []
  /// t·s̃ / (‖t‖ ‖s̃‖) per draw.
  var cosines: [Double] = []
  /// (t·s̃)² / ‖s̃‖² per draw.
  var squaredProjections: [Double] = []
  /// The number D of coordinates in which cosines are taken.
  var coordinateCount = 0
  /// The mean number of points that an anchor combines.
  var meanSupportCount = 0.0

  /// Draws probes T = (t, t₀), independent standard normal numbers in the features and one for the
  /// centre, and projects each.
  ///
  /// - Parameter points: the points around their centre with a last coordinate 1.
  /// - Parameter key: draw d is the row d of numbers of this key: the same for every cloud in as many
  ///   features.
  init(
    of points: Matrix<Double>, margin: Double, drawCount: Int, key: RandomKey
  ) throws(MeasureError) {
    let products = PointProducts(of: points)
    let width = points.columnCount
    let span = SpanLength(products, drawCount: drawCount, key: key.fork("missing coordinates"))
    coordinateCount = span.coordinateCount
    var solver = ActiveSetSolver(products)
    var anchors = [Anchor]()
    anchors.reserveCapacity(drawCount)
    var probeLengths = [Double]()
    // Blocks of a fixed size bound the memory; draws do not depend on it.
    for first in stride(from: 0, to: drawCount, by: 128) {
      let count = min(128, drawCount - first)
      let probes = Matrix<Double>(rowCount: count, columnCount: width) {
        key.fillNormal($0, startingAt: first * width)
      }
      var alongPoints = probes.multiplied(by: points, transposingOther: true)
      probeLengths += span.lengths(of: probes, alongPoints: alongPoints, firstDraw: first)
      alongPoints.withUnsafeMutableBufferPointer { for i in 0..<$0.count { $0[i] += margin } }
      try alongPoints.values.withUnsafeBufferPointer { rows throws(MeasureError) in
        for draw in 0..<count {
          anchors.append(
            try anchor(
              rows.baseAddress! + draw * products.count,
              centerShare: probes[draw, width - 1] + margin, products: products, solver: &solver))
        }
      }
    }
    summarize(anchors, probeLengths, points)
  }
}

// MARK: - One draw

/// The point of the hull that a probe meets, as weights of points that sum to 1.
private struct Anchor {
  var support: [Int]
  var weights: [Double]
  var squaredDistance: Double
  /// t·s̃ without the centre's coordinate.
  var projection: Double
  /// ‖s̃‖² without the centre's coordinate.
  var squaredLength: Double
}

/// Projects the probe whose products with the points are `alongPoints`.
private func anchor(
  _ alongPoints: UnsafePointer<Double>, centerShare: Double, products: PointProducts,
  solver: inout ActiveSetSolver
) throws(MeasureError) -> Anchor {
  let found: NonnegativeWeights
  do throws(NumericsError) {
    found = try solver.solve(alongPoints)
  } catch {
    throw .numerics(measure: "manifoldCapacity", error)
  }
  let total = found.weights.reduce(0, +)
  guard found.squaredLength > 1e-16, total > 0 else {
    // The probe has the manifold on one side as it is; the nearest point stands for it.
    let nearest = (0..<products.count).max { alongPoints[$0] < alongPoints[$1] } ?? 0
    return Anchor(
      support: [nearest], weights: [1], squaredDistance: 0,
      projection: alongPoints[nearest] - centerShare,
      squaredLength: max(0, products.squaredLengths[nearest] - 1))
  }
  return Anchor(
    support: found.support, weights: found.weights.map { $0 / total },
    squaredDistance: found.squaredLength,
    projection: found.squaredLength / total - centerShare,
    squaredLength: max(0, found.squaredLength / (total * total) - 1))
}

extension AnchorSample {
  private mutating func summarize(
    _ anchors: [Anchor], _ probeLengths: [Double], _ points: Matrix<Double>
  ) {
    var shares = [Double](repeating: 0, count: points.rowCount)
    for anchor in anchors {
      for (point, weight) in zip(anchor.support, anchor.weights) { shares[point] += weight }
    }
    let scale = 1 / Double(anchors.count)
    var mean = points.multiplied(by: shares.map { $0 * scale }, transposingSelf: true)
    mean[mean.count - 1] = 0
    let alongMean = points.multiplied(by: mean)
    let squaredMean = dot(mean, mean)
    for (anchor, probeLength) in zip(anchors, probeLengths) {
      let product = zip(anchor.support, anchor.weights).reduce(0) {
        $0 + alongMean[$1.0] * $1.1
      }
      let length = anchor.squaredLength.squareRoot()
      squaredDistances.append(anchor.squaredDistance)
      squaredDeviations.append(max(0, anchor.squaredLength - 2 * product + squaredMean))
      cosines.append(length > 1e-12 ? anchor.projection / (length * probeLength) : 0)
      squaredProjections.append(
        length > 1e-12 ? anchor.projection * anchor.projection / anchor.squaredLength : 0)
      meanSupportCount += Double(anchor.support.count) * scale
    }
  }
}

// MARK: - Lengths of probes

/// The lengths of probes in the min(N, M) coordinates that the published implementation works in.
///
/// Where there are more features than points it keeps M coordinates that contain all points; with
/// points around their mean at least one of them is a direction without points, and the
/// probe's part along it a normal number that nothing else depends on.
private struct SpanLength {
  let coordinateCount: Int
  private let factor: Matrix<Double>?
  private let missingCount: Int
  private let missing: [Double]

  init(_ products: PointProducts, drawCount: Int, key: RandomKey) {
    let width = products.points.columnCount - 1
    coordinateCount = min(width, products.count)
    guard products.count < width else {
      (factor, missingCount, missing) = (nil, 0, [])
      return
    }
    let factor = inverseRoot(of: products.stored)
    self.factor = factor
    // The products of points with a last coordinate 1 have the rank of the points' own and 1.
    missingCount = products.count - (factor.rowCount - 1)
    missing = key.normal(count: drawCount * missingCount)
  }

  /// - Parameter alongPoints: the products of the probes with the points, last coordinate included.
  func lengths(
    of probes: Matrix<Double>, alongPoints: Matrix<Double>, firstDraw: Int
  ) -> [Double] {
    let last = probes.columnCount - 1
    if let factor {
      let coordinates = alongPoints.multiplied(by: factor, transposingOther: true)
      return (0..<probes.rowCount).map { draw in
        let part = Array(coordinates.row(draw))
        let others = (0..<missingCount).reduce(0.0) {
          let value = missing[(firstDraw + draw) * missingCount + $1]
          return $0 + value * value
        }
        let center = probes[draw, last]
        return max(0, dot(part, part) - center * center + others).squareRoot()
      }
    }
    return probes.values.withUnsafeBufferPointer { values in
      (0..<probes.rowCount).map { draw in
        let row = values.baseAddress! + draw * probes.columnCount
        return BLAS.dot(row, row, count: last).squareRoot()
      }
    }
  }
}

/// Rows W with WᵀW the pseudo-inverse of a positive semi-definite matrix; as many as its rank.
private func inverseRoot(of gram: Matrix<Double>) -> Matrix<Double> {
  let largest = gram.diagonal.max() ?? 0
  if let factor = try? CholeskyFactor(of: gram),
    (factor.lower.diagonal.min() ?? 0) > 1e-5 * largest.squareRoot()
  {
    var inverse = Matrix<Double>.identity(size: gram.rowCount)
    let size = gram.rowCount
    factor.lower.values.withUnsafeBufferPointer { l in
      inverse.withUnsafeMutableBufferPointer {
        BLAS.solveLowerTriangular(
          l.baseAddress!, size: size, transposed: false, $0.baseAddress!, columns: size)
      }
    }
    return inverse
  }
  guard let eigen = try? SymmetricEigendecomposition(of: gram) else {
    return Matrix(rowCount: 0, columnCount: gram.rowCount)
  }
  let threshold = 1e-10 * (eigen.values.last ?? 0)
  let kept = eigen.values.indices.filter { eigen.values[$0] > threshold }
  return Matrix(
    rows: kept.map { index in
      let scale = 1 / eigen.values[index].squareRoot()
      return eigen.vectors.column(index).map { $0 * scale }
    })
}
