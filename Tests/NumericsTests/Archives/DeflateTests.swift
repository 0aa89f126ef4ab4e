import TestSupport
import Testing

@testable import GrokNumerics

@Suite struct DeflateTests {
  /// Sizes around the pieces of 256 kB in which data go through zlib; compressible and not.
  private static let sizes = [0, 1, 1000, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 3_000_000]

  @Test(arguments: sizes, [DeflateFormat.raw, .zlib, .gzip])
  func whatIsDeflatedInflatesToTheSame(size: Int, format: DeflateFormat) throws {
    var state: UInt32 = 1
    let bytes = (0..<size).map { index -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return index % 3000 < 2000 ? UInt8(truncatingIfNeeded: state >> 24) : 7
    }
    let packed = try deflated(bytes, format: format)
    // A range in the middle of a file, as in zip files.
    let source = ByteSource([1, 2, 3] + packed + [4], path: "x")
    var result: [UInt8] = []
    try source.inflate(3..<3 + packed.count, format: format) { result += $0 }
    #expect(result == bytes)
    #expect(throws: ArchiveError.self) {
      try source.inflate(3..<3 + packed.count - 1, format: format) { _ in }
    }
    #expect(throws: ArchiveError.self) {
      try source.inflate(3..<4 + packed.count, format: format) { _ in }
    }
  }

  @Test func plainBytesAreNotGzip() throws {
    #expect(try ByteSource([1, 2, 3], path: "x").gunzipped() == [1, 2, 3])
    #expect(try ByteSource([], path: "x").gunzipped() == [])
    #expect(try !ByteSource([0x1F], path: "x").isGzip())
  }

  @Test func aWrongChecksumIsRefused() throws {
    var packed = try deflated(Array("some text".utf8), format: .gzip)
    packed[packed.count - 6] ^= 1
    let error = #expect(throws: ArchiveError.self) {
      try ByteSource(packed, path: "x.gz").gunzipped()
    }
    #expect(
      error?.description
        == "x.gz, byte \(packed.count - 4): expected compressed data, found incorrect data check")
  }

  @Test func checksumIsTheStandardOne() {
    let check = Array("123456789".utf8).withUnsafeBytes { crc32($0) }
    #expect(check == 0xCBF4_3926)
    let first = Array("12345".utf8).withUnsafeBytes { crc32($0) }
    #expect(Array("6789".utf8).withUnsafeBytes { crc32($0, after: first) } == 0xCBF4_3926)
    #expect([UInt8]().withUnsafeBytes { crc32($0) } == 0)
  }
}
