import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct VectorNormsTests {
  @Test func normsOfASmallVector() throws {
    let result = try norms(of: [3, -4, 0] as [Float])
    #expect(result == VectorNorms(sumOfSquares: 25, absoluteSum: 7, largestMagnitude: 4))
    #expect(result.euclidean == 5)
    #expect(try norms(of: [9, 3, 4, 9] as [Double], in: 1..<3).euclidean == 5)
    #expect(try norms(of: [Double]()).euclidean == 0)
  }

  @Test(.tags(.oracle)) func sumsAreInDouble() throws {
    // In Float, 10⁸ + 1 is 10⁸.
    let values = [10_000] + [Float](repeating: 1, count: 1000)
    #expect(try norms(of: values).sumOfSquares == 100_001_000)
    #expect(
      try distance(between: values, and: [Float](repeating: 0, count: 1001))
        == 100_001_000.0.squareRoot())
  }

  @Test(.tags(.law)) func distanceAndCosineFollowTheParallelogram() throws {
    let x: [Double] = RandomKey(seed: 1).fork("x").normal(count: 101)
    let y: [Double] = RandomKey(seed: 1).fork("y").normal(count: 101)
    let (nx, ny) = (try norms(of: x).euclidean, try norms(of: y).euclidean)
    let d = try distance(between: x, and: y)
    let c = try cosineSimilarity(between: x, and: y)
    // The law of cosines, to rounding of sums of 101 terms.
    #expect(abs(d * d - (nx * nx + ny * ny - 2 * nx * ny * c)) < 1e-11)
    #expect(abs(try cosineSimilarity(between: x, and: x.map { 3 * $0 }) - 1) < 1e-15)
    #expect(abs(try cosineSimilarity(between: x, and: x.map { -$0 }) + 1) < 1e-15)
    #expect(try distance(between: x, and: x) == 0)
  }

  @Test func whatHasNoNormIsRefused() {
    #expect(throws: MeasureError.nonFiniteInput(measure: "norms", array: "the vector", index: 2)) {
      try norms(of: [.nan, 1, .infinity] as [Float], in: 1..<3)
    }
    #expect(throws: MeasureError.self) { try norms(of: [1e200] as [Double]) }
    #expect(throws: MeasureError.rowCountMismatch(measure: "distance", first: 1, second: 2)) {
      try distance(between: [1] as [Float], and: [1, 2])
    }
    #expect(
      throws: MeasureError.undefined(measure: "distance", reason: "the vectors are not finite")
    ) {
      try distance(between: [.nan] as [Float], and: [1])
    }
    #expect(throws: MeasureError.rowCountMismatch(measure: "cosineSimilarity", first: 1, second: 0))
    {
      try cosineSimilarity(between: [1] as [Float], and: [])
    }
    #expect(
      throws: MeasureError.undefined(
        measure: "cosineSimilarity", reason: "a vector of zeros has no direction")
    ) {
      try cosineSimilarity(between: [0, 0] as [Float], and: [1, 2])
    }
  }
}
