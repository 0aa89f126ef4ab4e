import Testing
import TestSupport

@testable import GrokMeasures

/// Inputs on which published implementations fail or say nothing.
@Suite struct CapacityEdgeTests {
  private let key = RandomKey(seed: 41)

  private static let rules: [CenterRemoval] = [.none, .stable(), .referenceCompatible()]

  private func expectFinite(_ found: ManifoldCapacity) {
    for estimate in [
      found.capacity, found.radius, found.meanCosineDimension, found.anchorDimension,
    ] {
      #expect(estimate.value.isFinite && estimate.standardError.isFinite)
    }
    #expect(found.capacity.value > 0)
    #expect(found.removalSteps[found.removedRank].meanCorrelation.isFinite)
  }

  @Test(arguments: 2...7, rules) func fewManifolds(count: Int, rule: CenterRemoval) throws {
    let clouds = try gaussianClouds(
      count: count, pointCount: 6, featureCount: 30, radius: 0.5, key: key)
    let found = try manifoldCapacity(of: clouds, centers: rule, drawCount: 60, key: key)
    expectFinite(found)
    #expect(found.removedRank <= max(0, count - 2))
  }

  @Test(arguments: rules) func fewerFeaturesThanManifolds(rule: CenterRemoval) throws {
    let clouds = try gaussianClouds(
      count: 10, pointCount: 20, featureCount: 5, radius: 0.5, key: key)
    let found = try manifoldCapacity(of: clouds, centers: rule, drawCount: 60, key: key)
    expectFinite(found)
    #expect(found.removedRank <= 4)
  }

  @Test func unequalRepeatedAndDeadInSinglePrecision() throws {
    let normal: Matrix<Float> = key.normalMatrix(rowCount: 40, columnCount: 12)
    // Every point three times, two features that are always 0, one that is constant.
    let rows = (0..<120).map { index -> [Float] in
      Array(normal.row(index / 3)) + [0, 0, 7]
    }
    let labels = (0..<40).flatMap { Array(repeating: $0 < 20 ? 0 : $0 < 35 ? 1 : 2, count: 3) }
    let found = try manifoldCapacity(
      of: Manifolds(Matrix(rows: rows), labels: labels), drawCount: 100, key: key)
    expectFinite(found)
    #expect(found.manifolds.map(\.pointCount) == [60, 45, 15])
    // Repeating points changes no hull: the same as each point once but for where the mean is.
    let once = try manifoldCapacity(
      of: Manifolds(
        Matrix(rows: stride(from: 0, to: 120, by: 3).map { rows[$0] }),
        labels: stride(from: 0, to: 120, by: 3).map { labels[$0] }),
      drawCount: 100, key: key)
    #expect(abs(found.capacity.value - once.capacity.value) < 1e-9)
    #expect(abs(found.radius.value - once.radius.value) < 1e-9)
  }

  @Test(arguments: rules + [.fixedRank(1), .fixedRank(3)])
  func identicalManifoldsDoNotMakeCentersVanish(rule: CenterRemoval) throws {
    // The cheapest single direction of these is the centre of one manifold, of which 1e-4 would be left
    // and a radius of thousands.
    let clouds = try gaussianClouds(
      count: 6, pointCount: 6, featureCount: 20, radius: 0.5, key: key)
    let twins = try Manifolds([0, 0, 1, 2, 3, 4, 5].map { clouds.points(of: $0) })
    var found = try manifoldCapacity(of: twins, centers: rule, drawCount: 60, key: key)
    expectFinite(found)
    #expect(found.radius.value < 2)
    #expect(found.manifolds.allSatisfy { !$0.isCenterWeak })
    found.manifolds[0].residualCenterFraction = 0.04
    #expect(found.manifolds[0].isCenterWeak)
  }

  @Test(.tags(.law)) func threeCentersWithoutOneDirectionAreCollinear() throws {
    let line: [[[Double]]] = [[[3, 1]], [[-3, 1]], [[2, -2]]]
    let found = try manifoldCapacity(
      of: Manifolds(line), centers: .fixedRank(1), drawCount: 40, key: key)
    #expect(found.residualCenterCorrelation > 1 - 1e-9)
  }

  @Test func theRankOfConstantDataStaysWithOtherSearches() throws {
    // The published rule chose 1 or 2 directions of the same data, depending on its random starts.
    let clouds = try gaussianClouds(
      count: 10, pointCount: 10, featureCount: 40, radius: 0.5, key: key)
    let results = try (0..<6).map {
      try manifoldCapacity(of: clouds, drawCount: 40, key: key.fork($0))
    }
    #expect(Set(results.map(\.removedRank)).count == 1)
    let correlations = results.map(\.residualCenterCorrelation)
    #expect((correlations.max() ?? 1) - (correlations.min() ?? 0) < 0.01)
  }

  @Test func refusals() throws {
    func message(
      _ clouds: [[[Double]]], margin: Double = 0, drawCount: Int = 20, target: Double? = nil,
      maximum: Int = 20_000
    ) -> String? {
      do {
        _ = try manifoldCapacity(
          of: Manifolds(clouds), margin: margin, drawCount: drawCount,
          targetRelativeError: target, maximumDrawCount: maximum, key: key)
      } catch {
        return "\(error)"
      }
      return nil
    }
    let good: [[[Double]]] = [[[1, 0], [1, 1]], [[-1, 0], [-1, 2]]]
    #expect(message(good) == nil)
    #expect(
      message([[[1, 0], [-1, 0]], [[0, 1], [0, -1]]])
        == "manifoldCapacity: the centre of manifold 0 lies at the mean of all points, where its "
        + "direction is not defined")
    #expect(
      message(good, margin: -1)
        == "manifoldCapacity: margin is -1.0; expected a number of at least 0")
    #expect(
      message(good, drawCount: 1) == "manifoldCapacity: drawCount: 1 samples; at least 2 are needed"
    )
    #expect(
      message(good, target: 0) == "manifoldCapacity: targetRelativeError is 0.0; expected above 0")
    #expect(
      message(good, maximum: 10)
        == "manifoldCapacity: maximumDrawCount is 10.0; expected at least drawCount, 20")
  }

  @Test func differencesNeedSharedProbes() throws {
    let wide = try Manifolds([[[1.0, 0]], [[0, 1]]])
    let narrow = try Manifolds([[[1.0]], [[0]]])
    let error = #expect(throws: MeasureError.self) {
      try capacityDifference(between: wide, and: narrow, key: key)
    }
    #expect(
      error?.description
        == "capacityDifference: 2 manifolds in 2 features and 2 in 1 share no probes; labels and "
        + "features must be the same")
  }
}
