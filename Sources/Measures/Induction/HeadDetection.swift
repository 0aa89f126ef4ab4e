/// What kind of head is looked for.
public enum HeadKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Attends to the token before.
  case previousToken
  /// Attends to earlier copies of the token.
  case duplicateToken
  /// Attends to what followed earlier copies of the token.
  case induction

  /// The attention that such a head would pay: 1 at the positions it looks at, `[queries, keys]`.
  public func pattern(of tokens: [Int]) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: tokens.count, columnCount: tokens.count)
    for query in tokens.indices {
      for key in 0...query {
        let isSeen =
          switch self {
          case .previousToken: key == query - 1
          case .duplicateToken: key < query && tokens[key] == tokens[query]
          case .induction: key >= 1 && tokens[key - 1] == tokens[query]
          }
        if isSeen { result[query, key] = 1 }
      }
    }
    return result
  }
}

/// How a head's attention is compared with the pattern that is looked for.
public enum HeadComparison: String, Sendable, Hashable, Codable, CaseIterable {
  /// Σ a D / Σ a: the share of the attention on the pattern, 0...1; "mul" in TransformerLens.
  case share
  /// 1 − Σ |a − D| / T: 1 where the attention is the pattern, −1 at worst; "abs" in TransformerLens, there rounded to three
  /// digits.
  case difference
}

extension AttendedSequences {
  /// How much each head is of a kind.
  ///
  /// - Parameter excludesFirst: takes the attention on the first position for 0: heads rest there. With the share this is not
  ///   counted in the denominator either.
  /// - Parameter excludesCurrent: the same for the attention of a position on itself.
  /// - Returns: scores; nil in sequences of which exclusions leave no attention.
  /// - Source: TransformerLens, `head_detector`.
  /// - Differs from: that in never changing the patterns, of which its exclusions write zeros into the cache, and in
  ///   keeping the exclusions for several sequences.
  public func detection(
    of kind: HeadKind, by comparison: HeadComparison = .share, excludesFirst: Bool = false,
    excludesCurrent: Bool = false
  ) -> HeadScores {
    let wanted = tokens.map { kind.pattern(of: $0) }
    return scores { sequence, pattern in
      var (product, sum, difference) = (0.0, 0.0, 0.0)
      for query in 0..<length {
        for key in 0..<length {
          let isExcluded = excludesFirst && key == 0 || excludesCurrent && key == query
          let attention = isExcluded ? 0 : pattern[query, key]
          let target = wanted[sequence][query, key]
          product += attention * target
          sum += attention
          difference += abs(attention - target)
        }
      }
      switch comparison {
      case .share: return sum > 0 ? product / sum : nil
      case .difference: return 1 - difference / Double(length)
      }
    }
  }
}
