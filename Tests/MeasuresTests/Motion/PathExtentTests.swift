import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct PathExtentTests {
  @Test(.tags(.law)) func aLineIsStraight() throws {
    let extent = try pathExtent(of: Paths.line(stepCount: 12))
    #expect(extent == PathExtent(length: 9, displacement: 9, updateCount: 12))
    #expect(extent.straightness == 1 && extent.tortuosity == 1)
  }

  @Test(.tags(.law)) func aCircleLeadsNowhere() throws {
    let circle = Paths.circle(radius: 3, angle: 2 * .pi / 40, stepCount: 40)
    let extent = try pathExtent(of: circle)
    #expect(abs(extent.length - 40 * 6 * sin(.pi / 40)) < 1e-12)
    #expect(extent.straightness! < 1e-14)
    let half = try pathExtent(of: circle.selectingRows(0...20))
    #expect(abs(half.straightness! - 1 / (20 * sin(.pi / 40))) < 1e-13)
    #expect(abs(half.tortuosity! * half.straightness! - 1) < 1e-14)
  }

  /// Squared displacement N n, each length √n: 1/√N, with a relative error of 1/√(2n) and that of the mean length.
  @Test(.tags(.statistical)) func aRandomWalkIsAsStraightAsChance() throws {
    let walk = randomWalk(stepCount: 100, dimension: 4000, key: RandomKey(seed: 7))
    #expect(abs(try pathExtent(of: walk).straightness! - 0.1) < 0.004)
    let windows = try windowedPathExtents(of: walk, windowLength: 16)
    #expect(windows.count == 6)
    for window in windows {
      #expect(window.updateCount == 16 && abs(window.straightness! - 0.25) < 0.01)
    }
  }

  /// Lengths of windows that fill the path add up to its length.
  @Test(.tags(.law)) func windowsAddUp() throws {
    let walk = randomWalk(stepCount: 30, dimension: 3, key: RandomKey(seed: 8))
    let windows = try windowedPathExtents(of: walk, windowLength: 5)
    let sum = windows.reduce(0) { $0 + $1.length }
    #expect(abs(sum - (try pathExtent(of: walk).length)) < 1e-12)
  }

  @Test func whatDoesNotMoveHasNoStraightness() throws {
    let extent = try pathExtent(of: [[1.0, 2], [1, 2], [1, 2]])
    #expect(extent.length == 0 && extent.straightness == nil && extent.tortuosity == nil)
    let closed = try pathExtent(of: [[0.0], [1], [0]])
    #expect(closed.straightness == 0 && closed.tortuosity == nil)
  }

  @Test func refusals() {
    let error = #expect(throws: MeasureError.self) {
      try windowedPathExtents(of: [[1.0], [2], [3]], windowLength: 3)
    }
    #expect(error?.description == "windowedPathExtents: 3 samples; at least 4 are needed")
    let one = #expect(throws: MeasureError.self) { try pathExtent(of: [[1.0]]) }
    #expect(one?.description == "pathExtent: 1 samples; at least 2 are needed")
  }
}
