import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct LinearPredictivityTests {
  private static let fixture = SimilarityFixture.self

  @Test(.tags(.golden)) func heldOutErrorsOfRidgeRegression() throws {
    let folds = Self.fixture.matrix("ridge", "folds")
    let expected = 1 - folds.column(0).reduce(0, +) / folds.column(1).reduce(0, +)
    let penalty = Self.fixture.number("ridge", "penalty")
    var (residual, total) = (0.0, 0.0)
    for fold in 0..<24 {
      let others = (0..<24).filter { $0 != fold }
      let outcome = try Self.ridge(rows: others, held: [fold], penalty: penalty)
      residual += outcome.residual
      total += outcome.total
    }
    #expect(abs(1 - residual / total - expected) < 1e-11)
  }

  private static func ridge(
    rows: [Int], held: [Int], penalty: Double
  ) throws -> (residual: Double, total: Double) {
    let train = try CenteredMoments(
      of: [RowSelection(fixture.x, rows), RowSelection(fixture.y, rows)], measure: "test",
      inDouble: true)
    let test = try CenteredMoments(
      of: [RowSelection(fixture.x, held), RowSelection(fixture.y, held)], measure: "test",
      minimumRows: 1, inDouble: true)
    return try RidgeFit(train, penalties: [penalty]).outcome(on: test)
  }

  @Test(.tags(.law)) func aLinearMapIsPredictedWholly() throws {
    let key = RandomKey(seed: 1)
    let x: Matrix<Double> = key.normalMatrix(rowCount: 200, columnCount: 6)
    let map: Matrix<Double> = key.fork("map").normalMatrix(rowCount: 6, columnCount: 3)
    let exact = try linearPredictivity(of: x.multiplied(by: map), from: x, key: key)
    #expect(exact.rSquared.value > 1 - 1e-9)
    #expect(exact.penalties == Array(repeating: 1e-6, count: 5))
    // Noise of the same variance as the signal: R² of a half.
    var noisy = x
    let noise: Matrix<Double> = key.fork("noise").normalMatrix(rowCount: 200, columnCount: 6)
    for row in 0..<200 {
      for column in 0..<6 { noisy[row, column] += noise[row, column] }
    }
    let half = try linearPredictivity(of: noisy, from: x, key: key)
    #expect(abs(half.rSquared.value - 0.5) < 4 * half.rSquared.standardError)
    #expect(half.rSquared.standardError < 0.1)
  }

  @Test(.tags(.law)) func noisePredictsNothing() throws {
    let key = RandomKey(seed: 2)
    let x: Matrix<Double> = key.normalMatrix(rowCount: 100, columnCount: 10)
    let y: Matrix<Double> = key.fork("y").normalMatrix(rowCount: 100, columnCount: 2)
    let result = try linearPredictivity(of: y, from: x, key: key)
    #expect(result.rSquared.value < 0.02 && result.rSquared.value > -0.3)
    // The penalty is chosen without the held-out samples, and noise wants a large one.
    #expect(result.penalties.allSatisfy { $0 >= 0.1 })
  }

  @Test(.tags(.oracle)) func momentsOfPartsAddUp() throws {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    let parts = try [0..<5, 5..<17, 17..<24].map {
      try CenteredMoments(
        of: [RowRange(x, $0), RowRange(y, $0)], measure: "test", inDouble: true)
    }
    let whole = try CenteredMoments(of: [x, y], measure: "test")
    let combined = CenteredMoments(combining: parts)
    #expect(largestDifference(combined.product.values, whole.product.values) < 1e-11)
    #expect(largestDifference(combined.means, whole.means) < 1e-13)
  }

  @Test func settingsThatFitNothingAreRefused() {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    for (folds, penalties, message) in [
      (
        1, [1.0],
        "linearPredictivity: the number of folds is 1.0; expected at least 2"
      ),
      (
        5, [-1],
        "linearPredictivity: a penalty is -1.0; expected at least one, all positive"
      ),
      (
        20, [1],
        "linearPredictivity: 24 samples; at least 40 are needed"
      ),
    ] {
      let error = #expect(throws: MeasureError.self) {
        try linearPredictivity(
          of: y, from: x, penalties: penalties, foldCount: folds, key: RandomKey(seed: 1))
      }
      #expect(error?.description == message)
    }
  }
}
