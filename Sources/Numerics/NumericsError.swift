/// What can go wrong in a decomposition because of the numbers it is given.
public enum NumericsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An element is infinite or not a number.
  case nonFiniteInput(operation: String, row: Int, column: Int)
  /// A matrix that must be square, or agree with another, does not.
  case shapeMismatch(operation: String, expected: String, found: String)
  /// A matrix that must be symmetric is not.
  case notSymmetric(operation: String, row: Int, column: Int, difference: Double)
  /// The leading rows up to and with `row` have no Cholesky factor.
  case notPositiveDefinite(operation: String, row: Int)
  /// An iteration ended without an answer; `count` values were still open.
  case didNotConverge(operation: String, count: Int)

  /// What happened, where, and what to try.
  public var description: String {
    switch self {
    case .nonFiniteInput(let operation, let row, let column):
      "\(operation): element (\(row), \(column)) is not finite; remove such rows or find their cause"
    case .shapeMismatch(let operation, let expected, let found):
      "\(operation): expected \(expected), found \(found)"
    case .notSymmetric(let operation, let row, let column, let difference):
      "\(operation): elements (\(row), \(column)) and (\(column), \(row)) differ by \(difference); "
        + "average the matrix with its transpose if only rounding made it asymmetric"
    case .notPositiveDefinite(let operation, let row):
      "\(operation): the matrix is not positive definite at row \(row); "
        + "add a small multiple of the identity if it should be"
    case .didNotConverge(let operation, let count):
      "\(operation): did not converge, \(count) values still open; try Double or rescale the matrix"
    }
  }
}

// MARK: - Checks

extension Matrix {
  /// Throws where an element is infinite or not a number, naming the first.
  package func requireFinite(_ operation: String) throws(NumericsError) {
    guard let index = firstNonFinite(storage) else { return }
    throw .nonFiniteInput(
      operation: operation, row: index / columnCount, column: index % columnCount)
  }

  /// Throws where the matrix is not square.
  package func requireSquare(_ operation: String) throws(NumericsError) {
    guard rowCount != columnCount else { return }
    throw .shapeMismatch(
      operation: operation, expected: "a square matrix", found: shapeDescription)
  }

  /// Throws where two elements that mirror each other differ by more than rounding explains:
  /// by 2¹⁰ units in the last place of the largest magnitude in the matrix.
  package func requireSymmetric(_ operation: String) throws(NumericsError) {
    try requireSquare(operation)
    if let (row, column, difference) = firstAsymmetry(self) {
      throw .notSymmetric(
        operation: operation, row: row, column: column, difference: difference)
    }
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func firstNonFinite<S: RealScalar>(_ values: [S]) -> Int? {
  // Not-a-number and infinity survive every sum they enter; look for one only if there is one.
  var sums = SIMD16<S>(repeating: 0)
  var last: S = 0
  values.withUnsafeBytes { values in
    let count = values.count / MemoryLayout<S>.stride
    let (width, stride) = (sums.scalarCount, MemoryLayout<S>.stride)
    var index = 0
    while index &+ width <= count {
      sums += values.loadUnaligned(fromByteOffset: index &* stride, as: SIMD16<S>.self) * 0
      index &+= width
    }
    while index < count {
      last += values.load(fromByteOffset: index &* stride, as: S.self) * 0
      index &+= 1
    }
  }
  return sums.sum() + last == 0 ? nil : values.firstIndex { !$0.isFinite }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func firstAsymmetry<S: RealScalar>(_ matrix: Matrix<S>) -> (Int, Int, Double)? {
  let (values, size) = (matrix.values, matrix.rowCount)
  var largest: S = 0
  for value in values where abs(value) > largest { largest = abs(value) }
  let tolerance = 1024 * S.ulpOfOne * largest
  // Square tiles keep both the rows and the columns read in cache.
  let tile = 32
  for top in stride(from: 0, to: size, by: tile) {
    for left in stride(from: 0, through: top, by: tile) {
      for row in top..<min(top + tile, size) {
        for column in left..<min(left + tile, row) {
          let difference = abs(values[row &* size &+ column] - values[column &* size &+ row])
          if difference > tolerance { return (row, column, Double(difference)) }
        }
      }
    }
  }
  return nil
}
