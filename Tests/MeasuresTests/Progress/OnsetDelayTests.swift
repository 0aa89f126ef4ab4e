import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct OnsetDelayTests {
  private let key = RandomKey(seed: 1)

  /// An onset that is known to the step.
  private func seen(_ step: Int) -> OnsetObservation {
    OnsetObservation(
      onset: Onset(step: step, earliestStep: step, latestStep: step), lastStep: 1_000_000)
  }

  private func unseen(_ lastStep: Int) -> OnsetObservation {
    OnsetObservation(onset: nil, lastStep: lastStep)
  }

  @Test(.tags(.law)) func oneRunGivesAnInterval() {
    let a = OnsetObservation(
      onset: Onset(step: 200, earliestStep: 100, latestStep: 200), lastStep: 9000)
    let b = OnsetObservation(
      onset: Onset(step: 2000, earliestStep: 1000, latestStep: 2000), lastStep: 9000)
    let both = delay(between: a, and: b)
    #expect(both.steps == 1800)
    #expect(abs((both.decades ?? .nan) - 1) < 1e-12)
    #expect(both.stepBounds == Interval(lower: 800, upper: 1900))
    #expect(abs((both.decadeBounds.lower ?? .nan) - log10(5)) < 1e-12)
    #expect(abs((both.decadeBounds.upper ?? .nan) - log10(20)) < 1e-12)
    let reverse = delay(between: b, and: a)
    #expect(reverse.steps == -1800)
    #expect(reverse.stepBounds == Interval(lower: -1900, upper: -800))
    let open = delay(between: a, and: unseen(9000))
    #expect(open.steps == nil && open.decades == nil)
    #expect(open.stepBounds == Interval(lower: 8800, upper: nil))
    #expect(
      delay(between: unseen(9000), and: b).stepBounds == Interval(lower: nil, upper: -7000))
    #expect(
      delay(between: unseen(1), and: unseen(1)).decadeBounds == Interval(lower: nil, upper: nil))
  }

  @Test(.tags(.law)) func equalDelaysHaveNoSpread() throws {
    let first = [100, 300, 70, 1000].map { seen($0) }
    let second = [1000, 3000, 700, 10000].map { seen($0) }
    for statistic in [DelayStatistic.median, .mean] {
      let result = try delay(between: first, and: second, statistic: statistic, key: key)
      #expect(abs((result.decades.value ?? .nan) - 1) < 1e-12)
      #expect(abs((result.decades.interval.lower ?? .nan) - 1) < 1e-12)
      #expect(abs((result.decades.interval.upper ?? .nan) - 1) < 1e-12)
      #expect((result.runCount, result.completeCount) == (4, 4))
    }
  }

  @Test(.tags(.oracle)) func theMeanIsThatOfThePlainBootstrap() throws {
    let steps: [Int] = [120, 340, 210, 990, 400, 150, 610]
    let first = steps.map { _ in seen(10) }
    let result = try delay(
      between: first, and: steps.map { seen($0) }, statistic: .mean, confidence: 0.9,
      resampleCount: 2000, key: key)
    let plain = try bootstrapInterval(
      of: steps.map { Double($0 - 10) }, confidence: 0.9, resampleCount: 2000, key: key
    ) { $0.reduce(0, +) / Double($0.count) }
    #expect(result.steps.interval == plain)
    #expect(result.steps.value == steps.map { Double($0 - 10) }.reduce(0, +) / 7)
  }

  @Test(.tags(.law)) func runsWithoutOnsetAreNotLeftOut() throws {
    let first = [10, 10, 10, 10, 10].map { seen($0) }
    // Two of five never came within 5,000 steps: the median did not need them.
    let second = [seen(100), seen(300), seen(200), unseen(5000), unseen(5000)]
    let result = try delay(between: first, and: second, key: key)
    #expect(result.steps.value == 290)
    #expect(result.steps.bounds == Interval(lower: 290, upper: 290))
    #expect(result.steps.interval.upper == nil)  // Resamples hold three of the two often enough.
    #expect((result.runCount, result.completeCount) == (5, 3))
    // Three of five: at least as long as the longest that was watched.
    let most = [seen(100), seen(300), unseen(5000), unseen(5000), unseen(5000)]
    let open = try delay(between: first, and: most, key: key)
    #expect(open.steps.value == nil)
    #expect(open.steps.bounds == Interval(lower: 4990, upper: nil))
    #expect(open.decades.interval.upper == nil)
    let mean = try delay(between: first, and: second, statistic: .mean, key: key)
    #expect(mean.steps.value == nil)
    #expect(mean.steps.bounds == Interval(lower: 2110, upper: nil))
    #expect(mean.steps.interval.upper == nil)
    // The other way round.
    let early = try delay(between: second, and: first, key: key)
    #expect(early.steps.value == -290)
    #expect(early.steps.interval.lower == nil)
  }

  @Test(.tags(.law)) func recordsFarApartWidenTheInterval() throws {
    func observed(_ step: Int, spacing: Int) -> OnsetObservation {
      OnsetObservation(
        onset: Onset(step: step, earliestStep: step - spacing, latestStep: step), lastStep: 9999)
    }
    let steps = [1000, 1200, 1100, 1400, 1300, 900]
    func interval(spacing: Int) throws -> Interval {
      try delay(
        between: steps.map { _ in seen(500) }, and: steps.map { observed($0, spacing: spacing) },
        key: key
      ).decades.interval
    }
    let (narrow, wide) = (try interval(spacing: 0), try interval(spacing: 400))
    #expect(wide.upper == narrow.upper)
    #expect((wide.lower ?? .nan) < (narrow.lower ?? .nan) - 0.1)
  }

  @Test(arguments: [
    (1.0, CoincidenceVerdict.secondIsLater), (-1.0, .secondIsEarlier), (0, .coincide),
    (0.25, .undecided),
  ])
  func verdicts(shift: Double, verdict: CoincidenceVerdict) throws {
    let offsets = [-0.05, 0.04, 0.01, -0.02, 0.03, 0]
    let first = offsets.map { _ in seen(100_000) }
    let second = offsets.map { seen(Int(pow(10, 5 + shift + $0).rounded())) }
    let result = try coincidence(of: first, and: second, within: 0.25, key: key)
    #expect(result.verdict == verdict)
    #expect(result.tolerance == 0.25)
    #expect(try result.delay == delay(between: first, and: second, key: key))
  }

  @Test func aRunWithoutOnsetMayLeaveItUndecided() throws {
    let first = (0..<5).map { _ in seen(1000) }
    let second = [seen(1000), seen(1010), seen(990), unseen(5000), unseen(5000)]
    #expect(try coincidence(of: first, and: second, key: key).verdict == .undecided)
  }

  @Test func refusals() throws {
    let runs = [seen(1), seen(2)]
    #expect(throws: MeasureError.rowCountMismatch(measure: "delay", first: 2, second: 1)) {
      try delay(between: runs, and: [seen(1)], key: key)
    }
    #expect(throws: MeasureError.tooFewSamples(measure: "delay", found: 1, needed: 2)) {
      try delay(between: [seen(1)], and: [seen(2)], key: key)
    }
    let error = #expect(throws: MeasureError.self) {
      try coincidence(of: runs, and: runs, within: 0, key: key)
    }
    #expect(error?.description == "coincidence: tolerance is 0.0; expected above 0 and finite")
  }
}
