/// Sequences in which a random segment comes again and again: what induction heads learn on.
///
/// The tokens of a segment are different ones. With a period that varies from sequence to sequence the source of a
/// copy must be found by its content; with a fixed one, looking back a fixed distance is enough.
///
/// - Source: Olsson et al., *In-context Learning and Induction Heads* (2022).
public struct RepeatedTokens: Sendable, Equatable {
  /// Tokens are in `0..<vocabularySize`.
  public let vocabularySize: Int
  /// The length of a sequence.
  public let contextLength: Int
  /// The lengths of segments, each as likely.
  public let periods: ClosedRange<Int>

  /// Sequences of segments that fill the context, the last cut off.
  ///
  /// - Parameter periods: a sixth to half of the context by default.
  /// - Throws: `DatasetError.invalidSetting` where a segment is longer than the context or the vocabulary.
  public init(
    vocabularySize: Int, contextLength: Int, periods: ClosedRange<Int>? = nil
  ) throws(DatasetError) {
    let periods = periods ?? max(1, contextLength / 6)...max(1, contextLength / 2)
    let longest = min(contextLength - 1, vocabularySize)
    guard vocabularySize >= 2, contextLength >= 2 else {
      throw .invalidSetting(
        name: "vocabulary and context", value: "\(vocabularySize) and \(contextLength)",
        expected: "at least 2 each")
    }
    guard periods.lowerBound >= 1, periods.upperBound <= longest else {
      throw .invalidSetting(
        name: "period", value: "\(periods.lowerBound)...\(periods.upperBound)",
        expected: "1 to \(longest), as context and vocabulary allow")
    }
    self.vocabularySize = vocabularySize
    self.contextLength = contextLength
    self.periods = periods
  }

  /// The period of each of `count` sequences.
  public func drawnPeriods(count: Int, key: RandomKey) -> [Int] {
    (0..<count).map { key.fork($0).integer(at: 0, in: periods.lowerBound..<periods.upperBound + 1) }
  }

  /// Sequences with the next token as the target at every position but the last.
  ///
  /// - Shapes: tokens and targets `[count, contextLength]`.
  /// - Parameter key: Sequence `i` is drawn from `key.fork(i)`, so that fewer are the first of more.
  public func examples(count: Int, key: RandomKey) -> LabeledExamples {
    let periods = drawnPeriods(count: count, key: key)
    var tokens: [Int32] = []
    tokens.reserveCapacity(count * contextLength)
    for (sequence, period) in periods.enumerated() {
      let segment = key.fork(sequence).fork("segment").choice(period, of: vocabularySize)
      for position in 0..<contextLength { tokens.append(Int32(segment[position % period])) }
    }
    return LabeledExamples(
      nextTokensOf: TokenMatrix(
        checked: tokens, exampleCount: count, contextLength: contextLength,
        vocabularySize: vocabularySize))
  }

  /// Whether what follows a position can be known from what came before: the token after a copy has begun.
  ///
  /// - Shapes: `[count, contextLength]`, row-major; the last position has no target.
  public func isPredictable(count: Int, key: RandomKey) -> [Bool] {
    drawnPeriods(count: count, key: key).flatMap { period in
      (0..<contextLength).map { $0 >= period && $0 < contextLength - 1 }
    }
  }
}

extension LabeledExamples {
  /// Sequences with the next token as the target at every position but the last.
  ///
  /// - Precondition: sequences have two tokens at least.
  public init(nextTokensOf sequences: TokenMatrix) {
    let context = sequences.contextLength
    precondition(context >= 2, "LabeledExamples: sequences of \(context) tokens have no next ones")
    var targets: [Int32] = []
    targets.reserveCapacity(sequences.values.count)
    for example in 0..<sequences.exampleCount {
      targets += sequences.sequence(example).dropFirst()
      targets.append(Self.noTarget)
    }
    self.init(
      checkedInputs: .tokens(sequences), labels: targets, positionCount: context,
      classCount: sequences.vocabularySize)
  }
}
