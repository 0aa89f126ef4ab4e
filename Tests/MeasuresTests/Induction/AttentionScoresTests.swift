import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

/// Patterns made by hand.
enum PatternFixture {
  /// A segment of four tokens three times.
  static let tokens = [5, 1, 7, 3, 5, 1, 7, 3, 5, 1, 7, 3]

  /// Attention of one head: all on the position that a closure names.
  static func pattern(_ length: Int, _ key: (Int) -> Int) -> [Double] {
    var values = [Double](repeating: 0, count: length * length)
    for query in 0..<length { values[query * length + max(0, min(query, key(query)))] = 1 }
    return values
  }

  static func uniform(_ length: Int) -> [Double] {
    (0..<length * length).map { $0 % length <= $0 / length ? 1 / Double($0 / length + 1) : 0 }
  }

  /// Heads: induction, previous token, first position, even.
  static func sequences(copies: Int = 2) throws -> AttendedSequences {
    let length = tokens.count
    let row =
      pattern(length) { $0 - 3 } + pattern(length) { $0 - 1 } + pattern(length) { _ in 0 }
      + uniform(length)
    return try AttendedSequences(
      tokens: Array(repeating: tokens, count: copies),
      patterns: Matrix(rows: Array(repeating: row, count: copies)), headCount: 4)
  }
}

@Suite struct AttentionScoresTests {
  @Test(.tags(.law)) func prefixMatchingOfKnownHeads() throws {
    let sequences = try PatternFixture.sequences()
    let scores = sequences.prefixMatching(from: 4)
    let means = try scores.means.map { try #require($0) }
    #expect(means[0] == 1 && means[1] == 0 && means[2] == 0)
    // Queries 4…7 have one follower of q + 1 positions, 8…11 two.
    var expected = 0.0
    for query in 4...11 { expected += (query < 8 ? 1 : 2) / Double(query + 1) }
    #expect(abs(means[3] - expected / 8) < 1e-15)
    #expect(abs((sequences.prefixMatchingOfUniformAttention(from: 4) ?? 0) - expected / 8) < 1e-15)
    #expect(try scores.estimate(ofHead: 0) == Estimate(value: 1, standardError: 0, sampleCount: 2))
    #expect(scores.largestMean == 1)
  }

  @Test(.tags(.law)) func distancesAndCoherence() throws {
    let sequences = try PatternFixture.sequences()
    let previous = try sequences.attention(atDistance: 1).means.map { $0 ?? .nan }
    // The first-position head looks at the one before at query 1.
    #expect(previous[1] == 1 && abs(previous[2] - 1.0 / 11) < 1e-15)
    #expect(previous[0] == 1.0 / 11)
    let stripe = try sequences.attention(atDistance: 3).means
    #expect(stripe[0] == 1 && stripe[1] == 0)
    let coherence = sequences.coherence().means.map { $0 ?? .nan }
    #expect(coherence[0] == 1 && abs(coherence[3]) < 1e-12)
  }

  @Test(.tags(.law)) func detectorsOfKnownHeads() throws {
    let sequences = try PatternFixture.sequences()
    let before = sequences.pattern(sequence: 0, head: 0)
    func share(_ kind: HeadKind, first: Bool = false, current: Bool = false) -> [Double?] {
      sequences.detection(of: kind, excludesFirst: first, excludesCurrent: current).means
    }
    #expect(share(.previousToken)[1] == 11.0 / 12)
    // The row of the first query has nowhere else to look.
    #expect(share(.previousToken, current: true)[1] == 1)
    #expect(share(.induction)[0] == 8.0 / 12)
    // Queries 0 … 3 of the induction head rest on the first position.
    #expect(share(.induction, first: true)[0] == 1)
    #expect(share(.previousToken, first: true)[2] == nil)
    #expect(share(.duplicateToken)[0] == 0)
    let difference = sequences.detection(of: .previousToken, by: .difference).means
    #expect(abs((difference[1] ?? 0) - (1 - 1.0 / 12)) < 1e-15)
    #expect(abs((difference[0] ?? 0) - (1 - (1 + 10 * 2.0) / 12)) < 1e-15)
    // Nothing was written into the patterns.
    #expect(sequences.pattern(sequence: 0, head: 0) == before)
    #expect(share(.induction)[0] == 8.0 / 12)
  }

  @Test(.tags(.law)) func inductionIsTheDuplicateShiftedByOne() {
    let tokens = [3, 1, 3, 3, 2, 1, 3]
    let duplicate = HeadKind.duplicateToken.pattern(of: tokens)
    let induction = HeadKind.induction.pattern(of: tokens)
    for query in tokens.indices {
      for key in tokens.indices {
        let expected = key == 0 || key > query ? 0 : duplicate[query, key - 1]
        #expect(induction[query, key] == expected)
      }
    }
  }

  @Test(
    .tags(.golden),
    .enabled(if: PeerPython.has("numpy"), "\(PeerPython.howToProvide("numpy"))"))
  func detectorsEqualNumpy() throws {
    let script = """
      import numpy as np, json
      tok = np.array([4, 2, 4, 0, 2, 4, 4, 1]); T = len(tok)
      a = np.tril(1.5 + np.sin(np.arange(T*T)*0.9).reshape(T, T)); a = a/a.sum(1, keepdims=True)
      eq = np.tril((tok[:,None] == tok[None,:]).astype(float)); np.fill_diagonal(eq, 0)
      ind = np.tril(np.concatenate([np.zeros((T,1)), eq[:,:-1]], 1))
      prev = np.diag(np.ones(T-1), -1)
      out = []
      for D in (prev, eq, ind):
          for bos in (0, 1):
              for cur in (0, 1):
                  x = a.copy()
                  if bos: x[:,0] = 0
                  if cur: np.fill_diagonal(x, 0)
                  out += [float((x*D).sum()/x.sum()), float(1 - np.abs(x-D).mean()*T)]
      print(json.dumps(out))
      """
    let expected = try JSONDecoder().decode([Double].self, from: PeerPython.run(["-c", script]))
    let (tokens, length) = ([4, 2, 4, 0, 2, 4, 4, 1], 8)
    var values: [Double] = []
    for query in 0..<length {
      let row = (0..<length).map { key in
        key <= query ? 1.5 + sin(Double(query * length + key) * 0.9) : 0
      }
      values += row.map { $0 / row.reduce(0, +) }
    }
    let sequences = try AttendedSequences(
      tokens: [tokens], patterns: Matrix(values: values, rowCount: 1, columnCount: 64),
      headCount: 1)
    var found: [Double] = []
    for kind in HeadKind.allCases {
      for first in [false, true] {
        for current in [false, true] {
          for comparison in [HeadComparison.share, .difference] {
            found.append(
              sequences.detection(
                of: kind, by: comparison, excludesFirst: first, excludesCurrent: current
              ).means[0] ?? .nan)
          }
        }
      }
    }
    #expect(found.count == expected.count)
    for (mine, theirs) in zip(found, expected) { #expect(abs(mine - theirs) < 1e-13) }
  }

  @Test func messages() throws {
    func message(_ tokens: [[Int]], _ rows: Int, _ columns: Int, _ heads: Int = 1) -> String {
      do {
        _ = try AttendedSequences(
          tokens: tokens, patterns: Matrix<Double>(rowCount: rows, columnCount: columns),
          headCount: heads)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message([[1]], 1, 1) == "AttendedSequences: 1 samples; at least 2 are needed")
    #expect(
      message([[1, 2]], 2, 4)
        == "AttendedSequences: 1 rows cannot be paired with 2; row i of both must belong to one sample"
    )
    #expect(
      message([[1, 2], [1, 2, 3]], 2, 4)
        == "AttendedSequences: the length of a sequence is 3.0; expected 2, as the first has")
    #expect(
      message([[1, 2]], 1, 9)
        == "AttendedSequences: the number of columns is 9.0; expected 4 for 1 heads and 2 tokens")
    #expect {
      _ = try PatternFixture.sequences().attention(atDistance: 12)
    } throws: {
      "\($0)" == "attention: the distance is 12.0; expected 0 to 11"
    }
    #expect {
      _ = try PatternFixture.sequences(copies: 1).prefixMatching().estimate(ofHead: 0)
    } throws: {
      "\($0)" == "HeadScores: 1 samples; at least 2 are needed"
    }
  }
}
