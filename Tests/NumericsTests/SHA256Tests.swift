import GrokKernels
import GrokNumerics
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples and NIST's additional vectors; each pattern stands `count` times.
  private static let vectors: [(pattern: [UInt8], count: Int, digest: String)] = [
    ([], 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (Array("abc".utf8), 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8), 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      Array(
        ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu").utf8), 1,
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (
      [UInt8(ascii: "a")], 1_000_000,
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
    ([0xbd], 1, "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"),
    ([0], 64, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"),
  ]

  @Test(arguments: vectors)
  func equalsPublishedDigest(pattern: [UInt8], count: Int, digest: String) {
    let message = Array(repeatElement(pattern, count: count).joined())
    #expect(SHA256.hexadecimal(of: message) == digest)
  }

  @Test func piecesOfAnySizeGiveTheSameDigest() {
    let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 3) }
    let whole = SHA256.hexadecimal(of: message)
    for size in [1, 3, 55, 56, 63, 64, 65, 127, 128, 999] {
      var digest = SHA256()
      for start in stride(from: 0, to: message.count, by: size) {
        digest.update(Array(message[start..<min(start + size, message.count)]))
      }
      #expect(digest.hexadecimal == whole, "pieces of \(size)")
    }
  }

  @Test func instructionsOfTheProcessorGiveWhatPlainCodeGives() {
    let bytes = (0..<640).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 2) }
    var states = [[UInt32]](repeating: (1...8).map { 0x9e37_79b9 &* $0 }, count: 2)
    gk_sha256_blocks(&states[0], bytes, 10)
    gk_sha256_plain_blocks(&states[1], bytes, 10)
    #expect(states[0] == states[1])
  }
}
