import GrokNumerics
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct CurveBandTests {
  private func curve(_ points: [Int: Double]) -> RunCurves.Curve {
    let steps = points.keys.sorted()
    return RunCurves.Curve(steps: steps, values: steps.map { points[$0]! })
  }

  @Test(.tags(.law)) func theIntervalIsThatOfTextbooks() {
    // Mean 3, standard deviation √2.5; Student's bound for four degrees of freedom is 2.776.
    let values = [1.0, 2, 3, 4, 5]
    let interval = BandKind.interval.summary(of: values, isLogarithmic: false)
    let half = 2.7764451 * (2.5 / 5.0).squareRoot()
    #expect(interval.middle == 3)
    #expect(abs(interval.upper! - (3 + half)) < 1e-6 && abs(interval.lower! - (3 - half)) < 1e-6)
    let deviation = BandKind.deviation.summary(of: values, isLogarithmic: false)
    #expect(abs(deviation.upper! - (3 + 2.5.squareRoot())) < 1e-12)
    let range = BandKind.range.summary(of: [5, 1, 2, 9], isLogarithmic: false)
    #expect(range.middle == 3.5 && range.lower == 1 && range.upper == 9)
  }

  @Test(.tags(.law)) func logarithmsGiveTheGeometricMean() {
    let summary = BandKind.deviation.summary(of: [0.001, 0.1], isLogarithmic: true)
    #expect(abs(summary.middle - 0.01) < 1e-15)
    // One deviation of the logarithms −3 and −1 is √2.
    #expect(abs(summary.upper! / summary.middle - 25.954553) < 1e-5)
    #expect(abs(summary.upper! * summary.lower! - 1e-4) < 1e-15)
  }

  @Test(arguments: BandKind.allCases) func oneRunHasNoBand(kind: BandKind) {
    let summary = kind.summary(of: [0.3], isLogarithmic: true)
    #expect(summary.middle == 0.3 && summary.lower == nil && summary.upper == nil)
  }

  @Test func onlySharedStepsCount() {
    let band = CurveBand(
      [curve([0: 1, 10: 2, 20: 4, 30: 8]), curve([0: 3, 15: 9, 20: 6])], kind: .range,
      isLogarithmic: false)
    // 10 and 15 were recorded by one run while the other went on; at 30 the other had ended.
    #expect(band.steps == [0, 20, 30])
    #expect(band.middle == [2, 5, 8])
    #expect(band.lower == [1, 4, nil])
    #expect(band.runCounts == [2, 2, 1])
    #expect(band.unsharedStepCount == 2)
  }

  @Test func whatAnAxisCannotShowIsLeftOutAndCounted() {
    let curves = [curve([0: 1, 1: .nan, 2: 0]), curve([0: 1, 1: 5, 2: 4])]
    let logarithmic = CurveBand(curves, kind: .interval, isLogarithmic: true)
    #expect(logarithmic.runCounts == [2, 1, 1] && logarithmic.omittedCount == 2)
    let linear = CurveBand(curves, kind: .interval, isLogarithmic: false)
    #expect(linear.runCounts == [2, 1, 2] && linear.omittedCount == 1)
  }

  /// Against the plain way: look every step up in every run.
  @Test(.tags(.oracle), arguments: 0..<20 as Range<UInt64>) func agreesWithLookingUp(seed: UInt64) {
    let key = RandomKey(seed: seed)
    let curves = (0..<5).map { run -> RunCurves.Curve in
      let key = key.fork(run)
      let end = key.integer(at: 0, in: 20..<60)
      let steps = (0..<end).filter { key.integer(at: $0 + 1, in: 0..<10) > 1 || $0 % 5 == 0 }
      return RunCurves.Curve(
        steps: steps, values: steps.map { Double(key.integer(at: 100 + $0, in: 1..<99)) })
    }
    let band = CurveBand(curves, kind: .range, isLogarithmic: false)
    var expected: [Int] = []
    for step in 0..<60 {
      let alive = curves.filter { $0.steps.last! >= step }
      if !alive.isEmpty, alive.allSatisfy({ $0.steps.contains(step) }) { expected.append(step) }
    }
    #expect(band.steps == expected)
    for (index, step) in band.steps.enumerated() {
      let values = curves.compactMap { curve in
        curve.steps.firstIndex(of: step).map { curve.values[$0] }
      }
      #expect(band.runCounts[index] == values.count)
      if values.count > 1 {
        #expect(band.upper[index] == values.max() && band.lower[index] == values.min())
      }
    }
  }
}

@Suite struct StepStatisticsTests {
  @Test(
    arguments: [
      ([], ""), ([5_200], "5,200"), ([nil], "never"), ([nil, nil], "never"),
      ([300, 100, 200], "200 (100–300)"), ([100, 200], "150 (100–200)"),
      ([100, nil, 200], "200 (100–never)"), ([100, nil], "never (100–never)"),
      ([0, 0, 0], "0"), ([-20, 10, 40], "10 (−20–40)"),
    ] as [([Int?], String)])
  func neverIsLaterThanAll(steps: [Int?], text: String) {
    #expect(StepStatistics(steps).text == text)
  }
}
