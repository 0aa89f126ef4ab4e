/// Lanczos's tridiagonal form of a symmetric operator in a growing orthonormal basis.
///
/// `A Qᵀ = Qᵀ T + β r eᵀ`: rows of Q are the basis, T has `diagonal` and `offDiagonal`, and β is
/// ``remainder``. Every new vector is made orthogonal to all before it, twice, so that no eigenvalue is
/// found again by rounding. Where the basis spans an invariant subspace it can go on from a new random
/// vector; T then has a zero beside its diagonal.
///
/// - Source: Lanczos, J. Res. NBS 45, 255 (1950); Parlett, The Symmetric Eigenvalue Problem, Ch. 13.
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

  /// A basis that begins with a random direction.
  init(dimension: Int, start: [Double], key: RandomKey) {
    self.dimension = dimension
    self.key = key
    _ = append(start)
  }

  /// Multiplies the newest vector of the basis, which must not be complete.
  mutating func step(_ op: SymmetricOperator) throws {
    let newest = Array(basis[stepCount * dimension..<(stepCount + 1) * dimension])
    var product = try op.product(with: newest)
    let value = dot(newest, product)
    if stepCount > 0 { offDiagonal.append(remainder) }
    diagonal.append(value)
    scale = max(scale, abs(value), remainder)
    removeBasis(from: &product)
    let norm = dot(product, product).squareRoot()
    let isRounding = norm <= 64 * .ulpOfOne * scale * Double(dimension).squareRoot()
    remainder = isRounding || isComplete ? 0 : norm
    if isComplete { return }
    if remainder > 0 {
      _ = append(product)
    } else {
      var attempt = 0
      repeat {
        attempt += 1
      } while !append(key.fork(stepCount).fork(attempt).normal(count: dimension)) && attempt < 8
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

  /// Adds a vector to the basis, normalised; false where nothing of it is outside.
  private mutating func append(_ vector: [Double]) -> Bool {
    var vector = vector
    let before = dot(vector, vector).squareRoot()
    removeBasis(from: &vector)
    let norm = dot(vector, vector).squareRoot()
    guard norm > 1e-8 * before, norm > 0 else { return false }
    for index in vector.indices { vector[index] /= norm }
    basis += vector
    return true
  }

  /// Subtracts what lies within the basis, twice: once leaves rounding errors of the size of what was
  /// subtracted.
  private func removeBasis(from vector: inout [Double]) {
    let count = basis.count / dimension
    if count == 0 { return }
    for _ in 0..<2 {
      var overlaps = [Double](repeating: 0, count: count)
      basis.withUnsafeBufferPointer { basis in
        BLAS.multiply(
          basis.baseAddress!, leadingA: dimension, transposedA: false, rows: count,
          columns: dimension, vector: vector, into: &overlaps)
        BLAS.multiply(
          basis.baseAddress!, leadingA: dimension, transposedA: true, rows: count,
          columns: dimension, vector: overlaps, into: &vector, scale: -1, accumulate: 1)
      }
    }
  }
}
