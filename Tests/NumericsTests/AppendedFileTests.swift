import Foundation
import TestSupport
import Testing

@testable import GrokNumerics

@Suite struct AppendedFileTests {
  @Test func piecesFollowEachOtherAndWhatWasThere() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/lines"
      try AtomicFile.write("before ", to: path)
      let piece = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
      let file = try AppendedFile(path: path)
      try file.append(piece)
      try file.append([])
      #expect(try ByteSource(path: path).count == 70_007)  // there before the file is closed
      try file.append(Array("end".utf8))
      let expected = Array("before ".utf8) + piece + Array("end".utf8)
      #expect(try ByteSource(path: path).all() == expected)
    }
  }

  @Test func saysWhyItCannotWrite() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/missing/lines"
      let error = #expect(throws: ArchiveError.self) { try AppendedFile(path: path) }
      #expect(error?.description == "cannot write \(path): No such file or directory")
    }
    let full = try AppendedFile(path: "/dev/full")
    let error = #expect(throws: ArchiveError.self) { try full.append([1, 2]) }
    #expect(error?.description == "cannot write /dev/full: No space left on device")
  }
}
