/// How many values fall into each of some bins of one width, the outer bins holding what lies beyond.
public struct ValueHistogram: Sendable, Equatable, Codable {
  /// The lower end of the first bin.
  public var lower: Double
  /// The upper end of the last bin.
  public var upper: Double
  /// The number of values in each bin.
  public var counts: [Int]

  /// The ends of the bins: one more than there are.
  public var edges: [Double] {
    (0...counts.count).map { lower + (upper - lower) * Double($0) / Double(counts.count) }
  }
}

/// A histogram of all elements of gradients of single examples.
///
/// - Shapes: `gradients` is `[examples, weights]`.
/// - Parameter limits: values beyond are counted in the outer bins; −2...2 and 100 bins as in Cockpit.
/// - Throws: `MeasureError.tooFewSamples` (1 example), `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(examples × weights).
/// - Source: Schneider, Dangel & Hennig, Cockpit, arXiv 2102.06604.
public func gradientHistogram(
  of gradients: some SampleMatrix, binCount: Int = 100, limits: ClosedRange<Double> = -2...2
) throws(MeasureError) -> ValueHistogram {
  let measure = "gradientHistogram"
  try requireRows([gradients], atLeast: 1, measure: measure)
  try requireFinite([gradients], measure: measure)
  let bins = try Bins(binCount, limits, measure)
  var counts = [Int](repeating: 0, count: binCount)
  let columns = gradients.columnCount
  forEachRow(of: gradients) { row in
    for column in 0..<columns { counts[bins.index(of: row[column])] += 1 }
  }
  return ValueHistogram(lower: limits.lowerBound, upper: limits.upperBound, counts: counts)
}

/// How many pairs of a gradient element and its weight fall into each cell of a grid.
public struct GradientWeightHistogram: Sendable, Equatable, Codable {
  /// The limits of gradient elements.
  public var gradientLimits: ClosedRange<Double>
  /// The limits of weights.
  public var weightLimits: ClosedRange<Double>
  /// `[gradient bins][weight bins]`; what lies beyond is in the outer cells.
  public var counts: [[Int]]
}

/// A histogram of elements of single gradients against the values of their weights.
///
/// - Shapes: `gradients` is `[examples, weights]`, `weights` has a number for each column.
/// - Parameter gradientLimits: nil takes ± (1 + padding) max(|g|, 5·10⁻⁷).
/// - Parameter weightLimits: nil the same of weights. Defaults are Cockpit's, 40 bins by 50.
/// - Throws: as `gradientHistogram(of:binCount:limits:)`, and `.rowCountMismatch`.
/// - Complexity: O(examples × weights).
/// - Source: Schneider, Dangel & Hennig, Cockpit, arXiv 2102.06604.
public func gradientHistogram(
  of gradients: some SampleMatrix, against weights: [Double], gradientBinCount: Int = 40,
  gradientLimits: ClosedRange<Double>? = -1...1, weightBinCount: Int = 50,
  weightLimits: ClosedRange<Double>? = -2...2, padding: Double = 0.1
) throws(MeasureError) -> GradientWeightHistogram {
  let measure = "gradientHistogram"
  try requireRows([gradients], atLeast: 1, measure: measure)
  try requireFinite([gradients], measure: measure)
  try requireOrdered(weights, "the weights", measure: measure)
  try requireNumber(padding, "padding", measure: measure)
  let columns = gradients.columnCount
  guard weights.count == columns else {
    throw .rowCountMismatch(measure: measure, first: columns, second: weights.count)
  }
  func adaptive(_ largest: Double) -> ClosedRange<Double> {
    let bound = (1 + padding) * max(largest, 5e-7)
    return -bound...bound
  }
  var largest = 0.0
  if gradientLimits == nil {
    forEachRow(of: gradients) { row in
      for column in 0..<columns { largest = max(largest, abs(row[column])) }
    }
  }
  let range = gradientLimits ?? adaptive(largest)
  let weightRange = weightLimits ?? adaptive(weights.reduce(0) { max($0, abs($1)) })
  let bins = try Bins(gradientBinCount, range, measure)
  let weightBins = try Bins(weightBinCount, weightRange, measure)
  let places = weights.map { weightBins.index(of: $0) }
  var counts = [Int](repeating: 0, count: gradientBinCount * weightBinCount)
  forEachRow(of: gradients) { row in
    for column in 0..<columns {
      counts[bins.index(of: row[column]) * weightBinCount + places[column]] += 1
    }
  }
  return GradientWeightHistogram(
    gradientLimits: range, weightLimits: weightRange,
    counts: (0..<gradientBinCount).map {
      Array(counts[$0 * weightBinCount..<($0 + 1) * weightBinCount])
    })
}

/// Bins of one width; the last one has its upper end too.
private struct Bins {
  let count: Int
  let lower: Double
  let scale: Double

  init(_ count: Int, _ limits: ClosedRange<Double>, _ measure: String) throws(MeasureError) {
    guard count >= 1 else {
      throw .outOfRange(
        measure: measure, what: "the number of bins", value: Double(count), expected: "at least 1")
    }
    let width = limits.upperBound - limits.lowerBound
    try requireNumber(width, "the width of the limits", aboveZero: true, measure: measure)
    self.count = count
    lower = limits.lowerBound
    scale = Double(count) / width
  }

  func index(of value: Double) -> Int {
    // Compared before it is made a whole number, which far outliers are too large for.
    let place = (value - lower) * scale
    return place >= Double(count) ? count - 1 : max(0, Int(max(0, place)))
  }
}
