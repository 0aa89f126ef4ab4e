import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct GlueGeometryTests {
  private let key = RandomKey(seed: 21)

  private func clouds(radius: Double = 0.8, featureCount: Int = 30) throws -> Manifolds {
    try gaussianClouds(
      count: 6, pointCount: 8, featureCount: featureCount, radius: radius, key: key)
  }

  @Test(.tags(.law), arguments: Dichotomies.allCases)
  func capacityFollowsFromTheOthers(_ dichotomies: Dichotomies) throws {
    let found = try glueGeometry(of: clouds(), dichotomies: dichotomies, drawCount: 100, key: key)
    let radius = found.radius.value
    let combined = found.utility.value * (1 + 1 / (radius * radius)) / found.dimension.value
    #expect(abs(found.capacity.value / combined - 1) < 1e-12)
    #expect(found.unsolvableFraction == 0)
  }

  /// a is by definition (St)ᵀ(SSᵀ)†(St); the projection gives it as ‖t − V‖².
  @Test(.tags(.oracle)) func squaredDistancesAreTheFormOfTheAnchors() throws {
    let joint = JointPoints(try clouds(), isCentered: true)
    var solver = ActiveSetSolver(PointProducts(of: joint.points))
    for draw in 0..<20 {
      let probe: [Double] = key.fork(draw).normal(count: 30)
      let sides = Dichotomies.balanced.signs(draw: draw, manifoldCount: 6, key: key)
      let found = try JointAnchors(
        &solver, alongPoints: joint.points.multiplied(by: probe),
        signs: joint.owners.map { sides[$0] }, owners: joint.owners, manifoldCount: 6)
      let anchors = found.anchors(joint)
      let form = try pseudoInverseForm(anchors.rowGram, anchors.multiplied(by: probe))
      #expect(abs(form - found.squaredDistance) < 1e-9 * (1 + found.squaredDistance))
    }
  }

  @Test(.tags(.law)) func orthogonalPointsHaveCapacityTwo() throws {
    let points = try Manifolds((0..<12).map { index in [(0..<12).map { $0 == index ? 1.0 : 0 }] })
    let found = try glueGeometry(of: points, drawCount: 3000, key: key)
    // The cone is an orthant: 1/α = ⟨max(t, 0)²⟩ = ½.
    #expect(abs(found.capacity.value - 2) < 3 * found.capacity.standardError)
    #expect(found.capacity.standardError < 0.03)
  }

  @Test(.tags(.law)) func manifoldsAroundTheOriginLeaveNothing() throws {
    // Both a point and its reflection are in each manifold, so that only V = 0 is on one side of all.
    let points = try Manifolds(
      (0..<3).map { manifold -> Matrix<Double> in
        let half: Matrix<Double> = key.fork(manifold).normalMatrix(rowCount: 6, columnCount: 8)
        return Matrix(rows: (0..<6).flatMap { [Array(half.row($0)), half.row($0).map { -$0 }] })
      })
    let found = try glueGeometry(of: points, drawCount: 1500, key: key)
    #expect(abs(found.capacity.value - 3.0 / 8) < 3 * found.capacity.standardError)
    #expect(found.unsolvableFraction == 1)
  }

  @Test(.tags(.law)) func rotationAndScale() throws {
    let clouds = try clouds()
    let a = try glueGeometry(of: clouds, drawCount: 300, key: key)
    let scaled = try Manifolds((0..<6).map { clouds.points(of: $0).map { 9 * $0 } })
    let b = try glueGeometry(of: scaled, drawCount: 300, key: key)
    #expect(abs(a.capacity.value - b.capacity.value) < 1e-9)
    #expect(abs(a.radius.value - b.radius.value) < 1e-9)
    #expect(abs(a.dimension.value - b.dimension.value) < 1e-9)
    #expect(
      abs(a.axesAlignment.absoluteCosine.value - b.axesAlignment.absoluteCosine.value) < 1e-9)
    #expect(
      abs(
        81 * a.axesAlignment.absoluteProduct.value - b.axesAlignment.absoluteProduct.value) < 1e-9)
    let rotation = try randomRotation(30, key: key.fork("rotation"))
    let turned = try Manifolds((0..<6).map { clouds.points(of: $0).multiplied(by: rotation) })
    let c = try glueGeometry(of: turned, drawCount: 300, key: key)
    for path in [\GlueGeometry.capacity, \.radius, \.dimension, \.utility] {
      let (x, y) = (a[keyPath: path], c[keyPath: path])
      let error = (x.standardError * x.standardError + y.standardError * y.standardError)
        .squareRoot()
      #expect(abs(x.value - y.value) < 4 * error)
    }
  }

  @Test(.tags(.statistical)) func standardErrorsAreThoseOfRepetition() throws {
    let clouds = try gaussianClouds(
      count: 4, pointCount: 5, featureCount: 8, radius: 0.8, key: key)
    let repeats = try (0..<50).map {
      try glueGeometry(of: clouds, drawCount: 80, key: key.fork($0))
    }
    let figures: [(GlueGeometry) -> Estimate] = [
      { $0.capacity }, { $0.dimension }, { $0.utility }, { $0.radius },
      { $0.axesAlignment.absoluteCosine }, { $0.centerAlignment.signedCosine },
    ]
    for (index, figure) in figures.enumerated() {
      let values = repeats.map { figure($0).value }
      let spread = try Estimate(meanOf: values, measure: "test").standardError * 50.0.squareRoot()
      let stated = repeats.map { figure($0).standardError }.reduce(0, +) / 50
      // The spread of 50 values is known to 10 %; S₀ is taken as known.
      #expect(spread / stated > 0.65 && spread / stated < 1.5, "\(index): \(spread), \(stated)")
    }
  }

  @Test(.tags(.resume)) func threadsDoNotChangeBits() throws {
    let clouds = try clouds()
    let one = try glueGeometry(of: clouds, drawCount: 50, key: key)
    let two = try glueGeometry(
      of: clouds, drawCount: 50, workers: Workers(threadCount: 2), key: key)
    #expect(one == two)
    #expect(try JSONDecoder().decode(GlueGeometry.self, from: JSONEncoder().encode(one)) == one)
  }

  @Test func sidesOfDichotomies() {
    for draw in 0..<20 {
      let balanced = Dichotomies.balanced.signs(draw: draw, manifoldCount: 7, key: key)
      #expect(abs(balanced.reduce(0, +)) == 1)
      let one = Dichotomies.oneVersusRest.signs(draw: draw, manifoldCount: 7, key: key)
      #expect(one.firstIndex(of: 1) == draw % 7)
      #expect(one.reduce(0, +) == -5)
      #expect(
        Dichotomies.random.signs(draw: draw, manifoldCount: 7, key: key).allSatisfy {
          abs($0) == 1
        })
    }
  }

  @Test func refusals() throws {
    let same = try Manifolds([[[1.0, 0]], [[1, 0]]])
    #expect(
      throws: MeasureError.tooFewSamples(
        measure: "glueGeometry: drawCount", found: 1, needed: 2)
    ) { try glueGeometry(of: same, drawCount: 1, key: key) }
    let origin = try Manifolds([[[0.0, 0]], [[0, 0]]])
    let error = #expect(throws: MeasureError.self) { try glueGeometry(of: origin, key: key) }
    #expect(
      error?.description
        == "glueGeometry: every probe solved its dichotomy by itself; ask for more draws")
  }
}
