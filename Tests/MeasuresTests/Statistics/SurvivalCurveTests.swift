import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SurvivalCurveTests {
  @Test(.tags(.golden), arguments: ["some never", "most never", "all", "five"])
  func equalsLifelines(group: String) throws {
    let expected = OnsetFixture.value("survival", group)
    let curve = try survivalCurve(of: OnsetFixture.times(group))
    #expect(curve.points.map(\.time) == numbers(expected, "at"))
    #expect(largestDifference(curve.points.map(\.survival), numbers(expected, "survival")) < 1e-14)
    for (index, point) in curve.points.enumerated() where point.survival > 0 {
      #expect(abs((point.interval.lower ?? .nan) - numbers(expected, "lower")[index]) < 1e-12)
      #expect(abs((point.interval.upper ?? .nan) - numbers(expected, "upper")[index]) < 1e-12)
    }
    #expect(curve.medianInterval.lower == expected?.object?["medianLower"]?.double)
    switch group {
    case "all":
      // lifelines says 450, for its 0.5 after step 310 has been rounded up.
      #expect(curve.median == 310)
      #expect(curve.medianInterval.upper == number(expected, "medianUpper"))
    case "five":
      // lifelines says 2000, the last of five, at which its interval for the curve is 0 to 0.
      #expect(curve.median == number(expected, "median"))
      #expect(curve.medianInterval.upper == nil)
    default:
      #expect(curve.median == expected?.object?["median"]?.double)
      #expect(curve.medianInterval.upper == expected?.object?["medianUpper"]?.double)
    }
  }

  @Test(.tags(.law)) func withoutCensoringItIsTheShareThatIsLeft() throws {
    let times: [Double] = [5, 3, 9, 1, 7, 11, 13]
    let curve = try survivalCurve(of: times.map { CensoredTime($0) })
    #expect(curve.points.map(\.time) == times.sorted())
    for (index, point) in curve.points.enumerated() {
      let share = Double(6 - index) / 7
      #expect(abs(point.survival - share) < 1e-14)
      // Greenwood's error is then the binomial one.
      #expect(abs(point.standardError - (share * (1 - share) / 7).squareRoot()) < 1e-14)
    }
    #expect(curve.median == 7)
    #expect(curve.eventFraction.value == 1)
  }

  @Test(.tags(.law)) func nothingSeenIsStillACurve() throws {
    let never = (0..<5).map { _ in CensoredTime(3000, isCensored: true) }
    let curve = try survivalCurve(of: never)
    #expect(curve.points.isEmpty && curve.median == nil)
    #expect(curve.medianInterval == Interval(lower: nil, upper: nil))
    #expect(curve.eventFraction.value == 0)
    #expect(abs(curve.eventFraction.interval().upperBound - 0.434) < 0.001)
  }

  @Test(.tags(.statistical)) func theMedianIntervalHoldsTheMedian() throws {
    // Exponential times with median 1, watched until a time of 2: 25 % are censored.
    var coveredCount = 0
    for seed in 0..<500 {
      let numbers: [Double] = RandomKey(seed: 6).fork(seed).uniform(count: 25)
      let times = numbers.map { number in
        let time = -log2(1 - number)
        return CensoredTime(min(time, 2), isCensored: time > 2)
      }
      let interval = try survivalCurve(of: times).medianInterval
      if interval.contains(1) { coveredCount += 1 }
    }
    #expect(coveredCount >= 460, "\(coveredCount) of 500")
  }

  @Test func onsetsAreTimes() {
    let onset = Onset(step: 70, earliestStep: 60, latestStep: 70)
    #expect(CensoredTime(OnsetObservation(onset: onset, lastStep: 900)) == CensoredTime(70))
    #expect(
      CensoredTime(OnsetObservation(onset: nil, lastStep: 900))
        == CensoredTime(900, isCensored: true))
  }

  @Test func refusals() {
    #expect(throws: MeasureError.tooFewSamples(measure: "survivalCurve", found: 0, needed: 1)) {
      try survivalCurve(of: [])
    }
    #expect(
      throws: MeasureError.nonFiniteInput(
        measure: "survivalCurve", array: "the times", index: 1)
    ) { try survivalCurve(of: [CensoredTime(1), CensoredTime(.nan)]) }
    #expect(
      throws: MeasureError.outOfRange(
        measure: "survivalCurve", what: "time 0", value: -1, expected: "at least 0")
    ) { try survivalCurve(of: [CensoredTime(-1)]) }
    #expect(throws: MeasureError.self) {
      try survivalCurve(of: [CensoredTime(1)], confidence: 0)
    }
  }
}

@Suite struct ProportionTests {
  @Test(.tags(.golden)) func equalsStatsmodels() throws {
    for expected in OnsetFixture.value("wilson")?.array ?? [] {
      let found = try Proportion(
        count: Int(number(expected, "count")), total: Int(number(expected, "total"))
      ).interval(confidence: number(expected, "confidence"))
      let interval = numbers(expected, "interval")
      #expect(abs(found.lowerBound - interval[0]) < 1e-14)
      #expect(abs(found.upperBound - interval[1]) < 1e-14)
    }
  }

  @Test(.tags(.law)) func successAndFailureMirror() throws {
    let (a, b) = (try Proportion(count: 2, total: 9), try Proportion(count: 7, total: 9))
    let upper = a.interval().upperBound
    #expect(abs(a.interval().lowerBound - (1 - b.interval().upperBound)) < 1e-15)
    #expect(abs(a.value - (1 - b.value)) < 1e-15)
    // Where the score test just rejects: |p − π| = z √(π (1 − π)/n).
    let deviation = (upper * (1 - upper) / 9).squareRoot()
    #expect(abs((upper - a.value) / deviation - 1.959963984540054) < 1e-12)
  }

  @Test(arguments: [
    (0, 0, "proportion: 0 samples; at least 1 are needed"),
    (4, 3, "proportion: the count is 4.0; expected 0 to 3"),
    (-1, 3, "proportion: the count is -1.0; expected 0 to 3"),
  ])
  func refusals(count: Int, total: Int, message: String) {
    let error = #expect(throws: MeasureError.self) { try Proportion(count: count, total: total) }
    #expect(error?.description == message)
  }
}

@Suite struct LogRankTestTests {
  @Test(.tags(.golden)) func equalsLifelines() throws {
    for expected in OnsetFixture.value("logRank")?.array ?? [] {
      let first = OnsetFixture.times(expected.object?["first"]?.string ?? "")
      let second = OnsetFixture.times(expected.object?["second"]?.string ?? "")
      let found = try logRankTest(between: first, and: second)
      #expect(abs(found.statistic - number(expected, "statistic")) < 1e-12)
      #expect(abs(found.pValue - number(expected, "p")) < 1e-12)
      let mirrored = try logRankTest(between: second, and: first)
      #expect(abs(mirrored.statistic - found.statistic) < 1e-12)
      #expect(mirrored.isFirstLater != found.isFirstLater)
    }
  }

  @Test(.tags(.law)) func onlyTheOrderMatters() throws {
    let (a, b): ([Double], [Double]) = ([1, 4, 6, 9], [2, 3, 8, 10, 12])
    let plain = try logRankTest(
      between: a.map { CensoredTime($0) }, and: b.map { CensoredTime($0) })
    let warped = try logRankTest(
      between: a.map { CensoredTime(pow(10, $0)) }, and: b.map { CensoredTime(pow(10, $0)) })
    #expect(plain == warped)
    #expect(!plain.isFirstLater)
    // Observed and expected of both groups add up to all.
    let other = try logRankTest(
      between: b.map { CensoredTime($0) }, and: a.map { CensoredTime($0) })
    #expect(abs(plain.expectedCount + other.expectedCount - 9) < 1e-12)
  }

  @Test func whatCannotBeComparedIsRefused() {
    let never = [CensoredTime(5, isCensored: true)]
    let error = #expect(throws: MeasureError.self) { try logRankTest(between: never, and: never) }
    #expect(
      error?.description
        == "logRankTest: nothing happened while runs of both groups were watched, or in all at once; "
        + "there is nothing to compare")
    #expect(throws: MeasureError.tooFewSamples(measure: "logRankTest", found: 0, needed: 1)) {
      try logRankTest(between: [], and: never)
    }
  }
}
