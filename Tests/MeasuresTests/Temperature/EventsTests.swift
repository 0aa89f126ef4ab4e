import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct EventsTests {
  private let key = RandomKey(seed: 12)

  /// Runs whose ln T jumps by `jump` at their event, over noise.
  private func runs(jump: Double, count: Int = 5, key: RandomKey) throws -> [EventRun] {
    try (0..<count).map { run in
      let event = 1000 + 200 * run
      let noise: [Double] = key.fork(run).normal(count: 301)
      let logs = noise.enumerated().map { 0.1 * $1 + ($0 * 10 > event ? jump : 0) }
      return EventRun(temperature: try records(logs.map { exp($0) }, every: 10), eventStep: event)
    }
  }

  @Test(.tags(.statistical)) func aJumpIsSeenWithItsSize() throws {
    let found = try eventAlignedTemperature(
      of: runs(jump: 1, key: key), window: 300, pointCount: 21, key: key)
    // 60 records of noise 0.1 in each of five runs.
    #expect(abs(found.change.value - 1) < 0.05)
    #expect(found.change.interval.contains(found.change.value) && found.change.runs.count == 5)
    #expect((found.change.interval.lower ?? 0) > 0.9)
    // A jump is as far below its surroundings as above them.
    #expect(abs(found.peak.value) < 0.1)
    #expect(found.points.map(\.offset).first == -300 && found.points.map(\.offset).last == 300)
    #expect(found.points[10].offset == 0 && found.points.count == 21)
    #expect(abs(found.points[0].mean) < 0.2 && abs(found.points[20].mean - 1) < 0.2)
    let null = found.change.comparison
    #expect(null.pValue < 0.02, "\(null)")
    #expect(try #require(null.nullInterval.upper) < found.change.value)
  }

  /// ln T higher by 1 within 100 steps of the event.
  @Test(.tags(.statistical)) func aPeakIsNoChange() throws {
    let all = try runs(jump: 0, key: key).map { run in
      let values = zip(run.temperature.steps, run.temperature.values).map { step, value in
        abs(step - run.eventStep) <= 100 ? value * exp(1) : value
      }
      return EventRun(
        temperature: try RecordedSeries(steps: run.temperature.steps, values: values),
        eventStep: run.eventStep)
    }
    let found = try eventAlignedTemperature(of: all, window: 300, key: key)
    #expect(abs(found.peak.value - 1) < 0.05 && found.peak.comparison.pValue < 0.02)
    #expect(abs(found.change.value) < 0.05 && found.change.comparison.pValue > 0.1)
  }

  @Test(.tags(.statistical)) func randomEventsKeepTheirLevel() throws {
    var (found, peaks) = (0, 0)
    for draw in 0..<60 {
      let result = try eventAlignedTemperature(
        of: runs(jump: 0, count: 3, key: key.fork(draw)), window: 200, pointCount: 2,
        resampleCount: 100, nullCount: 99, key: key.fork(draw))
      found += result.change.comparison.pValue <= 0.05 ? 1 : 0
      peaks += result.peak.comparison.pValue <= 0.05 ? 1 : 0
    }
    // 3 of 60, and three standard errors of 1.7.
    #expect(found <= 8 && peaks <= 8)
  }

  @Test(.tags(.law)) func valuesLieOnLinesBetweenRecords() throws {
    let series = try RecordedSeries(
      steps: [0, 10, 24, 40, 50], values: [0, 1, 2.4, 4, 4].map { exp($0) })
    let run = EventRun(temperature: series, eventStep: 20)
    let found = try eventAlignedTemperature(
      of: [run, run], window: 20, pointCount: 3, resampleCount: 100, nullCount: 2, key: key)
    #expect(zip(found.points.map(\.mean), [0, 2, 4]).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(abs(found.change.value - (3.2 - 0.5)) < 1e-14)
    // Within 6 steps there is the record at 24 alone.
    #expect(abs(found.peak.value - (2.4 - 5.0 / 3)) < 1e-14)
  }

  @Test(.tags(.statistical)) func temperatureAheadOfPerformance() throws {
    let drive: [Double] = key.normal(count: 500)
    var (heat, loss) = ([Double](), [Double]())
    for t in drive.indices {
      heat.append((heat.last ?? 0) + 0.05 * drive[t])
      loss.append((loss.last ?? 3) - 0.02 * (t < 4 ? 0 : drive[t - 4]))
    }
    let found = try performanceCorrelation(
      of: records(heat.map { exp($0) }), with: records(loss), largestLag: 10,
      surrogateCount: 99, key: key)
    #expect(found.lag == 4 && found.correlations.count == 21)
    #expect(found.correlations[14] < -0.9 && found.comparison.pValue == 0.01)
    let shifted = try performanceCorrelation(
      of: records(heat.map { exp($0) }), with: records(loss), largestLag: 10,
      surrogates: .circularShifts, key: key)
    // A circle of 499 differences has no more than 499/21 windows.
    #expect(shifted.lag == 4 && shifted.comparison.pValue == 21.0 / 499)
  }

  /// Two walks that have nothing to do with each other: levels correlate, differences do not.
  @Test(.tags(.statistical)) func walksDoNotCorrelate() throws {
    var (found, naive) = (0, 0)
    for draw in 0..<60 {
      let walks = (0..<2).map { autoregression(1, count: 100, key: key.fork(draw).fork($0)) }
      let result = try performanceCorrelation(
        of: records(walks[0].map { exp(0.01 * $0) }), with: records(walks[1]), largestLag: 3,
        surrogateCount: 39, key: key.fork(draw))
      found += result.comparison.pValue <= 0.05 ? 1 : 0
      naive += try rankCorrelation(between: walks[0], and: walks[1]).pValue < 0.05 ? 1 : 0
    }
    // 3 of 60, and three standard errors of 1.7.
    #expect(found <= 8, "\(found) of 60")
    #expect(naive > 30)
  }

  @Test(.tags(.law)) func subtasks() throws {
    let found = try subtaskTemperatures(of: Matrix(rows: [[3, 4], [-3, -4], [4, -3], [0, 0]]))
    #expect(found.norms == [5, 5, 5, 0])
    #expect(found.interference(between: 0, and: 1) == -1)
    #expect(found.interference(between: 0, and: 2) == 0)
    #expect(found.interference(between: 0, and: 3) == nil)
  }

  @Test func refusals() throws {
    let run = EventRun(temperature: try records([1, 2, 3, 4], every: 10), eventStep: 28)
    expectMessage("eventAlignedTemperature: 1 samples; at least 2 are needed") {
      _ = try eventAlignedTemperature(of: [run], window: 10, key: key)
    }
    expectMessage(
      "eventAlignedTemperature: run 0 has its event at step 28 and was recorded from step 0 to 30; "
        + "records 10 steps to either side are needed"
    ) { _ = try eventAlignedTemperature(of: [run, run], window: 10, key: key) }
    expectMessage(
      "eventAlignedTemperature: run 0 was recorded from step 0 to 30, which is less than a window of "
        + "20 steps to either side"
    ) { _ = try eventAlignedTemperature(of: [run, run], window: 20, key: key) }
    expectMessage("performanceCorrelation: the two series have different steps") {
      _ = try performanceCorrelation(
        of: records([1, 2]), with: records([1, 2], every: 2), key: key)
    }
  }
}
