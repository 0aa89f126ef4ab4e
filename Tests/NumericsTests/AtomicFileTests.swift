import FoundationEssentials
import Testing

@testable import GrokNumerics

@Suite struct AtomicFileTests {
  @Test func replacesTheWholeFileAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.txt"
      try AtomicFile.write("first", to: path)
      try AtomicFile.write("second, longer", to: path)
      #expect(try ByteSource(path: path).all() == Array("second, longer".utf8))
      try AtomicFile.write([UInt8](), to: path)
      #expect(try ByteSource(path: path).count == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.txt"])
    }
  }

  @Test func aFailureLeavesTheOldFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.txt"
      try AtomicFile.write("old", to: path)
      #expect(throws: ArchiveError.unknownKind(path: "x")) {
        try AtomicFile.write(to: path) { (file: inout AtomicFile) throws(ArchiveError) in
          try file.append(Array("half".utf8))
          throw .unknownKind(path: "x")
        }
      }
      #expect(try ByteSource(path: path).all() == Array("old".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.txt"])
    }
  }

  @Test func saysWhyItCannotWrite() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/missing/a.txt"
      let error = #expect(throws: ArchiveError.self) { try AtomicFile.write("x", to: path) }
      #expect(error?.description == "cannot write \(path): No such file or directory")
      // A folder in the way is found only when the file is renamed; the bytes beside it must go.
      try FileManager.default.createDirectory(
        atPath: folder + "/b", withIntermediateDirectories: false)
      #expect(throws: ArchiveError.self) { try AtomicFile.write("x", to: folder + "/b") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b"])
    }
  }

  @Test func appendsPiecesInOrder() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/pieces"
      let piece = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
      try AtomicFile.write(to: path) { (file: inout AtomicFile) throws(ArchiveError) in
        for _ in 0..<3 { try file.append(piece) }
        #expect(file.byteCount == 210_000)
      }
      #expect(try ByteSource(path: path).all() == piece + piece + piece)
    }
  }
}

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

/// Runs `body` with the path of a new, empty folder, and removes the folder afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.path + "/grok-tests-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}
