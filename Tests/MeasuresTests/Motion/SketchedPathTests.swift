import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SketchedPathTests {
  @Test func keepsEvenlySpacedRecords() throws {
    var sketch = SketchedPath(RandomProjection(of: 3, key: RandomKey(seed: 62)), capacity: 8)
    for step in 0..<1000 { try sketch.add([1.0, Double(step), 0], at: step) }
    #expect(sketch.stride == 128 && sketch.steps == Array(stride(from: 0, to: 1000, by: 128)))
    #expect(sketch.path.rowCount == 8 && sketch.path.columnCount == 64)
    #expect(sketch.wants(step: 1024) && !sketch.wants(step: 1000) && !sketch.wants(step: 896))
    let gap = #expect(throws: MeasureError.self) { try sketch.add([1.0, 2, 3], at: 1152) }
    #expect(
      gap?.description
        == "SketchedPath: step is 1152.0; expected 1024, so that records are evenly spaced")
    let short = #expect(throws: MeasureError.self) { try sketch.add([1.0], at: 1024) }
    #expect(short?.description == "SketchedPath: 1 weights, but the projection is of 3")
    let broken = #expect(throws: MeasureError.self) {
      try sketch.add([1, .infinity, 0.0], at: 1024)
    }
    #expect(
      broken?.description
        == "SketchedPath: element 1 of the weights is not finite; remove such samples or find "
        + "their cause")
  }

  /// Records are the projections of their steps, also after a stream was written and read.
  @Test(.tags(.resume)) func recordsAreProjections() throws {
    let walk: Matrix<Float> = RandomKey(seed: 85).normalMatrix(rowCount: 40, columnCount: 100)
    let projection = RandomProjection(of: 100, key: RandomKey(seed: 86))
    var sketch = SketchedPath(projection, capacity: 6, interval: 2)
    for step in 0..<17 { try sketch.add(Array(walk.row(step)), at: step) }
    var other = try JSONDecoder().decode(SketchedPath.self, from: JSONEncoder().encode(sketch))
    for step in 17..<40 {
      try sketch.add(Array(walk.row(step)), at: step)
      try other.add(Array(walk.row(step)), at: step)
    }
    #expect(sketch == other && sketch.stride == 8 && sketch.steps == [0, 8, 16, 24, 32])
    for (row, step) in sketch.steps.enumerated() {
      #expect(Array(sketch.path.row(row)) == projection.project(Array(walk.row(step))))
    }
  }

  /// What is kept is the projection of what was given: shapes of the path survive.
  @Test(.tags(.statistical)) func shapesSurvive() throws {
    let (count, dimension) = (200, 3000)
    let walk = randomWalk(stepCount: count, dimension: dimension, key: RandomKey(seed: 63))
    var sketch = SketchedPath(
      RandomProjection(of: dimension, to: 256, key: RandomKey(seed: 64)), capacity: 512)
    for t in 0...count { try sketch.add(Array(walk.row(t)), at: t) }
    let (kept, whole) = (try pathExtent(of: sketch.path), try pathExtent(of: walk))
    // Lengths of 256 projections are known to √(1/512) = 0.044 each; those of many steps on average better.
    #expect(abs(kept.length / whole.length - 1) < 0.02)
    #expect(abs(kept.displacement / whole.displacement - 1) < 0.15)
    let exponent = try diffusionExponent(of: sketch.path).exponent
    #expect(abs(exponent.value - 0.5) < 4 * exponent.standardError + 0.01)
    let first = try pathComponents(of: sketch.path, count: 1).fractions[0]
    #expect(abs(first / 0.61 - 1) < 0.1)
    let lagged = try laggedAlignment(of: updates(of: sketch.path), maximumLag: 3)
    for point in lagged { #expect(abs(point.mean!) < 0.03) }
  }
}
