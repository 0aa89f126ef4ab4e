import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct UpdateStreamTests {
  @Test(.tags(.oracle)) func equalsTheWhole() throws {
    let walk = autoregressiveWalk(
      stepCount: 60, dimension: 4500, coefficient: 0.5, key: RandomKey(seed: 60))
    let path = Matrix<Float>(walk)
    // In Float differences of rounded places are exact in Double, and rounded once in the stream's input.
    let moves = Matrix<Float>(try updates(of: path))
    var stream = UpdateStream<Float>()
    var (alignments, curvatures) = ([Double?](), [Double?]())
    for row in 0..<60 {
      let step = try stream.add(Array(moves.row(row))).total
      if row > 0 {
        alignments.append(step.alignment)
        curvatures.append(step.curvature)
      } else {
        #expect(step.alignment == nil)
      }
    }
    var places = Matrix<Double>(rowCount: 61, columnCount: 4500)
    for t in 0..<60 {
      for i in 0..<4500 { places[t + 1, i] = places[t, i] + Double(moves[t, i]) }
    }
    for (a, b) in zip(alignments, try successiveAlignment(of: moves)) {
      #expect(abs(a! - b!) < 1e-12)
    }
    for (a, b) in zip(curvatures, try mengerCurvature(of: places)) {
      #expect(abs(a! / b! - 1) < 1e-11)
    }
    let whole = try pathExtent(of: places)
    let total = stream.total
    let found = total.extent(displacement: whole.displacement)
    #expect(abs(found.length / whole.length - 1) < 1e-12 && found.updateCount == 60)
    let drift = try #require(total.driftFraction(displacement: whole.displacement))
    #expect(abs(drift / (try updateDrift(of: moves).driftFraction!) - 1) < 1e-9)
    #expect(total.alignedCount == 59 && total.zeroCount == 0)
    #expect(abs(total.meanAlignment! - meanValue(of: alignments.map { $0! })!) < 1e-13)
  }

  /// Parts that overlap, are empty or leave gaps are what a stream of their own elements is.
  @Test(.tags(.oracle)) func partsAreStreamsOfTheirOwn() throws {
    let ranges = [0..<3, 3..<10, 2..<7, 5..<5, 12..<20]
    let moves: Matrix<Double> = RandomKey(seed: 69).normalMatrix(rowCount: 9, columnCount: 21)
    var stream = UpdateStream<Double>(
      parts: ranges.enumerated().map { VectorPart("\($0)", $1) })
    var own = ranges.map { _ in UpdateStream<Double>() }
    var whole = UpdateStream<Double>()
    for row in 0..<9 {
      let update = Array(moves.row(row))
      let steps = try stream.add(update)
      #expect(abs(steps.total.norm - (try whole.add(update).total.norm)) < 1e-14)
      for (index, range) in ranges.enumerated() {
        let step = try own[index].add(Array(update[range])).total
        #expect(abs(steps.parts[index].norm - step.norm) < 1e-14)
        #expect((steps.parts[index].alignment == nil) == (step.alignment == nil))
        #expect(abs((steps.parts[index].alignment ?? 0) - (step.alignment ?? 0)) < 1e-14)
      }
    }
    for (part, alone) in zip(stream.parts, own) {
      #expect(abs(part.length - alone.total.length) < 1e-13)
      #expect(part.alignedCount == alone.total.alignedCount)
    }
    #expect(stream.parts[3].zeroCount == 9)
  }

  @Test(.tags(.resume)) func resumes() throws {
    var stream = UpdateStream<Float>(parts: [VectorPart("a", 0..<1)])
    try stream.add([1, 2])
    var other = try JSONDecoder().decode(
      UpdateStream<Float>.self, from: JSONEncoder().encode(stream))
    #expect(try stream.add([2, -1]) == other.add([2, -1]))
    #expect(stream == other)
  }

  @Test func zerosHaveNoAlignment() throws {
    var stream = UpdateStream<Double>()
    #expect(try stream.add([0, 0]).total.alignment == nil)
    #expect(try stream.add([1, 0]).total.alignment == nil)
    #expect(
      try stream.add([-1, 0]).total == UpdateStep(norm: 1, alignment: -1, curvature: nil))
    let total = stream.total
    #expect(total.zeroCount == 1 && total.alignedCount == 1)
    #expect(total.reversalCount == 1 && total.length == 2)
    #expect(UpdateSummary().driftFraction(displacement: 0) == nil)
  }

  @Test func refusals() throws {
    var stream = UpdateStream<Double>(parts: [VectorPart("head", 1..<3)])
    let outside = #expect(throws: MeasureError.self) { try stream.add([1, 0]) }
    #expect(outside?.description == "UpdateStream: 'head' is elements 1..<3 of a vector of 2")
    try stream.add([1, 0, 0])
    let broken = #expect(throws: MeasureError.self) { try stream.add([0, .nan, 0]) }
    #expect(
      broken?.description
        == "UpdateStream: element 1 of the update is not finite; remove such samples or find their "
        + "cause")
    let short = #expect(throws: MeasureError.self) { try stream.add([1]) }
    #expect(
      short?.description == "UpdateStream: an update of 1 elements cannot meet those of 3 before")
    #expect(stream.total.updateCount == 1)
  }
}
