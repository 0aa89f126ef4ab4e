import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct PathCurvatureTests {
  /// One over the radius whatever the spacing, down to angles whose cosine is 1 to nine digits.
  @Test(.tags(.law), arguments: [2.0, 0.3, 1e-2, 1e-4]) func aCircleHasTheCurvatureOfItsRadius(
    _ angle: Double
  ) throws {
    let path = Paths.circle(radius: 4, angle: angle, stepCount: 20)
    // Places are rounded to 1e-15 of numbers of size 4, the height of a corner is r angle².
    let tolerance = 1e-13 + 1e-14 / (angle * angle)
    for value in try mengerCurvature(of: path) { #expect(abs(value! * 4 - 1) < tolerance) }
    for value in try turningAngles(of: path) {
      #expect(abs(value! - angle) < tolerance * max(angle, 1))
    }
  }

  @Test(.tags(.law)) func aLineHasNone() throws {
    let path = Paths.line(stepCount: 5)
    #expect(try mengerCurvature(of: path) == [0, 0, 0, 0])
    #expect(try turningAngles(of: path) == [0, 0, 0, 0])
  }

  /// A right angle with sides 3 and 4 lies on a circle of diameter 5.
  @Test(.tags(.law)) func theCircleOfATriangle() throws {
    let path = [[0.0, 0], [3, 0], [3, 4]]
    #expect(abs(try mengerCurvature(of: path)[0]! - 0.4) < 1e-15)
    #expect(abs(try turningAngles(of: path)[0]! - .pi / 2) < 1e-15)
  }

  /// To within 1/√n, the standard deviation of a cosine: 0.022.
  @Test(.tags(.statistical)) func aRandomWalkTurnsByRightAngles() throws {
    let walk = randomWalk(stepCount: 50, dimension: 2000, key: RandomKey(seed: 12))
    for angle in try turningAngles(of: walk) { #expect(abs(angle! - .pi / 2) < 0.1) }
    let expected = (2.0 / 2000).squareRoot()
    for value in try mengerCurvature(of: walk) { #expect(abs(value! / expected - 1) < 0.1) }
  }

  @Test func degenerateCorners() throws {
    #expect(try turningAngles(of: [[0.0], [1], [1], [0]]) == [nil, nil])
    // There and back: the turn is half a circle, the circle any.
    #expect(try turningAngles(of: [[0.0], [1], [0]]) == [.pi])
    #expect(try mengerCurvature(of: [[0.0], [1], [0]]) == [nil])
  }

  /// The gradient of ½ wᵀHw changes by H d.
  @Test(.tags(.law)) func secantsOfAQuadraticAreRayleighQuotients() throws {
    let path = randomWalk(stepCount: 10, dimension: 3, key: RandomKey(seed: 13))
    let hessian = Matrix<Double>(diagonal: [5, 1, -2])
    let gradients = path.multiplied(by: hessian)
    let found = try secantCurvatures(of: gradients, along: path)
    let moves = try updates(of: path)
    for (row, value) in found.enumerated() {
      let d = Array(moves.row(row))
      let expected = dot(hessian.multiplied(by: d), d) / dot(d, d)
      #expect(abs(value! - expected) < 1e-13)
    }
    let axis = [[0.0, 0], [2, 0], [2, 0], [2, 1]]
    let slopes = axis.map { [7 * $0[0], 3 * $0[1]] }
    #expect(try secantCurvatures(of: slopes, along: axis) == [7, nil, 3])
  }

  @Test func oneSecantIsThatOfAPath() throws {
    let path: Matrix<Float> = RandomKey(seed: 48).normalMatrix(rowCount: 2, columnCount: 50)
    let gradients: Matrix<Float> = RandomKey(seed: 49).normalMatrix(rowCount: 2, columnCount: 50)
    let whole = try secantCurvatures(of: gradients, along: path)[0]
    let update = try updates(of: path).values
    let found = try secantCurvature(
      before: gradients.row(0).map { Double($0) }, after: gradients.row(1).map { Double($0) },
      along: update)
    #expect(abs(found! / whole! - 1) < 1e-13)
    #expect(try secantCurvature(before: [1, 2], after: [3, 4], along: [0.0, 0]) == nil)
    let short = #expect(throws: MeasureError.self) {
      try secantCurvature(before: [1], after: [3, 4], along: [0.0, 0])
    }
    #expect(
      short?.description
        == "secantCurvature: gradients of 1 and 2 elements cannot meet an update of 2")
    let broken = #expect(throws: MeasureError.self) {
      try secantCurvature(before: [.nan], after: [3], along: [1.0])
    }
    #expect(broken?.description == "secantCurvature: the vectors are not finite")
  }

  @Test func refusals() {
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: MeasureError.self, performing: body)?.description
    }
    #expect(
      message { _ = try turningAngles(of: [[1.0], [2]]) }
        == "turningAngles: 2 samples; at least 3 are needed")
    #expect(
      message { _ = try secantCurvatures(of: [[1.0], [2]], along: [[1.0]]) }
        == "secantCurvatures: 2 rows cannot be paired with 1; row i of both must belong to one "
        + "sample")
    #expect(
      message { _ = try secantCurvatures(of: [[1.0], [2]], along: [[1.0, 1], [2, 2]]) }
        == "secantCurvatures: gradients of 1 elements cannot meet weights of 2")
  }
}
