import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct InContextLearningTests {
  /// Losses 3 − ln(index) with the index from 1, and noise that examples have for themselves.
  private static func losses(_ examples: Int, _ positions: Int) -> Matrix<Double> {
    let noise: [Double] = RandomKey(seed: 1).normal(count: examples)
    return Matrix(
      rows: (0..<examples).map { example in
        (0..<positions).map {
          $0 == positions - 1 ? .nan : 3 - log(Double($0 + 1)) + noise[example]
        }
      })
  }

  @Test(.tags(.law)) func scoreAndSlopes() throws {
    let losses = Self.losses(5, 40)
    let score = try inContextLearningScore(of: losses, late: 35, early: 3)
    #expect(abs(score.value + log(9)) < 1e-12 && score.standardError < 1e-12)
    let slopes = try lossSlopes(of: losses)
    #expect(slopes.first?.early == 0 && slopes.last?.late == 38)
    #expect(slopes.allSatisfy { abs($0.slope.value + 1) < 1e-12 })
    #expect(zip(slopes, slopes.dropFirst()).allSatisfy { $0.late == $1.early })
  }

  @Test(.tags(.law)) func ablationComparesExampleByExample() throws {
    let intact = Self.losses(6, 20)
    var ablated = intact
    for row in 0..<6 { for column in 10..<19 { ablated[row, column] += 0.5 } }
    let effect = try AblationEffect(ablated: ablated, intact: intact, late: 15, early: 2)
    #expect(abs(effect.loss.value - 0.5 * 9 / 19) < 1e-12)
    #expect(abs(effect.inContextLearning.value - 0.5) < 1e-12)
    #expect(effect.inContextLearning.standardError < 1e-12)
  }

  /// A path that turns a corner: two directions hold all of it.
  @Test(.tags(.law)) func trajectoryOfABend() throws {
    let losses = Matrix<Double>(
      rows: (0..<9).map { step in
        (0..<6).map { token in
          token < 3 ? -Double(min(step, 4)) : -Double(max(0, step - 4))
        }
      })
    let found = try lossTrajectory(of: losses, componentCount: 3)
    #expect(found.explained.count == 3 && abs(found.explained[0] + found.explained[1] - 1) < 1e-12)
    // Distances between snapshots are kept.
    for (i, j) in [(0, 4), (4, 8), (0, 8)] {
      let before = (0..<6).reduce(0) { $0 + pow(losses[i, $1] - losses[j, $1], 2) }
      let after = (0..<3).reduce(0) {
        $0 + pow(found.coordinates[i, $1] - found.coordinates[j, $1], 2)
      }
      #expect(abs(before - after) < 1e-10)
    }
    let standardized = try lossTrajectory(of: losses, isStandardized: true)
    #expect(standardized.coordinates.columnCount == 2)
  }

  private static func change(
    at step: Double, of height: Double, from start: Double, noise: Double = 0
  ) throws -> RecordedSeries {
    let steps = [0, 10, 20, 40, 60, 80] + Array(stride(from: 100, through: 1_500, by: 50))
    return try RecordedSeries(
      steps: steps,
      values: steps.map { start + height / (1 + exp(-8 * (log(max(Double($0), 1)) - log(step)))) })
  }

  @Test func phaseChangeNeedsCoincidence() throws {
    let score = try Self.change(at: 600, of: -2, from: 0)
    let prefix = try Self.change(at: 620, of: 0.8, from: 0.1)
    let loss = try Self.change(at: 590, of: -1, from: 3.4)
    let found = try #require(
      try phaseChange(inContextLearning: score, loss: loss, prefixMatching: prefix))
    #expect((550...700).contains(found.step))
    #expect(found.windowStart <= found.step && found.step <= found.windowEnd)
    #expect(found.isCoincident)
    let late = try Self.change(at: 1_300, of: 0.8, from: 0.1)
    let apart = try #require(try phaseChange(inContextLearning: score, prefixMatching: late))
    #expect(!apart.isCoincident && apart.step == found.step)
    // Heads that never match: a fall of the loss alone is no sign of them.
    let flat = try Self.change(at: 600, of: 0.05, from: 0.1)
    #expect(
      try phaseChange(inContextLearning: score, prefixMatching: flat)?.isCoincident == false)
    // One layer does not learn it.
    #expect(try phaseChange(inContextLearning: Self.change(at: 600, of: -0.1, from: 0)) == nil)
  }

  /// Two records a step apart, a little noise between them: per decade the steepest fall of all, and no phase change.
  @Test func recordsNextToEachOtherDecideNothing() throws {
    let whole = try Self.change(at: 600, of: -2, from: 0)
    var (steps, values) = (whole.steps, whole.values)
    let place = try #require(steps.firstIndex(of: 1_250))
    steps.insert(1_251, at: place + 1)
    values.insert(values[place] - 0.02, at: place + 1)
    let found = try #require(
      try phaseChange(inContextLearning: RecordedSeries(steps: steps, values: values)))
    #expect(found.step == (try phaseChange(inContextLearning: whole)?.step))
    // The slope between the two is steeper than any other.
    let between = 0.01 / (log10(1_251.0) - log10(1_250))
    #expect(between > 2 * 8 / 4 * log(10))
  }

  @Test func messages() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    let losses = Self.losses(3, 10)
    #expect(
      message { _ = try inContextLearningScore(of: losses) }
        == "inContextLearningScore: the late index is 500.0; expected 0 to 9, the positions")
    #expect(
      message { _ = try inContextLearningScore(of: losses, late: 3, early: 3) }
        == "inContextLearningScore: the early index is 3.0; expected less than the late one, 3")
    #expect(
      message { _ = try inContextLearningScore(of: losses, late: 9, early: 3) }
        == "inContextLearningScore: element 0 of samples is not finite; remove such samples or find "
        + "their cause")
    #expect(
      message { _ = try lossTrajectory(of: Matrix(repeating: 1, rowCount: 4, columnCount: 2)) }
        == "lossTrajectory: no loss varies")
    #expect(
      message {
        _ = try phaseChange(inContextLearning: RecordedSeries(steps: [1, 2], values: [1, 1]))
      } == "phaseChange: 2 samples; at least 5 are needed")
  }
}
