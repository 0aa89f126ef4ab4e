import TestSupport
import Testing

@testable import GrokTraining

@Suite struct CoolingHistoryTests {
  private let rule = CoolingRule(
    quantile: 0.5, patience: 2, interval: 1, smoothing: 1, minimumCount: 3)

  private func frozenCounts(_ temperatures: [[Double]], _ rule: CoolingRule) -> [Int] {
    var history = CoolingHistory(stageCount: temperatures[0].count)
    return temperatures.enumerated().map { step, values in
      history.append(values, step: step, rule: rule)
      return history.frozenCount
    }
  }

  /// By hand: histories 4; 4 3; 4 3 5 with median 4; then 3.9 is cool once, 3.8 of 3 3.9 4 5 twice.
  @Test(.tags(.law)) func aStageFreezesWhenItHasStayedBelowItsMedian() {
    #expect(frozenCounts([[4], [3], [5], [3.9], [3.8], [9]], rule) == [0, 0, 0, 0, 1, 1])
    // One warm value between begins anew.
    #expect(
      frozenCounts([[4], [3], [5], [3.9], [9], [3.8], [3.7]], rule) == [0, 0, 0, 0, 0, 0, 1])
  }

  @Test(.tags(.law)) func stagesFreezeInOrderOneAtATime() {
    // The second is cool long before the first and waits for it.
    let falling = (0..<12).map { 10 - 0.5 * Double($0) }
    let rising = (0..<8).map { 10 + Double($0) } + [5, 4, 3, 2]
    let counts = frozenCounts(zip(rising, falling).map { [$0, $1] }, rule)
    #expect(counts == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2])
  }

  @Test(.tags(.law)) func temperaturesAreSmoothedAndKeptAtIntervals() {
    var rule = rule
    (rule.smoothing, rule.interval) = (0.25, 3)
    var history = CoolingHistory(stageCount: 1)
    let values = [8.0, 4, 0, 4, 4, 4]
    for (step, value) in values.enumerated() { history.append([value], step: step, rule: rule) }
    var smoothed = values[0]
    var kept: [Double] = []
    for (step, value) in values.enumerated().dropFirst() {
      smoothed = 0.25 * value + 0.75 * smoothed
      if step % 3 == 2 { kept.append(smoothed) }
    }
    #expect(history.stages[0].values == kept)
  }

  @Test(.tags(.law)) func textHoldsEverything() {
    var history = CoolingHistory(stageCount: 2)
    #expect(CoolingHistory(history.text) == history)
    let draws: [Double] = RandomKey(seed: 4).normal(count: 60)
    for step in 0..<30 {
      history.append(
        [abs(draws[2 * step]), abs(draws[2 * step + 1])], step: step,
        rule: CoolingRule(quantile: 0.9, patience: 1, interval: 2, minimumCount: 2))
    }
    #expect(history.frozenCount > 0)
    #expect(CoolingHistory(history.text) == history)
    #expect(CoolingHistory("{}") == nil)
  }
}
