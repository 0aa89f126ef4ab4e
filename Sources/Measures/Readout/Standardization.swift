/// Means and scales that give features mean 0 and variance 1.
struct Standardization {
  let means: [Double]
  /// 1/σ, or 0 for a feature that does not vary.
  let inverseScales: [Double]

  /// Of the features of the first operand.
  init(_ moments: CenteredMoments, measure: String) throws(MeasureError) {
    means = Array(moments.means[moments.ranges[0]])
    let n = Double(moments.rowCount)
    inverseScales = means.indices.map { index in
      let variance = moments.product[index, index] / n
      // Rounding makes a constant vary by about 1e-16 of itself.
      let floor = 1e-12 * abs(moments.means[index])
      return variance > floor * floor ? 1 / variance.squareRoot() : 0
    }
    guard inverseScales.contains(where: { $0 > 0 }) else {
      throw noVariation(0, of: 1, measure: measure)
    }
  }

  /// The moments of the standardised features, other operands as they are.
  func applied(to moments: CenteredMoments) -> CenteredMoments {
    let size = moments.means.count
    let scales = inverseScales + Array(repeating: 1, count: size - inverseScales.count)
    let product = Matrix<Double>(rowCount: size, columnCount: size) { result in
      for row in 0..<size {
        for column in 0..<size {
          result[row * size + column] =
            moments.product[row, column] * scales[row] * scales[column]
        }
      }
    }
    return CenteredMoments(
      rowCount: moments.rowCount, ranges: moments.ranges, means: moments.means, product: product,
      variationFloors: moments.variationFloors, rowNorms: nil)
  }

  /// The readout of features as they are that does what `weights` do with standardised ones.
  func readout(_ weights: LogisticWeights, labels: [Int]) -> LinearReadout {
    let scaled = weights.weights.multiplied(by: Matrix(diagonal: inverseScales))
    let offsets = scaled.multiplied(by: means)
    return LinearReadout(scaled, zip(weights.biases, offsets).map { $0 - $1 }, labels)
  }
}

/// Weights and biases of standardised features: a point, a gradient or a step of a fit.
struct LogisticWeights {
  /// `[classes, features]`.
  var weights: Matrix<Double>
  var biases: [Double]

  static func * (scale: Double, x: LogisticWeights) -> LogisticWeights {
    LogisticWeights(weights: x.weights.map { scale * $0 }, biases: x.biases.map { scale * $0 })
  }

  /// x += scale y.
  mutating func add(_ scale: Double, _ other: LogisticWeights) {
    weights.withUnsafeMutableBufferPointer { values in
      other.weights.values.withUnsafeBufferPointer { others in
        for index in values.indices { values[index] += scale * others[index] }
      }
    }
    for index in biases.indices { biases[index] += scale * other.biases[index] }
  }

  func inner(_ other: LogisticWeights) -> Double {
    dot(weights.values, other.weights.values) + dot(biases, other.biases)
  }

  var largestMagnitude: Double {
    var largest = biases.reduce(0) { max($0, abs($1)) }
    for value in weights.values { largest = max(largest, abs(value)) }
    return largest
  }
}
