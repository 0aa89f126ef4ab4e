import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct AlignmentTests {
  @Test(.tags(.law)) func aLineIsAlignedWithItself() throws {
    let path = Paths.line(stepCount: 20)
    let moves = try updates(of: path)
    #expect(moves.rowCount == 20 && moves.row(3) == [0.25, -0.5, 0.5])
    #expect(try successiveAlignment(of: moves) == Array(repeating: 1, count: 19))
    #expect(try alignmentToFinalDisplacement(of: path).allSatisfy { abs(($0 ?? 0) - 1) < 1e-15 })
    #expect(
      try alignmentToRemainingDisplacement(of: path).allSatisfy { abs(($0 ?? 0) - 1) < 1e-15 })
    for point in try laggedAlignment(of: moves, maximumLag: 5) {
      #expect(abs((point.mean ?? 0) - 1) < 1e-15 && point.pairCount == 20 - point.lag)
    }
  }

  /// Chords of a circle turn by the angle between its points.
  @Test(.tags(.law)) func aCircleTurnsByItsAngle() throws {
    let moves = try updates(of: Paths.circle(radius: 2, angle: 0.3, stepCount: 30))
    for value in try successiveAlignment(of: moves) { #expect(abs(value! - cos(0.3)) < 1e-14) }
    for point in try laggedAlignment(of: moves, maximumLag: 12) {
      #expect(abs(point.mean! - cos(0.3 * Double(point.lag))) < 1e-14)
    }
  }

  /// Updates of a heavy ball on noise have correlation μ^ℓ; the standard error over weights and steps is below 0.002.
  @Test(.tags(.statistical), arguments: [0.0, 0.5, 0.9]) func momentumIsTheNullLevel(
    _ momentum: Double
  ) throws {
    let path = Paths.heavyBall(
      momentum: momentum, stepCount: 300, dimension: 1000, key: RandomKey(seed: 4))
    let moves = try updates(of: path).selectingRows(50..<300)  // at the stationary speed
    for point in try laggedAlignment(of: moves, maximumLag: 4) {
      #expect(abs(point.mean! - pow(momentum, Double(point.lag))) < 0.01, "lag \(point.lag)")
    }
    let walk = autoregressiveWalk(
      stepCount: 250, dimension: 1000, coefficient: momentum, key: RandomKey(seed: 5))
    let level = try laggedAlignment(of: updates(of: walk), maximumLag: 1)[0].mean!
    #expect(abs(level - momentum) < 0.01)
  }

  /// Each update is 1/N of the squared displacement, and 1/(N − t) of what is left.
  @Test(.tags(.statistical)) func aRandomWalkIsAlignedWithItsEnd() throws {
    let walk = randomWalk(stepCount: 100, dimension: 4000, key: RandomKey(seed: 6))
    let final = try alignmentToFinalDisplacement(of: walk).map { $0! }
    #expect(abs(meanValue(of: final)! - 0.1) < 0.002)
    let left = try alignmentToRemainingDisplacement(of: walk).map { $0! }
    for t in [0, 50, 84, 96, 99] {
      #expect(abs(left[t] - 1 / Double(100 - t).squareRoot()) < 0.05, "\(t)")
    }
  }

  @Test func whatHasNoDirectionHasNoCosine() throws {
    let moves = [[1.0, 0], [0, 0], [0, 2], [0, 3]]
    #expect(try successiveAlignment(of: moves) == [nil, nil, 1])
    #expect(try alignment(of: moves, with: [1, 0]) == [1, nil, 0, 0])
    #expect(try alignment(of: moves, with: [0, 0]) == [nil, nil, nil, nil])
    let lagged = try laggedAlignment(of: moves, maximumLag: 2)
    #expect(lagged[0] == LaggedAlignment(lag: 1, mean: 1, pairCount: 1))
    #expect(lagged[1] == LaggedAlignment(lag: 2, mean: 0, pairCount: 1))
    let still = try laggedAlignment(of: [[0.0], [0.0]], maximumLag: 1)
    #expect(still == [LaggedAlignment(lag: 1, mean: nil, pairCount: 0)])
    let closed = [[0.0], [1.0], [0.0]]
    #expect(try alignmentToFinalDisplacement(of: closed) == [nil, nil])
    #expect(try alignmentToRemainingDisplacement(of: closed) == [nil, 1])
  }

  @Test func precisionOfTheInputDoesNotMatter() throws {
    let path = Matrix<Float>(randomWalk(stepCount: 20, dimension: 5, key: RandomKey(seed: 1)))
    let inFloat = try successiveAlignment(of: updates(of: path))
    #expect(inFloat == (try successiveAlignment(of: updates(of: Matrix<Double>(path)))))
  }

  @Test func refusals() {
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: MeasureError.self, performing: body)?.description
    }
    #expect(
      message { _ = try updates(of: [[1.0]]) } == "updates: 1 samples; at least 2 are needed")
    #expect(
      message { _ = try successiveAlignment(of: [[1.0], [.nan]]) }
        == "successiveAlignment: element 1 of the samples is not finite; remove such samples or "
        + "find their cause")
    #expect(
      message { _ = try laggedAlignment(of: [[1.0], [2.0]], maximumLag: 2) }
        == "laggedAlignment: 2 samples; at least 3 are needed")
    #expect(
      message { _ = try laggedAlignment(of: [[1.0], [2.0]], maximumLag: 0) }
        == "laggedAlignment: maximumLag is 0.0; expected at least 1")
    #expect(
      message { _ = try alignment(of: [[1.0, 2]], with: [1]) }
        == "alignment: a direction of 1 elements cannot meet rows of 2")
    #expect(
      message { _ = try updates(of: [[1.0], [1e90]]) }
        == "updates: an element is 1e+90; expected at most 1e+70 in magnitude")
  }
}
