/// Tokens that are merged from bytes, pair by pair, the commonest pair first.
///
/// Merges stay within words: a word is a run of letters and digits, a run of white space, or a run of anything else, each
/// with one space before it if there is one.
///
/// - Source: Sennrich, Haddow & Birch, arXiv 1508.07909; over bytes as in Radford et al., *Language Models are
///   Unsupervised Multitask Learners* (2019), whose rule for words is finer.
public struct BytePairVocabulary: Sendable, Equatable {
  /// The two tokens that token `256 + i` is merged from; tokens below 256 are bytes.
  public let merges: [[Int32]]
  /// The bytes of each token.
  public let pieces: [[UInt8]]
  private let ranks: [Int64: Int32]

  /// Learns merges from a text until there are `size` tokens, or no pair occurs twice.
  ///
  /// - Throws: `DatasetError.invalidSetting` for a size below 256.
  /// - Complexity: O(merges · different words) at worst; a megabyte of English to 2,048 tokens takes seconds.
  public init(of text: String, size: Int) throws(DatasetError) {
    guard size >= 256 else {
      throw .invalidSetting(
        name: "size of the vocabulary", value: "\(size)", expected: "at least 256, the bytes")
    }
    var learner = MergeLearner(text)
    var merges: [[Int32]] = []
    while 256 + merges.count < size, let best = learner.mostFrequent() {
      learner.merge(best, into: Int32(256 + merges.count))
      merges.append([best.first, best.second])
    }
    self.init(merges: merges)
  }

  /// A vocabulary of given merges, in their order.
  ///
  /// - Precondition: each merges two tokens that come before.
  public init(merges: [[Int32]]) {
    var pieces = (0...255).map { [UInt8($0)] }
    var ranks: [Int64: Int32] = [:]
    for (index, pair) in merges.enumerated() {
      precondition(
        pair.count == 2 && pair.allSatisfy { $0 >= 0 && $0 < 256 + index },
        "BytePairVocabulary: merge \(index) of \(pair)")
      pieces.append(pieces[Int(pair[0])] + pieces[Int(pair[1])])
      ranks[TokenPair(first: pair[0], second: pair[1]).code] = Int32(256 + index)
    }
    self.merges = merges
    self.pieces = pieces
    self.ranks = ranks
  }

  func encode(_ text: String) -> [Int32] {
    var known: [[UInt8]: [Int32]] = [:]
    return MergeLearner.words(of: text).flatMap { word in
      if let tokens = known[word] { return tokens }
      let tokens = encoded(word)
      known[word] = tokens
      return tokens
    }
  }

  /// Merges the pair that was learned first, again and again.
  private func encoded(_ word: [UInt8]) -> [Int32] {
    var tokens = word.map { Int32($0) }
    while let best = zip(tokens, tokens.dropFirst())
      .compactMap({ ranks[TokenPair(first: $0, second: $1).code] }).min()
    {
      let pair = merges[Int(best) - 256]
      tokens = tokens.merging(TokenPair(first: pair[0], second: pair[1]), into: best)
    }
    return tokens
  }

  func decode(_ tokens: some Sequence<Int32>) -> String {
    String(decoding: tokens.flatMap { pieces[Int($0)] }, as: UTF8.self)
  }
}

/// Two tokens side by side.
struct TokenPair: Hashable {
  let first: Int32
  let second: Int32

  var code: Int64 { Int64(first) << 32 | Int64(second) }
}

extension [Int32] {
  /// The same tokens with each occurrence of a pair, from the left, replaced by one token.
  fileprivate func merging(_ pair: TokenPair, into token: Int32) -> [Int32] {
    var (result, index) = ([Int32](), 0)
    result.reserveCapacity(count)
    while index < count {
      if index + 1 < count, self[index] == pair.first, self[index + 1] == pair.second {
        result.append(token)
        index += 2
      } else {
        result.append(self[index])
        index += 1
      }
    }
    return result
  }
}

// MARK: - Learning

/// The different words of a text with how often each occurs, and the pairs inside them.
private struct MergeLearner {
  private var words: [[Int32]] = []
  private var wordCounts: [Int] = []
  private var pairCounts: [TokenPair: Int] = [:]
  /// The words that have, or once had, each pair.
  private var places: [TokenPair: Set<Int>] = [:]

  init(_ text: String) {
    var counts: [[UInt8]: Int] = [:]
    for word in Self.words(of: text) { counts[word, default: 0] += 1 }
    for (word, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      words.append(word.map { Int32($0) })
      wordCounts.append(count)
      tally(words.count - 1, by: count)
    }
  }

  /// The bytes of each word.
  static func words(of text: String) -> [[UInt8]] {
    enum Kind { case word, space, other }
    var (result, current, kind) = ([[UInt8]](), [UInt8](), Kind?.none)
    for character in text {
      let next: Kind =
        character.isLetter || character.isNumber
        ? .word : character.isWhitespace ? .space : .other
      // One space goes with what follows it.
      let joins = kind == .space && next != .space && current == [0x20]
      if let kind, kind != next, !joins {
        // The last of several spaces goes with the word behind.
        if kind == .space, current.last == 0x20, current.count > 1 {
          result.append(Array(current.dropLast()))
          current = [0x20]
        } else {
          result.append(current)
          current = []
        }
      }
      current += Array(String(character).utf8)
      kind = next
    }
    if !current.isEmpty { result.append(current) }
    return result
  }

  /// The pair that occurs most often, twice at least; of several the one of the lowest tokens.
  func mostFrequent() -> TokenPair? {
    var best: (pair: TokenPair, count: Int)?
    for (pair, count) in pairCounts where count >= 2 {
      if let best, best.count > count || (best.count == count && best.pair.code < pair.code) {
        continue
      }
      best = (pair, count)
    }
    return best?.pair
  }

  mutating func merge(_ pair: TokenPair, into token: Int32) {
    for word in places[pair] ?? [] {
      tally(word, by: -wordCounts[word])
      words[word] = words[word].merging(pair, into: token)
      tally(word, by: wordCounts[word])
    }
    pairCounts[pair] = nil
    places[pair] = nil
  }

  private mutating func tally(_ word: Int, by count: Int) {
    let tokens = words[word]
    for (first, second) in zip(tokens, tokens.dropFirst()) {
      let pair = TokenPair(first: first, second: second)
      pairCounts[pair, default: 0] += count
      if count > 0 { places[pair, default: []].insert(word) }
    }
  }
}
