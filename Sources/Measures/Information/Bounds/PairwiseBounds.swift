internal import Foundation

/// Bounds of the information of a layer to which Gaussian noise is added, from the distances of all pairs of samples.
public struct PairwiseBounds: Sendable, Equatable, Codable {
  /// The variance s² of the noise, in the units of the layer squared.
  public var noiseVariance: Double
  /// I(X; T) is at least this: the Bhattacharyya form.
  public var inputLower: InformationEstimate
  /// I(X; T) is at most this: the Kullback–Leibler form.
  public var inputUpper: InformationEstimate
  /// I(T; Y), where there were labels.
  public var output: Output?

  /// The information of a layer on labels.
  public struct Output: Sendable, Equatable, Codable {
    /// H(T) − Σ p(y) H(T | y) with the lower form of all entropies, as published: not a bound.
    public var fromLower: InformationEstimate
    /// The same with the upper form of all entropies, as published: not a bound.
    public var fromUpper: InformationEstimate
    /// I(T; Y) is at least this: the lower form less the upper ones of each class. May be below 0.
    public var lower: Double
    /// I(T; Y) is at most this: the upper form less the lower ones of each class.
    public var upper: Double
  }
}

/// Bounds of I(X; T), and estimates of I(T; Y), for T the layer plus normal noise of each of some variances.
///
/// With distances D² = ‖t_i − t_j‖² of n equally likely samples, j = i among them,
/// I(X; T) ≤ −1/n Σ_i ln 1/n Σ_j exp(−D²/2s²), and ≥ the same with D²/8s². The entropy of T given X, (d/2) ln(2πe s²),
/// has cancelled. Within a class the same sums run over its samples. Noise is added in this analysis alone.
///
/// 0 ≤ lower ≤ upper ≤ ln n; for s² → 0 both go to ln of the number of samples (those that are equal counted once, by
/// their shares), for s² → ∞ to 0.
///
/// - Shapes: `layer` is `[n, d]`, `labels` has n elements.
/// - Units: nats. 1e-3 is usual for tanh layers, 0.1 for layers of pictures.
/// - Parameter noiseVariances: any number of them share the distances.
/// - Returns: bounds for each variance, in order.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` without samples, `.nonFiniteInput`, `.outOfRange`,
///   `.undefined` for numbers too large to square.
/// - Complexity: O(n² d) time, O(n d) memory: pairs are streamed in tiles. In `Double`.
/// - Source: Kolchinsky & Tracey, Entropy 19, 361 (2017); Saxe et al., ICLR 2018.
public func pairwiseBounds(
  of layer: some SampleMatrix, noiseVariances: [Double], labels: [Int]? = nil,
  workers: Workers? = nil
) throws(MeasureError) -> [PairwiseBounds] {
  let measure = "pairwiseBounds"
  try requireRows([layer], atLeast: 1, measure: measure)
  for variance in noiseVariances {
    try requirePositive(variance, "the variance of the noise", measure: measure)
  }
  _ = try pairPrecision(of: layer, measure: measure)
  let n = layer.rowCount
  let classes = try labels.map { (labels) throws(MeasureError) in
    try LabeledRows(labels, rowCount: n, measure: measure, minimumClassCount: 1)
  }
  let sums = PairwiseSums(
    Matrix<Double>(layer), classes: classes, noiseVariances: noiseVariances, workers: workers)
  return noiseVariances.indices.map { index in
    sums.bounds(index, classes: classes, noiseVariance: noiseVariances[index])
  }
}

// MARK: - Means of logarithms

extension PairwiseSums {
  fileprivate func bounds(
    _ index: Int, classes: LabeledRows?, noiseVariance: Double
  ) -> PairwiseBounds {
    func estimate(_ local: [Double], _ form: String) -> InformationEstimate {
      let n = Double(local.count)
      let mean = local.reduce(0, +) / n
      let squares = local.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return InformationEstimate(
        value: mean,
        naiveStandardError: n > 1 ? (squares / (n - 1) / n).squareRoot() : nil,
        sampleCount: local.count, ceiling: log(n),
        estimator: "pairwise \(form) bound, noise variance \(noiseVariance)")
    }
    let n = Double(rowCount)
    // −ln of the mean over all samples, of each sample; and that over the samples of its class.
    let lower = all.lower[index].map { -log($0 / n) }
    let upper = all.upper[index].map { -log($0 / n) }
    var output: PairwiseBounds.Output?
    if let classes {
      let sizes = classes.classes.map { Double(classes.counts[$0]) }
      let classLower = zip(within.lower[index], sizes).map { -log($0 / $1) }
      let classUpper = zip(within.upper[index], sizes).map { -log($0 / $1) }
      func mean(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 - $1.1 } / n
      }
      let ceiling = EntropyEstimator.plugIn.entropy(counts: classes.counts, sampleCount: rowCount)
      func difference(_ a: [Double], _ b: [Double], _ form: String) -> InformationEstimate {
        var result = estimate(zip(a, b).map { $0 - $1 }, form)
        result.ceiling = ceiling
        result.estimator =
          "pairwise \(form) entropies by class, noise variance \(noiseVariance)"
        return result
      }
      output = .init(
        fromLower: difference(lower, classLower, "lower"),
        fromUpper: difference(upper, classUpper, "upper"), lower: mean(lower, classUpper),
        upper: mean(upper, classLower))
    }
    return PairwiseBounds(
      noiseVariance: noiseVariance, inputLower: estimate(lower, "lower"),
      inputUpper: estimate(upper, "upper"), output: output)
  }
}
