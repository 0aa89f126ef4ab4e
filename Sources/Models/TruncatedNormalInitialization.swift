extension ParameterLayout {
  /// A parameter vector of normal weights without tails: of standard deviation 1/√inputs before what lies beyond two
  /// deviations is drawn again, which leaves 0.88 of it.
  ///
  /// Weights are the parameters with two axes or more, outputs first; others are 0, unless the network sets them to a
  /// constant of its own.
  ///
  /// - Parameter scale: A factor on every parameter.
  /// - Parameter key: Each parameter draws from `key.fork(name)`.
  /// - Source: the initialization of Shwartz-Ziv & Tishby's code, arXiv 1703.00810.
  public func truncatedNormalValues<Scalar: RealScalar>(
    scale: Double = 1, as type: Scalar.Type = Scalar.self, key: RandomKey
  ) -> [Scalar] {
    entries.flatMap { entry -> [Scalar] in
      let count = entry.shape.count
      if case .constant(let value) = entry.initializer {
        return Array(repeating: Scalar(value * scale), count: count)
      }
      guard entry.shape.rank >= 2 else { return Array(repeating: 0, count: count) }
      let deviation = 1 / Double(count / entry.shape[0]).squareRoot()
      return truncatedNormal(count: count, key: key.fork(entry.name)).map {
        Scalar($0 * deviation * scale)
      }
    }
  }
}

/// Standard normal numbers, each the first of its draws within ±2.
private func truncatedNormal(count: Int, key: RandomKey) -> [Double] {
  var values: [Double] = key.normal(count: count)
  var attempt = 0
  while values.contains(where: { abs($0) > 2 }) {
    attempt += 1
    let others: [Double] = key.fork(attempt).normal(count: count)
    for index in values.indices where abs(values[index]) > 2 { values[index] = others[index] }
  }
  return values
}
