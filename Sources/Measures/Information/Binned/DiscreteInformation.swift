internal import Foundation

/// How an entropy is read off counts of symbols.
public enum EntropyEstimator: String, Sendable, Equatable, Codable, CaseIterable {
  /// −Σ p ln p of the shares themselves: exact where the samples are all there is, else too small by about
  /// (symbols − 1)/2n.
  case plugIn
  /// That plus (symbols seen − 1)/2n.
  ///
  /// - Source: Miller, Information Theory in Psychology (1955).
  case millerMadow

  /// What records call it.
  public var description: String {
    switch self {
    case .plugIn: "plug-in entropies"
    case .millerMadow: "Miller–Madow entropies"
    }
  }

  /// The entropy in nats of n samples in as many symbols as there are counts.
  ///
  /// ln n − Σ c ln c / n.
  func entropy(counts: [Int], sampleCount: Int) -> Double {
    let n = Double(sampleCount)
    var sum = 0.0
    for count in counts where count > 1 { sum += Double(count) * log(Double(count)) }
    let plain = log(n) - sum / n
    switch self {
    case .plugIn: return plain
    case .millerMadow: return plain + Double(counts.count - 1) / (2 * n)
    }
  }
}

/// The entropy of whole numbers, each a symbol, in nats.
///
/// - Throws: `MeasureError.tooFewSamples` without samples.
/// - Complexity: O(n).
public func discreteEntropy(
  of symbols: [Int], entropy: EntropyEstimator = .plugIn
) throws(MeasureError) -> Double {
  guard !symbols.isEmpty else {
    throw .tooFewSamples(measure: "discreteEntropy", found: 0, needed: 1)
  }
  return entropy.entropy(
    counts: RowSymbols(numbering: symbols).counts, sampleCount: symbols.count)
}

/// The mutual information of two columns of whole numbers, each a symbol: H(a) + H(b) − H(a, b).
///
/// - Units: nats. The ceiling is the smaller of H(a) and H(b). For samples of a larger population the plug-in form is too
///   large by about (A − 1)(B − 1)/2n with A and B symbols.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` without samples.
/// - Complexity: O(n).
public func discreteInformation(
  between a: [Int], and b: [Int], entropy: EntropyEstimator = .plugIn
) throws(MeasureError) -> InformationEstimate {
  let measure = "discreteInformation"
  guard a.count == b.count else {
    throw .rowCountMismatch(measure: measure, first: a.count, second: b.count)
  }
  guard !a.isEmpty else { throw .tooFewSamples(measure: measure, found: 0, needed: 1) }
  return symbolInformation(
    RowSymbols(numbering: a), RowSymbols(numbering: b), entropy: entropy,
    estimator: "discrete, \(entropy.description)")
}

/// The information of two columns of symbols.
func symbolInformation(
  _ a: RowSymbols, _ b: RowSymbols, entropy: EntropyEstimator, estimator: String
) -> InformationEstimate {
  let n = a.numbers.count
  let joint = RowSymbols(pairing: a, with: b)
  let entropies = [a, b, joint].map { entropy.entropy(counts: $0.counts, sampleCount: n) }
  // The local values are ln(p(a, b)/(p(a) p(b))), equal for equal pairs.
  let local = zip(joint.counts, joint.firstRows).map { count, row in
    let (first, second) = (a.counts[Int(a.numbers[row])], b.counts[Int(b.numbers[row])])
    return log(Double(count) * Double(n) / (Double(first) * Double(second)))
  }
  let mean = zip(joint.counts, local).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(n)
  let squares = zip(joint.counts, local).reduce(0) {
    $0 + Double($1.0) * ($1.1 - mean) * ($1.1 - mean)
  }
  return InformationEstimate(
    value: entropies[0] + entropies[1] - entropies[2],
    naiveStandardError: n > 1 ? (squares / Double(n - 1) / Double(n)).squareRoot() : nil,
    sampleCount: n, ceiling: min(entropies[0], entropies[1]), estimator: estimator)
}
