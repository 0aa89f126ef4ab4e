/// The samples of one variable, arranged for the search of neighbours in the maximum norm.
///
/// Whatever is estimated with the same variable again, with other layers, labels or later steps on the other side,
/// shares it:
///
/// ```swift
/// let x = try NeighborStructure(codes)  // once
/// for layer in layers {
///   let hidden = try NeighborStructure(layer)
///   print(try mutualInformation(between: x, and: hidden).value)
///   print(try mutualInformation(between: hidden, andLabels: labels).value)
/// }
/// ```
///
/// - Complexity: O(n d) memory: the samples and a k-d tree of them.
public struct NeighborStructure: Sendable {
  /// `[n, d]`, as given, in `Double`.
  let samples: Matrix<Double>
  let tree: NeighborTree
  /// The participation ratio of the samples: 0 where they do not vary.
  let effectiveDimension: Double

  /// The number of samples.
  public var rowCount: Int { samples.rowCount }
  /// The number of components d.
  public var columnCount: Int { samples.columnCount }

  /// Arranges samples, which are taken as they are: nothing is standardised here.
  ///
  /// - Shapes: `[n, d]`.
  /// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.undefined` without columns, or where the
  ///   differences of elements are not finite.
  /// - Complexity: O(n d min(n, d)) time for the effective dimension, O(n (d + 1) log n) for the tree.
  public init(_ samples: some SampleMatrix, workers: Workers? = nil) throws(MeasureError) {
    try self.init(samples, measure: "NeighborStructure", workers: workers)
  }

  init(
    _ samples: some SampleMatrix, measure: String, workers: Workers?
  ) throws(MeasureError) {
    try requireRows([samples], atLeast: 2, measure: measure)
    try requireFinite([samples], measure: measure)
    self.samples = Matrix<Double>(samples)
    tree = try NeighborTree(checked: self.samples, measure: measure, workers: workers)
    effectiveDimension = try GrokMeasures.effectiveDimension(of: self.samples, workers: workers)
  }
}

/// How many directions share the variance of samples: their participation ratio, 0 where they do not vary.
func effectiveDimension(
  of samples: Matrix<Double>, workers: Workers?
) throws(MeasureError) -> Double {
  do throws(MeasureError) {
    return try participationRatio(of: samples, workers: workers)
  } catch .undefined {
    return 0
  }
}

extension NeighborTree {
  /// A tree of finite samples.
  ///
  /// - Throws: `MeasureError.undefined`.
  init(checked samples: Matrix<Double>, measure: String, workers: Workers?) throws(MeasureError) {
    guard samples.columnCount > 0 else {
      throw .undefined(measure: measure, reason: "a variable has no columns")
    }
    self.init(samples, workers: workers)
    guard diameter.isFinite else {
      throw .undefined(
        measure: measure, reason: "differences of samples are too large; scale the samples down")
    }
  }

  /// The tree of several variables side by side, whose maximum norm is that of all.
  init(
    joining variables: [NeighborStructure], measure: String, workers: Workers?
  ) throws(MeasureError) {
    try self.init(
      checked: joinedColumns(variables.map(\.samples)), measure: measure, workers: workers)
  }
}

/// The columns of several matrices side by side.
///
/// - Precondition: they have the same number of rows, and there is one at least.
func joinedColumns(_ parts: [Matrix<Double>]) -> Matrix<Double> {
  let width = parts.reduce(0) { $0 + $1.columnCount }
  let rowCount = parts[0].rowCount
  return Matrix(rowCount: rowCount, columnCount: width) { buffer in
    guard let first = buffer.baseAddress else { return }
    var offset = 0
    for part in parts {
      part.copy(
        rows: 0..<rowCount, columns: 0..<part.columnCount, to: first + offset, stride: width)
      offset += part.columnCount
    }
  }
}

/// Throws unless the variables have the same number of samples, more than neighbours are asked for.
func requirePaired(
  _ variables: [NeighborStructure], neighborCount: Int, measure: String
) throws(MeasureError) {
  try requireRows(variables.map(\.samples), atLeast: 2, measure: measure)
  try requireNeighbors(neighborCount, of: variables[0].rowCount, measure: measure)
}

/// Throws unless there are so many neighbours, at least one.
func requireNeighbors(
  _ neighborCount: Int, of rowCount: Int, measure: String
) throws(MeasureError) {
  guard neighborCount >= 1 else {
    throw .outOfRange(
      measure: measure, what: "the number of neighbours", value: Double(neighborCount),
      expected: "at least 1")
  }
  guard rowCount > neighborCount else {
    throw .tooFewSamples(measure: measure, found: rowCount, needed: neighborCount + 1)
  }
}
