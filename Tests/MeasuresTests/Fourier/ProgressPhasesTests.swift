import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct ProgressPhasesTests {
  /// Curves with the shape of the published ones: memorised at 1,400, generalised between 9,400 and 14,000.
  private static func curves(generalizes: Bool = true) throws -> (RecordedSeries, RecordedSeries) {
    let steps = Array(stride(from: 0, through: 40_000, by: 200))
    let excluded = steps.map { step -> Double in
      let t = Double(step)
      return t <= 1_400 ? 5 * exp(-t / 300) + 0.01 : 0.06 + 4 * (1 - exp(-(t - 1_400) / 4_000))
    }
    let test = steps.map { step -> Double in
      let t = Double(step)
      guard generalizes, t > 9_400 else { return 20 }
      return 20 * exp(-(min(t, 14_000) - 9_400) / 300)
    }
    return (
      try RecordedSeries(steps: steps, values: excluded),
      try RecordedSeries(steps: steps, values: test)
    )
  }

  @Test func boundariesOfKnownCurves() throws {
    let (excluded, test) = try Self.curves()
    let phases = try progressPhases(excludedTrainLoss: excluded, testLoss: test)
    // The mean over 5 records lags by at most two of them.
    #expect((1_400...1_800).contains(phases.memorizationEnd ?? 0))
    #expect((9_200...9_800).contains(phases.cleanupStart ?? 0))
    #expect((13_600...14_000).contains(phases.cleanupEnd ?? 0))
  }

  @Test func neverIsNever() throws {
    let (excluded, test) = try Self.curves(generalizes: false)
    let phases = try progressPhases(excludedTrainLoss: excluded, testLoss: test)
    #expect(phases.cleanupStart == nil && phases.cleanupEnd == nil)
    #expect(phases.memorizationEnd != nil)
    let falling = try RecordedSeries(
      steps: excluded.steps, values: excluded.steps.map { exp(-Double($0) / 1_000) })
    #expect(
      try progressPhases(excludedTrainLoss: falling, testLoss: test)
        == ProgressPhases(memorizationEnd: nil, cleanupStart: nil, cleanupEnd: nil))
  }

  @Test func messages() throws {
    let short = try RecordedSeries(steps: [1, 2], values: [1, 1])
    let (long, _) = try Self.curves()
    let zero = try RecordedSeries(steps: long.steps, values: long.values.map { _ in 0 })
    for (excluded, test, message) in [
      (short, short, "progressPhases: 2 samples; at least 8 are needed"),
      (
        short, long,
        "progressPhases: 2 rows cannot be paired with 201; row i of both must belong to one sample"
      ),
      (long, zero, "progressPhases: a loss is 0.0; expected above 0"),
    ] {
      #expect {
        _ = try progressPhases(excludedTrainLoss: excluded, testLoss: test)
      } throws: {
        "\($0)" == message
      }
    }
  }
}
