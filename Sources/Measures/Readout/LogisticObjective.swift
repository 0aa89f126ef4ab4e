internal import Foundation

/// The mean cross-entropy of a multinomial logistic classifier over samples, with its gradient, from one
/// pass.
struct LogisticObjective {
  let classes: LabeledRows
  /// Samples that have no part in the mean and are evaluated beside it; none where nil.
  var isHeldOut: [Bool]?
  private let blocks: SampleBlocks<Double>
  private let standardization: Standardization
  private let workers: Workers?

  /// What one pass gives.
  struct Value {
    /// The mean of −ln p over samples that are not held out.
    var loss: Double
    /// Its gradient in weights and biases of standardised features.
    var gradient: LogisticWeights
    /// The mean of −ln p over samples that are; 0 where there are none.
    var heldOutLoss: Double
  }

  init(
    _ features: some SampleMatrix, classes: LabeledRows, standardization: Standardization,
    workers: Workers?
  ) {
    self.classes = classes
    self.standardization = standardization
    self.workers = workers
    blocks = SampleBlocks<Double>(features, isShifted: true)
  }

  /// Weights and biases of 0.
  var zero: LogisticWeights {
    LogisticWeights(
      weights: Matrix(rowCount: classes.classCount, columnCount: blocks.columnCount),
      biases: Array(repeating: 0, count: classes.classCount))
  }

  func value(at point: LogisticWeights) -> Value {
    // Of the rows x less the shift: W diag(1/σ) x + b − W diag(1/σ) (mean − shift).
    let scales = standardization.inverseScales
    let offsets = zip(standardization.means, blocks.shift).map { $0 - $1 }
    let scaled = point.weights.multiplied(by: Matrix(diagonal: scales))
    let biases = zip(point.biases, scaled.multiplied(by: offsets)).map { $0 - $1 }
    let lanes = foldRows(of: blocks, workers: workers, from: Sums(zero: zero)) {
      sums, rows, block in
      add(rows, block, scaled, biases, to: &sums)
    }
    var total = lanes[0]
    for lane in lanes.dropFirst() { total.add(lane) }
    let fitted = Double(blocks.rowCount - total.heldOutCount)
    var gradient = total.gradient
    for index in gradient.biases.indices {
      gradient.biases[index] /= fitted
      for column in scales.indices {
        gradient.weights[index, column] =
          (gradient.weights[index, column] / fitted - gradient.biases[index] * offsets[column])
          * scales[column]
      }
    }
    return Value(
      loss: total.loss / fitted, gradient: gradient,
      heldOutLoss: total.heldOutLoss / Double(max(1, total.heldOutCount)))
  }

  /// The mean over samples that are not held out of q z zᵀ, with z a standardised sample followed by 1 and
  /// q = Σ p(1 − p)/(C − 1) over classes: what the second derivatives in the weights of one class are, on
  /// average over classes.
  func meanCurvature(at point: LogisticWeights) -> Matrix<Double> {
    let d = blocks.columnCount
    let size = d + 1
    let offsets = zip(standardization.means, blocks.shift).map { $0 - $1 }
    let zero = (
      product: Matrix<Double>(rowCount: size, columnCount: size), heldOutCount: 0
    )
    let lanes = foldRows(
      of: blocks, workers: workers, laneSize: size * size, from: zero
    ) { sums, rows, block in
      var samples = Matrix<Double>(repeating: 1, rowCount: rows.count, columnCount: size)
      for row in 0..<rows.count {
        for column in 0..<d {
          samples[row, column] =
            (block[row * d + column] - offsets[column]) * standardization.inverseScales[column]
        }
      }
      let augmented = Matrix(
        rows: (0..<classes.classCount).map {
          Array(point.weights.row($0)) + [point.biases[$0]]
        })
      let scores = samples.multiplied(by: augmented, transposingOther: true)
      for (offset, row) in rows.enumerated() {
        var weight = 0.0
        if isHeldOut?[row] ?? false {
          sums.heldOutCount += 1
        } else {
          weight = Self.meanSlope(scores.row(offset)).squareRoot()
        }
        for column in 0..<size { samples[offset, column] *= weight }
      }
      sums.product.addProduct(of: samples, transposed: true, and: samples)
    }
    var total = lanes[0].product
    for lane in lanes.dropFirst() {
      for row in 0..<size {
        for column in 0..<size { total[row, column] += lane.product[row, column] }
      }
    }
    let fitted = Double(blocks.rowCount - lanes.reduce(0) { $0 + $1.heldOutCount })
    return total.map { $0 / fitted }
  }

  /// Σ p(1 − p)/(C − 1), not below 1e-6 lest a sample that is sure count for nothing.
  private static func meanSlope(_ scores: ArraySlice<Double>) -> Double {
    let largest = scores.reduce(-Double.infinity) { max($0, $1) }
    let terms = scores.map { exp($0 - largest) }
    let sum = terms.reduce(0, +)
    let slope = terms.reduce(0) { $0 + $1 / sum * (1 - $1 / sum) }
    return max(1e-6, slope / Double(scores.count - 1))
  }

  private struct Sums {
    var loss = 0.0
    var heldOutLoss = 0.0
    var heldOutCount = 0
    /// Σ (p − y) xᵀ and Σ (p − y), of the rows less the shift.
    var gradient: LogisticWeights

    init(zero: LogisticWeights) { gradient = zero }

    mutating func add(_ other: Sums) {
      loss += other.loss
      heldOutLoss += other.heldOutLoss
      heldOutCount += other.heldOutCount
      gradient.add(1, other.gradient)
    }
  }

  private func add(
    _ rows: Range<Int>, _ block: UnsafePointer<Double>, _ weights: Matrix<Double>,
    _ biases: [Double], to sums: inout Sums
  ) {
    let (count, d) = (classes.classCount, blocks.columnCount)
    var scores = product(block, rowCount: rows.count, with: weights)
    scores.withUnsafeMutableBufferPointer { scores in
      for (offset, row) in rows.enumerated() {
        let values = UnsafeMutableBufferPointer(
          rebasing: scores[offset * count..<(offset + 1) * count])
        let loss = turnIntoErrors(values, biases, classes.classes[row])
        if let isHeldOut, isHeldOut[row] {
          sums.heldOutLoss += loss
          sums.heldOutCount += 1
          values.update(repeating: 0)
        } else {
          sums.loss += loss
          for index in 0..<count { sums.gradient.biases[index] += values[index] }
        }
      }
      if d == 0 { return }
      sums.gradient.weights.withUnsafeMutableBufferPointer { gradient in
        BLAS.multiply(
          scores.baseAddress!, leadingA: count, transposedA: true, block, leadingB: d,
          transposedB: false, into: gradient.baseAddress!, leadingC: d, rows: count, columns: d,
          inner: rows.count, accumulate: 1)
      }
    }
  }
}

/// Replaces scores without biases by p − y; returns −ln p of the class.
private func turnIntoErrors(
  _ scores: UnsafeMutableBufferPointer<Double>, _ biases: [Double], _ own: Int
) -> Double {
  var largest = -Double.infinity
  for index in scores.indices {
    scores[index] += biases[index]
    largest = max(largest, scores[index])
  }
  let score = scores[own]
  var sum = 0.0
  for index in scores.indices {
    scores[index] = exp(scores[index] - largest)
    sum += scores[index]
  }
  for index in scores.indices { scores[index] /= sum }
  scores[own] -= 1
  return log(sum) + largest - score
}
