/// Lagged alignment while updates are made: as ``laggedAlignment(of:maximumLag:)``, with memory for the last L vectors only.
///
/// Feed whole updates of small networks, or projections of large ones (`RandomProjection`): each cosine of k projections has
/// an error of about 1/√k, that of the mean over many steps falls as their number grows where vectors
/// differ from step to step.
///
/// - Complexity: O(L n) per vector.
public struct LaggedAlignmentStream: Sendable, Equatable, Codable {
  /// L.
  public let maximumLag: Int
  /// The number n of elements of a vector; nil before the first.
  private var dimension: Int?
  /// The last vectors, that of row t in place t mod L, and their squared norms.
  private var recent = [[Double]]()
  private var squares = [Double]()
  private var rowCount = 0
  private var sums: [Double]
  private var pairCounts: [Int]

  /// A stream that no vector has been added to.
  ///
  /// - Throws: `MeasureError.outOfRange` for a lag below 1.
  public init(maximumLag: Int) throws(MeasureError) {
    try requireCount(maximumLag, named: "maximumLag", measure: measure)
    self.maximumLag = maximumLag
    sums = Array(repeating: 0, count: maximumLag)
    pairCounts = Array(repeating: 0, count: maximumLag)
  }

  /// Adds the next vector.
  ///
  /// - Throws: `MeasureError.undefined` for another number of elements, `.nonFiniteInput`; then nothing was added.
  public mutating func add<Scalar: RealScalar>(_ vector: [Scalar]) throws(MeasureError) {
    try requireUpdate(vector, count: dimension ?? vector.count, measure: measure)
    dimension = vector.count
    let values = vector.map { Double($0) }
    let square = dot(values, values)
    for lag in 1...maximumLag where lag <= rowCount {
      let other = (rowCount - lag) % maximumLag
      if let cosine = cosine(dot(recent[other], values), squares[other], square) {
        sums[lag - 1] += cosine
        pairCounts[lag - 1] += 1
      }
    }
    if recent.count < maximumLag {
      recent.append(values)
      squares.append(square)
    } else {
      recent[rowCount % maximumLag] = values
      squares[rowCount % maximumLag] = square
    }
    rowCount += 1
  }

  /// The alignments so far; lags without a pair have no mean.
  public var summary: [LaggedAlignment] {
    (1...maximumLag).map { lag in
      let count = pairCounts[lag - 1]
      return LaggedAlignment(
        lag: lag, mean: count > 0 ? sums[lag - 1] / Double(count) : nil, pairCount: count)
    }
  }
}

private let measure = "LaggedAlignmentStream"
