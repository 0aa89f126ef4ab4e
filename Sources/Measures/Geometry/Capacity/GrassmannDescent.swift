/// Minimizes a function of the space that orthonormal columns span, from its value and gradient.
///
/// A limited-memory quasi-Newton method: directions from the last steps and changes of gradient, without
/// their parts within the space; steps end on orthonormal columns again through the Cholesky factor of VᵀV;
/// step lengths are halved until the value falls enough. Pairs are not carried to the tangent space of the
/// new point: near a minimum, where they matter, the spaces differ little, and the number of evaluations
/// was the same with and without (47 centres, 1 to 10 directions).
///
/// - Source: Nocedal & Wright, Numerical Optimization (2006), algorithms 3.1 and 7.4; tangent spaces and
///   retraction of Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds (2008), 3.6.
struct GrassmannDescent {
  /// Stops when ten steps together lower the value by less than this part of it.
  var tolerance = 1e-9
  /// Stops after so many evaluations; what is reached by then is the answer.
  var evaluationLimit = 2000

  /// Where a descent ended.
  struct Result: Sendable {
    /// Orthonormal columns that span the space.
    var columns: Matrix<Double>
    var value: Double
    var gradientLength: Double
    var evaluationCount: Int
  }

  /// Descends from the space that `start` spans.
  ///
  /// - Parameter evaluate: the value at V, and its gradient where V moves freely, for V of orthonormal
  ///   columns.
  func minimize(
    from start: Matrix<Double>,
    evaluate: (Matrix<Double>) -> (value: Double, gradient: Matrix<Double>)
  ) throws(NumericsError) -> Result {
    var columns = try QRFactors(of: start).orthogonal
    var (value, gradient) = tangentEvaluation(evaluate, at: columns)
    var history = StepHistory()
    var (evaluationCount, values) = (1, [value])
    while evaluationCount < evaluationLimit, gradient.length > 1e-12 * value {
      var direction = history.direction(for: gradient).outside(of: columns)
      var slope = direction.product(gradient)
      if slope >= 0 {
        history = StepHistory()
        direction = history.direction(for: gradient)
        slope = direction.product(gradient)
      }
      // Without a history the gradient says nothing about the distance; a tenth of a radian is safe.
      var length = min(1, (history.isEmpty ? 0.1 : 1) / direction.length)
      var next = columns
      var (nextValue, nextGradient) = (value, gradient)
      var hasFallen = false
      for _ in 0..<30 where evaluationCount < evaluationLimit {
        next = try retracted(columns, by: direction, length)
        (nextValue, nextGradient) = tangentEvaluation(evaluate, at: next)
        evaluationCount += 1
        hasFallen = nextValue <= value + 1e-4 * length * slope
        if hasFallen { break }
        length /= 2
      }
      guard hasFallen else { break }
      history.append(direction: direction, length: length, from: gradient, to: nextGradient)
      (columns, value, gradient) = (next, nextValue, nextGradient)
      values.append(value)
      if values.count > 10, values[values.count - 11] - value <= tolerance * value { break }
    }
    return Result(
      columns: columns, value: value, gradientLength: gradient.length,
      evaluationCount: evaluationCount)
  }

  private func tangentEvaluation(
    _ evaluate: (Matrix<Double>) -> (value: Double, gradient: Matrix<Double>),
    at columns: Matrix<Double>
  ) -> (value: Double, gradient: Matrix<Double>) {
    let (value, gradient) = evaluate(columns)
    return (value, gradient.outside(of: columns))
  }

  /// Orthonormal columns of V + length · direction.
  private func retracted(
    _ columns: Matrix<Double>, by direction: Matrix<Double>, _ length: Double
  ) throws(NumericsError) -> Matrix<Double> {
    var moved = columns
    moved.add(direction.values, scale: length)
    let factor = try CholeskyFactor(of: moved.columnGram)
    var transposed = moved.transposed
    let (size, columnCount) = (transposed.rowCount, transposed.columnCount)
    factor.lower.values.withUnsafeBufferPointer { l in
      transposed.withUnsafeMutableBufferPointer { b in
        BLAS.solveLowerTriangular(
          l.baseAddress!, size: size, transposed: false, b.baseAddress!, columns: columnCount)
      }
    }
    return transposed.transposed
  }
}

/// The last steps of a descent and the changes of gradient along them.
private struct StepHistory {
  private var pairs: [(step: [Double], change: [Double], product: Double)] = []

  var isEmpty: Bool { pairs.isEmpty }

  mutating func append(
    direction: Matrix<Double>, length: Double, from old: Matrix<Double>, to new: Matrix<Double>
  ) {
    var (step, change) = (
      Matrix<Double>(rowCount: direction.rowCount, columnCount: direction.columnCount), new
    )
    step.add(direction.values, scale: length)
    change.add(old.values, scale: -1)
    let product = step.product(change)
    // Where the function curves downwards the pair would turn the direction around.
    guard product > 1e-10 * step.length * change.length else { return }
    pairs.append((step.values, change.values, product))
    if pairs.count > 20 { pairs.removeFirst() }
  }

  /// − H · gradient by the two-loop recursion.
  func direction(for gradient: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: gradient.rowCount, columnCount: gradient.columnCount)
    let curvature = pairs.last.map { $0.product / dot($0.change, $0.change) } ?? 1
    result.add(gradient.values, scale: -1)
    var shares = [Double]()
    for (step, change, product) in pairs.reversed() {
      let share = dot(step, result.values) / product
      shares.append(share)
      result.add(change, scale: -share)
    }
    result.scale(by: curvature)
    for ((step, change, product), share) in zip(pairs, shares.reversed()) {
      result.add(step, scale: share - dot(change, result.values) / product)
    }
    return result
  }
}

// MARK: - Matrices as vectors

extension Matrix<Double> {
  fileprivate func product(_ other: Matrix) -> Double { dot(values, other.values) }

  fileprivate var length: Double { product(self).squareRoot() }

  fileprivate mutating func scale(by factor: Double) {
    withUnsafeMutableBufferPointer { for index in 0..<$0.count { $0[index] *= factor } }
  }

  fileprivate mutating func add(_ other: [Double], scale: Double) {
    withUnsafeMutableBufferPointer { result in
      other.withUnsafeBufferPointer { other in
        for index in 0..<result.count { result[index] += scale * other[index] }
      }
    }
  }

  /// What is left of the columns without their part in the space of `columns`.
  fileprivate func outside(of columns: Matrix) -> Matrix {
    var result = self
    result.addProduct(
      of: columns, and: columns.multiplied(by: self, transposingSelf: true), scale: -1)
    return result
  }
}
