/// One linear score per class, of which the largest decides: the last layer of a network, a probe, or the
/// rule of the nearest class centre.
///
/// - Source: definition.
public struct LinearReadout: Sendable, Equatable {
  /// The label of each class, all different, in the order of the rows of ``weights``.
  public let labels: [Int]
  /// W, `[classes, features]`.
  public let weights: Matrix<Double>
  /// b, one per class.
  public let biases: [Double]

  /// A readout from its weights.
  ///
  /// - Shapes: `weights` is `[classes, features]`; `biases` and `labels` have one element per class.
  /// - Parameter biases: 0 where nil.
  /// - Parameter labels: 0, 1, … where nil, as the outputs of a network are numbered.
  /// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` for fewer than 2 classes,
  ///   `.nonFiniteInput`, `.undefined` where a label occurs twice.
  public init(
    weights: some SampleMatrix, biases: [Double]? = nil, labels: [Int]? = nil
  ) throws(MeasureError) {
    let measure = "linearReadout"
    let count = weights.rowCount
    try requireRows([weights], atLeast: 2, measure: measure)
    for other in [biases?.count, labels?.count] {
      if let other, other != count {
        throw .rowCountMismatch(measure: measure, first: count, second: other)
      }
    }
    try requireFinite([weights], measure: measure)
    if let index = biases?.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: "the biases", index: index)
    }
    if let labels, Set(labels).count < count {
      throw .undefined(measure: measure, reason: "two rows of the weights have the same label")
    }
    self.init(
      Matrix<Double>(weights), biases ?? Array(repeating: 0, count: count),
      labels ?? Array(0..<count))
  }

  init(_ weights: Matrix<Double>, _ biases: [Double], _ labels: [Int]) {
    (self.weights, self.biases, self.labels) = (weights, biases, labels)
  }

  /// The scores W x + b of every sample, `[samples, classes]`, in `Double`.
  ///
  /// - Throws: `MeasureError.undefined` where the samples have another number of features,
  ///   `.nonFiniteInput`.
  public func scores(of samples: some SampleMatrix) throws(MeasureError) -> Matrix<Double> {
    try requireFit(samples, measure: "scores")
    let blocks = SampleBlocks<Double>(samples, isShifted: false)
    let values = foldRows(of: blocks, workers: nil, from: [Double]()) { values, rows, block in
      values += scores(block, rowCount: rows.count).values
    }
    return Matrix(
      values: Array(values.joined()), rowCount: samples.rowCount, columnCount: labels.count)
  }

  /// The label with the largest score for every sample; of equal scores the first row's.
  ///
  /// - Shapes: `samples` is `[n, features]`; the result has n labels.
  /// - Throws: as ``scores(of:)``.
  /// - Complexity: O(n classes features) time and one pass, block by block.
  public func predictions(
    for samples: some SampleMatrix, workers: Workers? = nil
  ) throws(MeasureError) -> [Int] {
    try requireFit(samples, measure: "predictions")
    let blocks = SampleBlocks<Double>(samples, isShifted: false)
    let lanes = foldRows(of: blocks, workers: workers, from: [Int]()) { found, rows, block in
      let scores = scores(block, rowCount: rows.count)
      for row in 0..<rows.count { found.append(labels[indexOfLargest(scores.row(row))]) }
    }
    return Array(lanes.joined())
  }

  /// The readout of some of the classes alone, in the order given.
  ///
  /// - Throws: `MeasureError.undefined` for a label that no row has.
  func selecting(_ chosen: [Int], measure: String) throws(MeasureError) -> LinearReadout {
    var rows: [Int] = []
    for label in chosen {
      guard let row = labels.firstIndex(of: label) else {
        throw .undefined(
          measure: measure,
          reason: "the readout has no row for label \(label); it has \(labels.count) rows")
      }
      rows.append(row)
    }
    return LinearReadout(weights.selectingRows(rows), rows.map { biases[$0] }, chosen)
  }

  private func scores(
    _ block: UnsafePointer<Double>, rowCount: Int
  ) -> Matrix<Double> {
    product(block, rowCount: rowCount, with: weights).subtracting(biases.map { -$0 })
  }

  private func requireFit(
    _ samples: some SampleMatrix, measure: String
  ) throws(MeasureError) {
    guard samples.columnCount == weights.columnCount else {
      throw .undefined(
        measure: measure,
        reason: "the readout takes \(weights.columnCount) features, the samples have "
          + "\(samples.columnCount)")
    }
    try requireRows([samples], atLeast: 1, measure: measure)
    try requireFinite([samples], measure: measure)
  }
}

/// The position of the largest element, counted from 0; of equal ones the first.
func indexOfLargest(_ values: ArraySlice<Double>) -> Int {
  var best = values.startIndex
  for index in values.indices where values[index] > values[best] { best = index }
  return best - values.startIndex
}

// MARK: - Codable

extension LinearReadout: Codable {
  private enum CodingKeys: String, CodingKey { case labels, weights, biases }

  /// Reads what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let rows = try container.decode([[Double]].self, forKey: .weights)
    guard rows.allSatisfy({ $0.count == rows[0].count }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .weights, in: container, debugDescription: "rows of weights differ in length")
    }
    try self.init(
      weights: Matrix(rows: rows), biases: container.decode([Double].self, forKey: .biases),
      labels: container.decode([Int].self, forKey: .labels))
  }

  /// Writes labels, weights row by row, and biases.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(labels, forKey: .labels)
    try container.encode((0..<weights.rowCount).map { Array(weights.row($0)) }, forKey: .weights)
    try container.encode(biases, forKey: .biases)
  }
}
