import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SmoothedPathTests {
  /// A line is followed at its speed, β/(1 − β) records late.
  @Test(.tags(.law)) func aLineIsFollowedLate() throws {
    let path = Matrix(rows: (0..<200).map { [Double($0), 7] })
    let found = try smoothedPath(path, factor: 0.8)
    #expect(abs(found[199, 0] - 195) < 1e-12 && abs(found[199, 1] - 7) < 1e-12)
    #expect(found[0, 0] == 0 && abs(found[1, 0] - 0.2) < 1e-15)
    #expect(try smoothedPath(path, factor: 0) == path)
  }

  /// The radius of a circle that noise hides is found on the smoothed path, less what smoothing takes of it.
  @Test(.tags(.statistical)) func aCircleComesOutOfTheNoise() throws {
    let noise: Matrix<Double> = RandomKey(seed: 80).normalMatrix(rowCount: 401, columnCount: 4)
    var path = Paths.circle(radius: 10, angle: 0.05, stepCount: 400)
    for t in 0...400 {
      for i in 0..<4 { path[t, i] += 0.05 * noise[t, i] }
    }
    let (beta, angle) = (0.8, 0.05)
    let smooth = try thinnedPath(smoothedPath(path, factor: beta), every: 20)
    let kept = smooth.selectingRows(2..<smooth.rowCount)
    let radius = 10 * (1 - beta) / (1 + beta * beta - 2 * beta * cos(angle)).squareRoot()
    for value in try mengerCurvature(of: kept) { #expect(abs(value! * radius - 1) < 0.05) }
    let raw = try mengerCurvature(of: path).map { $0! }
    #expect(meanValue(of: raw)! * radius > 5)
  }

  @Test func thinningKeepsTheFirst() throws {
    let path = [[0.0], [1], [2], [3], [4]]
    #expect(try thinnedPath(path, every: 2).values == [0, 2, 4])
    #expect(try thinnedPath(path, every: 9).values == [0])
  }

  @Test func refusals() {
    let steep = #expect(throws: MeasureError.self) { try smoothedPath([[1.0]], factor: 1) }
    #expect(steep?.description == "smoothedPath: factor is 1.0; expected at least 0, below 1")
    let none = #expect(throws: MeasureError.self) { try thinnedPath([[1.0]], every: 0) }
    #expect(none?.description == "thinnedPath: interval is 0.0; expected at least 1")
  }
}
