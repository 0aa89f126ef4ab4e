import Synchronization

/// Sequences of tokens of one length.
public struct TokenBatch: Sendable {
  /// The length of each sequence.
  public let context: Int
  /// Tokens are in `0 ..< vocabularySize`.
  public let vocabularySize: Int
  /// `[examples, context]`, row-major.
  public private(set) var tokens: [Int32]
  private var pairCache: PairCache

  /// A batch of sequences.
  ///
  /// - Parameter tokens: `[examples, context]`, row-major, each in `0 ..< vocabularySize`.
  public init(tokens: [Int32], context: Int, vocabularySize: Int) {
    precondition(
      context >= 1 && tokens.count % context == 0,
      "TokenBatch: \(tokens.count) tokens are no sequences of \(context)")
    precondition(
      tokens.allSatisfy { $0 >= 0 && $0 < vocabularySize },
      "TokenBatch: a token is not in 0 ..< \(vocabularySize)")
    self.init(tokens, context, vocabularySize, PairCache())
  }

  private init(
    _ tokens: [Int32], _ context: Int, _ vocabularySize: Int, _ pairCache: PairCache
  ) {
    self.context = context
    self.vocabularySize = vocabularySize
    self.tokens = tokens
    self.pairCache = pairCache
  }

  /// No sequences.
  static let empty = TokenBatch(tokens: [], context: 1, vocabularySize: 1)

  /// The number of sequences.
  public var exampleCount: Int { tokens.count / context }

  /// The (token, position) pairs of the sequences, found when they are first asked for.
  public var pairs: TokenPairs {
    pairCache.pairs {
      TokenPairs(tokens: tokens, context: context, vocabularySize: vocabularySize, isShared: true)
    }
  }

  /// Whether what tokens and positions decide may be computed once for all examples.
  var sharesRows: Bool { pairCache.isShared }

  /// The same sequences with pairs that no two examples share.
  var withOwnRows: TokenBatch {
    let own = TokenPairs(
      tokens: tokens, context: context, vocabularySize: vocabularySize, isShared: false)
    return TokenBatch(tokens, context, vocabularySize, PairCache(own, isShared: false))
  }

  /// The sequences at the given indices.
  public func selecting(_ indices: [Int32]) -> TokenBatch {
    let selected = indices.flatMap { index in
      tokens[Int(index) * context..<(Int(index) + 1) * context]
    }
    return TokenBatch(selected, context, vocabularySize, PairCache())
  }

  /// Becomes the sequences of `source` at the given indices, of the same length and vocabulary; allocates
  /// nothing once it has held as many.
  mutating func select(_ indices: [Int32], of source: TokenBatch) {
    precondition(
      context == source.context && vocabularySize == source.vocabularySize,
      "TokenBatch: sequences of \(source.context) in place of sequences of \(context)")
    if isKnownUniquelyReferenced(&pairCache) { pairCache.clear() } else { pairCache = PairCache() }
    tokens.removeAll(keepingCapacity: true)
    for index in indices {
      tokens.append(
        contentsOf: source.tokens[Int(index) * context..<(Int(index) + 1) * context])
    }
  }
}

/// The pairs of a batch, once somebody has asked for them.
private final class PairCache: Sendable {
  private let known: Mutex<TokenPairs?>
  let isShared: Bool

  init(_ pairs: TokenPairs? = nil, isShared: Bool = true) {
    known = Mutex(pairs)
    self.isShared = isShared
  }

  func pairs(_ make: () -> TokenPairs) -> TokenPairs {
    known.withLock { known in
      if let known { return known }
      let made = make()
      known = made
      return made
    }
  }

  func clear() { known.withLock { $0 = nil } }
}

/// The (token, position) pairs of a batch of sequences, and which of them each sequence reads.
///
/// A network's first layer depends on the token and its position alone, so it is computed once for each
/// distinct pair and looked up; for modular addition that is 2p + 1 rows instead of 3n.
public final class TokenPairs: Sendable {
  /// The token of each pair; pairs are ordered by position, then token.
  public let tokens: [Int32]
  /// The position of each pair.
  public let positions: [Int32]
  /// The pairs that stand at the last position.
  public let last: [Int32]
  /// Which rows each example's attention at the last position reads: queries by index into `last`,
  /// keys by pair.
  public let lastPositionPlan: AttentionPlan

  /// - Parameter isShared: without it, every example has pairs of its own, ordered by example and then
  ///   position: what an example adds to a gradient is then found in rows of its own.
  init(tokens: [Int32], context: Int, vocabularySize: Int, isShared: Bool) {
    let exampleCount = tokens.count / context
    if !isShared {
      let rows = (0..<Int32(tokens.count)).map { $0 }
      self.tokens = tokens
      positions = rows.map { $0 % Int32(context) }
      last = rows.filter { ($0 + 1) % Int32(context) == 0 }
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
    self.tokens = pairTokens
    positions = pairPositions
    last = lastPairs
    lastPositionPlan = AttentionPlan(queryRows: queryRows, keyRows: keyRows, context: context)
  }
}
