import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct CoolingTests {
  private typealias Fixture = TemperatureFixture
  private let key = RandomKey(seed: 31)

  @Test(.tags(.golden)) func lawsEqualScipy() throws {
    let series = try RecordedSeries(
      steps: Fixture.numbers("cooling", "steps").map { Int($0) },
      values: Fixture.numbers("cooling", "values"))
    let found = try coolingLaw(of: series)
    for (fit, name) in [(found.exponential, "exponential"), (found.power, "power")] {
      #expect(isClose(fit.rate, Fixture.number("cooling", name, "rate"), within: 1e-9))
      #expect(isClose(fit.standardError, Fixture.number("cooling", name, "error"), within: 1e-9))
      #expect(isClose(fit.intercept, Fixture.number("cooling", name, "intercept"), within: 1e-9))
      #expect(isClose(fit.explainedVariance, Fixture.number("cooling", name, "r2"), within: 1e-9))
      #expect(
        isClose(fit.informationCriterion, Fixture.number("cooling", name, "aic"), within: 1e-9))
    }
    #expect(found.exponentialAdvantage > 10)
    #expect(abs((found.halfLife ?? 0) - log(2) / 0.004) < 10)
  }

  @Test(.tags(.law)) func powersAreNotExponential() throws {
    let series = try RecordedSeries(
      steps: Array(1...100), values: (1...100).map { 3 * pow(Double($0), -0.7) })
    let found = try coolingLaw(of: series)
    #expect(isClose(found.power.rate, 0.7) && found.exponentialAdvantage < -10)
    let part = try coolingLaw(of: series, in: 10...20)
    #expect(part.recordCount == 11)
    let rising = try RecordedSeries(steps: [1, 2, 3, 4], values: [1, 2, 4, 9])
    #expect(try coolingLaw(of: rising).halfLife == nil)
  }

  @Test(.tags(.law)) func halfCooling() throws {
    // 8 for five records, then half of that for ever: e_t = 4 + 4 · 0.92^k falls to 4 only in the limit.
    let step = [8.0, 8, 8, 8, 8, 4, 4, 4, 3, 3]
    #expect(try coolingTime(of: records(step, every: 20), smoothing: nil).step == 100)
    let never = try coolingTime(of: records(step, every: 20))
    #expect(never.step == nil && never.lastStep == 180 && never.startLevel == 8)
    #expect(never.censored == CensoredTime(180, isCensored: true))
  }

  /// White noise of a deviation σ about its average: the variance ratio of an average with α is (2 − α)/α.
  @Test(.tags(.statistical)) func noiseOfWhiteNoise() throws {
    let noise: [Double] = key.normal(count: 4000)
    let found = try temperatureNoise(of: records(noise.map { exp(0.1 * $0) }), from: 100)
    // ln T − ln s: 1 − α of the newest value, and what is left of the others.
    let expected = 0.1 * (0.92 * 0.92 * (1 + 0.08 / 1.92)).squareRoot()
    #expect(abs(found.deviation - expected) < 0.06 * expected, "\(found)")
    #expect((found.ratio ?? 0) > 10)
    let falling = try temperatureNoise(of: records((0..<100).map { exp(-0.1 * Double($0)) }))
    #expect((falling.ratio ?? 1) < 0.3)
  }

  @Test(.tags(.law)) func rebounds() throws {
    let falls = (0..<60).map { exp(-0.05 * Double($0)) }
    let down = try rebound(of: records(falls))
    #expect(down.factor == 1 && down.trend == nil && down.minimumStep == 59)
    let rises = falls + (0..<120).map { falls[59] * exp(0.02 * Double($0)) }
    let up = try rebound(of: records(rises))
    #expect(up.factor > 1.5 && up.minimumStep < 100)
    #expect((up.trend?.tau ?? 0) > 0.99 && (up.trend?.pValue ?? 1) < 0.01)
  }

  /// Sharp dips at known places are found; noise of the same spectrum has fewer.
  @Test(.tags(.statistical)) func plantedDips() throws {
    var logs = autoregression(0.2, count: 600, key: key).map { 0.1 * $0 }
    for place in stride(from: 60, to: 560, by: 100) {
      for offset in -14...14 { logs[place + offset] -= 1.5 - 0.1 * Double(abs(offset)) }
    }
    let found = try dips(
      of: records(logs.map { exp($0) }), window: 25, surrogateCount: 60, key: key)
    #expect(found.steps.count == 5, "\(found.steps)")
    for (step, place) in zip(found.steps, stride(from: 60, to: 560, by: 100)) {
      #expect(abs(step - place) < 12)
    }
    #expect(found.comparison.pValue < 0.05, "\(found.comparison)")
  }

  @Test(.tags(.statistical)) func noiseHasNoMoreDipsThanItsSurrogates() throws {
    var found = 0
    for draw in 0..<40 {
      let logs = autoregression(0.9, count: 120, key: key.fork(draw)).map { 0.1 * $0 }
      let result = try dips(
        of: records(logs.map { exp($0) }), window: 10, surrogateCount: 39, key: key.fork(draw))
      found += result.comparison.pValue <= 0.05 ? 1 : 0
    }
    // 2 expected, 1.4 their deviation; equal counts make the test keep below its level.
    #expect(found <= 6)
  }

  @Test func refusals() throws {
    expectMessage("coolingLaw: the temperature is 0.0 at step 2") {
      _ = try coolingLaw(of: records([1, 2, 0, 4, 5]))
    }
    expectMessage("coolingLaw: the temperature does not change") {
      _ = try coolingLaw(of: records([1, 1, 1, 1, 1]))
    }
    expectMessage("coolingTime: 4 samples; at least 5 are needed") {
      _ = try coolingTime(of: records([1, 1, 1, 1]))
    }
    expectMessage("dips: 10 samples; at least 80 are needed") {
      _ = try dips(of: records(Array(repeating: 1, count: 10)), key: key)
    }
    expectMessage("rebound: the temperature is -1.0 at step 1") {
      _ = try rebound(of: records([1, -1]))
    }
  }
}
