import Foundation
import Testing
import TestSupport

@testable import GrokNumerics

/// Golden values computed in Python from the documentation of `RandomKey` alone.
struct RandomKeyGolden: Decodable {
  struct Case: Decodable {
    var seed: String
    var root: String
    var byName: [String: String]
    var byIndex: [String: String]
    var bits: [String]
    var uniform: [Double]
    var normal: [Double]
    var integersBelow1000: [Int]
    var permutationOf12: [Int]
    var choiceOf5From1000: [Int]

    var key: RandomKey { RandomKey(seed: UInt64(seed)!) }
  }
  var cases: [Case]

  static func load() throws -> [Case] {
    try fixture("random-key/expected.json", as: RandomKeyGolden.self).cases
  }
}

@Suite struct RandomKeyTests {
  @Test(.tags(.golden)) func derivationEqualsTheDocumentedOne() throws {
    for golden in try RandomKeyGolden.load() {
      let key = golden.key
      #expect(key.description == golden.root)
      for (name, expected) in golden.byName { #expect(key.fork(name).description == expected) }
      for (index, expected) in golden.byIndex {
        #expect(key.fork(Int(index)!).description == expected)
      }
      #expect(golden.bits.indices.map { String(key.bits(at: $0)) } == golden.bits)
    }
  }

  @Test(.tags(.law)) func forksAreAllDifferent() {
    let root = RandomKey(seed: 1)
    var seen: Set<RandomKey> = [root]
    var count = 1
    for index in 0..<500 {
      for key in [root.fork(index), root.fork(String(index)), root.fork("a").fork(index)] {
        seen.insert(key)
        seen.insert(RandomKey(seed: UInt64(index) + 2))
        count += 1
      }
      count += 1
    }
    for name in ["", "\0", "\0\0", "12345678", "12345678\u{8}", "weights", "Weights"] {
      seen.insert(root.fork(name))
      count += 1
    }
    #expect(seen.count == count)
    #expect(root.fork("a").fork("b") != root.fork("b").fork("a"))
    #expect(root.fork("a").fork("b") != root.fork("ab"))
  }

  @Test func codingKeepsTheKey() throws {
    let key = RandomKey(seed: 3).fork("checkpoint")
    let data = try JSONEncoder().encode([key])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(key)\"]")
    #expect(try JSONDecoder().decode([RandomKey].self, from: data) == [key])
    #expect(RandomKey(key.description) == key)
  }

  @Test(arguments: [
    "", "12", String(repeating: "g", count: 32), "+" + String(repeating: "0", count: 31),
  ])
  func textThatIsNoKeyIsRefused(text: String) {
    #expect(RandomKey(text) == nil)
    let json = Data("[\"\(text)\"]".utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([RandomKey].self, from: json) }
  }

  @Test(.tags(.statistical)) func bitsAreBalancedAndUncorrelated() {
    let key = RandomKey(seed: 11)
    let drawCount = 20_000
    var ones = [Int](repeating: 0, count: 64)
    var equalToNeighbor = [Int](repeating: 0, count: 64)
    var equalToFork = [Int](repeating: 0, count: 64)
    let fork = key.fork(0)
    for position in 0..<drawCount {
      let bits = key.bits(at: position)
      let neighbor = ~(bits ^ key.bits(at: position + 1))
      let forked = ~(bits ^ fork.bits(at: position))
      for bit in 0..<64 {
        ones[bit] += Int(bits >> bit & 1)
        equalToNeighbor[bit] += Int(neighbor >> bit & 1)
        equalToFork[bit] += Int(forked >> bit & 1)
      }
    }
    // Five standard errors of a fair coin: 192 of the 192 counts stay inside with probability 0.9999.
    let tolerance = 5 * (Double(drawCount) / 4).squareRoot()
    for count in ones + equalToNeighbor + equalToFork {
      #expect(abs(Double(count) - Double(drawCount) / 2) < tolerance)
    }
  }
}
