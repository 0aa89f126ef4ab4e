import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct OnsetTests {
  private let steps = (0..<60).map { Int(pow(10, Double($0) / 12).rounded(.up)) + $0 }

  /// A rise from 0.1 to 0.9 around log₁₀ step = 3 that takes about half a decade.
  private func rise(noise: Double = 0, key: RandomKey = RandomKey(seed: 1)) throws
    -> RecordedSeries
  {
    let scatter: [Double] = key.normal(count: steps.count)
    return try RecordedSeries(
      steps: steps,
      values: zip(steps, scatter).map {
        0.1 + 0.8 / (1 + exp(-10 * (log10(Double($0)) - 3))) + noise * $1
      })
  }

  @Test(.tags(.law)) func theIntervalHoldsTheCrossing() throws {
    let series = try rise()
    // The rise crosses 0.5 at step 1,000, half way between its plateaus.
    for definition: OnsetDefinition in [
      .threshold(0.5), .fraction(), .fraction(0.5, plateauCount: 1),
    ] {
      let onset = try #require(try onset(of: series, by: definition).onset)
      #expect(onset.earliestStep < 1000 && onset.latestStep >= 1000)
      #expect(onset.step == onset.latestStep)
      #expect(abs(onset.decades - 3) < 0.05)
    }
    let falling = try RecordedSeries(steps: steps, values: series.values.map { 1 - $0 })
    #expect(
      try onset(of: falling, by: .threshold(0.5, .falling))
        == onset(of: series, by: .threshold(0.5)))
    #expect(try onset(of: falling, by: .fraction()) == onset(of: series, by: .fraction()))
  }

  @Test(.tags(.law)) func definitionsKeepTheirOrder() throws {
    let series = try rise(noise: 0.01)
    let early = try #require(try onset(of: series, by: .firstChange()).onset)
    let quarter = try #require(try onset(of: series, by: .fraction(0.25)).onset)
    let half = try #require(try onset(of: series, by: .largestChange()).onset)
    let late = try #require(try onset(of: series, by: .fraction(0.9)).onset)
    #expect(early.step <= quarter.step)
    #expect(quarter.step <= half.step)
    #expect(half.step <= late.step)
    // Means change by far the most in the middle of the rise.
    #expect(half.earliestStep < 1300 && half.latestStep > 700)
  }

  @Test(.tags(.oracle), arguments: 0..<50) func aThresholdIsThatOfGrokkingDelay(seed: Int) throws {
    let key = RandomKey(seed: 4).fork(seed)
    let accuracy = key.integers(count: 20, in: 0..<10).map { $0 < seed % 10 ? 0.98 : 0.99 }
    let steps = accuracy.indices.map { $0 * 10 }
    let delay = try grokkingDelay(
      of: AccuracyCurves(steps: steps, trainAccuracy: accuracy, testAccuracy: accuracy))
    let seen = try onset(
      of: RecordedSeries(steps: steps, values: accuracy), by: .threshold(0.99))
    #expect(seen.onset?.step == delay.generalizationStep)
    #expect(seen.lastStep == 170)
  }

  @Test func whatNeverComesIsCensored() throws {
    let series = try rise()
    #expect(
      try onset(of: series, by: .threshold(0.95))
        == OnsetObservation(onset: nil, lastStep: steps[57]))
    // Two records at the end do not last.
    let short = try RecordedSeries(steps: [10, 20, 30, 40], values: [0, 0, 1, 1])
    #expect(
      try onset(of: short, by: .threshold(1)) == OnsetObservation(onset: nil, lastStep: 20))
    #expect(try onset(of: short, by: .threshold(1, confirmationCount: 1)).onset?.step == 30)
    #expect(
      try onset(of: short, by: .threshold(1, confirmationCount: 9))
        == OnsetObservation(onset: nil, lastStep: 0))
    // From the first record on: at any step up to it.
    #expect(
      try onset(of: short, by: .threshold(0, confirmationCount: 0)).onset
        == Onset(step: 10, earliestStep: 0, latestStep: 10))
  }

  @Test(.tags(.statistical)) func noiseAloneHasNoOnset() throws {
    var foundCount = 0
    for seed in 0..<200 {
      let noise: [Double] = RandomKey(seed: 5).fork(seed).normal(count: steps.count)
      let series = try RecordedSeries(steps: steps, values: noise)
      if try onset(of: series, by: .fraction()).onset != nil { foundCount += 1 }
    }
    // Medians of three differ by three deviations in fewer than one of a hundred.
    #expect(foundCount <= 4, "\(foundCount)")
    let flat = try RecordedSeries(steps: steps, values: steps.map { _ in 1 })
    #expect(try onset(of: flat, by: .fraction()).onset == nil)
    #expect(try onset(of: flat, by: .largestChange()).onset == nil)
    #expect(try onset(of: flat, by: .firstChange()).onset == nil)
  }

  @Test(arguments: [
    (OnsetDefinition.threshold(.nan), "onset: threshold is nan; expected a finite number"),
    (
      .threshold(1, confirmationCount: -1), "onset: confirmationCount is -1.0; expected at least 0"
    ),
    (.fraction(1), "onset: fraction is 1.0; expected above 0, below 1"),
    (.fraction(plateauCount: 0), "onset: plateauCount is 0.0; expected at least 1"),
    (.fraction(plateauCount: 31), "onset: 60 samples; at least 62 are needed"),
    (
      .largestChange(count: .exactly(40)),
      "changePoints: 60 samples; at least 82 are needed"
    ),
  ])
  func refusals(definition: OnsetDefinition, message: String) throws {
    let series = try rise()
    let error = #expect(throws: MeasureError.self) { try onset(of: series, by: definition) }
    #expect(error?.description == message)
  }

  @Test func noRecordsAreRefused() throws {
    let empty = try RecordedSeries(steps: [], values: [])
    #expect(throws: MeasureError.tooFewSamples(measure: "onset", found: 0, needed: 1)) {
      try onset(of: empty, by: .threshold(1))
    }
  }
}
