import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct GrokkingDelayTests {
  /// Curves whose records are 10 steps apart, from 0.
  private func curves(_ train: [Double], _ test: [Double]) -> AccuracyCurves {
    AccuracyCurves(
      steps: train.indices.map { $0 * 10 }, trainAccuracy: train, testAccuracy: test)
  }

  private func detected(_ curves: AccuracyCurves) throws -> GrokkingDelay {
    var detector = try GrokkingDetector()
    for index in curves.steps.indices {
      try detector.append(
        step: curves.steps[index], trainAccuracy: curves.trainAccuracy[index],
        testAccuracy: curves.testAccuracy[index])
    }
    return detector.delay
  }

  @Test func delayIsBetweenTheFirstLastingSteps() throws {
    let delay = try grokkingDelay(
      of: curves(
        [0.1, 0.99, 1, 1, 1, 1, 1, 1], [0, 0.1, 0.2, 0.995, 0.5, 0.99, 1, 0.99]))
    #expect(delay.fitStep == 10)
    #expect(delay.generalizationStep == 50)  // The record at 30 did not last.
    #expect(delay.delay == 40)
    #expect((delay.fitRelapseCount, delay.generalizationRelapseCount) == (0, 0))
  }

  @Test func twoFurtherRecordsAreNeeded() throws {
    let early = curves([1, 1, 1], [0, 1, 1])
    #expect(try grokkingDelay(of: early).fitStep == 0)
    #expect(try grokkingDelay(of: early).generalizationStep == nil)
    #expect(try grokkingDelay(of: early).delay == nil)
    #expect(try grokkingDelay(of: early, confirmationCount: 1).generalizationStep == 10)
    #expect(try grokkingDelay(of: early, confirmationCount: 0).generalizationStep == 10)
    #expect(try grokkingDelay(of: early, confirmationCount: 5).fitStep == nil)
    #expect(try grokkingDelay(of: curves([], [])).fitStep == nil)
  }

  @Test func laterFallsAreRelapses() throws {
    let delay = try grokkingDelay(
      of: curves(
        [1, 1, 1, 0, 1, 1, 1, 1, 1, 1], [1, 1, 1, 0.98, 0.5, 1, 0.98, 1, 1, 0.98]))
    #expect(delay.generalizationStep == 0)
    #expect(delay.generalizationRelapseCount == 3)  // One fall of two records is one relapse.
    #expect(delay.fitRelapseCount == 1)
  }

  @Test func generalizingFirstGivesANegativeDelay() throws {
    let delay = try grokkingDelay(of: curves([0, 0, 1, 1, 1], [1, 1, 1, 1, 1]))
    #expect(delay.delay == -20)
  }

  @Test func thresholdCanBeChosen() throws {
    let data = curves([0.95, 0.95, 0.95], [0.9, 0.9, 0.9])
    #expect(try grokkingDelay(of: data).fitStep == nil)
    #expect(try grokkingDelay(of: data, threshold: 0.95).fitStep == 0)
    #expect(try grokkingDelay(of: data, threshold: 0.95).generalizationStep == nil)
  }

  @Test(.tags(.oracle), arguments: 0..<200) func streamingEqualsTheWholeCurve(seed: Int) throws {
    let key = RandomKey(seed: 1).fork(seed)
    let count = key.integer(at: 0, in: 0..<30)
    func curve(_ name: String) -> [Double] {
      let reached = key.fork(name).integers(count: count, in: 0..<10)
      return reached.map { $0 < seed % 10 ? 0.98 : 0.99 }
    }
    let data = curves(curve("train"), curve("test"))
    #expect(try detected(data) == grokkingDelay(of: data), "seed \(seed)")
  }

  @Test(.tags(.resume)) func aStoredDetectorContinues() throws {
    let (train, test): ([Double], [Double]) = ([0, 1, 1, 1, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1, 0, 1])
    let data = curves(train, test)
    for cut in 0...train.count {
      var detector = try GrokkingDetector()
      for index in train.indices {
        if index == cut {
          let stored = try JSONEncoder().encode(detector)
          detector = try JSONDecoder().decode(GrokkingDetector.self, from: stored)
        }
        try detector.append(
          step: index * 10, trainAccuracy: train[index], testAccuracy: test[index])
      }
      #expect(try detector.delay == grokkingDelay(of: data))
      #expect((detector.recordCount, detector.lastStep) == (8, 70))
    }
  }

  @Test func whatIsNoAccuracyIsRefused() throws {
    func refuses(_ data: AccuracyCurves, _ error: MeasureError) {
      #expect(throws: error) { try grokkingDelay(of: data) }
      if data.steps.count == data.trainAccuracy.count, data.steps.count == data.testAccuracy.count {
        #expect(throws: error) { try detected(data) }
      }
    }
    let measure = "grokkingDelay"
    refuses(
      curves([0, .nan], [0, 0]),
      .nonFiniteInput(measure: measure, array: "train accuracy", index: 1))
    refuses(
      curves([0, 0], [.infinity, 0]),
      .nonFiniteInput(measure: measure, array: "test accuracy", index: 0))
    refuses(
      curves([0, 99.5], [0, 0]),
      .outOfRange(
        measure: measure, what: "train accuracy of record 1", value: 99.5,
        expected: "0 to 1; divide percentages by 100"))
    refuses(
      AccuracyCurves(steps: [0, 10, 10], trainAccuracy: [0, 0, 0], testAccuracy: [0, 0, 0]),
      .notIncreasing(measure: measure, array: "steps", index: 2))
    refuses(
      AccuracyCurves(steps: [0, 10], trainAccuracy: [0, 0], testAccuracy: [0]),
      .rowCountMismatch(measure: measure, first: 2, second: 1))
    #expect(throws: MeasureError.self) { try GrokkingDetector(threshold: 0) }
    #expect(throws: MeasureError.self) { try GrokkingDetector(confirmationCount: -1) }
    #expect(throws: MeasureError.self) {
      try grokkingDelay(of: curves([1], [1]), threshold: 99)
    }
  }

  @Test func aRefusedRecordChangesNothing() throws {
    var detector = try GrokkingDetector()
    try detector.append(step: 5, trainAccuracy: 1, testAccuracy: 1)
    let before = detector
    #expect(throws: MeasureError.self) {
      try detector.append(step: 6, trainAccuracy: 1, testAccuracy: .nan)
    }
    #expect(throws: MeasureError.self) {
      try detector.append(step: 5, trainAccuracy: 1, testAccuracy: 1)
    }
    #expect(detector == before)
  }
}
