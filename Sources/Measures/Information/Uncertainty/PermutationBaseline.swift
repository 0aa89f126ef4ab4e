/// An estimate of information beside what the same estimator finds between variables that were torn apart.
///
/// One variable is taken in random order, which keeps both margins and removes all that they have in common. What is still
/// found is bias and chance: the mean of it is a baseline, and the share of permutations that give as much a p-value.
///
/// ```swift
/// let baseline = try permutationBaseline(of: estimate.value, sampleCount: n, key: key) { order throws(MeasureError) in
///   try mutualInformation(between: x, and: y.selectingRows(order)).value
/// }
/// print(baseline.pValue, baseline.value - baseline.nullMean)
/// ```
///
/// The baseline is the bias without dependence. With dependence the bias is another, so that subtracting it is a habit, not
/// a correction.
///
/// - Parameter value: the estimate in the right order.
/// - Parameter drawCount: the least p-value is 1/(drawCount + 1).
/// - Parameter blockLength: rows that stay together, for series; at least as long as they remember.
/// - Parameter estimate: the quantity with row `order[i]` of one variable in place of row i.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples` below two draws, `.nonFiniteInput`, and what the closure throws.
/// - Complexity: `drawCount` times the closure.
public func permutationBaseline(
  of value: Double, sampleCount: Int, drawCount: Int = 99, blockLength: Int = 1,
  workers: Workers? = nil, key: RandomKey,
  _ estimate: @Sendable (_ order: [Int]) throws(MeasureError) -> Double
) throws(MeasureError) -> NullComparison {
  let rows = try BlockedRows(
    sampleCount: sampleCount, blockLength: blockLength, measure: "permutationBaseline")
  let null = try nullValues(drawCount: drawCount, workers: workers, key: key) {
    key throws(MeasureError) in
    try estimate(rows.choice(rows.blocks.count, key: key))
  }
  return try nullComparison(of: value, with: null, alternative: .greater)
}
