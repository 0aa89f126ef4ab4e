import Testing
import TestSupport

@testable import GrokNumerics

/// What a program outside of the package writes to use its own type.
private struct SensorLog {
  var readings: [[UInt8]]
}

extension SensorLog: SampleMatrix {
  var rowCount: Int { readings.count }
  var columnCount: Int { readings.first?.count ?? 0 }
  subscript(row: Int, column: Int) -> Double { Double(readings[row][column]) }
}

@Suite struct SampleMatrixTests {
  private func sum(_ samples: some SampleMatrix) -> Double {
    var total = 0.0
    for row in 0..<samples.rowCount {
      for column in 0..<samples.columnCount { total += samples[row, column] }
    }
    return total
  }

  @Test func foreignTypesNestedArraysAndMatricesAreRead() {
    #expect(sum(SensorLog(readings: [[1, 2], [3, 4]])) == 10)
    #expect(sum([[1.5, 2], [3, 4]]) == 10.5)
    #expect(sum(Matrix<Float>(rows: [[1.5, 2], [3, 4]])) == 10.5)
    #expect(sum(Matrix<Double>(rows: [[1, 2, 3]])) == 6)
    #expect(sum([[Double]]()) == 0)
  }

  @Test func anySamplesBecomeAMatrix() {
    let expected = Matrix<Double>(rows: [[1, 2], [3, 4], [5, 6]])
    let samples: [any SampleMatrix] = [
      SensorLog(readings: [[1, 2], [3, 4], [5, 6]]), [[1.0, 2], [3, 4], [5, 6]], expected,
      Matrix<Float>(expected),
    ]
    for sample in samples {
      #expect(Matrix<Double>(sample) == expected)
      #expect(Matrix<Float>(sample) == Matrix<Float>(expected))
    }
  }

  @Test(.tags(.oracle)) func blocksAreCopiedFromAnySamples() {
    let key = RandomKey(seed: 1)
    let matrix: Matrix<Double> = key.normalMatrix(rowCount: 5, columnCount: 6)
    let nested = (0..<5).map { Array(matrix.row($0)) }
    func check<S: RealScalar>(_ samples: some SampleMatrix, as _: S.Type) {
      var block = [S](repeating: -7, count: 3 * 5)
      block.withUnsafeMutableBufferPointer {
        samples.copy(rows: 2..<5, columns: 1..<5, to: $0.baseAddress!, stride: 5)
      }
      for row in 0..<3 {
        for column in 0..<4 {
          #expect(block[row * 5 + column] == S(samples[row + 2, column + 1] as Double))
        }
        // What lies between the rows is left alone.
        #expect(block[row * 5 + 4] == -7)
      }
    }
    check(matrix, as: Float.self)
    check(matrix, as: Double.self)
    check(Matrix<Float>(matrix), as: Double.self)
    check(nested, as: Float.self)
    #expect(nested.precision == .double && Matrix<Float>(matrix).precision == .float)
  }
}
