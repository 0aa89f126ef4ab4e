/// Lanczos's tridiagonal form of a symmetric operator in a growing orthonormal basis.
///
/// `A Qᵀ = Qᵀ T + β r eᵀ`: rows of Q are the basis, T has `diagonal` and `offDiagonal`, and β is
/// ``remainder``. Every new vector is made orthogonal to all before it, so that no eigenvalue is found
/// again by rounding. Where the basis spans an invariant subspace it can go on from a new random
/// vector; T then has a zero beside its diagonal.
///
/// - Source: Lanczos, J. Res. NBS 45, 255 (1950); Parlett, The Symmetric Eigenvalue Problem, Ch. 6 (twice
///   is enough) and 13.
struct Lanczos {
  let dimension: Int
  private(set) var diagonal: [Double] = []
  private(set) var offDiagonal: [Double] = []
  /// The norm of what the last product has outside of the basis; 0 where the subspace is invariant.
  private(set) var remainder = 0.0
  /// Rows of the basis, one more than `diagonal.count` unless the subspace is the whole space.
  private var basis: [Double] = []
  /// The largest element of T so far, to judge rounding by.
  private var scale = 0.0
  private let key: RandomKey

  var stepCount: Int { diagonal.count }
  var isInvariant: Bool { stepCount > 0 && remainder == 0 }
  var isComplete: Bool { stepCount == dimension }

  /// A basis that begins with a direction.
  ///
  /// - Parameter capacity: how many steps are foreseen, so that the basis need not move as it grows.
  init(dimension: Int, capacity: Int, start: [Double], key: RandomKey) {
    self.dimension = dimension
    self.key = key
    basis.reserveCapacity(dimension * min(dimension, capacity + 1))
    append(start, norm: dot(start, start).squareRoot())
  }

  /// Multiplies the newest vector of the basis, which must not be complete.
  mutating func step(_ op: SymmetricOperator) throws {
    let newest = Array(basis[stepCount * dimension..<(stepCount + 1) * dimension])
    var product = try op.product(with: newest)
    let value = dot(newest, product)
    if stepCount > 0 { offDiagonal.append(remainder) }
    diagonal.append(value)
    scale = max(scale, abs(value), remainder)
    // What the recurrence subtracts first; what else rounding has left in the basis goes after it.
    subtract(value, basisVector: stepCount - 1, from: &product)
    if stepCount > 1 { subtract(remainder, basisVector: stepCount - 2, from: &product) }
    let norm = removeBasis(from: &product)
    let isRounding = norm <= 64 * .ulpOfOne * scale * Double(dimension).squareRoot()
    remainder = isRounding || isComplete ? 0 : norm
    if remainder > 0 {
      append(product, norm: norm)
    } else if !isComplete {
      appendNewDirection()
    }
  }

  /// Eigenvalues of T, ascending, with the last and the first element of each of its eigenvectors.
  func ritzPairs(measure: String) throws(MeasureError) -> SymmetricEigendecomposition<Double> {
    try decomposing(measure) { () throws(NumericsError) in
      try SymmetricEigendecomposition(diagonal: diagonal, offDiagonal: offDiagonal)
    }
  }

  /// Σ_j coefficients_j q_j.
  func combination(_ coefficients: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: dimension)
    basis.withUnsafeBufferPointer { basis in
      BLAS.multiply(
        basis.baseAddress!, leadingA: dimension, transposedA: true, rows: coefficients.count,
        columns: dimension, vector: coefficients, into: &result)
    }
    return result
  }

  private mutating func append(_ vector: [Double], norm: Double) {
    for value in vector { basis.append(value / norm) }
  }

  /// Adds a random direction that is orthogonal to the basis.
  private mutating func appendNewDirection() {
    var attempt = 0
    while true {
      var vector: [Double] = key.fork(stepCount).fork(attempt).normal(count: dimension)
      let norm = removeBasis(from: &vector)
      // Of a normal vector there is about 1 in every direction; less than this is a freak or rounding.
      if norm > 1e-6 { return append(vector, norm: norm) }
      attempt += 1
    }
  }

  private func subtract(_ factor: Double, basisVector: Int, from vector: inout [Double]) {
    basis.withUnsafeBufferPointer { basis in
      let start = basis.baseAddress! + basisVector * dimension
      for index in vector.indices { vector[index] -= factor * start[index] }
    }
  }

  /// Subtracts what lies within the basis and gives the norm of the rest; again where that took much
  /// away, because rounding errors of its size are left then.
  private func removeBasis(from vector: inout [Double]) -> Double {
    let count = basis.count / dimension
    var overlaps = [Double](repeating: 0, count: count)
    var norm = dot(vector, vector).squareRoot()
    for _ in 0..<3 {
      let before = norm
      basis.withUnsafeBufferPointer { basis in
        BLAS.multiply(
          basis.baseAddress!, leadingA: dimension, transposedA: false, rows: count,
          columns: dimension, vector: vector, into: &overlaps)
        BLAS.multiply(
          basis.baseAddress!, leadingA: dimension, transposedA: true, rows: count,
          columns: dimension, vector: overlaps, into: &vector, scale: -1, accumulate: 1)
      }
      norm = dot(vector, vector).squareRoot()
      if norm > 0.7 * before { break }
    }
    return norm
  }
}
