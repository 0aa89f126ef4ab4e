import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct UpdateStreamTests {
  @Test(.tags(.oracle)) func equalsTheWhole() throws {
    let walk = autoregressiveWalk(
      stepCount: 60, dimension: 5000, coefficient: 0.5, key: RandomKey(seed: 60))
    let path = Matrix<Float>(walk)
    // In Float differences of rounded places are exact in Double, and rounded once in the stream's input.
    let moves = Matrix<Float>(try updates(of: path))
    var stream = UpdateStream<Float>()
    var (alignments, curvatures) = ([Double?](), [Double?]())
    for row in 0..<60 {
      let step = try stream.add(Array(moves.row(row)))
      if row > 0 {
        alignments.append(step.alignment)
        curvatures.append(step.curvature)
      } else {
        #expect(step.alignment == nil)
      }
    }
    var places = Matrix<Double>(rowCount: 61, columnCount: 5000)
    for t in 0..<60 {
      for i in 0..<5000 { places[t + 1, i] = places[t, i] + Double(moves[t, i]) }
    }
    for (a, b) in zip(alignments, try successiveAlignment(of: moves)) {
      #expect(abs(a! - b!) < 1e-12)
    }
    for (a, b) in zip(curvatures, try mengerCurvature(of: places)) {
      #expect(abs(a! / b! - 1) < 1e-11)
    }
    let whole = try pathExtent(of: places)
    let found = stream.extent(displacement: whole.displacement)
    #expect(abs(found.length / whole.length - 1) < 1e-12 && found.updateCount == 60)
    let drift = try #require(stream.driftFraction(displacement: whole.displacement))
    #expect(abs(drift / (try updateDrift(of: moves).driftFraction!) - 1) < 1e-9)
    let summary = stream.summary
    #expect(summary.alignedCount == 59 && summary.zeroCount == 0)
    #expect(abs(summary.meanAlignment! - mean(alignments.map { $0! })!) < 1e-13)
  }

  @Test func zerosHaveNoAlignment() throws {
    var stream = UpdateStream<Double>()
    #expect(try stream.add([0, 0]).alignment == nil)
    #expect(try stream.add([1, 0]).alignment == nil)
    #expect(try stream.add([-1, 0]) == .init(norm: 1, alignment: -1, curvature: nil))
    #expect(stream.summary.zeroCount == 1 && stream.summary.alignedCount == 1)
    #expect(stream.summary.reversalCount == 1 && stream.summary.length == 2)
    #expect(UpdateStream<Double>().driftFraction(displacement: 0) == nil)
    let broken = #expect(throws: MeasureError.self) { try stream.add([.nan, 0]) }
    #expect(
      broken?.description
        == "UpdateStream: element 0 of the update is not finite; remove such samples or find their "
        + "cause")
    let short = #expect(throws: MeasureError.self) { try stream.add([1]) }
    #expect(
      short?.description == "UpdateStream: an update of 1 elements cannot meet those of 2 before")
    #expect(stream.summary.updateCount == 3)
  }
}

@Suite struct LaggedAlignmentStreamTests {
  @Test(.tags(.oracle)) func equalsTheWhole() throws {
    var moves = try updates(
      of: autoregressiveWalk(
        stepCount: 40, dimension: 30, coefficient: 0.7, key: RandomKey(seed: 61)))
    for i in 0..<30 { moves[17, i] = 0 }
    var stream = try LaggedAlignmentStream(maximumLag: 7)
    for row in 0..<40 { try stream.add(Array(moves.row(row))) }
    for (found, whole) in zip(stream.summary, try laggedAlignment(of: moves, maximumLag: 7)) {
      #expect(found.lag == whole.lag && found.pairCount == whole.pairCount)
      #expect(abs(found.mean! - whole.mean!) < 1e-12)
    }
    #expect(try LaggedAlignmentStream(maximumLag: 2).summary.map(\.mean) == [nil, nil])
  }
}

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

@Suite struct WeightSampleTests {
  @Test func drawsWithoutReplacement() {
    let sample = WeightSample(count: 50, of: 100..<300, key: RandomKey(seed: 65))
    #expect(sample.indices.count == 50 && Set(sample.indices).count == 50)
    #expect(sample.indices == sample.indices.sorted())
    #expect(sample.indices.allSatisfy { (100..<300).contains($0) })
    #expect(sample == WeightSample(count: 50, of: 100..<300, key: RandomKey(seed: 65)))
    #expect(WeightSample(count: 9, of: 2..<5, key: RandomKey(seed: 1)).indices == [2, 3, 4])
    #expect(
      WeightSample(count: 1, of: 2..<3, key: RandomKey(seed: 1)).values(of: [7, 8, 9.0]) == [9])
  }
}
