import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SharedCenterTests {
  @Test(.tags(.law)) func aCircleHasOneCenter() throws {
    let path = Paths.circle(radius: 4, angle: 0.4, stepCount: 25)
    let whole = try #require(try sharedCenters(of: path)[0])
    for (found, expected) in zip(whole.center, [1.0, 2, 3, 4]) {
      #expect(abs(found - expected) < 1e-13)
    }
    #expect(abs(whole.meanRadius - 4) < 1e-13 && whole.relativeSpread < 1e-13)
    #expect(whole.cornerCount == 24 && whole.straightCount == 0)
    let windows = try sharedCenters(of: path, windowLength: 6)
    #expect(windows.map { $0?.firstRecord } == [0, 6, 12, 18])
    #expect(windows.allSatisfy { $0!.cornerCount == 5 && $0!.relativeSpread < 1e-12 })
  }

  /// Corners of steps s turn on circles of radius s/√2 around centers that walk as the path does: over m updates the
  /// spread is √(m/6) s.
  @Test(.tags(.statistical)) func aRandomWalkHasNone() throws {
    let walk = randomWalk(stepCount: 30, dimension: 1000, key: RandomKey(seed: 14))
    let found = try #require(try sharedCenters(of: walk)[0])
    #expect(abs(found.relativeSpread / 10.0.squareRoot() - 1) < 0.15)
    #expect(abs(found.meanRadius / 500.0.squareRoot() - 1) < 0.05)
  }

  @Test func aLineHasNoCenter() throws {
    #expect(try sharedCenters(of: Paths.line(stepCount: 8)) == [nil])
    let back = try sharedCenters(of: [[0.0, 0], [1, 0], [0, 0], [0, 1], [1, 1], [1, 0]])
    #expect(back[0]?.straightCount == 1 && back[0]?.cornerCount == 3)
  }

  @Test func refusals() {
    func message(_ length: Int?) -> String? {
      #expect(throws: MeasureError.self) {
        try sharedCenters(of: [[0.0], [1]], windowLength: length)
      }?.description
    }
    #expect(message(nil) == "sharedCenters: 2 samples; at least 3 are needed")
    #expect(message(1) == "sharedCenters: windowLength is 1.0; expected at least 2")
  }
}
