import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

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
