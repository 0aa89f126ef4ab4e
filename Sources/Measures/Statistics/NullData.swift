/// Which moments of samples random points have.
public enum MatchedMoments: String, Sendable, Equatable, Codable {
  /// The mean and the variance of every feature; features do not correlate.
  case variances
  /// The mean and the covariance of the features.
  case covariance
}

/// Labels in random order: as many of each as there were, on other examples.
///
/// What a measure finds on these has nothing to do with the classes.
///
/// - Complexity: O(examples).
/// - Source: definition.
public func shuffledLabels(_ labels: [Int], key: RandomKey) -> [Int] {
  key.permutation(of: labels.count).map { labels[$0] }
}

/// Normally distributed points with the moments of samples.
///
/// What a measure finds on these follows from means and (co)variances alone. Without labels all points
/// have the moments of all samples: no class differs from another. With labels those of each class are drawn from
/// its own moments: what is lost is all else about the shapes of the classes. The moments are those of the
/// distribution that is drawn from; those of the points scatter around them.
///
/// Points are μ + Z F/√(n − 1), Z standard normal and FᵀF = X_cᵀX_c: F is the factor R of X_c = QR or,
/// with fewer samples than features, X_c itself, so that the points lie in the span of the samples.
///
/// - Shapes: `samples` is `[n, D]`, and so is the result; `labels` has n elements.
/// - Parameter labels: the class of each row; nil takes all rows for one.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` below two rows (of a class), `.nonFiniteInput`.
/// - Complexity: O(n D min(n, D)) time for covariances, O(n D) for variances; O(n D) memory.
public func randomPoints(
  like samples: some SampleMatrix, matching moments: MatchedMoments = .covariance,
  within labels: [Int]? = nil, key: RandomKey
) throws(MeasureError) -> Matrix<Double> {
  let rowCount = samples.rowCount
  if let labels, labels.count != rowCount {
    throw .rowCountMismatch(measure: measure, first: rowCount, second: labels.count)
  }
  try requireRows([samples], atLeast: 2, measure: measure)
  try requireFinite([samples], measure: measure)
  var result = Matrix<Double>(samples)
  var rows = [Int: [Int]]()
  for row in 0..<rowCount { rows[labels?[row] ?? 0, default: []].append(row) }
  for (label, members) in rows {
    guard members.count >= 2 else {
      throw .tooFewSamples(
        measure: "\(measure), class \(label)", found: members.count, needed: 2)
    }
    let key = labels == nil ? key : key.fork(label)
    let points = try normalPoints(like: result.selectingRows(members), moments, key)
    for (index, row) in members.enumerated() {
      for column in 0..<points.columnCount { result[row, column] = points[index, column] }
    }
  }
  return result
}

// MARK: - One distribution

private let measure = "randomPoints"

/// As many normal points as there are rows, of which there are at least two.
private func normalPoints(
  like samples: Matrix<Double>, _ moments: MatchedMoments, _ key: RandomKey
) throws(MeasureError) -> Matrix<Double> {
  let (n, columns) = (samples.rowCount, samples.columnCount)
  var means = [Double](repeating: 0, count: columns)
  for row in 0..<n {
    for column in 0..<columns { means[column] += samples[row, column] / Double(n) }
  }
  var centered = samples
  for row in 0..<n {
    for column in 0..<columns { centered[row, column] -= means[column] }
  }
  let scale = 1 / Double(n - 1).squareRoot()
  var points: Matrix<Double>
  switch moments {
  case .variances:
    var deviations = [Double](repeating: 0, count: columns)
    for row in 0..<n {
      for column in 0..<columns {
        deviations[column] += centered[row, column] * centered[row, column]
      }
    }
    points = key.normalMatrix(rowCount: n, columnCount: columns)
    for row in 0..<n {
      for column in 0..<columns {
        points[row, column] *= deviations[column].squareRoot() * scale
      }
    }
  case .covariance:
    points = try correlatedPoints(like: centered, scale, key)
  }
  for row in 0..<n {
    for column in 0..<columns { points[row, column] += means[column] }
  }
  return points
}

/// Normal rows with the covariance scale² XᵀX of centred samples X.
private func correlatedPoints(
  like centered: Matrix<Double>, _ scale: Double, _ key: RandomKey
) throws(MeasureError) -> Matrix<Double> {
  let (n, columns) = (centered.rowCount, centered.columnCount)
  var factor = centered
  if n >= columns {
    factor = try decomposing(measure) { () throws(NumericsError) in
      try QRFactors(of: centered).upper
    }
  }
  var points = Matrix<Double>(rowCount: n, columnCount: columns)
  // A block of rows of Z at a time: all of it could be n × n.
  let blockRows = 256
  for first in stride(from: 0, to: n, by: blockRows) {
    let count = min(blockRows, n - first)
    let normal: Matrix<Double> = key.fork(first).normalMatrix(
      rowCount: count, columnCount: factor.rowCount)
    let block = normal.multiplied(by: factor)
    for row in 0..<count {
      for column in 0..<columns { points[first + row, column] = block[row, column] * scale }
    }
  }
  return points
}
