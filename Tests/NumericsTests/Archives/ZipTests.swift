import TestSupport
import Testing

@testable import GrokNumerics

@Suite struct ZipTests {
  private let members: [(name: String, contents: [UInt8])] = [
    ("a.npy", Array("first".utf8)), ("folder/b.npy", [UInt8](repeating: 9, count: 5000)),
    ("ψ.npy", []),
  ]

  @Test(arguments: [false, true], [false, true])
  func whatIsWrittenIsReadTheSame(isDeflated: Bool, alwaysUsesZip64: Bool) throws {
    let bytes = try written(isDeflated: isDeflated, alwaysUsesZip64: alwaysUsesZip64)
    #expect((bytes.count > 5000) == !isDeflated)
    let reader = try ZipReader(ByteSource(bytes, path: "x.zip"))
    #expect(reader.members.map(\.name) == members.map(\.name))
    for (found, member) in zip(reader.members, members) {
      #expect(try reader.contents(of: found) == member.contents)
    }
    #expect(try written(isDeflated: isDeflated, alwaysUsesZip64: alwaysUsesZip64) == bytes)
  }

  @Test func theEndRecordIsFoundBehindACommentThatLooksLikeOne() throws {
    var bytes = try written()
    let comment = Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 60)
    bytes[bytes.count - 2] = UInt8(comment.count)
    let zip = try ZipReader(ByteSource(bytes + comment, path: "x.zip"))
    #expect(zip.members.count == 3)
  }

  @Test func moreMembersThanSixteenBitsCount() throws {
    var writer = ZipWriter()
    var bytes: [UInt8] = []
    for index in 0..<66_000 {
      bytes += try writer.member("\(index).npy", [], isDeflated: false).header
    }
    bytes += writer.directory()
    let zip = try ZipReader(ByteSource(bytes, path: "x.zip"))
    #expect(zip.members.count == 66_000)
    #expect(zip.members.last?.name == "65999.npy")
  }

  @Test func membersThatOverlapOrRepeatAreRefused() throws {
    // Two entries of the directory for the same bytes: a bomb in the making.
    var writer = ZipWriter()
    let first = try writer.member("a", [1, 2, 3], isDeflated: false)
    var second = ZipWriter()
    _ = try second.member("a", [1, 2, 3], isDeflated: false)
    let entry = second.directory().dropLast(22)
    var directory = Array(entry + entry) + writer.directory().suffix(22)
    directory[directory.count - 22 + 8] = 2
    directory[directory.count - 22 + 10] = 2
    directory[directory.count - 22 + 12] = UInt8(2 * entry.count)
    let repeated = #expect(throws: ArchiveError.self) {
      try ZipReader(ByteSource(first.header + first.data + directory, path: "x.zip"))
    }
    #expect(
      repeated?.description == "x.zip, byte 81: expected each member once, found a second 'a'")

    // A second member whose header stands inside of the first's contents.
    var inner = ZipWriter()
    let hidden = try inner.member("b", [9], isDeflated: false)
    var outer = ZipWriter()
    let shell = try outer.member("a", hidden.header + hidden.data, isDeflated: false)
    var innerEntry = Array(inner.directory().dropLast(22))
    innerEntry[42] = UInt8(shell.header.count)
    var end = Array(outer.directory().suffix(22))
    let outerEntry = Array(outer.directory().dropLast(22))
    end[8] = 2
    end[10] = 2
    end[12] = UInt8(outerEntry.count + innerEntry.count)
    let overlapping = #expect(throws: ArchiveError.self) {
      try ZipReader(
        ByteSource(shell.header + shell.data + outerEntry + innerEntry + end, path: "x.zip"))
    }
    #expect(
      overlapping?.description
        == "x.zip, byte 31: expected 'b' after the end of 'a', found an overlap")
  }

  @Test func namesThatLeaveTheFolderAreNotSafe() {
    for name in ["", "/a", "../a", "a/../b", "a/..", "..", "C:a", "a\\b", "a\nb", "a\0"] {
      #expect(!ZipReader.isSafe(name), "\(name)")
    }
    for name in ["a", "a/b", "a..b", "..a", "blocks.0.attn.W_Q", "μ", "a b"] {
      #expect(ZipReader.isSafe(name), "\(name)")
    }
  }

  private func written(isDeflated: Bool = false, alwaysUsesZip64: Bool = false) throws -> [UInt8] {
    var writer = ZipWriter(alwaysUsesZip64: alwaysUsesZip64)
    var bytes: [UInt8] = []
    for (name, contents) in members {
      let member = try writer.member(name, contents, isDeflated: isDeflated)
      bytes += member.header + member.data
    }
    return bytes + writer.directory()
  }
}
