import GrokNumerics
import TestSupport
import Testing

@Suite struct CRC32CTests {
  private func checksum(_ bytes: [UInt8], after seed: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { crc32c($0, after: seed) }
  }

  /// RFC 3720, appendix B.4, and the value that catalogues of checksums give for "123456789".
  private static let vectors: [(bytes: [UInt8], checksum: UInt32)] = [
    ([], 0),
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E),
    (Array((0..<32).reversed()), 0x113F_DB5C),
    (Array("123456789".utf8), 0xE306_9283),
    (
      [
        0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0,
        0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
      ], 0xD996_3A56
    ),
  ]

  @Test(.tags(.golden), arguments: vectors)
  func equalsPublishedChecksum(bytes: [UInt8], checksum expected: UInt32) {
    #expect(checksum(bytes) == expected)
  }

  /// Bit by bit, as the polynomial is defined.
  private func plain(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { state, byte in
      (0..<8).reduce(state ^ UInt32(byte)) { value, _ in
        value >> 1 ^ (value & 1 == 1 ? 0x82F6_3B78 : 0)
      }
    }
  }

  @Test(.tags(.oracle)) func equalsTheDefinitionAtEveryLengthAndPlace() {
    let bytes = RandomKey(seed: 3).integers(count: 300, in: 0..<256).map { UInt8($0) }
    for start in 0..<9 {
      for count in [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 255] {
        let part = Array(bytes[start..<start + count])
        #expect(checksum(part) == plain(part), "\(count) bytes from \(start)")
        let (first, second) = (Array(part.prefix(count / 3)), Array(part.dropFirst(count / 3)))
        #expect(checksum(second, after: checksum(first)) == plain(part))
      }
    }
  }
}
