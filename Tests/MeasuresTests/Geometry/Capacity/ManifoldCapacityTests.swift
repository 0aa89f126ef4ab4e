import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ManifoldCapacityTests {
  private let key = RandomKey(seed: 11)

  /// 1/α of points: ∫ from −κ of Dt (t + κ)².
  @Test(.tags(.law), arguments: [0.0, 0.5, 1.5])
  func pointsHaveGardnersCapacity(margin: Double) throws {
    let points = try gaussianClouds(
      count: 8, pointCount: 1, featureCount: 40, radius: 0, key: key)
    let found = try manifoldCapacity(
      of: points, margin: margin, centers: .none, drawCount: 2000, key: key)
    let normal = erfc(-margin / 2.0.squareRoot()) / 2
    let density = exp(-margin * margin / 2) / (2 * Double.pi).squareRoot()
    let expected = 1 / ((1 + margin * margin) * normal + margin * density)
    #expect(
      abs(found.capacity.value - expected) < 3 * found.capacity.standardError,
      "\(found.capacity) against \(expected)")
    #expect(found.capacity.standardError < 0.03 * expected)
    #expect(found.radius.value == 0)
    #expect(found.anchorDimension.value == 0)
    #expect(found.meanCosineDimension.value == 0)
  }

  @Test func theIntegralOfBallsHasItsKnownValues() {
    // At R = 1, D = 2 the cone is its own polar, so that 1/α is half of three dimensions.
    #expect(abs(inverseBallCapacity(radius: 1, dimension: 2, margin: 0) - 1.5) < 1e-6)
    #expect(abs(1 / inverseBallCapacity(radius: 0.5, dimension: 3, margin: 0) - 0.775) < 5e-4)
    #expect(abs(1 / inverseBallCapacity(radius: 1e-6, dimension: 2, margin: 0) - 2) < 1e-4)
  }

  @Test(
    .tags(.law),
    arguments: [
      (0.5, 1, 0.0, 2), (2, 1, 0.7, 2), (1, 2, 0, 128), (0.4, 2, 0.5, 128), (3, 2, 0, 256),
      (0.5, 3, 0, 400), (1.5, 3, 0.3, 400),
    ])
  func ballsHaveTheirCapacity(radius: Double, dimension: Int, margin: Double, pointCount: Int)
    throws
  {
    let balls = try ballPair(radius: radius, dimension: dimension, pointCount: pointCount)
    let found = try manifoldCapacity(
      of: balls, margin: margin, centers: .none, drawCount: 3000, key: key)
    let expected = 1 / inverseBallCapacity(radius: radius, dimension: dimension, margin: margin)
    // Three standard errors, and 1 % for the points that the surface is sampled by.
    #expect(
      abs(found.capacity.value - expected) < 3 * found.capacity.standardError + 0.01 * expected,
      "\(found.capacity) against \(expected)")
  }

  @Test(.tags(.law)) func rotationAndScaleChangeNothing() throws {
    let clouds = try gaussianClouds(
      count: 5, pointCount: 12, featureCount: 20, radius: 0.8, key: key)
    let rotation = try randomRotation(20, key: key.fork("rotation"))
    let turned = try Manifolds(
      (0..<5).map { clouds.points(of: $0).multiplied(by: rotation).map { 37 * $0 } })
    let rule = CenterRemoval.fixedRank(2)
    let (a, b) = (
      try manifoldCapacity(of: clouds, centers: rule, drawCount: 400, key: key),
      try manifoldCapacity(of: turned, centers: rule, drawCount: 400, key: key)
    )
    // Probes are other ones after a rotation, so that figures agree within their errors.
    for path in [\ManifoldCapacity.capacity, \.radius, \.meanCosineDimension, \.anchorDimension] {
      let (x, y) = (a[keyPath: path], b[keyPath: path])
      let error = (x.standardError * x.standardError + y.standardError * y.standardError)
        .squareRoot()
      #expect(abs(x.value - y.value) < 4 * error)
    }
    #expect(abs(a.centerCorrelation - b.centerCorrelation) < 1e-12)
    #expect(abs(a.residualCenterCorrelation - b.residualCenterCorrelation) < 1e-6)
    // A scale or a shift alone leaves the probes, and every figure.
    let scaled = try Manifolds(
      (0..<5).map { clouds.points(of: $0).map { 37 * $0 + 5 } })
    let c = try manifoldCapacity(of: scaled, centers: rule, drawCount: 400, key: key)
    #expect(abs(a.capacity.value - c.capacity.value) < 1e-9)
    #expect(abs(a.radius.value - c.radius.value) < 1e-9)
    #expect(abs(a.meanCosineDimension.value - c.meanCosineDimension.value) < 1e-9)
  }

  @Test(.tags(.law)) func dimensionsOfAHighDimensionalGaussianAgree() throws {
    let clouds = try gaussianClouds(
      count: 3, pointCount: 60, featureCount: 200, radius: 1, key: key)
    let found = try manifoldCapacity(of: clouds, centers: .none, drawCount: 200, key: key)
    let (a, b) = (found.meanCosineDimension.value, found.anchorDimension.value)
    #expect(abs(a - b) < 0.15 * b, "\(a) and \(b)")
    // Larger manifolds are harder to separate.
    let wide = try gaussianClouds(
      count: 3, pointCount: 60, featureCount: 200, radius: 3, key: key)
    let harder = try manifoldCapacity(of: wide, centers: .none, drawCount: 200, key: key)
    #expect(harder.capacity.value < found.capacity.value)
    #expect(harder.radius.value > found.radius.value)
  }

  @Test func sharedProbesMakeDifferencesPrecise() throws {
    let first = try gaussianClouds(
      count: 4, pointCount: 15, featureCount: 30, radius: 0.7, key: key)
    // A checkpoint a little later: 2 % wider clouds.
    let second = try gaussianClouds(
      count: 4, pointCount: 15, featureCount: 30, radius: 0.714, key: key)
    let rule = CenterRemoval.none
    let (a, b) = (
      try manifoldCapacity(of: first, centers: rule, key: key).capacity,
      try manifoldCapacity(of: second, centers: rule, key: key).capacity
    )
    let difference = try capacityDifference(between: first, and: second, centers: rule, key: key)
    #expect(abs(difference.value - (b.value - a.value)) < 1e-12)
    #expect(difference.value < -2 * difference.standardError)
    #expect(difference.standardError < 0.1 * a.standardError)
  }

  @Test(.tags(.statistical)) func standardErrorsAreThoseOfRepetition() throws {
    let clouds = try gaussianClouds(
      count: 3, pointCount: 8, featureCount: 10, radius: 1, key: key)
    let repeats = try (0..<60).map {
      try manifoldCapacity(of: clouds, centers: .none, drawCount: 60, key: key.fork($0))
    }
    for path in [\ManifoldCapacity.capacity, \.radius, \.meanCosineDimension, \.anchorDimension] {
      let values = repeats.map { $0[keyPath: path].value }
      let spread =
        try Estimate(meanOf: values, measure: "test").standardError * 60.0.squareRoot()
      let stated = repeats.map { $0[keyPath: path].standardError }.reduce(0, +) / 60
      // The spread of 60 values is known to 9 %.
      #expect(abs(spread / stated - 1) < 0.35, "\(spread) against \(stated)")
    }
  }

  @Test func probesAreAddedUntilTheErrorIsSmallEnough() throws {
    let clouds = try gaussianClouds(
      count: 3, pointCount: 8, featureCount: 10, radius: 1, key: key)
    let found = try manifoldCapacity(
      of: clouds, centers: .none, drawCount: 50, targetRelativeError: 0.02, key: key)
    #expect(found.capacity.standardError <= 0.02 * found.capacity.value)
    #expect(found.capacity.sampleCount > 50)
    let limited = try manifoldCapacity(
      of: clouds, centers: .none, drawCount: 50, targetRelativeError: 1e-4,
      maximumDrawCount: 200, key: key)
    #expect(limited.capacity.sampleCount == 200)
  }

  @Test(.tags(.resume)) func threadsDoNotChangeBits() throws {
    let clouds = try gaussianClouds(
      count: 5, pointCount: 10, featureCount: 12, radius: 1, key: key)
    let one = try manifoldCapacity(of: clouds, drawCount: 150, key: key)
    let two = try manifoldCapacity(
      of: clouds, drawCount: 150, workers: Workers(threadCount: 2), key: key)
    #expect(one == two)
    let copy = try JSONDecoder().decode(
      ManifoldCapacity.self, from: JSONEncoder().encode(one))
    #expect(copy == one)
  }
}
