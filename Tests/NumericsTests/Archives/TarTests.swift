import Foundation
import TestSupport
import Testing

@testable import GrokNumerics

@Suite struct TarTests {
  /// A block for a member, as tar writes it.
  private func header(
    _ name: String, _ count: Int, type: Character = "0", prefix: String = "", size: [UInt8]? = nil
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Collection<UInt8>, at place: Int) {
      block.replaceSubrange(place..<place + bytes.count, with: bytes)
    }
    put(name.utf8, at: 0)
    let octal = String(count, radix: 8)
    put(size ?? Array((String(repeating: "0", count: 11 - octal.count) + octal).utf8), at: 124)
    block[156] = type.asciiValue!
    put("ustar\u{0}00".utf8, at: 257)
    put(prefix.utf8, at: 345)
    put([UInt8](repeating: 32, count: 8), at: 148)
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    put((String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8, at: 148)
    return block
  }

  private func member(_ name: String, _ contents: [UInt8], type: Character = "0") -> [UInt8] {
    header(name, contents.count, type: type) + contents
      + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
  }

  private let end = [UInt8](repeating: 0, count: 1024)

  private func read(_ bytes: [UInt8], wanted: String? = nil) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    try ByteSource(bytes, path: "x.tar").readTar { member in
      if wanted == nil { found[member.name] = [] }
      return wanted == nil || member.name == wanted
    } consume: { member, piece in
      found[member.name, default: []] += Array(piece)
    }
    return found
  }

  private let contents = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }

  @Test(arguments: [false, true]) func membersComeWholeThroughAnyPieces(isCompressed: Bool) throws {
    let plain =
      header("folder/", 0, type: "5") + member("./folder/a.bin", contents)
      + member("folder/empty", []) + member("folder/b.bin", Array(contents.prefix(513))) + end
    let bytes = try isCompressed ? deflated(plain, format: .gzip) : plain
    let all = try read(bytes)
    #expect(all.count == 3)
    #expect(all["folder/a.bin"] == contents)
    #expect(all["folder/empty"] == [])
    #expect(all["folder/b.bin"] == Array(contents.prefix(513)))
    #expect(try read(bytes, wanted: "folder/b.bin").count == 1)
  }

  @Test func namesAndSizesOfAllKinds() throws {
    let long = "folder/" + String(repeating: "n", count: 200)
    let record = "path=\(long)x\n"
    let line = "\(record.utf8.count + 4) \(record)"
    let size: [UInt8] = [0x80] + [UInt8](repeating: 0, count: 10) + [3]
    let bytes =
      member("././@LongLink", Array(long.utf8) + [0], type: "L") + member("cut", [1])
      + member("global", Array("9 a=bcde\n".utf8), type: "g")
      + member("attributes", Array(line.utf8), type: "x") + member("cut", [2])
      + header("c", 0, prefix: "a/b", size: size) + [7, 8, 9]
      + [UInt8](repeating: 0, count: 509) + end
    let found = try read(bytes)
    #expect(found == [long: [1], long + "x": [2], "a/b/c": [7, 8, 9]])
  }

  static let tar = InstalledProgram("tar", package: "tar")

  @Test(.enabled(if: tar.isFound, "\(tar.howToProvide)"), arguments: ["pax", "gnu", "ustar"])
  func whatTarWritesIsRead(format: String) throws {
    try withTemporaryFolder { folder in
      // Longer names than a ustar header holds in its first field.
      let path = String(repeating: "long", count: 20) + "/" + String(repeating: "name", count: 18)
      try FileManager.default.createDirectory(
        atPath: folder + "/" + path, withIntermediateDirectories: true)
      try Data(contents).write(to: URL(fileURLWithPath: "\(folder)/\(path)/file"))
      _ = try Self.tar.run([
        "--format=\(format)", "-czf", folder + "/x.tar.gz", "-C", folder,
        String(path.prefix { $0 != "/" }),
      ])
      var found: [UInt8] = []
      try ByteSource(path: folder + "/x.tar.gz").readTar { member in
        #expect(member == TarMember(name: path + "/file", count: contents.count))
        return true
      } consume: { _, piece in
        found += Array(piece)
      }
      #expect(found == contents)
    }
  }

  @Test func hostileArchivesAreRefused() {
    func refuses(_ bytes: [UInt8], _ message: String) {
      let error = #expect(throws: ArchiveError.self) { try read(bytes) }
      #expect(error?.description == message)
    }
    refuses(
      member("../up", [1]) + end,
      "x.tar, byte 0: expected a name inside of a folder, found '../up'")
    refuses(
      member("/etc/passwd", [1]) + end,
      "x.tar, byte 0: expected a name inside of a folder, found '/etc/passwd'")
    refuses(
      member("a", [1]) + member("./a", [2]) + end,
      "x.tar, byte 1024: expected each member once, found a second 'a'")
    refuses(
      header("link", 0, type: "2") + end,
      "x.tar, byte 156: expected a file or a folder, found 'link' of type '2'")
    refuses(
      header("a", 600) + [1, 2],
      "x.tar, byte 514: expected 598 more bytes of 'a', found the end")
    refuses(
      member("a", [1]), "x.tar, byte 1024: expected the end mark of a tar archive, found the end")
    refuses(
      member("a", [1]) + end + member("b", [1]),
      "x.tar, byte 2048: expected nothing behind the end mark, found more")
    var damaged = member("a", [1])
    damaged[0] = 98
    refuses(
      damaged + end,
      "x.tar, byte 148: expected the checksum 1586 of a tar header, found '003061'")
    refuses(
      header("a", 0, size: Array("12345678x12".utf8)),
      "x.tar, byte 124: expected a number of bytes, found '12345678x12'")
    refuses(
      member("x", Array("7 a".utf8), type: "x"),
      "x.tar, byte 515: expected lines 'length name=value', found '7 a'")
    refuses(
      header("x", 0o77777777, type: "x"),
      "x.tar, byte 0: expected at most 1048576 bytes of names, found 16777215")
    refuses(
      header("a", 0, size: [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7)),
      "x.tar, byte 0: expected a member that fits in a file, found 9223372036854775807 bytes")
    refuses([1, 2, 3], "x.tar, byte 3: expected the end mark of a tar archive, found the end")
    refuses([], "x.tar, byte 0: expected the end mark of a tar archive, found the end")
  }

  /// A bomb costs no memory: what is not wanted passes through, and what is wanted can be refused by its size.
  @Test func bombsAreRefusedBeforeTheirBytesCome() throws {
    let large = header("a", 1 << 32) + [UInt8](repeating: 0, count: 1 << 20)
    let bytes = try deflated(large, format: .gzip)
    let error = #expect(throws: ArchiveError.self) {
      try ByteSource(bytes, path: "x").readTar { member throws(ArchiveError) in
        throw .malformed(path: "x", byteOffset: 0, expected: "1 byte", found: "\(member.count)")
      } consume: { _, _ in
        Issue.record("bytes of a member that was refused")
      }
    }
    #expect(error?.description == "x, byte 0: expected 1 byte, found 4294967296")
  }

  /// Whatever the damage: an answer or an error, never the end of the program.
  @Test func damagedArchivesAreReadOrRefused() throws {
    let plain =
      member("././@LongLink", Array("long/name".utf8), type: "L")
      + member("cut", contents.suffix(700))
      + member("attributes", Array("12 path=abc\n".utf8), type: "x") + member("b", [1, 2]) + end
    var mutator = FileMutator(seed: 5)
    for _ in 0..<500 {
      let damaged = mutator.mutated(plain)
      _ = try? read(damaged)
      _ = try? read(mutator.mutated(deflated(damaged, format: .gzip)))
    }
  }
}
