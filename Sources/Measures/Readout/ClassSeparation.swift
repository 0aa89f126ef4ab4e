/// How far apart classes lie, compared with how far they spread.
public struct ClassSeparation: Sendable, Equatable, Codable {
  /// tr S_B/n: the variance of the class means about the mean of all samples, in the unit of the samples
  /// squared.
  public var betweenVariance: Double
  /// tr S_W/n: the variance of the samples about the means of their classes.
  public var withinVariance: Double
  /// tr(S_B)/tr(S_W).
  public var fisherRatio: Double
  /// (C − 1)/(n − C): what the ratio is about where labels mean nothing.
  public var chanceRatio: Double
  /// The share of all variance that lies between classes, in 0...1.
  public var explainedShare: Double { betweenVariance / (betweenVariance + withinVariance) }
}

/// The Fisher ratio tr(S_B)/tr(S_W) of samples with class labels.
///
/// S_B = Σ_c n_c (μ_c − μ)(μ_c − μ)ᵀ with μ the mean of all samples, S_W = Σ_i (x_i − μ_c)(x_i − μ_c)ᵀ. Large
/// classes count for more; neural collapse (`neuralCollapse(of:labels:)`) weighs classes alike, and
/// directions by Σ_B†.
///
/// - Shapes: `samples` is `[n, features]`; `labels` has one element per row.
/// - Units: none for ratios.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.tooFewSamples`, `.undefined` for one
///   class, as many classes as samples, or where no class has any spread.
/// - Complexity: O(n features) time, two passes, block by block. All in `Double`.
/// - Source: Fisher, Ann. Eugenics 7, 179 (1936), with traces in place of one direction.
public func classSeparation(
  of samples: some SampleMatrix, labels: [Int], workers: Workers? = nil
) throws(MeasureError) -> ClassSeparation {
  let measure = "classSeparation"
  let classes = try LabeledRows(labels, rowCount: samples.rowCount, measure: measure)
  try requireFinite([samples], measure: measure)
  let centers = ClassMeans(of: samples, classes: classes, workers: workers)
  let n = Double(samples.rowCount)
  let within = centers.squaredDeviations(of: samples, workers: workers).reduce(0, +) / n
  let shares = classes.counts.map { Double($0) / n }
  let mean = centers.means.multiplied(by: shares, transposingSelf: true)
  let between = zip(squaredNorms(centers.means.subtracting(mean)), shares).reduce(0) {
    $0 + $1.0 * $1.1
  }
  guard within > 0, samples.rowCount > classes.classCount else {
    throw .undefined(
      measure: measure, reason: "no class has any spread: all its samples are the same")
  }
  return ClassSeparation(
    betweenVariance: between, withinVariance: within, fisherRatio: between / within,
    chanceRatio: Double(classes.classCount - 1) / (n - Double(classes.classCount)))
}
