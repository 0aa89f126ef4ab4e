/// Sequences of tokens of one length, and the distinct (token, position) pairs among them.
///
/// A network's first layer depends on the token and its position alone, so it is computed once for each
/// distinct pair and looked up; for modular addition that is 2p + 1 rows instead of 3n.
public final class TokenBatch: Sendable {
  /// The number of sequences.
  public let exampleCount: Int
  /// The length of each sequence.
  public let context: Int
  /// Tokens are in `0 ..< vocabularySize`.
  public let vocabularySize: Int
  /// `[examples, context]`, row-major.
  public let tokens: [Int32]

  /// The token of each distinct pair; pairs are ordered by position, then token.
  public let pairTokens: [Int32]
  /// The position of each distinct pair.
  public let pairPositions: [Int32]
  /// The pairs that stand at the last position.
  public let lastPairs: [Int32]
  /// Which rows each example's attention at the last position reads: queries by index into `lastPairs`,
  /// keys by pair.
  public let lastPositionPlan: AttentionPlan

  /// A batch of sequences.
  ///
  /// - Parameter tokens: `[examples, context]`, row-major, each in `0 ..< vocabularySize`.
  /// - Parameter sharesRows: without it, every example has pairs of its own, ordered by example and then
  ///   position: what an example adds to a gradient is then found in rows of its own.
  public init(tokens: [Int32], context: Int, vocabularySize: Int, sharesRows: Bool = true) {
    precondition(
      context >= 1 && tokens.count % context == 0,
      "TokenBatch: \(tokens.count) tokens are no sequences of \(context)")
    precondition(
      tokens.allSatisfy { $0 >= 0 && $0 < vocabularySize },
      "TokenBatch: a token is not in 0 ..< \(vocabularySize)")
    exampleCount = tokens.count / context
    self.context = context
    self.vocabularySize = vocabularySize
    self.tokens = tokens
    if !sharesRows {
      let rows = (0..<Int32(tokens.count)).map { $0 }
      pairTokens = tokens
      pairPositions = rows.map { $0 % Int32(context) }
      lastPairs = rows.filter { ($0 + 1) % Int32(context) == 0 }
      lastPositionPlan = AttentionPlan(
        queryRows: (0..<Int32(exampleCount)).map { $0 }, keyRows: rows, context: context)
      return
    }

    var pairs = [Int32](repeating: -1, count: context * vocabularySize)
    for (index, token) in tokens.enumerated() {
      pairs[index % context * vocabularySize + Int(token)] = 0
    }
    var (pairTokens, pairPositions, lastPairs) = ([Int32](), [Int32](), [Int32]())
    for slot in pairs.indices where pairs[slot] == 0 {
      pairs[slot] = Int32(pairTokens.count)
      if slot / vocabularySize == context - 1 { lastPairs.append(pairs[slot]) }
      pairTokens.append(Int32(slot % vocabularySize))
      pairPositions.append(Int32(slot / vocabularySize))
    }
    let keyRows = tokens.enumerated().map { index, token in
      pairs[index % context * vocabularySize + Int(token)]
    }
    let firstLast = lastPairs.first ?? 0
    let queryRows = (0..<exampleCount).map { keyRows[($0 + 1) * context - 1] - firstLast }
    self.pairTokens = pairTokens
    self.pairPositions = pairPositions
    self.lastPairs = lastPairs
    lastPositionPlan = AttentionPlan(queryRows: queryRows, keyRows: keyRows, context: context)
  }

  /// The sequences at the given indices.
  public func selecting(_ indices: [Int32]) -> TokenBatch {
    let selected = indices.flatMap { index in
      tokens[Int(index) * context..<(Int(index) + 1) * context]
    }
    return TokenBatch(tokens: selected, context: context, vocabularySize: vocabularySize)
  }
}
