import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SimulatedCapacityTests {
  private let key = RandomKey(seed: 31)

  @Test(.tags(.law)) func separabilityIsThatOfKnownSets() throws {
    // Signed points on one side of the plane, then with one on the other.
    let points = Matrix<Double>(rows: [[1, 0.1], [-1, 0.1], [0, 1], [0, 0]])
    #expect(try isLinearlySeparable(points, signs: [1, 1, 1, 1]))
    #expect(try isLinearlySeparable(points, signs: [1, -1, 1, -1]))
    #expect(try !isLinearlySeparable(points, signs: [1, 1, -1, 1]))
    #expect(try !isLinearlySeparable(Matrix(rows: [[1, 0], [-1, 0]]), signs: [1, 1]))
    #expect(try isLinearlySeparable(Matrix(rows: [[1e-9, 1], [-1e-9, 1e-9]]), signs: [1, 1]))
  }

  @Test(.tags(.oracle)) func separabilityIsThatOfACertificate() throws {
    // Points built around a known direction are separable; with a positive combination that gives 0 not.
    for trial in 0..<30 {
      let key = key.fork(trial)
      let points: Matrix<Double> = key.fork("points").normalMatrix(rowCount: 20, columnCount: 6)
      let direction: [Double] = key.fork("direction").normal(count: 6)
      let signs = points.multiplied(by: direction).map { $0 > 0 ? 1.0 : -1 }
      #expect(try isLinearlySeparable(points, signs: signs))
      let weights: [Double] = key.fork("weights").uniform(count: 20)
      let last = points.multiplied(
        by: zip(weights, signs).map { -$0 * $1 }, transposingSelf: true)
      let closed = Matrix(rows: (0..<20).map { Array(points.row($0)) } + [last])
      #expect(try !isLinearlySeparable(closed, signs: signs + [1]))
    }
  }

  /// Cover's count: P points in general position in n dimensions have 2 Σ_{k<n} C(P−1, k) dichotomies.
  @Test(.tags(.law)) func pointsFollowCoversCount() throws {
    let points = try Manifolds(
      (0..<12).map { [key.fork("points").fork($0).normal(count: 20) as [Double]] })
    let found = try simulatedCapacity(of: points, trialCount: 400, key: key)
    #expect(abs(found.capacity.value - 2) < 3 * found.capacity.standardError + 0.05)
    var (share, term) = (0.0, 1.0)
    for n in 1...11 {
      share += term / 2048
      term *= Double(12 - n) / Double(n)
      let error = (share * (1 - share) / 400).squareRoot()
      #expect(abs(found.separableFraction(in: n) - share) < 4 * error + 1e-9, "n = \(n)")
    }
  }

  @Test(.tags(.law)) func trialsAgreeWithTheEstimateOfGlue() throws {
    let clouds = try gaussianClouds(
      count: 16, pointCount: 5, featureCount: 60, radius: 0.8, key: key)
    let simulated = try simulatedCapacity(of: clouds, trialCount: 60, key: key)
    let estimated = try glueGeometry(of: clouds, drawCount: 300, key: key)
    // The estimate is of many manifolds; at 16 the two differ by a few per cent.
    #expect(abs(simulated.capacity.value / estimated.capacity.value - 1) < 0.15)
  }

  @Test(.tags(.resume)) func threadsDoNotChangeBits() throws {
    let clouds = try gaussianClouds(
      count: 5, pointCount: 4, featureCount: 12, radius: 0.8, key: key)
    #expect(
      try simulatedCapacity(of: clouds, trialCount: 20, key: key)
        == simulatedCapacity(
          of: clouds, trialCount: 20, workers: Workers(threadCount: 2), key: key))
  }

  @Test func refusals() throws {
    // Two manifolds that each surround the origin are never separable.
    let crosses = try Manifolds(
      [[[1.0, 0], [-1, 0], [0, 1], [0, -1]], [[2, 0], [-2, 0], [0, 2], [0, -2]]])
    let error = #expect(throws: MeasureError.self) {
      try simulatedCapacity(of: crosses, trialCount: 10, key: key)
    }
    #expect(
      error?.description
        == "simulatedCapacity: only 0 of 10 dichotomies are separable with all 2 features")
    #expect(throws: MeasureError.self) {
      try simulatedCapacity(of: crosses, trialCount: 1, key: key)
    }
  }
}
