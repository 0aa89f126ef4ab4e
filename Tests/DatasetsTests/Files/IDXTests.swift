import TestSupport
import Testing

@testable import GrokDatasets

@Suite struct IDXTests {
  private static let types: [(code: UInt8, width: Int, type: ArchiveArray.ElementType)] = [
    (0x08, 1, .uint8), (0x09, 1, .int8), (0x0B, 2, .int16), (0x0C, 4, .int32),
    (0x0D, 4, .float32), (0x0E, 8, .float64),
  ]

  @Test(arguments: types.indices, [[], [5], [2, 3], [0, 4], [2, 1, 3, 2]])
  func readsEveryElementTypeAndRank(type: Int, shape: [Int]) throws {
    let (code, width, elementType) = Self.types[type]
    let count = shape.reduce(1, *)
    // The numbers 1, 2, 3 … as big-endian bytes of the type.
    let numbers = (1...12).prefix(count)
    let elements = numbers.flatMap { number -> [UInt8] in
      switch elementType {
      case .float32: bigEndian(Float(number).bitPattern, width)
      case .float64: bigEndian(Double(number).bitPattern, width)
      default: bigEndian(UInt64(number), width)
      }
    }
    let plain = idx(code, shape, elements)
    for bytes in [plain, try deflated(plain, format: .gzip)] {
      let file = try IDX(ByteSource(bytes, path: "x"))
      #expect(file.array.shape == shape)
      #expect(file.array.elementType == elementType)
      #expect(try file.array.integers() == Array(numbers))
      #expect(file.sha256 == SHA256.hexadecimal(of: plain))
    }
  }

  @Test func negativeNumbersKeepTheirSign() throws {
    let file = try IDX(ByteSource(idx(0x0B, [2], [0xFF, 0xFE, 0x80, 0x00]), path: "x"))
    #expect(try file.array.integers() == [-2, -32768])
  }

  @Test func readsFilesLargerThanOnePiece() throws {
    let elements = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let plain = idx(0x08, [elements.count], elements)
    try withTemporaryFolder { folder in
      try AtomicFile.write(plain, to: folder + "/plain")
      try AtomicFile.write(deflated(plain, format: .gzip), to: folder + "/packed")
      for name in ["/plain", "/packed"] {
        #expect(try IDX(contentsOf: folder + name).array.bytes == elements)
      }
    }
  }

  private static let refusals: [(bytes: [UInt8], message: String)] = [
    ([], "x, byte 0: expected an IDX header of 4 bytes, found the end"),
    ([0, 0, 8], "x, byte 3: expected an IDX header of 4 bytes, found the end"),
    ([0, 0, 8, 2, 0, 0], "x, byte 6: expected an IDX header of 12 bytes, found the end"),
    (
      [0, 1, 8, 1, 0, 0, 0, 0],
      "x, byte 0: expected the IDX magic 0, 0, element type, rank, found 0, 1, 8, 1"
    ),
    (
      [0, 0, 10, 1, 0, 0, 0, 0],
      "x, byte 0: expected the IDX magic 0, 0, element type, rank, found 0, 0, 10, 1"
    ),
    (
      idx(0x0C, [2], [1, 2, 3, 4, 5]),
      "x, byte 13: expected 8 bytes of shape [2] of int32, found 5"
    ),
    (
      idx(0x08, [0xFFFF_FFFF], [1, 2, 3]),
      "x, byte 11: expected 4294967295 bytes of shape [4294967295] of uint8, found 3"
    ),
    (
      idx(0x08, [2, 2], [1, 2, 3, 4, 5]),
      "x, byte 16: expected the end after shape [2, 2], found more bytes"
    ),
    (
      idx(0x0E, [0xFFFF_FFFF, 0xFFFF_FFFF], []),
      "x, byte 4: expected extents of an array that fits in memory, "
        + "found [4294967295, 4294967295]"
    ),
    (
      [0x1F, 0x8B, 8, 0], "x, byte 4: expected more compressed data, found their end"
    ),
    (
      [0x1F, 0x8B, 9, 0], "x, byte 4: expected compressed data, found unknown compression method"
    ),
    (
      ((try? deflated(idx(0x08, [3], [1, 2]), format: .gzip)) ?? []),
      "x, unpacked, byte 10: expected 3 bytes of shape [3] of uint8, found 2"
    ),
    (
      ((try? deflated(idx(0x08, [2], [1, 2]), format: .gzip)) ?? []) + [0],
      "x, byte 30: expected the end or another gzip member, found byte 0x00"
    ),
  ]

  @Test(arguments: refusals)
  func refusesWhatIsNotWholeAndNothingElse(bytes: [UInt8], message: String) {
    let error = #expect(throws: ArchiveError.self) { try IDX(ByteSource(bytes, path: "x")) }
    #expect(error?.description == message)
  }

  @Test func saysThatAFileIsMissing() {
    let error = #expect(throws: DatasetError.self) { try IDX(contentsOf: "/nowhere/x.gz") }
    #expect(error?.description == "cannot read /nowhere/x.gz: No such file or directory")
  }

  @Test(.timeLimit(.minutes(5))) func damagedFilesGiveAResultOrAnError() throws {
    let plain = idx(0x0B, [3, 4], [UInt8](1...24))
    let originals = try [
      plain, deflated(plain, format: .gzip), idx(0x08, [6], [1, 2, 3, 4, 5, 6]),
      idx(0x0E, [1, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8]),
    ]
    var mutator = FileMutator(seed: 4)
    var readCount = 0
    for index in 0..<4000 {
      let bytes = mutator.mutated(originals[index % originals.count])
      do throws(ArchiveError) {
        let array = try IDX(ByteSource(bytes, path: "damaged")).array
        #expect(array.bytes.count == array.count * array.elementType.byteCount)
        readCount += 1
      } catch {
        #expect(error.description.hasPrefix("damaged") && !error.description.contains("\n"))
      }
    }
    #expect(readCount > 0 && readCount < 4000, "\(readCount) were read")
  }
}

/// The bytes of an IDX file.
func idx(_ code: UInt8, _ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
  [0, 0, code, UInt8(shape.count)] + shape.flatMap { bigEndian(UInt64($0), 4) } + elements
}

private func bigEndian(_ value: some FixedWidthInteger, _ width: Int) -> [UInt8] {
  (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
