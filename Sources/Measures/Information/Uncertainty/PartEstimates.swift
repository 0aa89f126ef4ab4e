internal import Foundation

/// A quantity estimated from all samples and from their disjoint parts: what tells its standard error, and how it goes on
/// with more samples.
public struct PartEstimates: Sendable, Equatable, Codable {
  /// The estimates from one number of parts.
  public struct Level: Sendable, Equatable, Codable {
    /// The number of samples in a part, on average.
    public var samplesPerPart: Double
    /// The estimate from each part.
    public var values: [Double]

    /// The mean over parts.
    public var mean: Double { values.reduce(0, +) / Double(values.count) }

    /// The variance over parts, with one less than their number; nil for one part.
    public var variance: Double? {
      guard values.count > 1 else { return nil }
      let mean = mean
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
  }

  /// The number of samples n.
  public var sampleCount: Int
  /// From all samples, then from ever more parts.
  public var levels: [Level]

  /// The estimate from all samples.
  public var value: Double { levels[0].values[0] }

  /// The standard error of the estimate from all samples: √(B/n), as the variance from N samples is B/N.
  ///
  /// B = Σ (parts − 1) N s²/Σ (parts − 1) over the levels, s² being the variance over parts of N samples: the most
  /// likely one where estimates are normal. It knows nothing of the bias.
  ///
  /// - Source: Holmes & Nemenman, Phys. Rev. E 100, 022404 (2019).
  public var standardError: Double {
    var (sum, weight) = (0.0, 0.0)
    for level in levels {
      guard let variance = level.variance else { continue }
      sum += Double(level.values.count - 1) * level.samplesPerPart * variance
      weight += Double(level.values.count - 1)
    }
    return (sum / weight / Double(sampleCount)).squareRoot()
  }

  /// The estimate that ever more samples would lead to, where the bias falls as a power of their number.
  ///
  /// Least squares through the means of all levels: I(N) = I_∞ + a N^{−p}. It helps where the estimates are on such a line
  /// already; ``SizeExtrapolation/residual`` says how far they are off.
  ///
  /// - Parameter exponent: p: 1 for binned estimates, often 1/d for neighbours in d dimensions.
  /// - Throws: `MeasureError.outOfRange`, `.tooFewSamples` below three levels.
  /// - Source: Strong et al., Phys. Rev. Lett. 80, 197 (1998).
  public func extrapolated(exponent: Double = 1) throws(MeasureError) -> SizeExtrapolation {
    let measure = "extrapolated"
    try requirePositive(exponent, "the exponent", measure: measure)
    guard levels.count >= 3 else {
      throw .tooFewSamples(measure: "\(measure), levels", found: levels.count, needed: 3)
    }
    let x = levels.map { pow($0.samplesPerPart, -exponent) }
    let y = levels.map(\.mean)
    let count = Double(levels.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let square = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / square
    let limit = meanY - slope * meanX
    let residuals = zip(x, y).reduce(0) {
      let difference = $1.1 - limit - slope * $1.0
      return $0 + difference * difference
    }
    return SizeExtrapolation(
      limit: limit, slope: slope, exponent: exponent,
      residual: (residuals / (count - 2)).squareRoot())
  }
}

/// What estimates from ever more samples go to.
public struct SizeExtrapolation: Sendable, Equatable, Codable {
  /// I_∞.
  public var limit: Double
  /// a, with I(N) = I_∞ + a N^{−p}.
  public var slope: Double
  /// p.
  public var exponent: Double
  /// How far the levels are from the line: √(Σ difference²/(levels − 2)).
  public var residual: Double
}

/// Estimates a quantity from all samples and from disjoint parts of them.
///
/// ```swift
/// let parts = try partEstimates(sampleCount: x.rowCount, key: key) { rows throws(MeasureError) in
///   try mutualInformation(between: x.selectingRows(rows), and: y.selectingRows(rows)).value
/// }
/// estimate.subsampledError = parts.standardError
/// print(try parts.extrapolated().limit)
/// ```
///
/// - Parameter partCounts: into how many parts the samples are divided, once for each; parts of one level share none. A
///   small part must still be enough for the estimator.
/// - Parameter blockLength: rows that stay together, for series; at least as long as they remember.
/// - Parameter estimate: the quantity from some rows; no row is given twice.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples` where there are more parts than blocks, and what the closure
///   throws.
/// - Complexity: as many estimates as parts, of ever fewer samples; about 10 of all samples for an estimate in O(n).
public func partEstimates(
  sampleCount: Int, partCounts: [Int] = Array(2...10), blockLength: Int = 1,
  workers: Workers? = nil, key: RandomKey,
  _ estimate: @Sendable ([Int]) throws(MeasureError) -> Double
) throws(MeasureError) -> PartEstimates {
  let measure = "partEstimates"
  let rows = try BlockedRows(
    sampleCount: sampleCount, blockLength: blockLength, measure: measure)
  guard !partCounts.isEmpty, let least = partCounts.min(), least >= 2 else {
    throw .outOfRange(
      measure: measure, what: "a number of parts", value: Double(partCounts.min() ?? 0),
      expected: "at least 2")
  }
  for count in partCounts where count > rows.blocks.count {
    throw .tooFewSamples(measure: measure, found: rows.blocks.count, needed: count)
  }
  let counts = [1] + Set(partCounts).sorted()
  let parts =
    [[Array(0..<sampleCount)]]
    + counts.dropFirst().map { rows.parts(count: $0, key: key.fork($0)) }
  let flat = parts.flatMap { $0 }
  let values = try concurrentMap(count: flat.count, workers: workers) {
    part throws(MeasureError) in try estimate(flat[part])
  }
  var levels = [PartEstimates.Level]()
  var first = 0
  for count in counts {
    levels.append(
      .init(
        samplesPerPart: Double(sampleCount) / Double(count),
        values: Array(values[first..<first + count])))
    first += count
  }
  return PartEstimates(sampleCount: sampleCount, levels: levels)
}
