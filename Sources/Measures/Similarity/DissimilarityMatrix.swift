/// How unlike every two of several items are: one number for each pair.
public struct DissimilarityMatrix: Sendable, Equatable, Codable {
  /// The number of items.
  public let itemCount: Int
  /// The pairs (0, 1), (0, 2), …, (1, 2), …: the upper triangle, row after row.
  public let values: [Double]

  /// - Precondition: there are itemCount (itemCount − 1) / 2 values.
  public init(itemCount: Int, values: [Double]) {
    precondition(
      itemCount >= 0 && values.count == itemCount * (itemCount - 1) / 2,
      "DissimilarityMatrix: \(values.count) values are not the pairs of \(itemCount) items")
    self.itemCount = itemCount
    self.values = values
  }

  /// The dissimilarity of two items; 0 of an item with itself.
  public subscript(first: Int, second: Int) -> Double {
    if first == second { return 0 }
    let (low, high) = (min(first, second), max(first, second))
    return values[low * (2 * itemCount - low - 1) / 2 + high - low - 1]
  }
}

/// What is taken for the dissimilarity of two samples x and y.
public enum Dissimilarity: String, Sendable, Codable, CaseIterable {
  /// ‖x − y‖², in the unit of the samples squared.
  case squaredEuclidean
  /// ‖x − y‖, in the unit of the samples.
  case euclidean
  /// 1 − x·y / (‖x‖ ‖y‖), in 0...2.
  case cosine
  /// 1 − Pearson's correlation over features, in 0...2.
  case correlation
}

/// The dissimilarities of all pairs of samples.
///
/// - Shapes: `x` is `[n, d]`.
/// - Parameter dissimilarity: what to compute; its unit with it.
/// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.undefined` where a sample is 0
///   (cosine) or constant over features (correlation), `.outOfRange` where the memory budget is too
///   small.
/// - Complexity: O(n² d) time, n²/2 numbers of memory. All in `Double`.
/// - Source: Kriegeskorte, Mur & Bandettini, Front. Syst. Neurosci. 2, 4 (2008).
public func dissimilarities(
  of x: some SampleMatrix, using dissimilarity: Dissimilarity = .correlation,
  memoryBudget: Int = defaultMemoryBudget
) throws(MeasureError) -> DissimilarityMatrix {
  let measure = "dissimilarities"
  try requireRows([x], atLeast: 2, measure: measure)
  let count = x.rowCount
  try requireMemory(
    8 * (count * (count - 1) / 2 + count * x.columnCount), budget: memoryBudget, measure: measure)
  try requireFinite([x], measure: measure)
  var samples = Matrix<Double>(x)
  if dissimilarity == .cosine || dissimilarity == .correlation {
    try normalizeRows(&samples, isCentered: dissimilarity == .correlation, measure: measure)
  }
  let blocks = SampleBlocks<Double>([samples])
  var values = [Double](repeating: 0, count: count * (count - 1) / 2)
  let tileCount = (count + pairTileRows - 1) / pairTileRows
  for top in 0..<tileCount {
    let pairs = PairTiles(blocks, top: top)
    for left in top..<tileCount {
      let tile = pairs.squaredDistances(left: left)
      for (row, i) in pairs.rows(of: top).enumerated() {
        let start = i * (2 * count - i - 1) / 2 - i - 1
        for (column, j) in pairs.rows(of: left).enumerated() where j > i {
          let square = tile[row, column]
          // Of unit vectors half the squared distance is 1 − x·y, exactly 0 where they are equal.
          values[start + j] =
            switch dissimilarity {
            case .squaredEuclidean: square
            case .euclidean: square.squareRoot()
            case .cosine, .correlation: square / 2
            }
        }
      }
    }
  }
  return DissimilarityMatrix(itemCount: count, values: values)
}

private func normalizeRows(
  _ samples: inout Matrix<Double>, isCentered: Bool, measure: String
) throws(MeasureError) {
  let width = samples.columnCount
  for row in 0..<samples.rowCount {
    let values = samples.row(row)
    let mean = isCentered ? values.reduce(0, +) / Double(max(1, width)) : 0
    let norm = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
    // Rounding of the mean is all that a constant sample can be left with.
    guard norm > 1e-14 * abs(mean) * Double(width).squareRoot() else {
      throw .undefined(
        measure: measure,
        reason: isCentered
          ? "sample \(row) is constant over features and correlates with nothing"
          : "sample \(row) is 0 and has no direction")
    }
    for column in 0..<width { samples[row, column] = (samples[row, column] - mean) / norm }
  }
}
