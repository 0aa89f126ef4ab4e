internal import Foundation

/// A layer whose units were binned: every sample has one symbol, the list of its bins.
///
/// ```swift
/// let layer = try BinnedLayer(activations, binning: .tishby)
/// print(try layer.inputInformation().bits, try layer.information(about: labels).bits)
/// ```
///
/// The numbers depend on the bins: what is called the information of a deterministic layer here is the entropy of its
/// values at one resolution. Bins for tanh say nothing of an unbounded activation.
///
/// - Source: Shwartz-Ziv & Tishby, arXiv 1703.00810; Saxe et al., ICLR 2018, for bins from the range.
public struct BinnedLayer: Sendable {
  /// How the units were binned.
  public let binning: Binning
  /// The number of samples n.
  public let sampleCount: Int
  /// How many different lists of bins there are.
  public var symbolCount: Int { symbols.counts.count }
  let symbols: RowSymbols

  /// The layer in bins.
  ///
  /// - Shapes: `layer` is `[n, units]`.
  /// - Throws: `MeasureError.tooFewSamples` without samples, `.nonFiniteInput`, `.outOfRange`, `.notIncreasing` for
  ///   edges.
  /// - Complexity: O(n units) time; quantiles O(n units log n). O(n units) memory.
  public init(_ layer: some SampleMatrix, binning: Binning) throws(MeasureError) {
    try binning.check()
    try requireRows([layer], atLeast: 1, measure: binnedMeasure)
    try requireFinite([layer], measure: binnedMeasure)
    let values = Matrix<Double>(layer)
    let numbers = try binning.numbers(of: values)
    self.binning = binning
    sampleCount = layer.rowCount
    symbols = numbers.withUnsafeBufferPointer {
      RowSymbols($0, rowCount: values.rowCount, width: values.columnCount)
    }
  }

  /// H(T), the entropy of the binned layer, in nats.
  public func entropy(_ estimator: EntropyEstimator = .plugIn) -> Double {
    estimator.entropy(counts: symbols.counts, sampleCount: sampleCount)
  }

  /// I(X; T) with an input that fixes the layer and differs from sample to sample: H(T) − H(T | X) = H(T).
  ///
  /// - Units: nats, at most the ceiling ln n. Exact where the samples are all inputs there are, equally likely; for samples
  ///   of more, a value near the ceiling says only that the bins tell the samples apart.
  public func inputInformation(entropy estimator: EntropyEstimator = .plugIn)
    -> InformationEstimate
  {
    InformationEstimate(
      value: entropy(estimator), sampleCount: sampleCount, ceiling: log(Double(sampleCount)),
      estimator: name(estimator))
  }

  /// I(T; Y) with labels, or with inputs that occur more than once, as where the layer has noise:
  /// H(T) − Σ p(y) H(T | y).
  ///
  /// - Units: nats, at most the smaller of H(T) and H(Y). For samples of a larger population it is too large by about
  ///   (symbols − 1)(labels − 1)/2n: where most samples have a symbol of their own it is H(Y), whatever the layer does.
  /// - Throws: `MeasureError.rowCountMismatch`.
  /// - Complexity: O(n).
  public func information(
    about labels: [Int], entropy estimator: EntropyEstimator = .plugIn
  ) throws(MeasureError) -> InformationEstimate {
    guard labels.count == sampleCount else {
      throw .rowCountMismatch(
        measure: binnedMeasure, first: sampleCount, second: labels.count)
    }
    return symbolInformation(
      symbols, RowSymbols(numbering: labels), entropy: estimator, estimator: name(estimator))
  }

  private func name(_ estimator: EntropyEstimator) -> String {
    "binned, \(binning), \(estimator.description)"
  }
}
