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
