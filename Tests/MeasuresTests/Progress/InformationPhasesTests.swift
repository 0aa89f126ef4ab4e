import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct InformationPhasesTests {
  private let steps = [0] + (0..<60).map { Int(pow(10, 1 + Double($0) * 3 / 59)) }
  private let key = RandomKey(seed: 3)

  /// Down by 1 until step 100, up by 2 until 1,000, down by `compression`.
  private func series(compression: Double, noise: Double = 0, seed: UInt64 = 0) throws
    -> RecordedSeries
  {
    let draws: [Double] = RandomKey(seed: seed).normal(count: steps.count)
    func part(_ step: Int, _ low: Double, _ high: Double) -> Double {
      min(1, max(0, (decades(ofStep: step) - low) / (high - low)))
    }
    return try RecordedSeries(
      steps: steps,
      values: steps.indices.map { index in
        let step = steps[index]
        return 3 - part(step, 0, 2) + 2 * part(step, 2, 3) - compression * part(step, 3, 4)
          + noise * draws[index]
      })
  }

  @Test func boundariesAndAmountsOfAnExactCurve() throws {
    let phases = try informationPhases(of: series(compression: 0.5), window: 1)
    #expect(phases.start == RecordedExtremum(step: 0, value: 3))
    #expect(abs(log10(Double(phases.minimum.step)) - 2) < 0.051)
    #expect(abs(log10(Double(phases.maximum.step)) - 3) < 0.051)
    #expect(abs(phases.fall - 1) < 0.05)
    #expect(abs(phases.rise - 2) < 0.1)
    #expect(abs(phases.compression - 0.5) < 0.05)
    #expect(phases.isLarger(phases.compression))
  }

  @Test func aFallingSeriesHasNoRise() throws {
    let values = steps.indices.map { -Double($0) }
    let phases = try informationPhases(
      of: RecordedSeries(steps: steps, values: values), window: 3)
    #expect(phases.rise == 0)
    #expect(phases.compression == 0)
    #expect(phases.fall == 60)
  }

  @Test func oneRecordDecidesNothing() throws {
    let clean = try series(compression: 0.5)
    var values = clean.values
    values[50] = 100
    let phases = try informationPhases(of: RecordedSeries(steps: steps, values: values))
    #expect(phases.maximum.value < 4.1)
  }

  @Test func compressionIsSeenOverRuns() throws {
    let runs = try (0..<5).map { try series(compression: 0.5, noise: 0.1, seed: $0) }
    let estimate = try informationPhases(over: runs, key: key)
    #expect(estimate.compression.isAboveZero)
    #expect(estimate.compression.interval.contains(0.45))
    #expect(estimate.fall.isAboveZero && estimate.rise.isAboveZero)
    #expect(abs(estimate.minimumDecades.mean - 2) < 0.15)
    #expect(abs(estimate.maximumDecades.mean - 3) < 0.15)
  }

  /// A curve that ends on a plateau: its own maximum always lies above its end, that of other runs does not.
  @Test func noiseIsNoCompression() throws {
    var seen = 0
    var (mean, own) = (0.0, 0.0)
    for trial in 0..<40 {
      let runs = try (0..<5).map {
        try series(compression: 0, noise: 0.1, seed: UInt64(100 + 5 * trial + $0))
      }
      let estimate = try informationPhases(over: runs, resampleCount: 1_000, key: key)
      if estimate.compression.isAboveZero { seen += 1 }
      mean += estimate.compression.mean / 40
      own += try informationPhases(of: runs[0]).compression / 40
    }
    #expect(own > 0.05)
    // A percentile interval of five runs has a lower end above 0 in about 8 % of cases; 40 trials.
    #expect(seen <= 8)
    #expect(abs(mean) < 0.02)
  }

  @Test func messages() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch {
        return "\(error)"
      }
    }
    let run = try series(compression: 0)
    let short = try RecordedSeries(steps: [0, 1], values: [0, 1])
    #expect(
      message { _ = try informationPhases(of: run, window: 4) }
        == "informationPhases: window is 4.0; expected an odd whole number")
    #expect(
      message { _ = try informationPhases(of: short) }
        == "informationPhases: 2 samples; at least 10 are needed")
    #expect(
      message { _ = try informationPhases(over: [run, run], key: key) }
        == "informationPhases: 2 samples; at least 3 are needed")
    #expect(
      message { _ = try informationPhases(over: [run, run, short], key: key) }
        == "informationPhases: one run has 61 records up to step 10000, another 2 up to step 1, or "
        + "at other steps between")
  }
}
