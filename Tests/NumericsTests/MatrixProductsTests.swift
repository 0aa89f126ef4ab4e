import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct MatrixProductsTests {
  let a = Matrix<Double>(rows: [[1, 2, 3], [4, 5, 6]])
  let b = Matrix<Double>(rows: [[1, 0], [2, 1], [0, 3]])

  @Test func productsOfSmallMatrices() {
    let product = Matrix<Double>(rows: [[5, 11], [14, 23]])
    #expect(a.multiplied(by: b) == product)
    #expect(a.transposed.multiplied(by: b, transposingSelf: true) == product)
    #expect(a.multiplied(by: b.transposed, transposingOther: true) == product)
    #expect(
      a.transposed.multiplied(by: b.transposed, transposingSelf: true, transposingOther: true)
        == product)
  }

  @Test func productsAddUp() {
    var c = Matrix<Double>.identity(size: 2)
    c.addProduct(of: a, and: b)
    #expect(c.values == [6, 11, 14, 24])
    c.addProduct(of: a, and: b, scale: -1, keeping: 2)
    #expect(c.values == [7, 11, 14, 25])
  }

  @Test func innerSizeZeroGivesZeros() {
    let left = Matrix<Float>(rowCount: 2, columnCount: 0)
    let right = Matrix<Float>(rowCount: 0, columnCount: 3)
    #expect(left.multiplied(by: right) == Matrix(rowCount: 2, columnCount: 3))
    #expect(right.multiplied(by: Matrix(rowCount: 3, columnCount: 1)).count == 0)
    #expect(left.rowGram == Matrix(rowCount: 2, columnCount: 2))
    #expect(left.columnGram.count == 0)
    #expect(left.multiplied(by: [Float]()) == [0, 0])
    #expect(left.multiplied(by: [1, 2], transposingSelf: true).isEmpty)
  }

  @Test(.tags(.law)) func gramMatricesAreProductsWithTheTransposed() {
    let m: Matrix<Float> = RandomKey(seed: 9).normalMatrix(rowCount: 70, columnCount: 37)
    let rows = m.multiplied(by: m, transposingOther: true)
    let columns = m.multiplied(by: m, transposingSelf: true)
    // Sums of at most 70 products of normal numbers, in two orders.
    for (value, expected) in zip(m.rowGram.values, rows.values) {
      #expect(abs(value - expected) < 1e-4)
    }
    for (value, expected) in zip(m.columnGram.values, columns.values) {
      #expect(abs(value - expected) < 1e-4)
    }
    #expect(m.rowGram == m.rowGram.transposed)
  }

  @Test func productsWithVectors() {
    #expect(a.multiplied(by: [1, 0, -1]) == [-2, -2])
    #expect(a.multiplied(by: [1, -1], transposingSelf: true) == [-3, -3, -3])
    #expect(dot([1, 2, 3] as [Float], [4, 5, 6]) == 32)
  }
}
