import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct TranspositionTests {
  @Test(arguments: [(0, 0), (1, 5), (7, 3), (64, 64), (130, 71)])
  func exchangesRowsAndColumns(rows: Int, columns: Int) {
    let matrix: Matrix<Float> = RandomKey(seed: 1).normalMatrix(
      rowCount: rows, columnCount: columns)
    let transposed = matrix.transposed
    #expect(transposed.rowCount == columns && transposed.columnCount == rows)
    for row in 0..<rows {
      for column in 0..<columns {
        #expect(transposed[column, row] as Float == matrix[row, column] as Float)
      }
    }
  }

  @Test(arguments: [0, 1, 8, 63, 64, 65, 200]) func mirrorsTheUpperTriangle(size: Int) {
    let before: Matrix<Double> = RandomKey(seed: 2).normalMatrix(rowCount: size, columnCount: size)
    var after = before
    after.mirrorUpperTriangle()
    for row in 0..<size {
      for column in row..<size {
        #expect(after[row, column] == before[row, column])
        #expect(after[column, row] == before[row, column])
      }
    }
  }
}
