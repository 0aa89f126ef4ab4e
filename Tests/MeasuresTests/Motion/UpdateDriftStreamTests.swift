import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct UpdateDriftStreamTests {
  /// In both precisions, with large means beside small spreads, zeros and weights that never move.
  @Test(.tags(.oracle), arguments: [0.0, 1e6]) func equalsTheWhole(_ offset: Double) throws {
    let moves = try updates(
      of: autoregressiveWalk(
        stepCount: 60, dimension: 40, coefficient: 0.4, key: RandomKey(seed: 21)))
    var rows = moves.map { Float($0 + offset) }
    for row in 0..<60 {
      rows[row, 7] = 0
      if row % 3 == 0 { rows[row, 8] = 0 }
      if row % 3 == 1 { rows[row, 9] = 1 }
    }
    var stream = UpdateDriftStream(weightCount: 40)
    for row in 0..<60 { try stream.add(Array(rows.row(row))) }
    for agreement in [0.6, 0.9] {
      let (found, whole) = (
        try stream.summary(agreement: agreement), try updateDrift(of: rows, agreement: agreement)
      )
      #expect(abs(found.driftFraction! / whole.driftFraction! - 1) < 1e-12)
      #expect(found.signalToNoise == whole.signalToNoise)
      #expect(found.stableSignFraction == whole.stableSignFraction)
      #expect(found.unmovedCount == 1 && whole.unmovedCount == 1)
    }
  }

  @Test func refusals() throws {
    var stream = UpdateDriftStream(weightCount: 2)
    let empty = #expect(throws: MeasureError.self) { try stream.summary() }
    #expect(empty?.description == "UpdateDriftStream: 0 samples; at least 1 are needed")
    let short = #expect(throws: MeasureError.self) { try stream.add([1.0]) }
    #expect(
      short?.description
        == "UpdateDriftStream: an update of 1 elements cannot meet those of 2 before")
    let broken = #expect(throws: MeasureError.self) { try stream.add([1, Float.infinity]) }
    #expect(
      broken?.description
        == "UpdateDriftStream: element 1 of the update is not finite; remove such samples or find "
        + "their cause")
    #expect(stream.updateCount == 0)
  }
}
