import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct UpdateSpectrumTests {
  /// Without a taper the total is the squared updates less their mean; with one the level of noise stays.
  @Test(.tags(.law)) func obeysParseval() throws {
    let moves: Matrix<Double> = RandomKey(seed: 30).normalMatrix(rowCount: 64, columnCount: 5)
    let found = try updateSpectrum(of: moves, windowLength: 64)
    var expected = 0.0
    for weight in 0..<5 {
      let values = moves.column(weight)
      let center = meanValue(of: values)!
      expected += values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    }
    #expect(abs(found.total / expected - 1) < 1e-13)
    #expect(found.power[0] < 1e-25 && found.frequencies[16] == 0.25 && found.channelCount == 5)
  }

  @Test(.tags(.statistical), arguments: SpectralTaper.allCases) func whiteNoiseIsFlat(
    _ taper: SpectralTaper
  ) throws {
    let moves: Matrix<Double> = RandomKey(seed: 31).normalMatrix(rowCount: 512, columnCount: 100)
    let found = try updateSpectrum(of: moves, windowLength: 64, taper: taper)
    #expect(found.windowCount == (taper == .none ? 8 : 15))
    // 100 weights of power 1 in 8 windows: a standard error of 100/√800 = 3.5; the ends less exact.
    for power in found.power[2..<32] { #expect(abs(power - 100) < 18) }
    // The taper spreads the missing mean over the first bins.
    #expect(abs(found.periodTwoShare! - 1.0 / 64) < 0.004)
  }

  /// A cosine at bin 5 has N/4 times its squared amplitude there.
  @Test(.tags(.law)) func aCosineHasOnePeak() throws {
    let moves = Matrix(rows: (0..<32).map { t in [1 + 3 * cos(2 * .pi * 5 * Double(t) / 32)] })
    let found = try updateSpectrum(of: moves, windowLength: 32)
    for bin in 0...16 { #expect(abs(found.power[bin] - (bin == 5 ? 72 : 0)) < 1e-12, "\(bin)") }
    #expect(abs(found.lagOneCorrelation! - cos(2 * .pi * 5 / 32)) < 1e-14)
  }

  /// scipy.signal.welch with the same windows, and numpy's transform of one.
  @Test(
    .tags(.golden),
    .enabled(if: PeerPython.has("scipy", "numpy"), "\(PeerPython.howToProvide("scipy", "numpy"))"),
    arguments: SpectralTaper.allCases)
  func equalsScipy(_ taper: SpectralTaper) throws {
    let values: [Double] = RandomKey(seed: 29).normal(count: 100)
    let script = """
      import json, sys, numpy, scipy.signal
      x = numpy.array(json.loads(sys.argv[1]))
      window, overlap = ("hann", 16) if sys.argv[2] == "hann" else ("boxcar", 0)
      power = scipy.signal.welch(x, window=window, nperseg=32, noverlap=overlap,
        detrend="constant", return_onesided=False, scaling="density")[1]
      print(json.dumps(list(power[:17])))
      """
    let given = String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
    let answer = try PeerPython.run(["-c", script, given, taper.rawValue])
    let expected = try JSONDecoder().decode([Double].self, from: answer)
    let column = Matrix(values: values, rowCount: 100, columnCount: 1)
    let found = try updateSpectrum(of: column, windowLength: 32, taper: taper)
    #expect(expected.count == 17)
    for (a, b) in zip(found.power, expected) { #expect(abs(a - b) < 1e-13) }
  }

  @Test(.tags(.law)) func updatesThatAlternateHavePeriodTwo() throws {
    let moves = Matrix(rows: (0..<16).map { [5 + ($0 % 2 == 0 ? 1.0 : -1.0)] })
    let found = try updateSpectrum(of: moves, windowLength: 16)
    #expect(abs(found.periodTwoShare! - 1) < 1e-15 && abs(found.lagOneCorrelation! + 1) < 1e-15)
  }

  @Test func whatDoesNotVaryHasNoShares() throws {
    let found = try updateSpectrum(
      of: Matrix(repeating: 0.1, rowCount: 8, columnCount: 2), windowLength: 8)
    #expect(found.total == 0 && found.periodTwoShare == nil && found.lagOneCorrelation == nil)
    let error = #expect(throws: MeasureError.self) { try found.ratioToNull() }
    #expect(error?.description == "ratioToNull: the updates do not vary")
  }

  @Test(arguments: [
    (8, 12, "updateSpectrum: windowLength is 12.0; expected a power of two, at least 4"),
    (8, 2, "updateSpectrum: windowLength is 2.0; expected a power of two, at least 4"),
    (8, 16, "updateSpectrum: 8 samples; at least 16 are needed"),
  ]) func refusals(rowCount: Int, windowLength: Int, message: String) {
    let moves: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: rowCount, columnCount: 2)
    let error = #expect(throws: MeasureError.self) {
      try updateSpectrum(of: moves, windowLength: windowLength)
    }
    #expect(error?.description == message)
  }
}
