import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SharedSphereTests {
  @Test(.tags(.law)) func aCircleIsFound() throws {
    // An arc, so that the center is not the mean.
    let path = Paths.circle(radius: 4, angle: 0.1, stepCount: 25)
    let found = try sharedSphere(of: path, componentCount: 2)
    for (value, expected) in zip(found.center, [1.0, 2, 3, 4]) {
      #expect(abs(value - expected) < 1e-11)
    }
    #expect(abs(found.radius - 4) < 1e-11 && found.residualFraction < 1e-24)
    #expect(found.componentCount == 2 && abs(found.varianceFraction - 1) < 1e-13)
  }

  /// Random points on a sphere in 4 of 7 dimensions.
  @Test(.tags(.law)) func aSphereIsFound() throws {
    var points: Matrix<Double> = RandomKey(seed: 15).normalMatrix(rowCount: 60, columnCount: 7)
    for row in 0..<60 {
      let norm = points.row(row).prefix(4).reduce(0) { $0 + $1 * $1 }.squareRoot()
      for column in 0..<7 {
        points[row, column] = column < 4 ? 9 + 2 * points[row, column] / norm : 1
      }
    }
    let found = try sharedSphere(of: points, componentCount: 4)
    #expect(abs(found.radius - 2) < 1e-12 && found.residualFraction < 1e-24)
    #expect(found.center.prefix(4).allSatisfy { abs($0 - 9) < 1e-12 })
    #expect(found.center.suffix(3).allSatisfy { abs($0 - 1) < 1e-12 })
    // More components than directions: as many as there are.
    #expect(try sharedSphere(of: points, componentCount: 10).componentCount == 4)
  }

  @Test(.tags(.law)) func aLineLiesOnNoSmallSphere() throws {
    #expect(try sharedSphere(of: Paths.line(stepCount: 20)).residualFraction > 0.1)
  }

  @Test func refusals() {
    func message(_ path: Matrix<Double>, _ count: Int) -> String? {
      #expect(throws: MeasureError.self) {
        try sharedSphere(of: path, componentCount: count)
      }?.description
    }
    let path = Paths.line(stepCount: 4)
    #expect(message(path, 11) == "sharedSphere: componentCount is 11.0; expected 1 to 10")
    #expect(message(path, 3) == "sharedSphere: 5 samples; at least 6 are needed")
    #expect(
      message(Matrix(repeating: 3, rowCount: 9, columnCount: 2), 2)
        == "sharedSphere: the path does not move")
  }
}
