import Foundation
import GrokDatasets
import TestSupport
import Testing

@Suite struct TextSequencesTests {
  private let rhyme = """
    How much wood would a woodchuck chuck, if a woodchuck could chuck wood?
      As much wood as a woodchuck would — naïve 木 chuck.

    """

  @Test(.tags(.law), arguments: [256, 280, 300]) func bytePairsLoseNothing(size: Int) throws {
    let pairs = try BytePairVocabulary(of: rhyme, size: size)
    let vocabulary = Vocabulary.bytePairs(pairs)
    let tokens = vocabulary.encode(rhyme)
    #expect(vocabulary.decode(tokens) == rhyme)
    #expect(tokens.allSatisfy { $0 >= 0 && $0 < vocabulary.size })
    #expect(tokens.count <= rhyme.utf8.count && vocabulary.size <= size)
    #expect(
      vocabulary.decode(vocabulary.encode("other töxt  with\r\nends")) == "other töxt  with\r\nends"
    )
    #expect(BytePairVocabulary(merges: pairs.merges) == pairs)
    #expect(try BytePairVocabulary(of: rhyme, size: size) == pairs)
  }

  /// The published example: low ×5, lower ×2, newest ×6, widest ×3.
  @Test(.tags(.golden)) func mergesOfTheCommonestPairs() throws {
    let words = [("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)]
    let text = words.flatMap { [String](repeating: $0.0, count: $0.1) }.joined(separator: "\n")
    let pairs = try BytePairVocabulary(of: text, size: 256 + 6)
    let merged = pairs.pieces.suffix(6).map { String(decoding: $0, as: UTF8.self) }
    // es, est and lo come first as counts of 9, 9 and 7; pairs of equal counts by their tokens.
    #expect(Set(merged.prefix(2)) == ["es", "est"])
    #expect(merged[2] == "lo" && merged[3] == "low")
    let tokens = Vocabulary.bytePairs(pairs).encode("lowest")
    #expect(
      tokens.map { String(decoding: pairs.pieces[Int($0)], as: UTF8.self) } == ["low", "est"])
  }

  @Test func wordsAndBytes() throws {
    let words = try WordVocabulary(of: "b a, a c a b", size: 4)
    #expect(words.words == [" ", "a", "b"])
    let vocabulary = Vocabulary.words(words)
    #expect(vocabulary.encode("a b,c") == [2, 1, 3, 0, 0])
    #expect(vocabulary.decode([2, 1, 0]) == "a \u{FFFD}")
    let all = Vocabulary.words(try WordVocabulary(of: rhyme, size: 1000))
    #expect(all.decode(all.encode(rhyme)) == rhyme)
    #expect(Vocabulary.bytes.encode("aé") == [97, 195, 169])
    #expect(Vocabulary.bytes.decode([97, 195, 169]) == "aé")
  }

  @Test func sequencesFollowOneAnother() throws {
    let text = try TextSequences("abcdefghijk", vocabulary: .bytes, contextLength: 3)
    #expect(text.sequenceCount == 3)
    let split = try text.split(trainCount: 2, testCount: 1)
    #expect(try tokens(split.train).values == Array("abcdef".utf8).map { Int32($0) })
    #expect(split.train.labels == Array("bcdefg".utf8).map { Int32($0) })
    #expect(split.test.labels == Array("hij".utf8).map { Int32($0) })
    #expect((split.train.positionCount, split.train.classCount) == (3, 256))
  }

  @Test func messages() throws {
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: DatasetError.self, performing: body)?.description
    }
    #expect(
      message { _ = try TextSequences("abc", vocabulary: .bytes, contextLength: 3) }
        == "tokens of a text for sequences of 3: expected 4, found 3")
    #expect(
      message { _ = try TextSequences("abc", vocabulary: .bytePairs(size: 9), contextLength: 2) }
        == "size of the vocabulary is 9; expected at least 256, the bytes")
    let text = try TextSequences("abcdefgh", vocabulary: .bytes, contextLength: 2)
    #expect(
      message { _ = try text.split(trainCount: 3, testCount: 1) }
        == "the number of sequences to train and test on is 3 and 1; expected at least 1 each, "
        + "at most 3 together")
    try withTemporaryFolder { folder in
      try Data([97, 0xFF, 98]).write(to: URL(fileURLWithPath: folder + "/a.txt"))
      #expect(
        message {
          _ = try TextSequences(
            contentsOf: folder + "/a.txt", vocabulary: .bytes, contextLength: 2)
        }?.hasSuffix("/a.txt, byte 1: expected text in UTF-8, found a byte that is none") == true)
    }
  }

  @Test(.enabled(if: DataFolder.path != nil, "\(DataFolder.howToProvide)"))
  func plays() throws {
    let path = try #require(DataFolder.path) + "/text/tinyshakespeare.txt"
    let text = try TextSequences(
      contentsOf: path, vocabulary: .words(size: 2048), contextLength: 128)
    #expect(text.vocabulary.size == 2048)
    let unknown = text.tokens.count { $0 == 0 }
    #expect(Double(unknown) < 0.06 * Double(text.tokens.count))
    #expect(text.sha256.hasPrefix("86c4e6aa9db7c042"))
    let bytes = try TextSequences(contentsOf: path, vocabulary: .bytes, contextLength: 128)
    #expect(bytes.tokens.count == 1_115_394)
  }
}
