import Foundation
import TestSupport
import Testing

@testable import GrokNumerics

/// Files written by NumPy, PyTorch and Python's own modules are read, to the last bit.
@Suite struct ArchiveFixtureTests {
  private static let expected: JSONObject = {
    let data = (try? fixture("archives/expected.json")) ?? Data()
    return (try? JSONValue(parsing: data))?["files"]?.object ?? [:]
  }()

  @Test func thereAreFixtures() {
    #expect(Self.expected.count == 45)
  }

  @Test(.tags(.golden), arguments: expected.keys)
  func readsWhatPythonWrote(file: String) throws {
    let archive = try Archive(contentsOf: fixtureURL("archives/\(file)").path)
    try expectEqual(archive, #require(Self.expected[file]))
  }

  @Test(.tags(.golden), arguments: expected.keys.filter { $0.hasSuffix(".npy") })
  func writesTheBytesThatNumPyWrites(file: String) throws {
    // NumPy keeps these as they are in memory; we write little-endian, row-major, version 1.
    if ["big-endian", "fortran", "version"].contains(where: file.hasPrefix) { return }
    let path = fixtureURL("archives/\(file)").path
    let written = try Archive(contentsOf: path).bytes(as: .npy)
    #expect(try written == ByteSource(path: path).all())
  }

  @Test(
    .tags(.golden),
    arguments: ["all-types", "metadata", "no-arrays"].map { $0 + ".safetensors" })
  func writesTheBytesThatSafetensorsWrites(file: String) throws {
    let path = fixtureURL("archives/\(file)").path
    let written = try Archive(contentsOf: path).bytes(as: .safetensors)
    #expect(try written == ByteSource(path: path).all())
  }

  @Test(.tags(.golden)) func decompressesGzipMembersOneAfterTheOther() throws {
    let source = try ByteSource(path: fixtureURL("archives/two-members.gz").path)
    let expected = Array("first, ".utf8) + (0..<40).flatMap { _ in UInt8.min...UInt8.max }
    #expect(try source.gunzipped() == expected)
    #expect(try source.gunzipped(limit: expected.count) == expected)
    let error = #expect(throws: ArchiveError.self) {
      try source.gunzipped(limit: expected.count - 1)
    }
    #expect(
      error?.description.hasSuffix("expected at most 10246 bytes when decompressed, found more")
        == true)
  }
}

/// Python reads what we write, to the last bit.
@Suite(
  .enabled(
    if: PeerPython.has("numpy", "safetensors"),
    "\(PeerPython.howToProvide("numpy", "safetensors"))"))
struct ArchivePythonTests {
  @Test(.tags(.golden)) func pythonReadsWhatWeWrite() throws {
    let everything = try Archive(
      contentsOf: fixtureURL("archives/all-types.safetensors").path)
    var withoutBrainFloats = everything
    withoutBrainFloats["bfloat16s"] = nil
    var withMetadata = everything
    withMetadata.metadata = ["step": "12", "μ \"quoted\"\n": "\u{1}😀"]
    var table = Archive()
    table.set("step", [0, 100, Int.max])
    table.set("loss, \"train\"", [0.1, -1e-300, .nan])
    try withTemporaryFolder { folder in
      func path(_ file: String) -> String { folder + "/" + file }
      try withMetadata.write(to: path("a.safetensors"))
      try withoutBrainFloats.write(to: path("stored.npz"))
      try withoutBrainFloats.write(to: path("deflated.npz"), isCompressed: true)
      try table.write(to: path("table.csv"))
      var files = ["a.safetensors", "stored.npz", "deflated.npz", "table.csv"]
      var written = [withMetadata, withoutBrainFloats, withoutBrainFloats, table]
      for name in withoutBrainFloats.names {
        var one = Archive()
        one["\(name)-alone"] = withoutBrainFloats[name]
        try one.write(to: path("\(name)-alone.npy"))
        files.append("\(name)-alone.npy")
        written.append(one)
      }
      var bytes: [UInt8] = []
      try NPZ.write(
        withoutBrainFloats, path: "x", isCompressed: true, alwaysUsesZip64: true
      ) { bytes += $0 }
      try AtomicFile.write(bytes, to: path("zip64.npz"))
      files.append("zip64.npz")
      written.append(withoutBrainFloats)

      let script = fixtureURL("archives/describe.py").path
      let answer = try JSONValue(parsing: PeerPython.run([script] + files.map(path)))
      for (file, archive) in zip(files, written) {
        try expectEqual(archive, #require(answer[file], "\(file)"))
      }
    }
  }
}

/// Compares an archive with a description that `describe.py` gave.
private func expectEqual(_ archive: Archive, _ expected: JSONValue) throws {
  let arrays = try #require(expected["arrays"]?.object)
  #expect(Set(archive.names) == Set(arrays.keys))
  var metadata: [String: String] = [:]
  for (key, value) in expected["metadata"]?.object ?? [:] { metadata[key] = value.string }
  #expect(archive.metadata == metadata)
  for (name, description) in arrays {
    let array = try archive.array(name)
    let values = try #require(description["values"]?.array)
    #expect(array.elementType.rawValue == description["type"]?.string, "\(name)")
    #expect(array.shape == description["shape"]?.array?.compactMap(\.integer), "\(name)")
    #expect(array.count == values.count, "\(name)")
    switch array.elementType {
    case .float16, .bfloat16, .float32, .float64:
      let found = try array.doubles()
      for (index, value) in values.enumerated() {
        let wanted = try #require(value.double ?? value.string.flatMap(Double.init))
        let isSame =
          wanted.isNaN ? found[index].isNaN : found[index].bitPattern == wanted.bitPattern
        #expect(isSame, "\(name), element \(index): \(found[index]), not \(wanted)")
      }
    case .uint64:
      #expect(array.values(as: UInt64.self) == values.compactMap(\.unsigned), "\(name)")
    default:
      let wanted = values.compactMap { $0.bool.map { $0 ? 1 : 0 } ?? $0.integer }
      #expect(try array.integers() == wanted, "\(name)")
    }
  }
}
