import Foundation
import TestSupport
import Testing

@testable import GrokNumerics

/// Damaged files give a result or a typed error: never a crash, a hang, or memory that a header claims.
///
/// Run under AddressSanitizer with a limit on the size of one allocation, this also proves that nothing
/// is read out of bounds or allocated on a header's word.
@Suite struct HostileArchiveTests {
  /// Damaged files per format.
  private static let mutationCount = 3000

  private static let files: [(kind: String, seeds: [String])] = [
    (
      "npy",
      ["float32", "big-endian-int16", "fortran-float64", "scalar", "empty-inside", "version-2"]
    ),
    ("npz", ["stored", "deflated", "data-descriptors", "zip64", "comment", "no-arrays"]),
    ("safetensors", ["all-types", "metadata", "holes", "no-arrays"]),
    ("csv", ["table", "savetxt", "spreadsheet"]),
  ]

  @Test(.timeLimit(.minutes(5)), arguments: files)
  func damagedArchivesGiveAResultOrAnError(kind: String, seeds: [String]) throws {
    var originals = try seeds.map {
      try ByteSource(path: fixtureURL("archives/\($0).\(kind)").path).all()
    }
    if kind == "npz" { originals.append(try zip64Everywhere()) }
    var mutator = FileMutator(seed: 1)
    var readCount = 0
    for index in 0..<Self.mutationCount {
      let damaged = mutator.mutated(originals[index % originals.count])
      guard let archive = expectResultOrError(damaged, path: "damaged.\(kind)") else {
        continue
      }
      readCount += 1
      for name in archive.names {
        let array = try archive.array(name)
        #expect(array.bytes.count == array.count * array.elementType.byteCount)
        // What was read can be used, or refuses with the same kind of error.
        _ = try? array.floats()
        _ = try? array.doubles()
        _ = try? array.integers()
        _ = try? archive.matrix(name)
      }
    }
    // Some damage is harmless; if none or all were, the damage would be the wrong kind.
    #expect(readCount > 0 && readCount < Self.mutationCount, "\(readCount) were read")
  }

  @Test(.timeLimit(.minutes(5))) func everyTruncationIsRefused() throws {
    for (kind, seeds) in Self.files where kind != "csv" {
      let bytes = try ByteSource(path: fixtureURL("archives/\(seeds[0]).\(kind)").path).all()
      for count in stride(from: 0, to: bytes.count, by: kind == "npz" ? 37 : 1) {
        // Cut inside the elements, npy and safetensors still say that there are too few.
        #expect(throws: ArchiveError.self, "\(count) bytes of \(kind)") {
          try Archive(bytes: Array(bytes[..<count]), path: "cut.\(kind)")
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(5))) func damagedGzipGivesAResultOrAnError() throws {
    let original = try ByteSource(path: fixtureURL("archives/two-members.gz").path).all()
    var mutator = FileMutator(seed: 2)
    for _ in 0..<Self.mutationCount {
      let source = ByteSource(mutator.mutated(original), path: "damaged.gz")
      do {
        let bytes = try source.gunzipped(limit: 1 << 20)
        #expect(bytes.count <= 1 << 20)
      } catch {
        #expect(isOneLine(error.description))
      }
    }
  }

  @Test(.timeLimit(.minutes(5))) func damagedJSONGivesAResultOrAnError() throws {
    let originals = [
      #"{"a":[1,-2.5e3,true,null,"x\u00e9\n😀"],"b":{"c":{"d":[[],{}]}},"e":18446744073709551615}"#,
      #"[[[[[[[[[[1]]]]]]]]]]"#, #""\ud83d\ude00""#, "-0.0001E+10",
    ].map { Array($0.utf8) }
    var mutator = FileMutator(seed: 3)
    var readCount = 0
    for index in 0..<2 * Self.mutationCount {
      do {
        let value = try JSONValue(parsing: mutator.mutated(originals[index % originals.count]))
        // What was read is written and read again as the same value.
        #expect(try JSONValue(parsing: value.text()) == value)
        readCount += 1
      } catch {
        #expect(isOneLine(error.description))
      }
    }
    #expect(readCount > 0)
  }

  @Test(.timeLimit(.minutes(1))) func aDeflateBombStopsAtTheSizeItDeclares() throws {
    // 64 MB of zeros in 64 kB; the directory admits to one megabyte only.
    let zeros = [UInt8](repeating: 0, count: 1 << 26)
    var zip = ZipWriter()
    let member = try zip.member("x.npy", zeros, isDeflated: true)
    var bytes = member.header + member.data
    let directoryStart = bytes.count
    bytes += zip.directory()
    bytes.replaceSubrange(directoryStart + 24..<directoryStart + 28, with: [0, 0, 16, 0])
    let error = #expect(throws: ArchiveError.self) { try Archive(bytes: bytes, path: "bomb.npz") }
    #expect(
      error?.description
        == "bomb.npz:x.npy, byte 1048576: expected the end of 1048576 bytes, found more")
  }

  private func zip64Everywhere() throws -> [UInt8] {
    var archive = Archive()
    archive.set("a", [1.5, 2.5])
    archive.set("b", [1, 2, 3])
    var bytes: [UInt8] = []
    try NPZ.write(archive, path: "x", isCompressed: true, alwaysUsesZip64: true) { bytes += $0 }
    return bytes
  }

  private func expectResultOrError(_ bytes: [UInt8], path: String) -> Archive? {
    do {
      return try Archive(bytes: bytes, path: path)
    } catch {
      #expect(isOneLine(error.description), "\(error)")
      return nil
    }
  }

  private func isOneLine(_ message: String) -> Bool {
    !message.isEmpty && message.unicodeScalars.count < 1000
      && message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
}
