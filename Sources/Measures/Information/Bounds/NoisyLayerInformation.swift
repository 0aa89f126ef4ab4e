internal import Foundation

/// I(X; T) of a layer with normal noise, by drawing from the mixture: what the pairwise bounds enclose.
///
/// T = t_X + Z with X equally likely among n samples and Z ~ N(0, s² I): the mean over draws of
/// ln n + ln p(T | t_X)/Σ_j p(T | t_j), which is −ln 1/n Σ_j exp((‖Z‖² − ‖t_X + Z − t_j‖²)/2s²). Every sample is drawn from the same
/// number of times.
///
/// - Shapes: `layer` is `[n, d]`.
/// - Units: nats, between 0 and ln n up to the error. The standard error is that of the draws, given these samples.
/// - Parameter drawCount: draws from each sample.
/// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(drawCount n² d) time, O(n d) memory.
/// - Source: Goldfeld et al., ICML 2019, Eq. 13.
public func noisyLayerInformation(
  of layer: some SampleMatrix, noiseVariance: Double, drawCount: Int = 1, workers: Workers? = nil,
  key: RandomKey
) throws(MeasureError) -> InformationEstimate {
  let measure = "noisyLayerInformation"
  try requireRows([layer], atLeast: 2, measure: measure)
  try requirePositive(noiseVariance, "the variance of the noise", measure: measure)
  guard drawCount >= 1 else {
    throw .outOfRange(
      measure: measure, what: "drawCount", value: Double(drawCount), expected: "at least 1")
  }
  _ = try pairPrecision(of: layer, measure: measure)
  let samples = Matrix<Double>(layer).subtracting(SampleBlocks<Double>([layer]).shift)
  let (n, d) = (samples.rowCount, samples.columnCount)
  let norms = squaredNorms(samples)
  let tileCount = (n + pairTileRows - 1) / pairTileRows
  let scale = -0.5 / noiseVariance
  let parts = try concurrentMap(count: tileCount * drawCount, workers: workers) { part in
    let (draw, tile) = part.quotientAndRemainder(dividingBy: tileCount)
    let rows = tile * pairTileRows..<min(n, (tile + 1) * pairTileRows)
    let noise: [Double] = key.fork(draw).normal(
      count: rows.count * d, standardDeviation: noiseVariance.squareRoot(),
      startingAt: rows.lowerBound * d)
    let own = samples.selectingRows(rows)
    let drawn = Matrix(
      values: zip(own.values, noise).map(+), rowCount: rows.count, columnCount: d)
    let drawnNorms = squaredNorms(drawn)
    let noiseNorms = squaredNorms(
      Matrix(values: noise, rowCount: rows.count, columnCount: d))
    let products = drawn.multiplied(by: samples, transposingOther: true)
    var exponents = [Double](repeating: 0, count: n)
    return rows.indices.map { row in
      let offset = row - rows.lowerBound
      for column in 0..<n {
        let distance = drawnNorms[offset] + norms[column] - 2 * products[offset, column]
        exponents[column] = scale * (distance - noiseNorms[offset])
      }
      // The term of the sample itself is exactly 0.
      exponents[row] = 0
      let largest = exponents.reduce(0, max)
      for column in 0..<n { exponents[column] -= largest }
      let total = exponents.withUnsafeMutableBufferPointer { exponents -> Double in
        guard let first = exponents.baseAddress else { return 1 }
        Exponentials.write(of: first, times: 1, to: first, count: n)
        return Exponentials.sum(first, count: n)
      }
      return log(Double(n)) - log(total) - largest
    }
  }
  let local = parts.flatMap { $0 }
  let spread = try Estimate(meanOf: local, measure: measure)
  return InformationEstimate(
    value: spread.value, naiveStandardError: spread.standardError, sampleCount: n,
    ceiling: log(Double(n)),
    estimator: "mixture of normals, noise variance \(noiseVariance), \(drawCount) draws each")
}
