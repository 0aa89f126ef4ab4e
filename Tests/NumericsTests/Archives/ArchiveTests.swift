import Foundation
import TestSupport
import Testing

@testable import GrokNumerics

@Suite struct ArchiveTests {
  /// One array of every element type that npz and safetensors share, and awkward shapes.
  private var everything: Archive {
    var archive = Archive(path: "x")
    archive.set("float", [0.1, -0, .infinity, .leastNonzeroMagnitude] as [Float], shape: [2, 2])
    archive.set("double", [0.1, .greatestFiniteMagnitude])
    archive.set("int8", [Int8.min, .max])
    archive.set("int16", [Int16.min, .max])
    archive.set("int32", [Int32.min, .max])
    archive.set("int64", [Int64.min, .max])
    archive.set("int", [Int.min, .max])
    archive.set("uint8", [UInt8.min, .max])
    archive.set("uint16", [UInt16.min, .max])
    archive.set("uint32", [UInt32.min, .max])
    archive.set("uint64", [UInt64.min, .max])
    archive.set("bool", [true, false, true], shape: [3, 1])
    archive.set("scalar", [2.5], shape: [])
    archive.set("empty", [Float](), shape: [3, 0, 2])
    archive.set("blocks.0.mlp/W", [1, 2, 3, 4, 5, 6] as [Float], shape: [1, 2, 3])
    archive.set("ψ", Matrix<Double>(rows: [[1, 2], [3, 4]]))
    return archive
  }

  @Test(arguments: [("a.npz", false), ("b.npz", true), ("c.safetensors", false), ("D.NPZ", false)])
  func whatIsWrittenIsReadTheSame(name: String, isCompressed: Bool) throws {
    try withTemporaryFolder { folder in
      var archive = everything
      if name.hasSuffix("safetensors") { archive.metadata = ["step": "12", "note": "ψ\n\"x\""] }
      let path = "\(folder)/\(name)"
      try archive.write(to: path, isCompressed: isCompressed)
      let back = try Archive(contentsOf: path)
      #expect(back == archive)
      #expect(back.path == path)
      #expect(Set(back.names) == Set(archive.names))
    }
  }

  @Test func anNpyArrayIsCalledAsItsFile() throws {
    try withTemporaryFolder { folder in
      var archive = Archive()
      archive.set("anything", Matrix<Float>(rows: [[1, 2], [3, 4]]))
      try archive.write(to: folder + "/layer.4.npy")
      let back = try Archive(contentsOf: folder + "/layer.4.npy")
      #expect(back.names == ["layer.4"])
      #expect(try back.floatMatrix("layer.4") == Matrix(rows: [[1, 2], [3, 4]]))
    }
  }

  @Test func aTableKeepsItsNumbers() throws {
    var archive = Archive(path: "t")
    archive.set("step", [0, 100, Int.max])
    archive.set("loss, \"train\"", [0.1, 1e-300, -0.0])
    archive.set("single", [0.1, 3, .nan] as [Float])
    archive.set("large", [UInt64(1), 2, 3])
    archive.set("7", [1, 2, 3])
    let bytes = try archive.bytes(as: .csv)
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        step,"loss, ""train""\",single,large,"7"
        0,0.1,0.10000000149011612,1,1
        100,1e-300,3.0,2,2
        9223372036854775807,-0.0,nan,3,3

        """)
    let back = try Archive(bytes: bytes, path: "t.csv")
    #expect(back.names == archive.names)
    #expect(try back.integers("step") == [0, 100, .max])
    let losses = try back.doubles("loss, \"train\"")
    #expect(losses.map(\.bitPattern) == [0.1, 1e-300, -0.0].map(\.bitPattern))
    #expect(try back.floats("single")[..<2] == [0.1, 3])
    #expect(back["step"]?.elementType == .int64)
    #expect(back["single"]?.elementType == .float64)
    #expect(
      try back.matrix(columns: ["7", "large"]) == Matrix(rows: [[1, 1], [2, 2], [3, 3]]))
  }

  @Test func aTableMayHaveNoRows() throws {
    let archive = try Archive(bytes: Array("a,b".utf8), path: "t.csv")
    #expect(archive.names == ["a", "b"])
    #expect(try archive.doubles("a") == [])
  }

  @Test func contentsTellTheKindBeforeTheName() throws {
    var archive = Archive()
    archive.set("x", [1.0])
    for kind in [Archive.Kind.npy, .npz, .safetensors] {
      let bytes = try archive.bytes(as: kind)
      #expect(try Archive(bytes: bytes, path: "x").names == ["x"])
    }
    #expect(try Archive(bytes: archive.bytes(as: .npz), path: "x.csv").names == ["x"])
    #expect(try Archive(bytes: archive.bytes(as: .npy), path: "x.npz").names == ["x"])
  }

  @Test func theSameContentsGiveTheSameBytes() throws {
    let archive = everything
    var reversed = Archive(path: "y")
    for name in archive.names.reversed() { reversed[name] = archive[name] }
    reversed.metadata = ["b": "2", "a": "1", "c": "3"]
    var ordered = archive
    for key in ["a", "b", "c"] { ordered.metadata[key] = reversed.metadata[key] }
    let bytes = try ordered.bytes(as: .safetensors)
    #expect(try reversed.bytes(as: .safetensors) == bytes)
    // The elements start at a multiple of eight, so that they can be mapped into memory.
    let headerCount = Int(try #require(bytes.littleEndian(at: 0, byteCount: 8)))
    #expect(headerCount % 8 == 0)
    #expect(try archive.bytes(as: .npz) == everything.bytes(as: .npz))
    #expect(ordered == reversed)
    #expect(ordered.hashValue == reversed.hashValue)
  }

  @Test func namesKeepTheirOrder() {
    var archive = Archive()
    archive.set("b", [1])
    archive.set("a", [2])
    archive.set("c", [3])
    archive.set("b", [4])
    #expect(archive.names == ["b", "a", "c"])
    archive["a"] = nil
    archive["none"] = nil
    #expect(archive.names == ["b", "c"])
    #expect(archive["b"] == ArchiveArray([4]))
    #expect(archive["a"] == nil)
  }

  @Test func matricesTakeTheFirstAxisAsRows() throws {
    var archive = Archive()
    archive.set("one", [1.0, 2, 3])
    archive.set("three", [1, 2, 3, 4, 5, 6], shape: [1, 2, 3])
    archive.set("empty", [Double](), shape: [0, 5])
    archive.set("hollow", [Double](), shape: [5, 0, 7])
    #expect(try archive.matrix("one") == Matrix(rows: [[1], [2], [3]]))
    #expect(try archive.matrix("three") == Matrix(rows: [[1, 2, 3, 4, 5, 6]]))
    #expect(try archive.matrix("empty") == Matrix(rowCount: 0, columnCount: 5))
    #expect(try archive.floatMatrix("hollow") == Matrix(rowCount: 5, columnCount: 0))
  }

  @Test func roundingIsOnlyDoneWhenAskedFor() throws {
    var archive = Archive()
    archive.set("x", [0.1, .nan, -.infinity, 1e-60])
    archive.set("i", [16_777_217])
    #expect(throws: ArchiveError.self) { try archive.floats("x") }
    let floats = try archive.floats("x", rounding: true)
    #expect(floats[0] == 0.1 as Float)
    #expect(floats[1].isNaN && floats[2] == -.infinity && floats[3] == 0)
    #expect(throws: ArchiveError.self) { try archive.floats("i") }
    #expect(try archive.floats("i", rounding: true) == [16_777_216])
    #expect(try archive.floatMatrix("x", rounding: true)[0, 0] == 0.1 as Float)
  }

  @Test func valuesAreGivenOnlyInTheirOwnType() throws {
    let array = ArchiveArray([UInt64.max, 1])
    #expect(array.values(as: UInt64.self) == [.max, 1])
    #expect(array.values(as: Int64.self) == nil)
    #expect(ArchiveArray([true, false]).values(as: Bool.self) == [true, false])
    let broken = ArchiveArray(shape: [2], elementType: .bool, bytes: [1, 2])
    #expect(broken.values(as: Bool.self) == nil)
    #expect(ArchiveArray([1.0, 2.0]).count == 2)
    #expect(try ArchiveArray([1.0, 2.0] as [Float]).integers() == [1, 2])
    #expect(try ArchiveArray([true, false]).integers() == [1, 0])
    #expect(try ArchiveArray([true, false]).floats() == [1, 0])
  }

  /// Every 16-bit pattern, against the definition of the format.
  @Test(.tags(.oracle)) func halfPrecisionIsExact() {
    for bits in UInt16.min...UInt16.max {
      let exponent = Int(bits >> 10 & 0x1F)
      let fraction = Double(bits & 0x3FF)
      let sign: Double = bits >> 15 == 0 ? 1 : -1
      let value = Float(halfBits: bits)
      if exponent == 31 {
        #expect(fraction == 0 ? Double(value) == sign * .infinity : value.isNaN)
      } else {
        // (fraction or 1024 + fraction) · 2^(exponent − 25), the exponent of subnormals being 1
        let significand = exponent == 0 ? fraction : 1024 + fraction
        let expected =
          sign * Double(sign: .plus, exponent: max(exponent, 1) - 25, significand: significand)
        if Double(value).bitPattern != expected.bitPattern {
          Issue.record("\(bits): \(value), not \(expected)")
        }
      }
    }
  }

  @Test func bytesOfPicturesAreDividedExactly() {
    let array = ArchiveArray((0...255).map { UInt8($0) })
    #expect(array.floats(firstCount: 256, dividedBy: 255) == (0...255).map { Float($0) / 255 })
    #expect(array.floats(firstCount: 0, dividedBy: 255) == [])
  }
}
