/// The least of mean cross-entropy + λ/2 ‖W‖², by L-BFGS.
///
/// The iteration starts from the inverse of the second derivatives, averaged over classes, where the fit
/// begins, and again from those where it has come to after some steps; so features that go together, as
/// activations do, slow it down no more than others.
struct LogisticFit {
  var objective: LogisticObjective
  /// Where the last fit ended and the next one starts.
  var weights: LogisticWeights
  private(set) var evaluationCount = 0
  private(set) var largestGradient = Double.infinity
  private let tolerance: Double
  private let measure: String

  private static var stepLimit: Int { 2_000 }
  private static var memory: Int { 12 }
  /// Steps after which the second derivatives are computed anew.
  private static var renewal: Int { 40 }

  init(_ objective: LogisticObjective, tolerance: Double, measure: String) {
    self.objective = objective
    self.tolerance = tolerance
    self.measure = measure
    weights = objective.zero
  }

  /// Moves `weights` to the least; returns the mean cross-entropy of the samples held out.
  mutating func minimize(penalty: Double) throws(MeasureError) -> Double {
    var curvature = try MeanCurvature(objective, at: weights, penalty, measure)
    var current = evaluate(weights, penalty)
    var history: [(step: LogisticWeights, change: LogisticWeights, product: Double)] = []
    for number in 0..<Self.stepLimit {
      largestGradient = current.gradient.largestMagnitude
      if largestGradient <= tolerance { return current.heldOutLoss }
      if number > 0, number % Self.renewal == 0 {
        curvature = try MeanCurvature(objective, at: weights, penalty, measure)
        history = []
      }
      let direction = direction(current.gradient, history, curvature)
      guard let (next, step) = search(from: current, along: direction, penalty) else { break }
      var change = next.gradient
      change.add(-1, current.gradient)
      let product = step.inner(change)
      if product > 0 {
        if history.count == Self.memory { history.removeFirst() }
        history.append((step, change, product))
      }
      weights.add(1, step)
      current = next
    }
    throw .undefined(
      measure: measure,
      reason: "logistic regression with penalty \(penalty) stopped at a gradient of "
        + "\(largestGradient), above \(tolerance); take larger penalties or a larger tolerance")
  }

  private mutating func evaluate(
    _ point: LogisticWeights, _ penalty: Double
  ) -> LogisticObjective.Value {
    evaluationCount += 1
    var value = objective.value(at: point)
    value.loss += penalty / 2 * dot(point.weights.values, point.weights.values)
    let decay = LogisticWeights(
      weights: point.weights, biases: Array(repeating: 0, count: point.biases.count))
    value.gradient.add(penalty, decay)
    return value
  }

  /// −H g, with H the inverse Hessian that the bound and the last steps amount to.
  private func direction(
    _ gradient: LogisticWeights,
    _ history: [(step: LogisticWeights, change: LogisticWeights, product: Double)],
    _ curvature: MeanCurvature
  ) -> LogisticWeights {
    var q = gradient
    var factors: [Double] = []
    for (step, change, product) in history.reversed() {
      let factor = step.inner(q) / product
      q.add(-factor, change)
      factors.append(factor)
    }
    q = curvature.inverse(q)
    if let (_, change, product) = history.last {
      q = (product / change.inner(curvature.inverse(change))) * q
    }
    for ((step, change, product), factor) in zip(history, factors.reversed()) {
      q.add(factor - change.inner(q) / product, step)
    }
    return -1 * q
  }

  /// The first of the steps 1, ½, ¼, … that lowers the objective enough; nil where none does.
  private mutating func search(
    from current: LogisticObjective.Value, along direction: LogisticWeights, _ penalty: Double
  ) -> (LogisticObjective.Value, LogisticWeights)? {
    let slope = current.gradient.inner(direction)
    guard slope < 0 else { return nil }
    var length = 1.0
    while length > 1e-10 {
      let step = length * direction
      var point = weights
      point.add(1, step)
      let next = evaluate(point, penalty)
      // Close to the least, rounding hides the fall; there the slope says whether it was passed.
      let isFlat =
        next.loss <= current.loss + 1e-14 * abs(current.loss)
        && abs(next.gradient.inner(direction)) <= 0.9 * abs(slope)
      if next.loss <= current.loss + 1e-4 * length * slope || isFlat { return (next, step) }
      length /= 2
    }
    return nil
  }
}

/// The second derivatives in the weights and bias of one class, averaged over classes.
private struct MeanCurvature {
  private let factor: CholeskyFactor<Double>

  init(
    _ objective: LogisticObjective, at point: LogisticWeights, _ penalty: Double,
    _ measure: String
  ) throws(MeasureError) {
    var matrix = objective.meanCurvature(at: point)
    for index in 0..<matrix.rowCount - 1 { matrix[index, index] += penalty }
    factor = try decomposing(measure) { () throws(NumericsError) in
      try CholeskyFactor(of: matrix)
    }
  }

  func inverse(_ x: LogisticWeights) -> LogisticWeights {
    let rows = (0..<x.biases.count).map { Array(x.weights.row($0)) + [x.biases[$0]] }
    let solution = factor.solve(Matrix(rows: rows).transposed).transposed
    let last = solution.columnCount - 1
    return LogisticWeights(
      weights: solution.selectingColumns(0..<last), biases: solution.column(last))
  }
}
