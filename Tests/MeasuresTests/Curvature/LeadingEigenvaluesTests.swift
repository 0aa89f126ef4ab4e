import Testing
import TestSupport

@testable import GrokMeasures

/// A symmetric matrix with the given eigenvalues in random directions.
func symmetricMatrix(eigenvalues: [Double], key: RandomKey) throws -> Matrix<Double> {
  let q = try rotation(size: eigenvalues.count, key: key)
  var scaled = q
  for row in 0..<q.rowCount {
    for column in 0..<q.columnCount { scaled[row, column] *= eigenvalues[column] }
  }
  let product = scaled.multiplied(by: q, transposingOther: true)
  // Rounding makes it asymmetric in the last digits.
  var result = product
  for row in 0..<q.rowCount {
    for column in 0..<q.columnCount {
      result[row, column] = (product[row, column] + product[column, row]) / 2
    }
  }
  return result
}

@Suite struct LeadingEigenvaluesTests {
  private let key = RandomKey(seed: 21)

  /// A spectrum as of a network: a bulk around 0 and a few outliers.
  private func operatorWithOutliers() throws -> (SymmetricOperator, [Double]) {
    let bulk: [Double] = key.fork("bulk").normal(count: 115)
    let values = bulk + [9, 14, 30, -7, -11]
    let matrix = try symmetricMatrix(eigenvalues: values, key: key.fork("q"))
    return (try SymmetricOperator(matrix), values)
  }

  @Test(.tags(.oracle), arguments: SpectrumEnd.allCases)
  func equalsTheDenseDecomposition(_ end: SpectrumEnd) throws {
    let (op, values) = try operatorWithOutliers()
    let expected: [Double] =
      switch end {
      case .largest: [30, 14, 9]
      case .smallest: [-11, -7, values.filter { $0 > -7 }.min()!]
      case .largestMagnitude: [30, 14, -11]
      }
    let found = try leadingEigenvalues(
      of: op, count: 3, end: end, tolerance: 1e-8, key: key.fork("start"))
    #expect(largestDifference(found.values, expected) < 1e-10)
    for (value, (bound, truth)) in zip(found.values, zip(found.errorBounds, expected)) {
      #expect(abs(value - truth) <= bound + 1e-12)
    }
    #expect(found.productCount < 120)
  }

  @Test(.tags(.law)) func vectorsAreEigenvectors() throws {
    let (op, _) = try operatorWithOutliers()
    let found = try leadingEigenvalues(
      of: op, count: 2, wantsVectors: true, tolerance: 1e-10, key: key)
    for (value, vector) in zip(found.values, found.vectors) {
      let product = try op.product(with: vector)
      #expect(largestDifference(product, vector.map { value * $0 }) < 1e-7)
      #expect(abs(try norms(of: vector).euclidean - 1) < 1e-13)
    }
  }

  /// Equal eigenvalues of an exact operator are found as often as they occur.
  @Test(.tags(.law)) func equalEigenvaluesAreAllFound() throws {
    let matrix = Matrix<Double>(diagonal: [5, 5, 5, 1, 1, 1, 1, 1])
    let found = try leadingEigenvalues(
      of: SymmetricOperator(matrix), count: 4, tolerance: 1e-12, key: key)
    #expect(largestDifference(found.values, [5, 5, 5, 1]) < 1e-12)
    let identity = try leadingEigenvalues(
      of: SymmetricOperator(.identity(size: 6)), count: 6, key: key)
    #expect(largestDifference(identity.values, [1, 1, 1, 1, 1, 1]) < 1e-13)
  }

  /// Without reorthogonalisation the converged outliers would come back within sixty steps.
  @Test(.tags(.law)) func theBasisStaysOrthonormal() throws {
    let (op, _) = try operatorWithOutliers()
    var lanczos = Lanczos(
      dimension: 120, capacity: 60, start: key.normal(count: 120), key: key.fork("restarts"))
    for _ in 0..<60 { try lanczos.step(op) }
    let basis = Matrix(
      rows: (0..<60).map { row in lanczos.combination((0..<60).map { $0 == row ? 1 : 0 }) })
    let identity = Matrix<Double>.identity(size: 60)
    #expect(largestDifference(basis.rowGram.values, identity.values) < 1e-14)
  }

  @Test(.tags(.oracle)) func aBlockIsTheSubmatrix() throws {
    let (op, _) = try operatorWithOutliers()
    let block = op.block(10..<30)
    let columns = try (0..<20).map { column in
      try block.product(with: (0..<20).map { $0 == column ? 1 : 0 })
    }
    let whole = try (10..<30).map { column in
      Array(try op.product(with: (0..<120).map { $0 == column ? 1 : 0 })[10..<30])
    }
    #expect(columns == whole)
  }

  @Test func refusals() throws {
    let op = try SymmetricOperator(
      symmetricMatrix(eigenvalues: (1...40).map { Double($0) }, key: key))
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: MeasureError.self) { try body() }?.description
    }
    #expect(
      message { _ = try leadingEigenvalues(of: op, count: 41, key: key) }
        == "leadingEigenvalues: the number of eigenvalues is 41.0; expected 1 to the dimension, 40")
    #expect(
      message {
        _ = try leadingEigenvalues(of: op, count: 5, maximumProductCount: 6, key: key)
      }
        == "leadingEigenvalues: 5 eigenvalues are not known to within 1e-06 of the largest after 6 "
        + "products; allow more products, more memory or a larger tolerance")
    #expect(
      message { _ = try SymmetricOperator(Matrix(rows: [[1, 2], [3, 4]])) }
        == "symmetric operator: matrix: elements (1, 0) and (0, 1) differ by 1.0; "
        + "average the matrix with its transpose if only rounding made it asymmetric")
    let broken = SymmetricOperator(dimension: 3) { _ in [1, .nan, 2] }
    #expect(
      message { _ = try leadingEigenvalues(of: broken, key: key) }
        == "symmetric operator: element 1 of a product is not finite; remove such samples or find "
        + "their cause")
    let short = SymmetricOperator(dimension: 3) { _ in [1] }
    #expect(
      message { _ = try leadingEigenvalues(of: short, key: key) }
        == "symmetric operator: the product has 1 elements, the vector 3")
  }
}
