import Testing
import TestSupport

@testable import GrokMeasures

/// The solver for many right-hand sides against the plain one.
@Suite struct ActiveSetSolverTests {
  /// Clouds of different kinds, each with features in its columns.
  enum Cloud: String, CaseIterable {
    case generic, manyPoints, oneSided, repeated, nearlyRepeated, lowRank, zeros, polygon, long

    func points(key: RandomKey) -> Matrix<Double> {
      let (rows, columns) = self == .manyPoints || self == .repeated ? (60, 8) : (24, 12)
      let normal: Matrix<Double> = key.fork("points").normalMatrix(
        rowCount: rows, columnCount: columns)
      switch self {
      case .generic, .manyPoints: return normal
      case .oneSided: return normal.map { abs($0) }
      case .repeated: return normal.selectingRows((0..<60).map { $0 / 4 })
      case .nearlyRepeated:
        let noise: Matrix<Double> = key.fork("noise").normalMatrix(rowCount: 24, columnCount: 12)
        return Matrix(
          values: zip(normal.selectingRows((0..<24).map { $0 / 3 }).values, noise.values)
            .map { $0 + 1e-6 * $1 }, rowCount: 24, columnCount: 12)
      case .lowRank:
        return normal.selectingColumns(0..<3).multiplied(
          by: key.fork("basis").normalMatrix(rowCount: 3, columnCount: 12))
      case .zeros:
        return Matrix(
          rows: (0..<24).map {
            $0 % 3 == 0 ? Array(normal.row($0)) : Array(repeating: 0, count: 12)
          })
      case .polygon:
        // A regular 24-gon with a last coordinate 1, which makes quadratic programs of the peers fail.
        return Matrix(
          rows: (0..<24).map {
            let (cosine, sine) = turn(Double($0) / 24)
            return [cosine, sine] + Array(repeating: 0, count: 9) + [1]
          })
      case .long: return normal.map { 1e6 * $0 + 1e6 }
      }
    }
  }

  @Test(.tags(.oracle), arguments: Cloud.allCases)
  func squaredLengthsAreThePlainSolvers(_ cloud: Cloud) throws {
    let key = RandomKey(seed: 3).fork(cloud.rawValue)
    let points = cloud.points(key: key)
    var solver = ActiveSetSolver(PointProducts(of: points))
    for draw in 0..<30 {
      let target: [Double] = key.fork(draw).normal(count: points.columnCount)
      let plain = try nonnegativeLeastSquares(points: points, target: target)
      let fast = try solver.solve(points.multiplied(by: target))
      #expect(abs(fast.squaredLength - plain.squaredLength) < 1e-10, "\(cloud), draw \(draw)")
      #expect(fast.weights.allSatisfy { $0 > 0 })
      #expect(Set(fast.support).count == fast.support.count)
    }
  }

  @Test(.tags(.law), arguments: Cloud.allCases)
  func theConditionsOfAMinimumHold(_ cloud: Cloud) throws {
    let key = RandomKey(seed: 4).fork(cloud.rawValue)
    let points = cloud.points(key: key)
    var solver = ActiveSetSolver(PointProducts(of: points))
    for draw in 0..<20 {
      let target: [Double] = key.fork(draw).normal(count: points.columnCount)
      let found = try solver.solve(points.multiplied(by: target))
      let combined = points.selectingRows(found.support)
        .multiplied(by: found.weights, transposingSelf: true)
      let rest = zip(target, combined).map { $0 - $1 }
      for (point, product) in points.multiplied(by: rest).enumerated() {
        let row = Array(points.row(point))
        // No point makes a sharp angle with the rest; those of the support make a right one.
        #expect(product < 1e-9 * (1 + dot(row, row).squareRoot()), "\(cloud), draw \(draw)")
        if found.support.contains(point) {
          #expect(product > -1e-9 * (1 + dot(row, row).squareRoot()), "\(cloud), draw \(draw)")
        }
      }
    }
  }

  @Test(.tags(.oracle)) func signsReflectPoints() throws {
    let key = RandomKey(seed: 5)
    let points = Cloud.manyPoints.points(key: key)
    let signs: [Double] = key.fork("signs").signs(count: points.rowCount)
    let reflected = Matrix(
      rows: (0..<points.rowCount).map { row in points.row(row).map { $0 * signs[row] } })
    var solver = ActiveSetSolver(PointProducts(of: points))
    for draw in 0..<20 {
      let target: [Double] = key.fork(draw).normal(count: points.columnCount)
      let plain = try nonnegativeLeastSquares(points: reflected, target: target)
      let fast = try solver.solve(points.multiplied(by: target), signs: signs)
      #expect(abs(fast.squaredLength - plain.squaredLength) < 1e-10)
    }
  }

  @Test(.tags(.oracle)) func productsMayBeComputedWhenNeeded() throws {
    let key = RandomKey(seed: 6)
    // More than the 32 points that there is room for at first join the support.
    let points: Matrix<Double> = key.normalMatrix(rowCount: 150, columnCount: 90)
    var stored = ActiveSetSolver(PointProducts(of: points))
    var computed = ActiveSetSolver(PointProducts(of: points, largestStoredCount: 10))
    var largest = 0
    for draw in 0..<5 {
      let products = points.multiplied(by: key.fork(draw).normal(count: 90))
      let (a, b) = (try stored.solve(products), try computed.solve(products))
      #expect(abs(a.squaredLength - b.squaredLength) < 1e-11)
      largest = max(largest, a.support.count)
    }
    #expect(largest > 32)
  }
}
