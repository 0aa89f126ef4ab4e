/// How much of a family of functions on 0 ..< p, such as the rows of an embedding, lies at each frequency.
public struct FourierSpectrum: Sendable, Equatable, Codable {
  /// p.
  public var period: Int
  /// The Euclidean norm of each row of F X over the columns: p numbers, the constant first, then cosine and sine of
  /// frequency 1, and so on.
  public var componentNorms: [Double]
  /// The norms of cosine and sine together: of frequency k at index k − 1.
  public var frequencyNorms: [Double]

  /// The spectrum of the columns of a matrix.
  ///
  /// - Shapes: `[p, columns]`: for an embedding W_E `[width, p]` give its transpose, for W_L = W_Uᵀ W_out `[p, neurons]`.
  /// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`.
  /// - Complexity: O(p² columns).
  /// - Source: Nanda et al., arXiv 2301.05217, §4.1.
  public init(
    of columns: some SampleMatrix, basis: FourierBasis
  ) throws(MeasureError) {
    try requireFinite([columns], measure: "FourierSpectrum")
    let norms = squaredNorms(try basis.coefficients(of: columns))
    period = basis.period
    componentNorms = norms.map { $0.squareRoot() }
    frequencyNorms = basis.frequencies.map { frequency in
      basis.rows(of: frequency).reduce(0) { $0 + norms[$1] }.squareRoot()
    }
  }

  /// The share of the squared norm, without the constant, at each frequency; nil where there is none at all.
  public var shares: [Double]? {
    let total = frequencyNorms.reduce(0) { $0 + $1 * $1 }
    return total > 0 ? frequencyNorms.map { $0 * $0 / total } : nil
  }

  /// The Gini coefficient of the norms of components, without the constant; nil where all are 0.
  public var componentSparsity: Double? {
    try? giniCoefficient(of: Array(componentNorms.dropFirst()))
  }

  /// The Gini coefficient with cosine and sine of a frequency merged; nil where all are 0.
  public var frequencySparsity: Double? { try? giniCoefficient(of: frequencyNorms) }
}

/// How unequally an amount is spread over N places: 0 for equal shares, 1 − 1/N where one has it all.
///
/// 1 − 2 Σ c₍ⱼ₎/‖c‖₁ (N − j + ½)/N with c₍₁₎ ≤ c₍₂₎ ≤ ….
///
/// - Throws: `MeasureError.undefined` where there is no amount, `.outOfRange` for negative numbers, `.nonFiniteInput`.
/// - Complexity: O(N log N).
/// - Source: Hurley & Rickard, IEEE Trans. Inf. Theory 55, 4723 (2009).
public func giniCoefficient(of values: [Double]) throws(MeasureError) -> Double {
  let measure = "giniCoefficient"
  if let index = values.firstIndex(where: { !$0.isFinite }) {
    throw .nonFiniteInput(measure: measure, array: "the values", index: index)
  }
  if let negative = values.first(where: { $0 < 0 }) {
    throw .outOfRange(measure: measure, what: "a value", value: negative, expected: "at least 0")
  }
  let total = values.reduce(0, +)
  guard total > 0 else { throw .undefined(measure: measure, reason: "all values are 0") }
  let count = Double(values.count)
  let sum = values.sorted().enumerated().reduce(0) { sum, value in
    sum + value.element / total * (count - Double(value.offset) - 0.5) / count
  }
  return 1 - 2 * sum
}
