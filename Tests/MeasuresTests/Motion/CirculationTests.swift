import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct CirculationTests {
  @Test(.tags(.law)) func aCircleTurnsByItsAngle() throws {
    let path = Paths.circle(radius: 3, angle: 2 * .pi / 20, stepCount: 99)
    let found = try circulation(of: path)
    let expected = sin(2 * Double.pi / 20)
    #expect(abs(found.rate / expected - 1) < 1e-3)
    #expect(abs(abs(found.angularVelocity.value) / expected - 1) < 1e-3)
    #expect(found.angularVelocity.standardError < 0.01 * expected)
    #expect(found.areas.rowCount == 2 && found.areas[0, 1] == -found.areas[1, 0])
    #expect(abs(abs(found.areas[0, 1]) - 99 * 4.5 * expected) < 0.01 * 99 * 4.5)
  }

  /// w ← 0.9 R(θ) w + ε has Ω = 0.9 sin θ; without the rotation it is in equilibrium.
  @Test(.tags(.statistical), arguments: [0.0, 0.2]) func aDrivenPathTurns(_ angle: Double) throws {
    let noise: Matrix<Double> = RandomKey(seed: 46).normalMatrix(rowCount: 4000, columnCount: 2)
    var path = Matrix<Double>(rowCount: 4000, columnCount: 2)
    for t in 1..<4000 {
      let (x, y) = (0.9 * path[t - 1, 0], 0.9 * path[t - 1, 1])
      path[t, 0] = cos(angle) * x - sin(angle) * y + noise[t, 0]
      path[t, 1] = sin(angle) * x + cos(angle) * y + noise[t, 1]
    }
    let found = try circulation(of: path).angularVelocity
    let expected = 0.9 * sin(angle)
    #expect(abs(abs(found.value) - expected) < 4 * found.standardError)
    #expect(found.standardError < 0.03 && found.standardError > 0.002)
  }

  /// The jackknife's error is the scatter over paths in equilibrium, to within a third.
  @Test(.tags(.statistical)) func theErrorIsTheScatter() throws {
    let found = try (0..<40).map { draw in
      let path = Paths.ornsteinUhlenbeck(
        rate: 0.2, stepCount: 400, dimension: 2, key: RandomKey(seed: 47).fork(draw))
      return try circulation(of: path).angularVelocity
    }
    // The sense of components is that of where the path ends: only squares compare.
    let scatter = (found.reduce(0) { $0 + $1.value * $1.value } / 40).squareRoot()
    let typical = meanValue(of: found.map(\.standardError))!
    #expect(typical / scatter > 0.67 && typical / scatter < 1.5, "\(typical) \(scatter)")
  }

  @Test func refusals() {
    func message(_ path: Matrix<Double>, _ count: Int = 2) -> String? {
      #expect(throws: MeasureError.self) { try circulation(of: path, componentCount: count) }?
        .description
    }
    #expect(
      message(Paths.line(stepCount: 20))
        == "circulation: the path moves on a line, which has no areas")
    #expect(
      message(Paths.line(stepCount: 5)) == "circulation: 6 samples; at least 17 are needed")
    #expect(
      message(Paths.line(stepCount: 20), 1)
        == "circulation: componentCount is 1.0; expected at least 2")
  }
}
