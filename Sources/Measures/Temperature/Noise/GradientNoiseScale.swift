/// The batch size at which the noise of a gradient is as large as the gradient.
public struct GradientNoiseScale: Sendable, Equatable, Codable {
  /// Ŝ, an unbiased estimate of tr Σ, the noise of one example, in (loss/weight)².
  public var noise: Double
  /// Ĝ², an unbiased estimate of ‖G‖² of the gradient of all data, in (loss/weight)²; it may be negative.
  public var signal: Double

  /// B_simple = Ŝ/Ĝ², in examples; nil where the signal is not above 0.
  ///
  /// A ratio of two unbiased estimates is biased, upwards where the signal is uncertain. Average the two over
  /// steps first, as ``NoiseScaleAverage`` does.
  public var ratio: Double? { signal > 0 ? noise / signal : nil }

  /// A noise and a signal.
  public init(noise: Double, signal: Double) {
    self.noise = noise
    self.signal = signal
  }
}

/// The noise scale from the gradients of a small and of a large batch of one step.
///
/// Ĝ² = (B_b ‖g_b‖² − B_s ‖g_s‖²)/(B_b − B_s), Ŝ = (‖g_s‖² − ‖g_b‖²)/(1/B_s − 1/B_b). Batches may overlap: a part of
/// a batch and the whole, as on one of several machines and on all.
///
/// - Units: squared norms in (loss/weight)². Without sampling noise, as with all data, it has no meaning.
/// - Throws: `MeasureError.outOfRange`.
/// - Complexity: O(1).
/// - Source: McCandlish et al., arXiv 1812.06162, appendix A.
public func gradientNoiseScale(
  smallBatch: (size: Int, squaredNorm: Double), largeBatch: (size: Int, squaredNorm: Double)
) throws(MeasureError) -> GradientNoiseScale {
  let measure = "gradientNoiseScale"
  guard smallBatch.size >= 1, largeBatch.size > smallBatch.size else {
    throw .outOfRange(
      measure: measure, what: "the size of the large batch", value: Double(largeBatch.size),
      expected: "above that of the small one, \(smallBatch.size), which is at least 1")
  }
  try requireNumber(smallBatch.squaredNorm, "the small batch's ‖g‖²", measure: measure)
  try requireNumber(largeBatch.squaredNorm, "the large batch's ‖g‖²", measure: measure)
  let (small, large) = (Double(smallBatch.size), Double(largeBatch.size))
  return GradientNoiseScale(
    noise: (smallBatch.squaredNorm - largeBatch.squaredNorm) / (1 / small - 1 / large),
    signal: (large * largeBatch.squaredNorm - small * smallBatch.squaredNorm) / (large - small))
}

extension GradientMoments {
  /// The noise scale from single examples: Ŝ = tr Σ̂, Ĝ² = ‖ḡ‖² − tr Σ̂/B. Of all ways from B examples the
  /// one with the least variance.
  ///
  /// - Source: McCandlish et al., arXiv 1812.06162, appendix A, with batches of 1 and B.
  public var noiseScale: GradientNoiseScale {
    GradientNoiseScale(
      noise: covarianceTrace, signal: squaredMeanNorm - covarianceTrace / Double(exampleCount))
  }
}

/// A noise scale over steps: moving averages of noise and signal, divided only then.
public struct NoiseScaleAverage: Sendable, Equatable, Codable {
  private var noise: MovingAverage
  private var signal: MovingAverage

  /// An average without steps.
  ///
  /// - Parameter weight: α of both averages. The signal of one step is very noisy: of batches well below the
  ///   noise scale hundreds are needed.
  /// - Throws: `MeasureError.outOfRange`.
  public init(weight: Double = 0.01) throws(MeasureError) {
    noise = try MovingAverage(weight: weight)
    signal = try MovingAverage(weight: weight)
  }

  /// Takes the noise scale of one more step.
  public mutating func add(_ scale: GradientNoiseScale) {
    noise.add(scale.noise)
    signal.add(scale.signal)
  }

  /// The averages; nil before the first step.
  public var value: GradientNoiseScale? {
    guard let noise = noise.value, let signal = signal.value else { return nil }
    return GradientNoiseScale(noise: noise, signal: signal)
  }
}

/// The noise scale with curvature, tr(HΣ)/(GᵀHG), and its parts.
///
/// - Shapes: `gradients` is `[examples, weights]`, one gradient an example.
/// - Units: examples. `signal` is ḡᵀHḡ less its bias tr(HΣ̂)/B; both are negative where the curvature is.
/// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.rowCountMismatch` where the operator has
///   another dimension, and what the operator throws.
/// - Complexity: a product with the operator for each example, and one more.
/// - Source: McCandlish et al., arXiv 1812.06162.
public func gradientNoiseScale(
  of gradients: Matrix<Double>, curvature: SymmetricOperator
) throws -> GradientNoiseScale {
  let measure = "gradientNoiseScale"
  try requireRows([gradients], atLeast: 2, measure: measure)
  try requireFinite([gradients], measure: measure)
  guard gradients.columnCount == curvature.dimension else {
    throw MeasureError.rowCountMismatch(
      measure: measure, first: gradients.columnCount, second: curvature.dimension)
  }
  let count = Double(gradients.rowCount)
  let ones = [Double](repeating: 1 / count, count: gradients.rowCount)
  let mean = gradients.multiplied(by: ones, transposingSelf: true)
  var noise = 0.0
  for row in 0..<gradients.rowCount {
    let deviation = zip(gradients.row(row), mean).map { $0 - $1 }
    noise += dot(deviation, try curvature.product(with: deviation)) / (count - 1)
  }
  let signal = dot(mean, try curvature.product(with: mean))
  return GradientNoiseScale(noise: noise, signal: signal - noise / count)
}

/// The step size and the temperature that a noise scale with curvature gives a batch size.
public struct StepTemperature: Sendable, Equatable, Codable {
  /// ε_max(B) = ε_max/(1 + B_noise/B), the best step at this batch size.
  public var bestStep: Double
  /// T = ε/ε_max(B): 1 at the best step. A noise scale in equilibrium falls like 1/T, so quote it with T.
  public var temperature: Double
}

/// The temperature of a step size ε at batch size B, relative to the best step there.
///
/// - Parameter largestStep: ε_max = ‖G‖²/(GᵀHG), the best step without noise.
/// - Throws: `MeasureError.outOfRange`.
/// - Source: McCandlish et al., arXiv 1812.06162, with its appendix on temperature.
public func stepTemperature(
  learningRate: Double, batchSize: Int, noiseScale: Double, largestStep: Double
) throws(MeasureError) -> StepTemperature {
  let measure = "stepTemperature"
  try requireNumber(learningRate, "the learning rate", aboveZero: true, measure: measure)
  try requireNumber(Double(batchSize), "the batch size", aboveZero: true, measure: measure)
  try requireNumber(noiseScale, "the noise scale", measure: measure)
  try requireNumber(largestStep, "the largest step", aboveZero: true, measure: measure)
  let best = largestStep / (1 + noiseScale / Double(batchSize))
  return StepTemperature(bestStep: best, temperature: learningRate / best)
}
