/// Sums over the gradients g_i of the single examples of a batch, from which its noise is read.
///
/// What is kept of each weight can be left out: a network too large for a matrix of gradients gives the five
/// numbers, or the products of all pairs of examples, which a tangent kernel has.
public struct GradientMoments: Sendable, Equatable {
  /// B, the number of examples.
  public let exampleCount: Int
  /// The number of weights.
  public let weightCount: Int
  /// ‖ḡ‖² of the mean gradient ḡ.
  public let squaredMeanNorm: Double
  /// Σ ‖g_i‖².
  public let squaredNormSum: Double
  /// Σ ⟨g_i, ḡ⟩².
  public let squaredProjectionSum: Double
  /// ḡ and Σ g_i² of each weight; nil where only sums over weights are known.
  public let perWeight: PerWeight?

  /// Sums over examples for each weight.
  ///
  /// - Source: definition.
  public struct PerWeight: Sendable, Equatable {
    /// ḡ, a number for each weight.
    public let mean: [Double]
    /// Σ_i g_i², a number for each weight.
    public let squareSum: [Double]

    /// Sums of as many weights.
    ///
    /// - Precondition: both have the same number of elements.
    public init(mean: [Double], squareSum: [Double]) {
      precondition(
        mean.count == squareSum.count,
        "PerWeight: \(mean.count) means cannot meet \(squareSum.count) sums")
      self.mean = mean
      self.squareSum = squareSum
    }
  }

  /// Moments from their sums: those of gradients of single examples, not divided by the batch size.
  ///
  /// Some programs keep per-example gradients of the mean loss, which carry a 1/B: multiply them by B first.
  ///
  /// - Throws: `MeasureError.tooFewSamples` (2 examples), `.outOfRange` for a sum that is negative, not finite,
  ///   or smaller than Cauchy and Schwarz allow.
  public init(
    exampleCount: Int, weightCount: Int, squaredMeanNorm: Double, squaredNormSum: Double,
    squaredProjectionSum: Double, perWeight: PerWeight? = nil
  ) throws(MeasureError) {
    guard exampleCount >= 2 else {
      throw .tooFewSamples(measure: measure, found: exampleCount, needed: 2)
    }
    guard weightCount >= 1 else {
      throw .outOfRange(
        measure: measure, what: "the number of weights", value: Double(weightCount),
        expected: "at least 1")
    }
    if let perWeight, perWeight.mean.count != weightCount {
      throw .rowCountMismatch(
        measure: measure, first: weightCount, second: perWeight.mean.count)
    }
    try requireNumber(squaredMeanNorm, "‖ḡ‖²", measure: measure)
    try requireNumber(squaredNormSum, "Σ ‖g‖²", measure: measure)
    try requireNumber(squaredProjectionSum, "Σ ⟨g, ḡ⟩²", measure: measure)
    let b = Double(exampleCount)
    let rounding = 1 + 1e-6
    guard squaredNormSum * rounding >= b * squaredMeanNorm else {
      throw .outOfRange(
        measure: measure, what: "Σ ‖g‖²", value: squaredNormSum,
        expected: "at least B ‖ḡ‖² = \(b * squaredMeanNorm); do the gradients carry a 1/B?")
    }
    guard squaredProjectionSum * rounding >= b * squaredMeanNorm * squaredMeanNorm else {
      throw .outOfRange(
        measure: measure, what: "Σ ⟨g, ḡ⟩²", value: squaredProjectionSum,
        expected: "at least B ‖ḡ‖⁴ = \(b * squaredMeanNorm * squaredMeanNorm)")
    }
    self.exampleCount = exampleCount
    self.weightCount = weightCount
    self.squaredMeanNorm = squaredMeanNorm
    self.squaredNormSum = squaredNormSum
    self.squaredProjectionSum = squaredProjectionSum
    self.perWeight = perWeight
  }

  /// Moments of gradients at hand, in two passes over blocks of rows; sums are in `Double`.
  ///
  /// - Shapes: `gradients` is `[examples, weights]`, row i the gradient of example i alone.
  /// - Throws: `MeasureError.tooFewSamples` (2 examples), `.nonFiniteInput`.
  /// - Complexity: O(examples × weights) time, O(weights) memory.
  public init(of gradients: some SampleMatrix) throws(MeasureError) {
    try requireRows([gradients], atLeast: 2, measure: measure)
    let (rows, columns) = (gradients.rowCount, gradients.columnCount)
    var mean = [Double](repeating: 0, count: columns)
    var squareSum = mean
    mean.withUnsafeMutableBufferPointer { mean in
      squareSum.withUnsafeMutableBufferPointer { squares in
        guard let sum = mean.baseAddress, let square = squares.baseAddress else { return }
        forEachRow(of: gradients) { addSquares($0, to: sum, square, count: columns) }
        for column in 0..<columns { sum[column] /= Double(rows) }
      }
    }
    // A sum of squares is finite where all of them are; else the first that is not is looked for.
    if !squareSum.allSatisfy(\.isFinite) { try requireFinite([gradients], measure: measure) }
    var projections = 0.0
    mean.withUnsafeBufferPointer { mean in
      guard let mean = mean.baseAddress else { return }
      forEachRow(of: gradients) { row in
        let product = BLAS.dot(row, mean, count: columns)
        projections += product * product
      }
    }
    try self.init(
      exampleCount: rows, weightCount: columns,
      squaredMeanNorm: mean.reduce(0) { $0 + $1 * $1 }, squaredNormSum: squareSum.reduce(0, +),
      squaredProjectionSum: projections, perWeight: PerWeight(mean: mean, squareSum: squareSum))
  }

  /// Moments from the products ⟨g_i, g_j⟩ of all pairs of examples, without those of single weights.
  ///
  /// - Shapes: `products` is `[examples, examples]`, symmetric.
  /// - Throws: `MeasureError.tooFewSamples`, `.nonFiniteInput`, `.outOfRange`, `.undefined` where it is not square.
  /// - Complexity: O(examples²).
  public init<Scalar: RealScalar>(
    products: Matrix<Scalar>, weightCount: Int
  ) throws(MeasureError) {
    guard products.rowCount == products.columnCount else {
      throw .undefined(
        measure: measure, reason: "the products of pairs are \(products.shapeDescription)")
    }
    do throws(NumericsError) {
      try products.requireFinite("the products")
    } catch {
      guard case .nonFiniteInput(_, let row, let column) = error else {
        throw .numerics(measure: measure, error)
      }
      throw .nonFiniteInput(
        measure: measure, array: "the products", index: row * products.columnCount + column)
    }
    let count = products.rowCount
    let projections = products.rowSums.map { $0 / Double(count) }
    try self.init(
      exampleCount: count, weightCount: weightCount,
      squaredMeanNorm: max(0, projections.reduce(0, +) / Double(max(1, count))),
      squaredNormSum: products.diagonal.reduce(0) { $0 + Double($1) },
      squaredProjectionSum: projections.reduce(0) { $0 + $1 * $1 })
  }

  /// tr Σ̂, the sum over weights of the variance of single gradients, ÷(B − 1).
  public var covarianceTrace: Double {
    let b = Double(exampleCount)
    return max(0, squaredNormSum - b * squaredMeanNorm) / (b - 1)
  }
}

private let measure = "gradient moments"

extension Matrix {
  /// The sum of every row, in `Double`.
  fileprivate var rowSums: [Double] {
    let ones = [Scalar](repeating: 1, count: columnCount)
    return values.withUnsafeBufferPointer { values in
      ones.withUnsafeBufferPointer { ones in
        guard let first = values.baseAddress, let ones = ones.baseAddress else { return [] }
        return (0..<rowCount).map {
          BLAS.dot(first + $0 * columnCount, ones, count: columnCount)
        }
      }
    }
  }
}

/// Adds a row to sums, and its squares to theirs.
private func addSquares(
  _ row: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>,
  _ squares: UnsafeMutablePointer<Double>, count: Int
) {
  for column in 0..<count {
    let value = row[column]
    sums[column] += value
    squares[column] += value * value
  }
}

/// Calls `body` with every row, in `Double`, a block of rows read at a time.
func forEachRow(
  of samples: some SampleMatrix, _ body: (UnsafePointer<Double>) -> Void
) {
  let (rows, columns) = (samples.rowCount, samples.columnCount)
  guard columns > 0 else { return }
  let blockRows = max(1, (1 << 16) / columns)
  var block = [Double](repeating: 0, count: min(rows, blockRows) * columns)
  block.withUnsafeMutableBufferPointer { block in
    guard let start = block.baseAddress else { return }
    for first in stride(from: 0, to: rows, by: blockRows) {
      let count = min(blockRows, rows - first)
      samples.copy(
        rows: first..<first + count, columns: 0..<columns, to: start, stride: columns)
      for row in 0..<count { body(start + row * columns) }
    }
  }
}
