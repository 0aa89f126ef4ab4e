/// Minimizes a function of the space that orthonormal columns span, from its value and gradient.
///
/// A limited-memory quasi-Newton method: directions from the last steps and changes of gradient, each
/// carried to the new point by taking out what lies within the space; steps end on orthonormal columns
/// again through the Cholesky factor of VᵀV; step lengths are halved until the value falls enough.
///
/// - Source: Nocedal & Wright, Numerical Optimization (2006), algorithms 3.1 and 7.4; tangent spaces and
///   retraction of Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds (2008), 3.6.
struct GrassmannDescent {
  /// Stops when the gradient is this much shorter than √(value).
  var tolerance = 1e-7
  /// Stops after so many evaluations; what is reached by then is the answer.
  var evaluationLimit = 500

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
    var evaluationCount = 1
    while evaluationCount < evaluationLimit, gradient.length > tolerance * value.squareRoot() {
      var direction = history.direction(for: gradient)
      var slope = direction.product(gradient)
      if slope >= 0 {
        history = StepHistory()
        (direction, slope) = (gradient.scaled(by: -1), -gradient.product(gradient))
      }
      // Without a history the gradient says nothing about the distance; a tenth of a radian is safe.
      var length = history.isEmpty ? min(1, 0.1 / direction.length) : min(1, 1 / direction.length)
      var next = columns
      var (nextValue, nextGradient) = (value, gradient)
      var hasFallen = false
      for _ in 0..<30 where evaluationCount < evaluationLimit {
        next = try retracted(columns, by: direction, length)
        (nextValue, nextGradient) = tangentEvaluation(evaluate, at: next)
        evaluationCount += 1
        if nextValue <= value + 1e-4 * length * slope {
          hasFallen = true
          break
        }
        length /= 2
      }
      guard hasFallen else { break }
      let step = direction.scaled(by: length).outside(of: next)
      history.carry(to: next)
      history.append(step: step, change: nextGradient.minus(gradient.outside(of: next)))
      let fall = value - nextValue
      (columns, value, gradient) = (next, nextValue, nextGradient)
      if fall <= 1e-14 * value { break }
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

  /// Orthonormal columns of V + length · direction, whose columns the direction is orthogonal to.
  private func retracted(
    _ columns: Matrix<Double>, by direction: Matrix<Double>, _ length: Double
  ) throws(NumericsError) -> Matrix<Double> {
    var moved = columns
    moved.add(direction, scale: length)
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
  private var pairs: [(step: Matrix<Double>, change: Matrix<Double>)] = []

  var isEmpty: Bool { pairs.isEmpty }

  mutating func append(step: Matrix<Double>, change: Matrix<Double>) {
    // Where the function curves downwards the pair would turn the direction around.
    guard step.product(change) > 1e-10 * step.length * change.length else { return }
    pairs.append((step, change))
    if pairs.count > 10 { pairs.removeFirst() }
  }

  mutating func carry(to columns: Matrix<Double>) {
    pairs = pairs.map { ($0.step.outside(of: columns), $0.change.outside(of: columns)) }
  }

  /// − H · gradient by the two-loop recursion.
  func direction(for gradient: Matrix<Double>) -> Matrix<Double> {
    var result = gradient.scaled(by: -1)
    var shares = [Double]()
    for (step, change) in pairs.reversed() {
      let share = step.product(result) / step.product(change)
      shares.append(share)
      result.add(change, scale: -share)
    }
    if let (step, change) = pairs.last {
      result = result.scaled(by: step.product(change) / change.product(change))
    }
    for ((step, change), share) in zip(pairs, shares.reversed()) {
      result.add(step, scale: share - change.product(result) / step.product(change))
    }
    return result
  }
}

// MARK: - Matrices as vectors

extension Matrix<Double> {
  fileprivate func product(_ other: Matrix) -> Double { dot(values, other.values) }

  fileprivate var length: Double { product(self).squareRoot() }

  fileprivate func scaled(by factor: Double) -> Matrix { map { factor * $0 } }

  fileprivate func minus(_ other: Matrix) -> Matrix {
    var result = self
    result.add(other, scale: -1)
    return result
  }

  fileprivate mutating func add(_ other: Matrix, scale: Double) {
    let source = other.values
    withUnsafeMutableBufferPointer { result in
      source.withUnsafeBufferPointer { source in
        for index in 0..<result.count { result[index] += scale * source[index] }
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
