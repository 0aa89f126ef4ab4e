import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct WeightChangeTests {
  @Test func aQuarterTurn() throws {
    let change = try weightChange(
      from: [1, 0, 2, -1] as [Float], to: [0, 3, 2, 1],
      parts: [VectorPart("turned", 0..<2), VectorPart("mirrored", 2..<4)])
    #expect(change.parts[0].rotation == 1)
    #expect(change.parts[0].distance == 10.0.squareRoot())
    #expect(change.parts[0].relativeDistance == 10.0.squareRoot())
    #expect(change.parts[0].signChangeFraction == 1)  // the only element that had a sign lost it
    #expect(abs((change.parts[1].rotation ?? 0) - 0.4) < 1e-15)
    #expect(change.parts[1].signChangeFraction == 0.5)
    #expect(change.total.name == "")
  }

  @Test(.tags(.law)) func scaleIsNoRotationAndOppositeIsTwo() throws {
    let theta: [Double] = RandomKey(seed: 5).normal(count: 100)
    let longer = try weightChange(from: theta, to: theta.map { 3 * $0 }, parts: []).total
    #expect(abs(longer.rotation ?? 1) < 1e-15)
    #expect(abs((longer.relativeDistance ?? 0) - 2) < 1e-15)
    #expect(longer.signChangeFraction == 0)
    let opposite = try weightChange(from: theta, to: theta.map { -$0 }, parts: []).total
    #expect(opposite.rotation == 2)
    #expect(opposite.cosine == -1)
    #expect(opposite.signChangeFraction == 1)
  }

  /// A turn by an angle t has rotation 1 − cos t = 2 sin²(t/2), also where cos t is 1 in `Double`.
  @Test(.tags(.law), arguments: [1.0, 1e-3, 1e-7]) func smallTurnsKeepTheirDigits(_ t: Double)
    throws
  {
    let change = try weightChange(
      from: [2, 0] as [Double], to: [2, 2 * t], parts: []
    ).total
    // tan(angle) = t: 1 − 1/√(1 + t²) = t²/(1 + t² + √(1 + t²)).
    let root = (1 + t * t).squareRoot()
    let expected = t * t / (1 + t * t + root)
    #expect(abs((change.rotation ?? 0) / expected - 1) < 1e-8)
  }

  @Test(.tags(.oracle)) func agreesWithDistanceAndCosine() throws {
    let before: [Float] = RandomKey(seed: 6).fork("a").normal(count: 77)
    let after: [Float] = RandomKey(seed: 6).fork("b").normal(count: 77)
    let change = try weightChange(from: before, to: after, parts: []).total
    #expect(abs(change.distance - (try distance(between: before, and: after))) < 1e-12)
    #expect(
      abs((change.cosine ?? 0) - (try cosineSimilarity(between: before, and: after))) < 1e-14)
  }

  @Test func whatHasNoDirectionHasNoRotation() throws {
    let change = try weightChange(from: [0, 0] as [Float], to: [1, 2], parts: []).total
    #expect(change.rotation == nil && change.cosine == nil)
    #expect(change.relativeDistance == nil && change.signChangeFraction == nil)
    #expect(change.distance == 5.0.squareRoot())
  }

  @Test func refusals() {
    #expect(throws: MeasureError.rowCountMismatch(measure: "weightChange", first: 2, second: 1)) {
      try weightChange(from: [1, 2] as [Float], to: [1], parts: [])
    }
    #expect(
      throws: MeasureError.nonFiniteInput(
        measure: "weightChange", array: "the final vector", index: 1)
    ) {
      try weightChange(from: [1, 2] as [Float], to: [1, .infinity], parts: [])
    }
  }
}
