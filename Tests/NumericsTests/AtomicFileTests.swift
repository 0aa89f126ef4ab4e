import Foundation
import TestSupport
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
