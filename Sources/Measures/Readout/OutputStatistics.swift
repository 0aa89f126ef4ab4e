/// How the outputs of a classifier are distributed over examples.
public struct OutputStatistics: Sendable, Equatable, Codable {
  /// The share of examples whose largest output is their label's.
  public var accuracy: Proportion
  /// −ln p of the true label, in nats; its mean is the cross-entropy.
  public var loss: Distribution
  /// The logit of the true label less the largest other one.
  public var margin: Distribution
  /// The largest probability of the softmax.
  public var confidence: Distribution
  /// The entropy of the probabilities, in nats.
  public var entropy: Distribution
  /// −ln Σ exp(logit).
  public var energy: Distribution
  /// The probability that a right answer is given with more confidence than a wrong one; ½ where
  /// confidence says nothing. Nil where fewer than two answers are right or fewer than two wrong.
  public var confidenceDiscrimination: Estimate?
  /// How well confidence agrees with accuracy.
  public var calibration: Calibration
}

/// The distributions of margin, confidence, entropy, energy and loss over examples, whether confidence
/// tells right answers from wrong ones, and whether it is calibrated.
///
/// - Shapes: `logits` is `[n, C]`; `labels` has one element per row, each the number of an output.
/// - Units: as `outputScores(of:labels:)`.
/// - Parameter levels: which quantiles are given.
/// - Parameter binCount: the bins of the calibration error.
/// - Throws: as `outputScores(of:labels:)`, `.tooFewSamples` (2), `.outOfRange`.
/// - Complexity: O(n C + n log n) time.
/// - Source: discrimination by confidence: Hendrycks & Gimpel, ICLR 2017.
/// - Differs from: common code in ranking confidence by its log-odds: after long training most
///   confidences round to 1, where their order is lost.
public func outputStatistics(
  of logits: some SampleMatrix, labels: [Int], levels: [Double] = Distribution.usualLevels,
  binCount: Int = 15
) throws(MeasureError) -> OutputStatistics {
  let measure = "outputStatistics"
  let scores = try outputScores(of: logits, labels: labels)
  let isCorrect = scores.classification.isCorrect
  func distribution(_ values: [Double]) throws(MeasureError) -> Distribution {
    try Distribution(of: values, levels: levels, measure: measure)
  }
  let odds = zip(scores.confidenceLogOdds, isCorrect)
  let (right, wrong) = (odds.filter(\.1).map(\.0), odds.filter { !$0.1 }.map(\.0))
  return OutputStatistics(
    accuracy: scores.classification.accuracy, loss: try distribution(scores.losses),
    margin: try distribution(scores.margins), confidence: try distribution(scores.confidences),
    entropy: try distribution(scores.entropies), energy: try distribution(scores.energies),
    confidenceDiscrimination: right.count >= 2 && wrong.count >= 2
      ? try areaUnderROC(of: right, against: wrong) : nil,
    calibration: try calibration(
      of: scores.confidences, areCorrect: isCorrect, binCount: binCount))
}

/// Mean, spread and quantiles of some numbers.
public struct Distribution: Sendable, Equatable, Codable {
  /// The mean, with the standard error of independent numbers.
  public var mean: Estimate
  /// √(Σ (x − mean)²/(n − 1)).
  public var standardDeviation: Double
  /// The levels of ``quantiles``, in 0...1.
  public var levels: [Double]
  /// For each level the number below which that share of all lies.
  public var quantiles: [Double]

  /// Least, 5 %, quartiles, 95 %, largest.
  public static let usualLevels: [Double] = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]

  /// The distribution of some numbers.
  ///
  /// The quantile at level p is at position p (n − 1) among the sorted numbers, interpolated between
  /// neighbours.
  ///
  /// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.outOfRange` for a level.
  /// - Source: Hyndman & Fan, Am. Stat. 50, 361 (1996), definition 7.
  public init(
    of values: [Double], levels: [Double] = usualLevels, measure: String = "distribution"
  ) throws(MeasureError) {
    if let level = levels.first(where: { !($0 >= 0 && $0 <= 1) }) {
      throw .outOfRange(
        measure: measure, what: "the level of a quantile", value: level, expected: "0 to 1")
    }
    mean = try Estimate(meanOf: values, measure: measure)
    standardDeviation = mean.standardError * Double(values.count).squareRoot()
    let sorted = values.sorted()
    self.levels = levels
    quantiles = levels.map { level in
      let position = level * Double(sorted.count - 1)
      let below = min(sorted.count - 2, Int(position))
      let share = position - Double(below)
      return sorted[below] + share * (sorted[below + 1] - sorted[below])
    }
  }
}
