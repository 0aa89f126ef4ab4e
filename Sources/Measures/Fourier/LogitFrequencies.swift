/// How much of the logits each frequency explains.
public struct LogitFrequencies: Sendable, Equatable, Codable {
  /// ‖P_k(L)‖² over the squared norm of L less its mean over pairs, of frequency k at index k − 1.
  public var explained: [Double]
  /// ⟨C_k, L⟩ with the function cos(w_k (u + v − r)) of norm 1 in n³ dimensions.
  public var cosineCoefficients: [Double]
  /// The factor α_k of cos(w_k (u + v − r)) in the least-squares fit to all logits, which is the same for any choice of other
  /// frequencies beside it.
  public var cosineAmplitudes: [Double]
  /// ⟨C_k, L⟩/‖L‖.
  public var cosineSimilarities: [Double]
  /// The share of the variance of all n³ logits that α_k cos(w_k (u + v − r)) explains.
  public var cosineExplained: [Double]
  /// ‖L − Σ C_k C_kᵀ L‖/‖L‖ over all frequencies.
  public var cosineResidual: Double
}

extension CyclicLogits {
  /// The two-dimensional spectrum of the logits: the norm over all answers of the part of frequency i in u and j in v.
  ///
  /// Without a frequency of both there is only the constant in one of them: a network that adds by frequencies has its logits on the
  /// diagonal, as cos(w (u + v − r)) does.
  ///
  /// - Shapes: `[n/2 + 1, n/2 + 1]`, index 0 for the constant. The squares add up to that of the norm of all logits.
  /// - Complexity: O(n⁴) time, O(n³) memory.
  /// - Source: Nanda et al., arXiv 2301.05217, Fig. 3.
  public func gridSpectrum() -> Matrix<Double> {
    let size = period / 2 + 1
    /// The frequency of each row of the basis.
    let frequencies = (0..<period).map { ($0 + 1) / 2 }
    let width = values.columnCount
    // F X over u at once, over v for each row of that.
    let overFirst = basis.matrix.multiplied(
      by: Matrix(values: values.values, rowCount: period, columnCount: period * width))
    var squares = Matrix<Double>(rowCount: size, columnCount: size)
    for row in 0..<period {
      let line = Matrix(values: Array(overFirst.row(row)), rowCount: period, columnCount: width)
      for (column, square) in squaredNorms(basis.matrix.multiplied(by: line)).enumerated() {
        squares[frequencies[row], frequencies[column]] += square
      }
    }
    return squares.map { $0.squareRoot() }
  }

  /// How much of the logits each frequency explains.
  ///
  /// - Throws: `MeasureError.undefined` where no logit depends on the pair.
  /// - Complexity: O(n³).
  /// - Source: Nanda et al., arXiv 2301.05217, §4.1–4.2.
  public func frequencies() throws(MeasureError) -> LogitFrequencies {
    let total = sums.centeredPowers.reduce(0, +)
    guard total > 0 else {
      throw .undefined(measure: "frequencies", reason: "the logits of all pairs are the same")
    }
    let n = Double(period)
    let coefficients = basis.matrix.multiplied(by: sums.bySum)
    let rowPowers = squaredNorms(coefficients).map { $0 / n }
    let cosines = cosineCoefficients
    let squaredNorm = values.values.reduce(0) { $0 + $1 * $1 }
    let norm = squaredNorm.squareRoot()
    let mean = sums.means.reduce(0, +) / n
    // Around the mean of all logits: that over pairs, and the differences of the means of answers.
    let variance = total + n * n * sums.means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let explained = cosines.reduce(0) { $0 + $1 * $1 }
    return LogitFrequencies(
      explained: basis.frequencies.map { frequency in
        basis.rows(of: frequency).reduce(0) { $0 + rowPowers[$1] } / total
      },
      cosineCoefficients: cosines,
      cosineAmplitudes: zip(basis.frequencies, cosines).map { frequency, cosine in
        // ‖cos‖² over pairs and answers is n³/2, and n³ for the alternating frequency.
        cosine / (n * n * n / (2 * frequency == period ? 1 : 2)).squareRoot()
      },
      cosineSimilarities: cosines.map { $0 / norm },
      cosineExplained: cosines.map { $0 * $0 / variance },
      cosineResidual: (max(0, squaredNorm - explained) / squaredNorm).squareRoot())
  }
}
