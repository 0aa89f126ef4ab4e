import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct MatrixTests {
  let matrix = Matrix<Double>(rows: [[1, 2, 3], [4, 5, 6]])

  @Test func elementsAreStoredRowByRow() {
    #expect((matrix.rowCount, matrix.columnCount, matrix.count) == (2, 3, 6))
    #expect(matrix.values == [1, 2, 3, 4, 5, 6])
    #expect(matrix == Matrix(values: [1, 2, 3, 4, 5, 6], rowCount: 2, columnCount: 3))
    #expect(matrix != Matrix(values: [1, 2, 3, 4, 5, 6], rowCount: 3, columnCount: 2))
    #expect(matrix[1, 0] == 4)
    #expect(matrix.shapeDescription == "[2, 3]")
  }

  @Test func writingChangesOneElementOfOneCopy() {
    var copy = matrix
    copy[0, 2] = 9
    #expect(copy.values == [1, 2, 9, 4, 5, 6])
    #expect(matrix.values == [1, 2, 3, 4, 5, 6])
    copy.withUnsafeMutableBufferPointer { $0[5] = 7 }
    #expect(copy[1, 2] == 7)
  }

  @Test func rowsColumnsAndDiagonal() {
    #expect(Array(matrix.row(1)) == [4, 5, 6])
    #expect(matrix.row(1).startIndex == 3)
    #expect(matrix.column(1) == [2, 5])
    #expect(matrix.diagonal == [1, 5])
    #expect(matrix.transposed.diagonal == [1, 5])
  }

  @Test func simpleMatrices() {
    #expect(Matrix<Float>.identity(size: 2).values == [1, 0, 0, 1])
    #expect(Matrix<Float>(diagonal: [2, 3]).values == [2, 0, 0, 3])
    #expect(Matrix<Float>(rowCount: 1, columnCount: 2).values == [0, 0])
    #expect(Matrix<Float>(repeating: 4, rowCount: 2, columnCount: 1).values == [4, 4])
    #expect(Matrix<Float>(rows: []).values.isEmpty)
  }

  @Test(.tags(.law), arguments: [(0, 0), (0, 3), (1, 1), (1, 40), (33, 31), (64, 65), (100, 7)])
  func transposingExchangesIndices(rowCount: Int, columnCount: Int) {
    let key = RandomKey(seed: 1).fork(rowCount).fork(columnCount)
    let matrix: Matrix<Float> = key.normalMatrix(rowCount: rowCount, columnCount: columnCount)
    let transposed = matrix.transposed
    #expect((transposed.rowCount, transposed.columnCount) == (columnCount, rowCount))
    for row in 0..<rowCount {
      for column in 0..<columnCount { #expect(transposed[column, row] == matrix[row, column]) }
    }
    #expect(transposed.transposed == matrix)
  }

  @Test func selectingRowsAndColumns() {
    #expect(matrix.selectingRows([1, 0, 1]).values == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(matrix.selectingRows([]).columnCount == 3)
    #expect(matrix.selectingColumns([2, 0]).values == [3, 1, 6, 4])
    #expect(matrix.selectingColumns([]).rowCount == 2)
  }

  @Test func precisionsConvertByRounding() {
    let third = Matrix<Double>(values: [1.0 / 3, -2], rowCount: 1, columnCount: 2)
    let single = Matrix<Float>(third)
    #expect(single.values == [1 / 3 as Float, -2])
    #expect(Matrix<Double>(single).values == [Double(1 / 3 as Float), -2])
    #expect(Matrix<Double>(third) == third)
    #expect(Matrix<Float>(single) == single)
    #expect(matrix.map { Float($0 * 2) }.values == [2, 4, 6, 8, 10, 12])
  }

  @Test func memoryBeyondAnArrayIsNeverRead() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Double>(values: [1, 2, 3], rowCount: 2, columnCount: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Double>(rows: [[1, 2], [3]])
    }
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Double>(rows: [[1, 2]]).row(1)
    }
  }
}
