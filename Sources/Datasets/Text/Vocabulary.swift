/// How text becomes tokens.
public enum Vocabulary: Sendable, Equatable {
  /// Each byte of UTF-8 is a token; 256 of them.
  case bytes
  /// Words, with what is between them as words of their own; the rarest share one token.
  case words(WordVocabulary)
  /// Pieces of words, merged from bytes by how often they meet.
  case bytePairs(BytePairVocabulary)

  /// Tokens are in `0..<size`.
  public var size: Int {
    switch self {
    case .bytes: 256
    case .words(let words): words.words.count + 1
    case .bytePairs(let pairs): 256 + pairs.merges.count
    }
  }

  /// The tokens of a text.
  public func encode(_ text: String) -> [Int32] {
    switch self {
    case .bytes: text.utf8.map { Int32($0) }
    case .words(let words): words.encode(text)
    case .bytePairs(let pairs): pairs.encode(text)
    }
  }

  /// The text of tokens; rare words, and bytes that are no UTF-8, come as `�`.
  ///
  /// - Precondition: every token is in `0..<size`.
  public func decode(_ tokens: some Sequence<Int32>) -> String {
    switch self {
    case .bytes: String(decoding: tokens.map { UInt8($0) }, as: UTF8.self)
    case .words(let words): words.decode(tokens)
    case .bytePairs(let pairs): pairs.decode(tokens)
    }
  }
}

/// The commonest words of a text.
public struct WordVocabulary: Sendable, Equatable {
  /// The words, the commonest first; token `i + 1` is word `i`, token 0 all others.
  public let words: [String]
  private let tokens: [String: Int32]

  /// The `size − 1` commonest words of a text; of equally common ones those that come first in the alphabet.
  ///
  /// A word is a run of letters and digits of any script, or one other character.
  ///
  /// - Throws: `DatasetError.invalidSetting` for a size below 2.
  public init(of text: String, size: Int) throws(DatasetError) {
    guard size >= 2 else {
      throw .invalidSetting(
        name: "size of the vocabulary", value: "\(size)", expected: "at least 2")
    }
    var counts: [Substring: Int] = [:]
    for word in Self.split(text) { counts[word, default: 0] += 1 }
    let ordered = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    words = ordered.prefix(size - 1).map { String($0.key) }
    tokens = Dictionary(
      uniqueKeysWithValues: words.enumerated().map { ($1, Int32($0 + 1)) })
  }

  static func split(_ text: String) -> [Substring] {
    var (words, start, isInside) = ([Substring](), text.startIndex, false)
    for index in text.indices {
      let isWord = text[index].isLetter || text[index].isNumber
      if !(isWord && isInside), index > start {
        words.append(text[start..<index])
        start = index
      }
      isInside = isWord
    }
    if start < text.endIndex { words.append(text[start...]) }
    return words
  }

  func encode(_ text: String) -> [Int32] { Self.split(text).map { tokens[String($0)] ?? 0 } }

  func decode(_ tokens: some Sequence<Int32>) -> String {
    tokens.map { $0 == 0 ? "\u{FFFD}" : words[Int($0) - 1] }.joined()
  }
}
