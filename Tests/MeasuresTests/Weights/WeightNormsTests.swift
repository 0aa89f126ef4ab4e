import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct WeightNormsTests {
  private let parts = [VectorPart("a", 0..<2), VectorPart("b", 2..<4)]

  @Test func totalAndSumOfNormsAreTwoNumbers() throws {
    let result = try weightNorms(of: [3, 4, 0, 12] as [Float], parts: parts)
    #expect(result.total.euclidean == 13)
    #expect(result.parts.map(\.norms.euclidean) == [5, 12])
    #expect(result.parts.map(\.name) == ["a", "b"])
    #expect(result.sumOfNorms == 17)
  }

  @Test(.tags(.law)) func sumOfNormsLiesBetweenItsBounds() throws {
    let theta: [Double] = RandomKey(seed: 3).normal(count: 60)
    let parts = (0..<5).map { VectorPart("\($0)", $0 * 12..<($0 + 1) * 12) }
    let result = try weightNorms(of: theta, parts: parts)
    #expect(result.sumOfNorms >= result.total.euclidean)
    #expect(result.sumOfNorms <= 5.0.squareRoot() * result.total.euclidean)
    let squares = result.parts.reduce(0) { $0 + $1.norms.sumOfSquares }
    #expect(abs(squares - result.total.sumOfSquares) < 1e-12)
  }

  @Test(.tags(.oracle)) func partsAreVectorsOfTheirOwn() throws {
    let theta: [Float] = RandomKey(seed: 4).normal(count: 30)
    let result = try weightNorms(of: theta, parts: [VectorPart("middle", 7..<19)])
    #expect(result.parts[0].norms == (try norms(of: Array(theta[7..<19]))))
  }

  @Test func refusals() {
    let error = #expect(throws: MeasureError.self) {
      try weightNorms(of: [1, 2] as [Float], parts: [VectorPart("bias", 1..<3)])
    }
    #expect(error?.description == "weightNorms: 'bias' is elements 1..<3 of a vector of 2")
    #expect(throws: MeasureError.nonFiniteInput(measure: "norms", array: "the vector", index: 1)) {
      try weightNorms(of: [1, .nan] as [Float], parts: [])
    }
  }
}
