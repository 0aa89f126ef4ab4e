import Testing
import TestSupport

@testable import GrokMeasures

/// Capacity and GLUE against scipy and numpy on the same probes: `Tests/Fixtures/capacity`.
@Suite struct CapacityGoldenTests {
  struct Expected: Decodable {
    struct Case: Decodable {
      var seed: UInt64
      var margin: Double
      var drawCount: Int
      var manifolds: [[[Double]]]
      var wideManifolds: [[[Double]]]
      var meanField: [[String: Double]]
      var glue: [String: Double]
    }
    var cases: [Case]
  }

  private static let expected = try? fixture("capacity/expected.json", as: Expected.self)

  /// The projections of both agree to 1e-10; quotients and roots lose a digit or two.
  private func expectEqual(_ found: Double, _ expected: Double?, _ name: String) {
    #expect(abs(found - (expected ?? .nan)) < 1e-8, "\(name): \(found), \(expected ?? .nan)")
  }

  @Test(.tags(.golden), arguments: 0..<3) func meanFieldFigures(index: Int) throws {
    let expected = try #require(Self.expected).cases[index]
    let found = try manifoldCapacity(
      of: Manifolds(expected.manifolds), margin: expected.margin, centers: .none,
      drawCount: expected.drawCount, key: RandomKey(seed: expected.seed))
    #expect(found.manifolds.count == expected.meanField.count)
    for (manifold, golden) in zip(found.manifolds, expected.meanField) {
      expectEqual(manifold.capacity.value, golden["capacity"], "capacity")
      expectEqual(manifold.radius.value, golden["radius"], "radius")
      expectEqual(
        manifold.meanCosineDimension.value, golden["meanCosineDimension"], "mean cosine")
      expectEqual(manifold.anchorDimension.value, golden["anchorDimension"], "anchor")
    }
    let inverse = expected.meanField.map { 1 / ($0["capacity"] ?? .nan) }
    expectEqual(
      found.capacity.value, Double(inverse.count) / inverse.reduce(0, +), "harmonic mean")
  }

  @Test(.tags(.golden), arguments: 0..<3) func glueFigures(index: Int) throws {
    let expected = try #require(Self.expected).cases[index]
    let found = try glueGeometry(
      of: Manifolds(expected.wideManifolds), dichotomies: .oneVersusRest,
      drawCount: expected.drawCount, key: RandomKey(seed: expected.seed))
    let golden = expected.glue
    expectEqual(found.capacity.value, golden["capacity"], "capacity")
    expectEqual(found.dimension.value, golden["dimension"], "dimension")
    expectEqual(found.radius.value, golden["radius"], "radius")
    expectEqual(found.utility.value, golden["utility"], "utility")
    let (axes, mixed, centers) = (
      found.axesAlignment, found.centerAxesAlignment, found.centerAlignment
    )
    expectEqual(axes.absoluteCosine.value, golden["axesAbsoluteCosine"], "axes cosine")
    expectEqual(axes.absoluteProduct.value, golden["axesAbsoluteProduct"], "axes product")
    expectEqual(mixed.signedCosine.value, golden["centerAxesSignedCosine"], "mixed cosine")
    expectEqual(mixed.absoluteProduct.value, golden["centerAxesAbsoluteProduct"], "mixed product")
    expectEqual(centers.absoluteCosine.value, golden["centerAbsoluteCosine"], "centre cosine")
    expectEqual(centers.signedCosine.value, golden["centerSignedCosine"], "centre signed cosine")
  }
}
