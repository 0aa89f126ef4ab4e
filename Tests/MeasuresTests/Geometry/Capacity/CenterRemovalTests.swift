import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct CenterRemovalTests {
  private func centers(count: Int, shared: Int, key: RandomKey) throws -> Matrix<Double> {
    // `shared` common directions of length 3 beside independent ones.
    let own: Matrix<Double> = key.fork("own").normalMatrix(rowCount: count, columnCount: count - 1)
    let loads: Matrix<Double> = key.fork("loads").normalMatrix(rowCount: count, columnCount: shared)
    var result = own
    result.addProduct(
      of: loads, and: key.fork("axes").normalMatrix(rowCount: shared, columnCount: count - 1))
    return result
  }

  private func directions(_ coordinates: Int, _ rank: Int, key: RandomKey) throws -> Matrix<Double>
  {
    try QRFactors(of: key.normalMatrix(rowCount: coordinates, columnCount: rank)).orthogonal
  }

  @Test(.tags(.gradient), arguments: [(7, 1), (9, 3), (12, 6)])
  func theGradientIsThatOfDifferences(count: Int, rank: Int) throws {
    let key = RandomKey(seed: UInt64(count))
    let correlation = CenterCorrelation(try centers(count: count, shared: 2, key: key))
    let start = try directions(count - 1, rank, key: key.fork("V"))
    let gradient = correlation.cost(start).gradient
    let step = 1e-5
    for index in 0..<start.count {
      func cost(_ offset: Double) -> Double {
        var moved = start
        moved.withUnsafeMutableBufferPointer { $0[index] += offset }
        return correlation.cost(moved).value
      }
      let difference = (cost(step) - cost(-step)) / (2 * step)
      // Rounding 1e-16 / step and the third derivative times step².
      #expect(abs(gradient.values[index] - difference) < 1e-7)
    }
  }

  @Test(.tags(.law)) func theCostDependsOnTheSpaceAlone() throws {
    let key = RandomKey(seed: 2)
    let correlation = CenterCorrelation(try centers(count: 10, shared: 2, key: key))
    let start = try directions(9, 3, key: key.fork("V"))
    let turned = start.multiplied(by: try directions(3, 3, key: key.fork("turn")))
    #expect(abs(correlation.cost(start).value - correlation.cost(turned).value) < 1e-12)
    #expect(
      abs(
        correlation.meanMagnitude(without: start) - correlation.meanMagnitude(without: turned))
        < 1e-13)
  }

  @Test(.tags(.law)) func aDescentEndsWhereTheGradientVanishes() throws {
    let key = RandomKey(seed: 3)
    let correlation = CenterCorrelation(try centers(count: 12, shared: 3, key: key))
    let result = try GrassmannDescent().minimize(
      from: try directions(11, 3, key: key.fork("start")), evaluate: correlation.cost)
    #expect(result.gradientLength < 1e-4 * result.value)
    #expect(result.evaluationCount < 300)
    let gram = result.columns.columnGram
    for row in 0..<3 {
      for column in 0..<3 { #expect(abs(gram[row, column] - (row == column ? 1 : 0)) < 1e-13) }
    }
  }

  @Test(.tags(.law)) func theLeastCostIsThatOfASearchByHand() throws {
    // Three centres in two dimensions, one direction out: the angle is the only variable.
    let centers = Matrix<Double>(rows: [[3, 0.5], [-1, 1], [-2, -1.5], [0.5, 2]])
    let correlation = CenterCorrelation(
      Matrix(rows: (0..<4).map { Array(centers.row($0)) + [[0.3, -1, 0.5, 0.2][$0]] }))
    var least = Double.infinity
    for i in 0..<200 {
      for j in 0..<200 {
        let (c1, s1) = turn(Double(i) / 200)
        let (c2, s2) = turn(Double(j) / 400)
        let direction = Matrix(rows: [[c1 * s2], [s1 * s2], [c2]])
        least = min(least, correlation.cost(direction).value)
      }
    }
    let results = try (0..<8).map {
      try GrassmannDescent().minimize(
        from: try directions(3, 1, key: RandomKey(seed: UInt64($0))), evaluate: correlation.cost
      ).value
    }
    let found = results.min() ?? .infinity
    #expect(found <= least)
    // Half a grid step of 0.016 changes the cost by its curvature alone.
    #expect(found > least - 0.01)
  }

  @Test func rulesChooseTheirRank() throws {
    let key = RandomKey(seed: 5)
    let centers = try centers(count: 14, shared: 2, key: key)
    let variances = [Double](repeating: 1, count: 13)
    func removed(_ rule: CenterRemoval) throws -> RemovedDirections {
      try rule.directions(for: centers, variances: variances, workers: nil, key: key)
    }
    #expect(try removed(.none).columns.columnCount == 0)
    #expect(try removed(.fixedRank(3)).columns.columnCount == 3)
    #expect(try removed(.fixedRank(0)).columns.columnCount == 0)
    let reference = try removed(.referenceCompatible(restartCount: 2))
    let costs = reference.steps.map(\.meanCorrelation)
    let best = reference.columns.columnCount
    #expect(best >= 1)
    #expect(costs.dropFirst().min() == costs[best])
    let stable = try removed(.stable())
    let stableCosts = stable.steps.map(\.meanCorrelation)
    let least = stableCosts.min() ?? 0
    let threshold = least + 0.1 * (stableCosts[0] - least)
    #expect(stableCosts[stable.columns.columnCount] <= threshold)
    #expect(stableCosts.prefix(stable.columns.columnCount).allSatisfy { $0 > threshold })
    #expect(stable.steps.map(\.rank) == Array(0..<stable.steps.count))
  }

  @Test func threadsDoNotChangeBits() throws {
    let key = RandomKey(seed: 6)
    let centers = try centers(count: 9, shared: 2, key: key)
    let rule = CenterRemoval.stable()
    let variances = [Double](repeating: 1, count: 8)
    let one = try rule.directions(for: centers, variances: variances, workers: nil, key: key)
    let two = try rule.directions(
      for: centers, variances: variances, workers: Workers(threadCount: 2), key: key)
    #expect(one.columns == two.columns)
    #expect(one.steps == two.steps)
  }

  @Test(arguments: [
    (
      CenterRemoval.fixedRank(4),
      "manifoldCapacity: rank is 4.0; expected 0 to 3 for 5 centres that span 4 dimensions"
    ),
    (
      .stable(restartCount: 0), "manifoldCapacity: restartCount is 0.0; expected at least 1"
    ),
    (.stable(tolerance: 2), "manifoldCapacity: tolerance is 2.0; expected 0 to 1"),
  ])
  func refusals(rule: CenterRemoval, message: String) throws {
    let key = RandomKey(seed: 7)
    let centers = try centers(count: 5, shared: 1, key: key)
    let error = #expect(throws: MeasureError.self) {
      try rule.directions(for: centers, variances: [1, 1, 1, 1], workers: nil, key: key)
    }
    #expect(error?.description == message)
  }
}
