extension GradientMoments {
  /// θ = √(tr Σ̂/(B ‖ḡ‖²)): the relative error of the gradient of the batch. nil where ḡ is 0.
  ///
  /// - Source: Byrd, Chin, Nocedal & Wu, Math. Program. 134, 127 (2012).
  public var normTest: Double? {
    guard squaredMeanNorm > 0 else { return nil }
    return (covarianceTrace / (Double(exampleCount) * squaredMeanNorm)).squareRoot()
  }

  /// θ = √(Var̂⟨g_i, ḡ⟩/(B ‖ḡ‖⁴)): the relative error along the gradient. nil where ḡ is 0.
  ///
  /// - Source: Bollapragada, Byrd & Nocedal, arXiv 1710.11258.
  public var innerProductTest: Double? {
    let (b, square) = (Double(exampleCount), squaredMeanNorm * squaredMeanNorm)
    guard square > 0 else { return nil }
    let variance = max(0, squaredProjectionSum - b * square) / (b - 1)
    return (variance / (b * square)).squareRoot()
  }

  /// ν = √((Σ‖g_i‖² − Σ⟨g_i, ḡ⟩²/‖ḡ‖²)/((B − 1) B ‖ḡ‖²)): the relative error across it. nil where ḡ is 0.
  ///
  /// The squares of this and of ``innerProductTest`` sum to that of ``normTest``.
  ///
  /// - Source: Bollapragada, Byrd & Nocedal, arXiv 1710.11258.
  public var orthogonalityTest: Double? {
    guard squaredMeanNorm > 0 else { return nil }
    let b = Double(exampleCount)
    let across = max(0, squaredNormSum - squaredProjectionSum / squaredMeanNorm)
    return (across / ((b - 1) * b * squaredMeanNorm)).squareRoot()
  }

  /// Σ‖g_i‖²/‖Σ g_i‖²: 1/B where all examples pull alike, 1 where their gradients are orthogonal. Times B, the
  /// batch size up to which larger batches save steps. nil where ḡ is 0.
  ///
  /// - Source: Yin et al., AISTATS 2018.
  public var gradientDiversity: Double? {
    guard squaredMeanNorm > 0 else { return nil }
    let b = Double(exampleCount)
    return squaredNormSum / (b * b * squaredMeanNorm)
  }

  /// η tr Σ_pop/L, the batch size that CABS asks for, in examples: for plain SGD and losses whose least value
  /// is 0.
  ///
  /// - Units: examples.
  /// - Parameter loss: L, above 0.
  /// - Throws: `MeasureError.outOfRange`.
  /// - Source: Balles, Romero & Hennig, arXiv 1612.05086, with the variance ÷B as Cockpit has it.
  public func coupledBatchSize(learningRate: Double, loss: Double) throws(MeasureError) -> Double {
    let measure = "coupledBatchSize"
    try requireNumber(learningRate, "the learning rate", aboveZero: true, measure: measure)
    try requireNumber(loss, "the loss", aboveZero: true, measure: measure)
    let b = Double(exampleCount)
    return learningRate * covarianceTrace * (b - 1) / b / loss
  }

  /// The mean over weights of ḡ²/(mean g² − ḡ² + ε), the signal-to-noise ratio of the gradient. nil
  /// without sums for each weight.
  ///
  /// - Parameter damping: ε in (loss/weight)²; 10⁻⁵ as in Cockpit. Late in a training gradients are smaller
  ///   than its root, and the ratio says ε only: lower it, and say so.
  /// - Source: Liu et al., ICLR 2020.
  public func meanSignalToNoise(damping: Double = 1e-5) -> Double? {
    perWeight.map { sums in
      let b = Double(exampleCount)
      let total = zip(sums.mean, sums.squareSum).reduce(0) { total, weight in
        let square = weight.0 * weight.0
        return total + square / (max(0, weight.1 / b - square) + damping)
      }
      return total / Double(weightCount)
    }
  }

  /// 1 − B mean(ḡ²/(σ̂² + ε)) over weights, σ̂² ÷(B − 1): above 0 where the gradient is not told from noise, the
  /// sign to stop. nil without sums for each weight.
  ///
  /// - Units: none; at most 1.
  /// - Source: Mahsereci, Balles, Lassner & Hennig, arXiv 1703.09580.
  public func stoppingEvidence(damping: Double = 1e-5) -> Double? {
    perWeight.map { sums in
      let b = Double(exampleCount)
      let total = zip(sums.mean, sums.squareSum).reduce(0) { total, weight in
        let square = weight.0 * weight.0
        return total + square / (max(0, weight.1 - b * square) / (b - 1) + damping)
      }
      return 1 - b * total / Double(weightCount)
    }
  }
}

/// min over i ≠ j of ⟨g_i, g_j⟩, in (loss/weight)²: how much the worst pair of examples works against each other.
///
/// - Shapes: `gradients` is `[examples, weights]`.
/// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`.
/// - Complexity: O(examples² × weights) time, examples² numbers of memory.
/// - Source: Sankararaman et al., ICML 2020 (its η is minus this, where negative).
public func gradientConfusion(of gradients: Matrix<Double>) throws(MeasureError) -> Double {
  let measure = "gradientConfusion"
  try requireRows([gradients], atLeast: 2, measure: measure)
  try requireFinite([gradients], measure: measure)
  let products = gradients.rowGram
  var least = Double.infinity
  for row in 1..<products.rowCount {
    for column in 0..<row { least = min(least, products[row, column]) }
  }
  return least
}
