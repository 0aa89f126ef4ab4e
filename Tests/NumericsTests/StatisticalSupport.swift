import Testing

/// Pearson's χ² stays below its mean by five of its standard deviations.
func expectUniform(
  _ bins: [Double], total: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
  let expected = Double(total) / Double(bins.count)
  let statistic = bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
  let freedom = Double(bins.count - 1)
  #expect(
    statistic < freedom + 5 * (2 * freedom).squareRoot(), sourceLocation: sourceLocation)
}
