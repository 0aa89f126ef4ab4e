import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct AutoregressiveSpectrumTests {
  @Test(.tags(.law), arguments: [-0.7, 0.0, 0.5, 0.95]) func equalsTheFormula(_ phi: Double) {
    let found = autoregressiveSpectrum(coefficient: phi, windowLength: 16)
    let expected = (0...8).map { bin -> Double in
      let angle = 2 * Double.pi * Double(bin) / 16
      let (real, imaginary) = (1 - phi * cos(angle), phi * sin(angle))
      return bin == 0 ? 0 : 1 / (real * real + imaginary * imaginary)
    }
    let total = 2 * expected[1..<8].reduce(0, +) + expected[8]
    for bin in 0...8 { #expect(abs(found[bin] - expected[bin] / total) < 1e-14) }
  }

  /// The spectrum of momentum and noise is its null, whether φ is given or estimated.
  @Test(.tags(.statistical), arguments: [nil, 0.6]) func momentumHasTheSpectrumOfTheNull(
    _ coefficient: Double?
  ) throws {
    let walk = autoregressiveWalk(
      stepCount: 1024, dimension: 100, coefficient: 0.6, key: RandomKey(seed: 34))
    let found = try updateSpectrum(of: updates(of: walk), windowLength: 128)
    #expect(abs(found.lagOneCorrelation! - 0.6) < 0.03)
    // 800 windows: a standard error of 0.035, and leakage of 2 % at the top.
    let ratios = try found.ratioToNull(coefficient: coefficient)
    #expect(ratios[0] == nil)
    for ratio in ratios.dropFirst() { #expect(abs(ratio! - 1) < 0.2) }
  }

  /// White noise has β = 0, a random walk of updates β = 2 (with what leaks from below the first bin, less).
  @Test(.tags(.statistical)) func exponents() throws {
    let white: Matrix<Double> = RandomKey(seed: 35).normalMatrix(rowCount: 256, columnCount: 200)
    let flat = try #require(
      try updateSpectrum(of: white, windowLength: 256).spectralExponent())
    #expect(abs(flat.value) < 4 * flat.standardError + 0.05 && flat.standardError < 0.05)
    let walk = randomWalk(stepCount: 1023, dimension: 50, key: RandomKey(seed: 36))
    let steep = try #require(
      try updateSpectrum(of: walk, windowLength: 1024, taper: .hann).spectralExponent())
    #expect(steep.value > 1.6 && steep.value < 2.2)
  }

  @Test func refusals() throws {
    let moves: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 16, columnCount: 2)
    let spectrum = try updateSpectrum(of: moves, windowLength: 16)
    let short = #expect(throws: MeasureError.self) { try spectrum.spectralExponent() }
    #expect(short?.description == "spectralExponent: 16 samples; at least 32 are needed")
    let steep = #expect(throws: MeasureError.self) { try spectrum.ratioToNull(coefficient: 1) }
    #expect(
      steep?.description == "ratioToNull: coefficient is 1.0; expected above -1, below 1")
    var empty = try updateSpectrum(
      of: Matrix(rows: (0..<32).map { [Double($0 % 2)] }), windowLength: 32)
    empty.power[3] = 0
    #expect(try empty.spectralExponent() == nil)
  }
}
