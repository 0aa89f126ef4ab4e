import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct MotionSurrogatesTests {
  /// Variances, which weights move together, and φ stay; the drift and an oscillation go.
  @Test(.tags(.statistical)) func keepsCovarianceAndMomentum() throws {
    let walk = autoregressiveWalk(
      stepCount: 2000, dimension: 1, coefficient: 0.6, key: RandomKey(seed: 81))
    let moves = try updates(of: walk)
    let pairs = Matrix(
      rows: (0..<2000).map { t in
        [5 + moves[t, 0] + sin(2.5 * Double(t)), -3 * (moves[t, 0] + sin(2.5 * Double(t)))]
      })
    let found = try surrogateUpdates(of: pairs, coefficient: 0.6, key: RandomKey(seed: 82))
    let (x, y) = (found.column(0), found.column(1))
    #expect(abs(meanValue(of: x)!) < 0.4)
    for (a, b) in zip(x, y) { #expect(abs(b + 3 * a) < 1e-9) }
    let lagged = dot(Array(x.dropFirst()), Array(x.dropLast())) / dot(x, x)
    #expect(abs(lagged - 0.6) < 0.06)
    let before = try spectralPeaks(of: Array(pairs.column(0).prefix(1024)), coefficient: 0.6)
    let after = try spectralPeaks(of: Array(x.prefix(1024)), coefficient: 0.6)
    #expect(!before.peaks.isEmpty && after.peaks.isEmpty)
  }

  /// Residuals of white noise are the updates themselves, in another order.
  @Test(.tags(.law)) func whiteNoiseIsReordered() throws {
    let moves: Matrix<Double> = RandomKey(seed: 83).normalMatrix(rowCount: 30, columnCount: 2)
    let found = try surrogateUpdates(of: moves, coefficient: 0, key: RandomKey(seed: 84))
    let center = meanValue(of: moves.column(0))!
    let given = moves.column(0).map { $0 - center }
    for value in found.column(0) { #expect(given.contains { abs($0 - value) < 1e-13 }) }
    #expect(found != moves)
  }

  @Test func refusals() {
    func message(_ rows: Matrix<Double>, _ phi: Double) -> String? {
      #expect(throws: MeasureError.self) {
        try surrogateUpdates(of: rows, coefficient: phi, key: RandomKey(seed: 1))
      }?.description
    }
    #expect(
      message(Matrix(rowCount: 1, columnCount: 1), 0)
        == "surrogateUpdates: 1 samples; at least 2 are needed")
    #expect(
      message(Matrix(rowCount: 2, columnCount: 1), -1)
        == "surrogateUpdates: coefficient is -1.0; expected above -1, below 1")
  }
}
