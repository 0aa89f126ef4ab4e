import Foundation
import Synchronization
import Testing
import TestSupport

@testable import GrokMeasures

/// Measures of a file are those of the same array in memory, to the last bit.
@Suite struct MappedMeasuresTests {
  private func withFiles(
    _ body: (Matrix<Float>, MappedMatrix, Matrix<Float>, MappedMatrix) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let key = RandomKey(seed: 1)
      let x: Matrix<Float> = key.normalMatrix(rowCount: 5_000, columnCount: 12)
      let y = x.selectingColumns([0, 3, 5]).map { $0 * $0 + 3 }
      var mapped: [MappedMatrix] = []
      for (name, matrix) in [("x", x), ("y", y)] {
        var archive = Archive()
        archive.set(name, matrix)
        try archive.write(to: "\(folder)/\(name).npy")
        mapped.append(try MappedMatrix(contentsOf: "\(folder)/\(name).npy"))
      }
      try body(x, mapped[0], y, mapped[1])
    }
  }

  @Test(.tags(.oracle)) func aFileIsAsGoodAsMemory() throws {
    try withFiles { (x, mappedX, y, mappedY) throws in
      let key = RandomKey(seed: 2)
      let workers = Workers(threadCount: 2)
      #expect(
        try centeredKernelAlignment(of: x, with: y)
          == centeredKernelAlignment(of: mappedX, with: mappedY, workers: workers))
      #expect(try participationRatio(of: x) == participationRatio(of: mappedX))
      #expect(try singularSpectrum(of: x) == singularSpectrum(of: mappedX, workers: workers))
      #expect(
        try leadingSpectrum(of: x, count: 3, key: key)
          == leadingSpectrum(of: mappedX, count: 3, workers: workers, key: key))
      #expect(
        try pairwiseStatistics(of: x, pairCount: 50, key: key)
          == pairwiseStatistics(of: mappedX, pairCount: 50, key: key))
      #expect(try shapeComparison(of: x, with: y) == shapeComparison(of: mappedX, with: mappedY))
      #expect(
        try canonicalCorrelations(of: x, with: y)
          == canonicalCorrelations(of: mappedX, with: mappedY))
      #expect(
        try linearPredictivity(of: y, from: x, key: key)
          == linearPredictivity(of: mappedY, from: mappedX, key: key))
      let labels = (0..<5_000).map { $0 % 3 }
      #expect(
        try neuralCollapse(of: x, labels: labels)
          == neuralCollapse(of: mappedX, labels: labels, workers: workers))
      #expect(
        try classSeparation(of: x, labels: labels)
          == classSeparation(of: mappedX, labels: labels, workers: workers))
      #expect(
        try outputStatistics(of: y, labels: labels)
          == outputStatistics(of: mappedY, labels: labels))
      #expect(
        try nearestCenterClassification(of: x, labels: labels)
          == nearestCenterClassification(of: mappedX, labels: labels, workers: workers))
    }
  }

  @Test(.tags(.law)) func littleOfAFileIsEverInMemory() throws {
    try withTemporaryFolder { folder in
      // 24 MB, of which a thread holds a block and what the system reads in around it.
      let key = RandomKey(seed: 3)
      let x: Matrix<Float> = key.normalMatrix(rowCount: 100_000, columnCount: 60)
      var archive = Archive()
      archive.set("x", x)
      try archive.write(to: "\(folder)/x.npy")
      let watched = WatchedMatrix(file: try MappedMatrix(contentsOf: "\(folder)/x.npy"))
      let workers = Workers(threadCount: 2)
      #expect(
        try centeredKernelAlignment(of: watched, with: watched, workers: workers)
          == centeredKernelAlignment(of: x, with: x))
      #expect(try participationRatio(of: watched, workers: workers) == participationRatio(of: x))
      #expect(try singularSpectrum(of: watched, workers: workers) == singularSpectrum(of: x))
      #expect(
        try leadingSpectrum(of: watched, count: 3, workers: workers, key: key)
          == leadingSpectrum(of: x, count: 3, key: key))
      #expect(
        try pairwiseStatistics(of: watched, pairCount: 500, key: key)
          == pairwiseStatistics(of: x, pairCount: 500, key: key))
      let held = watched.heldBytes.withLock { $0 }
      #expect(held.count > 100)
      #expect((held.max() ?? .max) <= 10 << 20, "\(held.max() ?? 0) bytes")
      // It can see: whoever reads without letting go holds all that was touched.
      for row in stride(from: 0, to: 100_000, by: 10) { _ = watched.file[row, 0] }
      #expect((20 << 20...30 << 20).contains(residentBytes(ofMapping: watched.file.path)))
    }
  }

  @Test func whatIsNotFiniteInAFileIsNamed() throws {
    try withTemporaryFolder { folder in
      var x = Matrix<Float>(repeating: 1, rowCount: 30_000, columnCount: 5)
      x[20_001, 3] = .nan
      var archive = Archive()
      archive.set("x", x)
      try archive.write(to: "\(folder)/x.npy")
      let mapped = try MappedMatrix(contentsOf: "\(folder)/x.npy")
      let error = #expect(throws: MeasureError.self) { try participationRatio(of: mapped) }
      #expect(
        error?.description
          == "participationRatio: element 100008 of the samples is not finite; remove such samples or "
          + "find their cause")
    }
  }
}

/// Samples in a file that look after each copy how much of the file is in memory.
private final class WatchedMatrix: SampleMatrix, Sendable {
  let file: MappedMatrix
  let heldBytes = Mutex<[Int]>([])

  init(file: MappedMatrix) { self.file = file }

  var rowCount: Int { file.rowCount }
  var columnCount: Int { file.columnCount }
  var precision: Precision { file.precision }
  subscript(row: Int, column: Int) -> Double { file[row, column] }

  func copy<Scalar: RealScalar>(
    rows: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>, stride: Int
  ) {
    file.copy(rows: rows, columns: columns, to: destination, stride: stride)
    // Looking takes a millisecond: at every block, but not at all of thousands of single rows.
    guard rows.count > 1 || rows.lowerBound % 50 == 0 else { return }
    let bytes = residentBytes(ofMapping: file.path)
    heldBytes.withLock { $0.append(bytes) }
  }
}

/// How much of a mapped file this process holds in memory, as the system says.
private func residentBytes(ofMapping path: String) -> Int {
  guard let data = try? FileHandle(forReadingAtPath: "/proc/self/smaps")?.readToEnd() else {
    return .max
  }
  let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
  // The system writes paths its own way; the folder's name is unique.
  let name = path.split(separator: "/").suffix(2).joined(separator: "/")
  guard let start = lines.firstIndex(where: { $0.hasSuffix(name) }),
    let line = lines[start...].first(where: { $0.hasPrefix("Rss:") }),
    let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
  else { return .max }
  return kilobytes * 1024
}
