import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct OrbitTests {
  @Test(.tags(.law)) func aCircleIsAnOrbit() throws {
    // Three turns exactly; the last place is the first again and would count twice.
    let path = Paths.circle(radius: 2, angle: 2 * .pi / 32, stepCount: 96).selectingRows(0..<96)
    let found = try orbit(of: path)
    #expect(found.isOrbit && found.forwardFraction == 1)
    #expect(abs(found.coherence - 1) < 1e-13 && abs(found.planeFraction - 1) < 1e-13)
    #expect(abs(found.turns - 95.0 / 32) < 1e-12)
    #expect(abs(abs(found.signedArea) - 95 * 2 * sin(2 * .pi / 32)) < 1e-11)
    #expect(abs(found.roundness - sin(2 * .pi / 32) / (2 * .pi / 32)) < 1e-12)
  }

  /// A circle on a drift, with noise, is found in its band; less than two turns are none.
  @Test(.tags(.law)) func aBandFindsAnOrbitOnADrift() throws {
    let noise: Matrix<Double> = RandomKey(seed: 43).normalMatrix(rowCount: 129, columnCount: 4)
    var path = Paths.circle(radius: 2, angle: 2 * .pi / 16, stepCount: 128)
    for t in 0...128 {
      for i in 0..<4 { path[t, i] += 0.3 * Double(t) + 0.1 * noise[t, i] }
    }
    let raw = try orbit(of: path)
    #expect(!raw.isOrbit)
    let found = try orbit(of: path, frequencies: 0.04...0.09)
    #expect(found.isOrbit && abs(found.turns - 127.0 / 16) < 0.1 && found.roundness > 0.9)
    let short = try orbit(of: Paths.circle(radius: 1, angle: 0.1, stepCount: 63))
    #expect(!short.isOrbit && short.turns < 2)
  }

  @Test(.tags(.law)) func backAndForthIsNone() throws {
    let path = Matrix(rows: (0..<64).map { t in [sin(0.4 * Double(t)), 2 * sin(0.4 * Double(t))] })
    let found = try orbit(of: path)
    #expect(!found.isOrbit && abs(found.signedArea) < 1e-10)
  }

  /// In two dimensions noise of nine frequencies is no orbit; in many that of one always is, which is why the shape is no test
  /// and the peak is.
  @Test(.tags(.statistical)) func noiseInABandLooksLikeAnOrbitInManyDimensions() throws {
    func count(_ dimension: Int, _ band: ClosedRange<Double>) throws -> Int {
      try (0..<30).count { draw in
        let walk = randomWalk(
          stepCount: 128, dimension: dimension, key: RandomKey(seed: 44).fork(draw))
        return try orbit(of: walk, frequencies: band).isOrbit
      }
    }
    #expect(try count(2, 4.0 / 128...12.0 / 128) == 0)
    #expect(try count(20, 4.0 / 128...4.0 / 128) > 25)
    let walk = randomWalk(stepCount: 128, dimension: 20, key: RandomKey(seed: 44))
    let peaks = try spectralPeaks(
      of: updates(of: walk), windowLength: 128, level: 0.05, surrogateCount: 19,
      key: RandomKey(seed: 50))
    #expect(peaks.peaks.isEmpty)
  }

  @Test func refusals() {
    func message(_ path: Matrix<Double>, _ band: ClosedRange<Double>?) -> String? {
      #expect(throws: MeasureError.self) { try orbit(of: path, frequencies: band) }?.description
    }
    let path = Paths.circle(radius: 1, angle: 0.3, stepCount: 10)
    #expect(
      message(path, 0.1...0.2)
        == "bandPassed: the number of updates is 10.0; expected a power of two")
    #expect(
      message(path.selectingRows(0...8), 0.3...0.31)
        == "bandPassed: the width of the band is \(0.31 - 0.3); expected a band that holds a "
        + "frequency j/8 in 0...0.5")
    #expect(message(path.selectingRows(0...3), nil) == "orbit: 4 samples; at least 5 are needed")
    #expect(
      message(Matrix(repeating: 1, rowCount: 6, columnCount: 2), nil)
        == "orbit: the path does not move")
  }
}
