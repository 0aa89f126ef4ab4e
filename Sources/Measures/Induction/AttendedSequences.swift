/// Sequences of tokens with the attention that the heads of one or more layers paid in them.
public struct AttendedSequences: Sendable {
  /// The tokens of each sequence, all of one length.
  public let tokens: [[Int]]
  /// The number of heads.
  public let headCount: Int
  /// `[sequences, heads · queries · keys]`.
  let patterns: Matrix<Double>

  /// Sequences and patterns.
  ///
  /// - Shapes: `patterns` is `[sequences, heads · T · T]`, each row the heads' matrices `[queries, keys]` one after the other, as a
  ///   network's tap of the pattern gives them.
  /// - Throws: `MeasureError.tooFewSamples` for sequences of fewer than two tokens, `.rowCountMismatch`, `.outOfRange`,
  ///   `.nonFiniteInput`.
  public init(
    tokens: [[Int]], patterns: some SampleMatrix, headCount: Int
  ) throws(MeasureError) {
    let measure = "AttendedSequences"
    let length = tokens.first?.count ?? 0
    guard length >= 2 else {
      throw .tooFewSamples(measure: measure, found: length, needed: 2)
    }
    guard tokens.count == patterns.rowCount else {
      throw .rowCountMismatch(measure: measure, first: tokens.count, second: patterns.rowCount)
    }
    if let other = tokens.first(where: { $0.count != length }) {
      throw .outOfRange(
        measure: measure, what: "the length of a sequence", value: Double(other.count),
        expected: "\(length), as the first has")
    }
    guard headCount >= 1, patterns.columnCount == headCount * length * length else {
      throw .outOfRange(
        measure: measure, what: "the number of columns", value: Double(patterns.columnCount),
        expected: "\(headCount * length * length) for \(headCount) heads and \(length) tokens")
    }
    try requireFinite([patterns], measure: measure)
    self.tokens = tokens
    self.headCount = headCount
    self.patterns = Matrix<Double>(patterns)
  }

  /// The number of tokens of a sequence.
  public var length: Int { tokens[0].count }

  /// The attention of one head in one sequence, `[queries, keys]`.
  public func pattern(sequence: Int, head: Int) -> Matrix<Double> {
    let size = length * length
    let start = sequence * patterns.columnCount + head * size
    return Matrix(
      values: Array(patterns.values[start..<start + size]), rowCount: length, columnCount: length)
  }

  /// A score of every head in every sequence.
  func scores(
    _ score: (_ sequence: Int, _ pattern: Matrix<Double>) -> Double?
  ) -> HeadScores {
    HeadScores(
      bySequence: tokens.indices.map { sequence in
        (0..<headCount).map { score(sequence, pattern(sequence: sequence, head: $0)) }
      })
  }
}

/// A score of each head in each of some sequences.
public struct HeadScores: Sendable, Equatable, Codable {
  /// By sequence, then head; nil where a sequence has nothing to score.
  public var bySequence: [[Double?]]

  /// Scores by sequence, then head.
  public init(bySequence: [[Double?]]) { self.bySequence = bySequence }

  /// The number of heads.
  public var headCount: Int { bySequence.first?.count ?? 0 }

  /// The mean of each head over the sequences that have a score; nil where none has.
  public var means: [Double?] {
    (0..<headCount).map { head in
      let values = values(ofHead: head)
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
  }

  /// The mean of a head with its standard error over sequences.
  ///
  /// - Units: those of the scores.
  /// - Throws: `MeasureError.tooFewSamples` for fewer than two sequences with a score.
  public func estimate(ofHead head: Int) throws(MeasureError) -> Estimate {
    try Estimate(meanOf: values(ofHead: head), measure: "HeadScores")
  }

  /// The largest mean of any head; nil where none has one.
  public var largestMean: Double? { means.compactMap { $0 }.max() }

  private func values(ofHead head: Int) -> [Double] { bySequence.compactMap { $0[head] } }
}
