import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct PathProductsTests {
  /// Any block length gives the inner products of the displacements, which the whole path gives at once.
  @Test(.tags(.oracle), arguments: [1, 3, 4, 100])
  func blocksDoNotMatter(blockLength: Int) throws {
    let path = randomWalk(stepCount: 9, dimension: 40, key: RandomKey(seed: 3))
    let products = try pathProducts(recordCount: 10, blockLength: blockLength) { record in
      path.row(record).map { Float($0) }
    }
    for s in 0..<10 {
      for t in 0..<10 {
        let expected = (0..<40).reduce(0.0) { sum, weight in
          let start = Double(Float(path[0, weight]))
          return sum + (Double(Float(path[s, weight])) - start)
            * (Double(Float(path[t, weight])) - start)
        }
        #expect(abs(products[s, t] - expected) < 1e-12 * (1 + abs(expected)))
      }
    }
  }

  @Test(.tags(.oracle)) func componentsAreThoseOfThePath() throws {
    let path = randomWalk(stepCount: 12, dimension: 30, key: RandomKey(seed: 4))
    let products = try pathProducts(recordCount: 13, blockLength: 5) { Array(path.row($0)) }
    let found = try pathComponents(ofProducts: products, count: 3)
    let expected = try pathComponents(of: path, count: 3)
    #expect(abs(found.totalVariation / expected.totalVariation - 1) < 1e-12)
    for (a, b) in zip(found.fractions, expected.fractions) { #expect(abs(a - b) < 1e-12) }
    for (a, b) in zip(found.scores.values, expected.scores.values) { #expect(abs(a - b) < 1e-10) }
  }

  @Test(.tags(.law)) func distancesOfALineAndOfACorner() throws {
    // Two steps of 3 to the right, one of 4 upwards.
    let path: [[Double]] = [[1, 1], [4, 1], [7, 1], [7, 5]]
    let products = try pathProducts(recordCount: 4, blockLength: 2) { path[$0] }
    let distances = try PathDistances(ofProducts: products)
    #expect(distances.length == [0, 3, 6, 10])
    #expect(distances.toStart == [0, 3, 6, 52.squareRoot()])
    #expect(distances.toEnd == [52.squareRoot(), 5, 4, 0])
    #expect(distances.straightness[0] == nil && distances.straightness[2] == 1)
    #expect(distances.straightness[3] == 52.squareRoot() / 10)
  }

  @Test func errorsSayWhatIsWrong() throws {
    func message(_ body: () throws -> Matrix<Double>) -> String {
      do {
        _ = try body()
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { try pathProducts(recordCount: 1, blockLength: 1) { _ in [1.0] } }
        == "\(MeasureError.tooFewSamples(measure: "pathProducts", found: 1, needed: 2))")
    #expect(
      message {
        try pathProducts(recordCount: 2, blockLength: 1) { Array(repeating: 1.0, count: $0 + 2) }
      } == "\(MeasureError.rowCountMismatch(measure: "pathProducts", first: 2, second: 3))")
    #expect(
      message { try pathProducts(recordCount: 2, blockLength: 0) { _ in [1.0] } }.contains(
        "blockLength"))
    #expect(
      message { try pathProducts(recordCount: 2, blockLength: 1) { [Double($0) / 0] } }.contains(
        "pathProducts"))
    // Nothing moves.
    #expect(
      throws: MeasureError.undefined(
        measure: "pathComponents", reason: "the path does not move")
    ) {
      try pathComponents(ofProducts: Matrix(rowCount: 3, columnCount: 3))
    }
    #expect(throws: MeasureError.rowCountMismatch(measure: "PathDistances", first: 2, second: 3)) {
      try PathDistances(ofProducts: Matrix(rowCount: 2, columnCount: 3))
    }
  }
}

@Suite struct RandomWalkComponentsTests {
  /// Of even steps the components are cosines with the known shares.
  @Test(.tags(.law)) func evenStepsHaveCosines() throws {
    let walk = try randomWalkComponents(atSteps: (0..<30).map { 100 + 7 * $0 }, count: 3)
    for component in 1...3 {
      let expected = randomWalkFraction(ofComponent: component, recordCount: 30)
      #expect(abs(walk.fractions[component - 1] - expected) < 1e-13)
      let cosines = (0..<30).map { cos(Double.pi * Double(component) * (Double($0) + 0.5) / 30) }
      let likeness = try cosineSimilarity(
        between: walk.scores.column(component - 1), and: cosines)
      #expect(abs(abs(likeness) - 1) < 1e-12)
    }
    // Σ ‖w_t − w̄‖² of T records of a walk with steps of squared length 7: 7 (T² − 1)/6.
    #expect(abs(walk.totalVariation - 7 * 899 / 6) < 1e-9)
  }

  /// Of uneven ones those of a walk in many dimensions, recorded there.
  @Test(.tags(.statistical)) func unevenStepsAreThoseOfAWalk() throws {
    let steps = [0, 1, 2, 5, 10, 20, 50, 100, 200]
    let walk = randomWalk(stepCount: 200, dimension: 4_000, key: RandomKey(seed: 8))
    let found = try pathComponents(of: walk.selectingRows(steps), count: 2)
    let expected = try randomWalkComponents(atSteps: steps, count: 2)
    // Fractions scatter by about √(2/4000), 2 %.
    for k in 0..<3 { #expect(abs(found.fractions[k] - expected.fractions[k]) < 0.03) }
    #expect(expected.fractions[0] > randomWalkFraction(ofComponent: 1, recordCount: 9) + 0.02)
    for k in 0..<2 {
      #expect(
        try cosineSimilarity(between: found.scores.column(k), and: expected.scores.column(k))
          > 0.99)
    }
  }

  @Test func errorsSayWhatIsWrong() {
    #expect(
      throws: MeasureError.notIncreasing(
        measure: "randomWalkComponents", array: "steps", index: 2)
    ) { try randomWalkComponents(atSteps: [0, 2, 2]) }
    #expect(
      throws: MeasureError.tooFewSamples(measure: "randomWalkComponents", found: 1, needed: 2)
    ) { try randomWalkComponents(atSteps: [3]) }
  }
}
