/// The counter-based generator Philox4x32 with ten rounds.
///
/// A block of four 32-bit words is a fixed function of a 128-bit counter and a 64-bit key: nothing is
/// advanced, so any part of a stream can be computed at any time by any thread.
///
/// - Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
///   checked against the known answers of its library Random123.
package struct Philox: Sendable, Equatable {
  /// The first word of a block.
  package var word0: UInt32
  /// The second word of a block.
  package var word1: UInt32
  /// The third word of a block.
  package var word2: UInt32
  /// The fourth word of a block.
  package var word3: UInt32

  package init(_ word0: UInt32, _ word1: UInt32, _ word2: UInt32, _ word3: UInt32) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }

  /// The block at `counter` under `key`, both with the least significant word first.
  @inline(__always)
  package static func block(counter: Philox, key: UInt64) -> Philox {
    var block = counter
    var key0 = UInt32(truncatingIfNeeded: key)
    var key1 = UInt32(truncatingIfNeeded: key &>> 32)
    for _ in 0..<10 {
      let product0 = UInt64(block.word0) &* 0xD251_1F53
      let product1 = UInt64(block.word2) &* 0xCD9E_8D57
      block = Philox(
        UInt32(truncatingIfNeeded: product1 &>> 32) ^ block.word1 ^ key0,
        UInt32(truncatingIfNeeded: product1),
        UInt32(truncatingIfNeeded: product0 &>> 32) ^ block.word3 ^ key1,
        UInt32(truncatingIfNeeded: product0))
      key0 &+= 0x9E37_79B9
      key1 &+= 0xBB67_AE85
    }
    return block
  }

  /// The block at a counter given as two 64-bit halves.
  @inline(__always)
  package static func block(low: UInt64, high: UInt64, key: UInt64) -> Philox {
    block(
      counter: Philox(
        UInt32(truncatingIfNeeded: low), UInt32(truncatingIfNeeded: low &>> 32),
        UInt32(truncatingIfNeeded: high), UInt32(truncatingIfNeeded: high &>> 32)),
      key: key)
  }

  /// The first two words as one number, the first of them most significant.
  @inline(__always)
  package var first: UInt64 { UInt64(word0) &<< 32 | UInt64(word1) }

  /// The last two words as one number, the third word most significant.
  @inline(__always)
  package var second: UInt64 { UInt64(word2) &<< 32 | UInt64(word3) }
}
