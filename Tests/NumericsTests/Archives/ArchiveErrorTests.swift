import Testing

@testable import GrokNumerics

/// Every message, word for word.
@Suite struct ArchiveErrorTests {
  private static let unreadable: [(path: String, bytes: [UInt8], message: String)] = [
    // npy
    (
      "a.npy", [],
      "a.npy, byte 0: expected 8 bytes of an npy mark and version, found 0 bytes to the end"
    ),
    ("a.npy", Array("NUMPY...".utf8), "a.npy, byte 0: expected the npy mark, found other bytes"),
    (
      "a.npy", NPY.mark + [4, 0],
      "a.npy, byte 6: expected npy version 1.0, 2.0 or 3.0, found 4.0"
    ),
    (
      "a.npy", NPY.mark + [1, 0, 0xFF, 0xFF, 0x7B],
      "a.npy, byte 10: expected 65535 bytes of the npy header, found 1 bytes to the end"
    ),
    (
      "a.npy", npy("{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }"),
      "a.npy, byte 20: expected a plain number type such as '<f4', found '<c8'"
    ),
    (
      "a.npy", npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (3,), }"),
      "a.npy, byte 20: expected a plain number type such as '<f4', found a structured type"
    ),
    (
      "a.npy", npy("{'descr': '<f4', 'fortran_order': 0, 'shape': (3,), }"),
      "a.npy, byte 44: expected True or False, found '0'"
    ),
    (
      "a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }"),
      "a.npy, byte 61: expected an extent, found '-'"
    ),
    (
      "a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,), }"),
      "a.npy, byte 61: expected an extent below 2^63, found 9223372036854775808"
    ),
    (
      "a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'color': 1}"),
      "a.npy, byte 51: expected 'descr', 'fortran_order' and 'shape', once each, found 'color'"
    ),
    (
      "a.npy", npy("{'descr': '<f4', 'shape': (3,)}"),
      "a.npy, byte 41: expected 'descr', 'fortran_order' and 'shape', found fewer names"
    ),
    (
      "a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} 7"),
      "a.npy, byte 66: expected the end of the header, found '7'"
    ),
    (
      "a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", [1, 2, 3]),
      "a.npy, byte 67: expected the elements of shape [3] of float32, found 3 bytes"
    ),
    (
      "a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }"),
      "a.npy, byte 87: expected the elements of shape [4611686018427387904, 4] of float32, "
        + "found 0 bytes"
    ),

    // npz
    (
      "a.npz", Array("PK\u{3}\u{4}".utf8),
      "a.npz, byte 4: expected the end record of a zip file, found none"
    ),
    (
      "a.npz", zip(name: "../x.npy"),
      "a.npz, byte 141: expected a member name inside the archive, found \"../x.npy\""
    ),
    (
      "a.npz", zip(name: "/x.npy"),
      "a.npz, byte 139: expected a member name inside the archive, found \"/x.npy\""
    ),
    (
      "a.npz", zip(name: "x.txt"),
      "a.npz, byte 138: expected members named '….npy', found 'x.txt'"
    ),
    (
      "a.npz", zip { $0[$1 + 8] = 1 },
      "a.npz, byte 138: expected 'x.npy' in the clear, found encryption"
    ),
    (
      "a.npz", zip { $0[$1 + 10] = 12 },
      "a.npz, byte 138: expected 'x.npy' stored or deflated, found method 12"
    ),
    (
      "a.npz", zip { $0[$1 + 16] ^= 1 },
      "a.npz:x.npy, byte 0: expected the checksum 0x0ba9200a, found 0x0ba9200b"
    ),
    (
      "a.npz", zip { $0[$1 + 24] ^= 1 },
      "a.npz, byte 138: expected sizes of 'x.npy' that the file can hold, found 102 bytes in 103 at 0"
    ),
    (
      "a.npz", zip { $0[$1 + 42] = 9 },
      "a.npz, byte 9: expected the header of 'x.npy', found another"
    ),
    (
      "a.npz", zip { bytes, _ in bytes[30] = UInt8(ascii: "y") },
      "a.npz, byte 0: expected the header of 'x.npy', found another"
    ),
    (
      "a.npz", zip { bytes, _ in bytes[bytes.count - 6] = 7 },
      "a.npz, byte 7: expected a directory entry, found other bytes"
    ),
    (
      "a.npz", zip { bytes, _ in bytes[bytes.count - 9] = 1 },
      "a.npz, byte 189: expected a directory before byte 189, found 1 members in 307 bytes at 138"
    ),

    // safetensors
    (
      "a.safetensors", [1, 2],
      "a.safetensors, byte 0: expected 8 bytes of the header length, found 2 bytes to the end"
    ),
    (
      "a.safetensors", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7B],
      "a.safetensors, byte 0: expected a header of at most 1 bytes, found 18446744073709551615"
    ),
    ("a.safetensors", tensors("[]"), "a.safetensors, byte 8: expected '{', found '['"),
    (
      "a.safetensors", tensors("{\"x\":1,}"),
      "a.safetensors, byte 8: expected a JSON header, found JSON, byte 7: "
        + "expected a name in quotes, found '}'"
    ),
    (
      "a.safetensors", tensors("{\"x\":1}"),
      "a.safetensors, byte 8: expected the description of 'x', found an integer"
    ),
    (
      "a.safetensors", tensors(#"{"x":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}"#),
      "a.safetensors, byte 8: expected a known dtype of 'x', found 'F8_E4M3'"
    ),
    (
      "a.safetensors", tensors(#"{"x":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#),
      "a.safetensors, byte 8: expected a shape of whole numbers of 'x', found [-4]"
    ),
    (
      "a.safetensors", tensors(#"{"x":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}"#),
      "a.safetensors, byte 8: expected data_offsets within 4 bytes of 'x', found [0,5]"
    ),
    (
      "a.safetensors", tensors(#"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}"#),
      "a.safetensors, byte 8: expected the elements of shape [3] of uint8 of 'x', found 4 bytes"
    ),
    (
      "a.safetensors", tensors(#"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"z":1}}"#),
      "a.safetensors, byte 8: expected dtype, shape and data_offsets of 'x', found 'z'"
    ),
    (
      "a.safetensors",
      tensors(
        #"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"#
          + #""y":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#),
      "a.safetensors, byte 115: expected 'y' after the end of 'x', found an overlap"
    ),
    (
      "a.safetensors", tensors(#"{"__metadata__":{"step":1}}"#),
      "a.safetensors, byte 8: expected metadata 'step' as a string, found an integer"
    ),

    // csv
    ("a.csv", [], "a.csv, byte 0: expected a new column name in line 1, found nothing"),
    (
      "a.csv", Array("x,x\n1,2\n".utf8),
      "a.csv, byte 2: expected a new column name in line 1, found 'x' again"
    ),
    (
      "a.csv", Array("1.5,2\n3,4\n".utf8),
      "a.csv, byte 0: expected a header of column names in line 1, found numbers"
    ),
    ("a.csv", Array("x,y\n1,2\n3\n".utf8), "a.csv, byte 8: expected 2 cells in line 3, found 1"),
    (
      "a.csv", Array("x,y\n1,\n".utf8),
      "a.csv, byte 6: expected a number in line 2, column 'y', found nothing"
    ),
    (
      "a.csv", Array("x,y\n1,0x10\n".utf8),
      "a.csv, byte 6: expected a number in line 2, column 'y', found '0x10'"
    ),
    (
      "a.csv", Array("x\n1e999\n".utf8),
      "a.csv, byte 2: expected a number in line 2, column 'x', found '1e999'"
    ),
    (
      "a.csv", Array("x\n9007199254740993\n0.5\n".utf8),
      "a.csv, byte 19: expected a number in line 3, column 'x', found '0.5'"
    ),
    ("a.csv", Array("\"x\n1\n".utf8), "a.csv, byte 0: expected a closing quote, found the end"),
    (
      "a.csv", Array("\"x\"y\n1\n".utf8),
      "a.csv, byte 3: expected ',' or the end of the line after a quote, found 'y'"
    ),
    ("a.csv", [0x78, 0xFF, 0x0A], "a.csv, byte 0: expected UTF-8 text, found malformed bytes"),

    // neither
    (
      "a.bin", [1, 2, 3],
      "a.bin: neither contents nor name are those of an npy, npz, safetensors or csv file"
    ),
  ]

  @Test(arguments: unreadable)
  func readingSaysWhatIsWrong(path: String, bytes: [UInt8], message: String) {
    let error = #expect(throws: ArchiveError.self) { try Archive(bytes: bytes, path: path) }
    #expect(error?.description == message)
  }

  private static let unwritable: [(archive: Archive, kind: Archive.Kind, message: String)] = [
    (archive { _ in }, .npy, "cannot write new: npy holds one array, not 0; npz holds any number"),
    (archive { _ in }, .csv, "cannot write new: a csv table needs at least one column"),
    (
      archive { $0["x"] = ArchiveArray(shape: [1], elementType: .bfloat16, bytes: [0, 0]) }, .npz,
      "cannot write new: npy has no name for bfloat16"
    ),
    (
      archive { $0.set("../x", [1]) }, .npz,
      "cannot write new: npz cannot hold an array named \"../x\""
    ),
    (
      archive { $0.metadata = ["a": "b"] }, .npz,
      "cannot write new: npz has no place for metadata; safetensors has"
    ),
    (
      archive { $0.set("__metadata__", [1]) }, .safetensors,
      "cannot write new: safetensors keeps the name __metadata__"
    ),
    (
      archive {
        $0.set("x", [1, 2])
        $0.set("y", [1, 2], shape: [1, 2])
      }, .csv,
      "cannot write new: array 'y' has shape [1, 2]; a column here has shape [2]"
    ),
  ]

  @Test(arguments: unwritable.indices)
  func writingSaysWhatDoesNotFit(index: Int) {
    let (archive, kind, message) = Self.unwritable[index]
    let error = #expect(throws: ArchiveError.self) { try archive.bytes(as: kind) }
    #expect(error?.description == message)
  }

  @Test func accessSaysWhatIsWrong() throws {
    var archive = Archive(path: "a.npz")
    func message(_ body: (Archive) throws -> Void) -> String? {
      #expect(throws: ArchiveError.self) { try body(archive) }?.description
    }
    #expect(message { _ = try $0.array("x") } == "no array 'x' in a.npz; it has no arrays")
    archive.set("layer4", [0.1])
    archive.set("labels", [1, 1 << 60 + 1])
    archive.set("scalar", [1.0], shape: [])
    archive.set("large", [1e300, .nan])
    archive.set("unsigned", [UInt64.max])
    archive["flags"] = ArchiveArray(shape: [2], elementType: .bool, bytes: [1, 2])
    let names = "It has 'layer4', 'labels', 'scalar', 'large', 'unsigned', 'flags'"
    #expect(
      message { _ = try $0.matrix("Layer3") }
        == "no array 'Layer3' in a.npz; did you mean 'layer4'? \(names)")
    #expect(
      message { _ = try $0.floats("lagre") }
        == "no array 'lagre' in a.npz; did you mean 'large'? \(names)")
    #expect(
      message { _ = try $0.floats("x") }
        == "no array 'x' in a.npz; i"
        + names.dropFirst())
    #expect(
      message { _ = try $0.floats("layer4") }
        == "array 'layer4': element 0 is 0.1, which Float cannot hold exactly")
    #expect(
      message { _ = try $0.floats("large", rounding: true) }
        == "array 'large': element 0 is 1e+300, which Float cannot hold exactly")
    #expect(
      message { _ = try $0.integers("large") }
        == "array 'large': element 0 is 1e+300, which Int cannot hold exactly")
    #expect(
      message { _ = try $0.doubles("labels") }
        == "array 'labels': element 1 is 1152921504606846977, which Double cannot hold exactly")
    #expect(
      message { _ = try $0.integers("unsigned") }
        == "array 'unsigned': element 0 is 18446744073709551615, which Int cannot hold exactly")
    #expect(
      message { _ = try $0.integers("flags") }
        == "array 'flags': element 1 is 2, which Bool cannot hold exactly")
    #expect(
      message { _ = try $0.matrix("scalar") }
        == "array 'scalar' has shape []; expected at least one axis")
    #expect(
      message { _ = try $0.matrix(columns: ["labels", "layer4"]) }
        == "array 'labels': element 1 is 1152921504606846977, which Double cannot hold exactly")
    #expect(
      message { _ = try $0.matrix(columns: ["large", "layer4"]) }
        == "array 'layer4' has shape [1]; expected [2]")
    #expect(
      message { try $0.write(to: "a.parquet") }
        == "a.parquet: neither contents nor name are those of an npy, npz, safetensors or csv file")
  }

  @Test func aMessageIsOneLineWhateverItQuotes() {
    let error = ArchiveError.unknownKind(path: "a\n\u{1B}[31m\u{202E}b")
    #expect(error.description.hasPrefix("a\\u{a}\\u{1b}[31m\\u{202e}b: neither"))
  }

  @Test func closeNamesAreThoseWithFewLettersWrong() {
    let names = ["train.weightDecay", "train.learningRate", "model.width", "seed"]
    #expect(closeNames(to: "train.weightDeacy", among: names) == ["train.weightDecay"])
    #expect(closeNames(to: "SEED", among: names) == ["seed"])
    #expect(closeNames(to: "sed", among: names) == ["seed"])
    #expect(closeNames(to: "batch", among: names) == [])
    #expect(closeNames(to: "", among: names) == [])
  }

  // MARK: Files to read

  private static func npy(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    NPY.mark + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
  }

  private static func tensors(_ header: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(header.utf8.count, byteCount: 8)
    return bytes + Array(header.utf8) + [1, 2, 3, 4]
  }

  /// A zip file of one stored member; `edit` gets its bytes and where the directory starts.
  private static func zip(
    name: String = "x.npy", edit: (inout [UInt8], Int) -> Void = { _, _ in }
  ) -> [UInt8] {
    var writer = ZipWriter()
    let contents = npy(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
      [UInt8](repeating: 7, count: 36))
    guard let member = try? writer.member(name, contents, isDeflated: false) else { return [] }
    var bytes = member.header + member.data
    let directoryStart = bytes.count
    bytes += writer.directory()
    edit(&bytes, directoryStart)
    return bytes
  }

  private static func archive(_ edit: (inout Archive) -> Void) -> Archive {
    var archive = Archive(path: "new")
    edit(&archive)
    return archive
  }
}
