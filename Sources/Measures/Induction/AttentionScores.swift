internal import Foundation

extension AttendedSequences {
  /// How much each query attends to tokens that followed an earlier copy of its own token: the prefix-matching score.
  ///
  /// The attention on all positions j ≤ q whose preceding token equals the query's, added up, averaged over the queries
  /// that have such positions.
  ///
  /// Tokens that occur more than once in a segment add chance matches: compare with ``prefixMatchingOfUniformAttention(from:)``.
  ///
  /// - Units: a share of the attention, 0...1.
  /// - Parameter firstQuery: queries before it are not counted; give the length of the segment and of what stands before it.
  /// - Complexity: O(sequences heads T²).
  /// - Source: Olsson et al., In-context Learning and Induction Heads (2022), appendix, with the erratum of 2022-09.
  /// - Differs from: the text's "average of all entries", which would divide by the number of positions: the sum makes 1 the score of
  ///   a head that always looks at one of them.
  public func prefixMatching(from firstQuery: Int = 1) -> HeadScores {
    scores { sequence, pattern in matched(tokens[sequence], from: firstQuery) { pattern[$0, $1] } }
  }

  /// The prefix-matching score of attention spread evenly over all positions up to the query: the mean over sequences; nil where no
  /// query has anything to match.
  ///
  /// - Units: a share of attention, in 0...1.
  public func prefixMatchingOfUniformAttention(from firstQuery: Int = 1) -> Double? {
    let values = tokens.compactMap { tokens in
      matched(tokens, from: firstQuery) { query, _ in 1 / Double(query + 1) }
    }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private func matched(
    _ tokens: [Int], from firstQuery: Int, _ attention: (Int, Int) -> Double
  ) -> Double? {
    var (sum, count) = (0.0, 0)
    for query in max(1, firstQuery)..<max(max(1, firstQuery), tokens.count) {
      let followers = (1...query).filter { tokens[$0 - 1] == tokens[query] }
      guard !followers.isEmpty else { continue }
      sum += followers.reduce(0) { $0 + attention(query, $1) }
      count += 1
    }
    return count == 0 ? nil : sum / Double(count)
  }

  /// The mean attention of a query on the position a fixed distance before it: 1 for the previous-token score, and for
  /// segments of `period` tokens that repeat at that period `period` − 1 for the induction stripe.
  ///
  /// - Units: a share of the attention, 0...1.
  /// - Throws: `MeasureError.outOfRange` for a distance below 0 or beyond the sequence.
  /// - Source: Olsson et al. (2022); the stripe is the notebook's.
  public func attention(atDistance distance: Int) throws(MeasureError) -> HeadScores {
    guard (0..<length).contains(distance) else {
      throw .outOfRange(
        measure: "attention", what: "the distance", value: Double(distance),
        expected: "0 to \(length - 1)")
    }
    return scores { _, pattern in
      let values = (distance..<length).map { pattern[$0, $0 - distance] }
      return values.reduce(0, +) / Double(values.count)
    }
  }

  /// How sharply each head attends: 1 less the mean entropy of a query's attention over that of even attention, ln(q + 1).
  ///
  /// The first query, which has one position, is left out. 0 for even attention, 1 for one position.
  ///
  /// - Source: TransformerLens's telemetry demonstration.
  /// - Differs from: that, which divides by ln T, so that early queries count as sharp however even they are.
  public func coherence() -> HeadScores {
    scores { _, pattern in
      let shares = (1..<length).map { query in
        let entropy = pattern.row(query).reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
        return entropy / log(Double(query + 1))
      }
      return 1 - shares.reduce(0, +) / Double(shares.count)
    }
  }
}
