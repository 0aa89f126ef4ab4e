import TestSupport
import Testing

@testable import GrokNumerics

@Suite struct ByteSourceTests {
  @Test func givesTheBytesAskedForFromFileAndMemory() throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 3) }
      try AtomicFile.write(bytes, to: folder + "/x")
      for source in [try ByteSource(path: folder + "/x"), ByteSource(bytes, path: "x")] {
        #expect(source.count == 1000)
        #expect(try source.all() == bytes)
        #expect(try source.bytes(at: 990, count: 10, for: "tail") == Array(bytes[990...]))
        #expect(try source.bytes(at: 1000, count: 0, for: "nothing") == [])
      }
    }
  }

  private static let refusals: [(offset: Int, count: Int, message: String)] = [
    (4, 7, "x, byte 4: expected 7 bytes of data, found 6 bytes to the end"),
    (10, 1, "x, byte 10: expected 1 bytes of data, found 0 bytes to the end"),
    (11, 0, "x, byte 10: expected 0 bytes of data, found a place outside the 10 bytes"),
    (-1, 2, "x, byte 0: expected 2 bytes of data, found a place outside the 10 bytes"),
    (
      1, .max, "x, byte 1: expected 9223372036854775807 bytes of data, found 9 bytes to the end"
    ),
    (
      .max, .max,
      "x, byte 10: expected 9223372036854775807 bytes of data, found a place outside the 10 bytes"
    ),
  ]

  @Test(arguments: refusals)
  func refusesToReadOutside(offset: Int, count: Int, message: String) {
    let source = ByteSource([UInt8](repeating: 1, count: 10), path: "x")
    let error = #expect(throws: ArchiveError.self) {
      try source.bytes(at: offset, count: count, for: "data")
    }
    #expect(error?.description == message)
  }

  @Test func saysWhyItCannotRead() throws {
    try withTemporaryFolder { folder in
      let missing = #expect(throws: ArchiveError.self) { try ByteSource(path: folder + "/no") }
      #expect(missing?.description == "cannot read \(folder)/no: No such file or directory")
      let isFolder = #expect(throws: ArchiveError.self) { try ByteSource(path: folder) }
      #expect(isFolder?.description == "cannot read \(folder): it is a folder")
      let device = #expect(throws: ArchiveError.self) { try ByteSource(path: "/dev/zero") }
      #expect(device?.description == "cannot read /dev/zero: it is not a regular file")
    }
  }
}
