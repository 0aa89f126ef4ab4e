import Foundation
import TestSupport
import Testing

@testable import GrokNumerics

@Suite struct MappedMatrixTests {
  /// What NumPy wrote, in every type and both orders, that can be mapped.
  private static let files = [
    "float16", "float32", "float64", "int8", "int16", "int32", "uint8", "uint16", "uint32",
    "big-endian-float16", "big-endian-float32", "big-endian-float64", "big-endian-int16",
    "big-endian-int32", "big-endian-uint16", "big-endian-uint32", "one-axis", "fortran-big-endian",
    "fortran-float64", "fortran-int16", "version-2", "version-3",
  ]

  @Test(.tags(.oracle), arguments: files) func mappedNumbersAreThoseReadWhole(file: String) throws {
    let path = fixtureURL("archives/\(file).npy").path
    let archive = try Archive(contentsOf: path)
    let whole = try archive.array(file).doubles()
    if archive[file]!.shape.count > 2 && file.hasPrefix("fortran") { return }
    let mapped = try MappedMatrix(contentsOf: path)
    let (rows, columns) = (mapped.rowCount, mapped.columnCount)
    #expect(rows * columns == whole.count && mapped.elementType == archive[file]!.elementType)
    // Bits, because not-a-number is among them.
    for row in 0..<rows {
      for column in 0..<columns {
        #expect(mapped[row, column].bitPattern == whole[row * columns + column].bitPattern)
      }
    }
    let copied = Matrix<Double>(mapped).values
    #expect(copied.map(\.bitPattern) == whole.map(\.bitPattern))
    let rounded = Matrix<Float>(mapped).values
    #expect(rounded.map(\.bitPattern) == whole.map { Float($0).bitPattern })
  }

  @Test(.tags(.oracle)) func blocksOfALargeFileAreItsRows() throws {
    try withTemporaryFolder { folder in
      let matrix: Matrix<Float> = RandomKey(seed: 1).normalMatrix(rowCount: 3_000, columnCount: 7)
      var archive = Archive()
      archive.set("x", matrix)
      try archive.write(to: folder + "/x.npy")
      let mapped = try MappedMatrix(contentsOf: folder + "/x.npy")
      #expect(mapped.precision == .float)
      for rows in [0..<1, 17..<18, 100..<2_999, 2_500..<3_000] {
        var block = [Double](repeating: .nan, count: rows.count * 5)
        block.withUnsafeMutableBufferPointer {
          mapped.copy(rows: rows, columns: 2..<6, to: $0.baseAddress!, stride: 5)
        }
        for (index, row) in rows.enumerated() {
          for column in 0..<4 {
            #expect(block[index * 5 + column] == Double(matrix[row, column + 2] as Float))
          }
          #expect(block[index * 5 + 4].isNaN)
        }
      }
    }
  }

  @Test func whatCannotBeMappedIsRefused() throws {
    let path = { (file: String) in fixtureURL("archives/\(file).npy").path }
    let reason =
      "is not mapped, only floating-point numbers and integers of at most 32 bits; read it "
    for file in ["int64", "uint64", "bool"] {
      let error = #expect(throws: ArchiveError.self) { try MappedMatrix(contentsOf: path(file)) }
      #expect(error?.description == "cannot read \(path(file)): \(file) \(reason)as an Archive")
    }
    let scalar = #expect(throws: ArchiveError.self) { try MappedMatrix(contentsOf: path("scalar")) }
    #expect(
      scalar?.description == "array '\(path("scalar"))' has shape []; expected at least one axis")
    #expect(throws: ArchiveError.self) { try MappedMatrix(contentsOf: path("no-such")) }
  }
}
