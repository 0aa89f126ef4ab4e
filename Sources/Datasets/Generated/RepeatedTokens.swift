/// Sequences in which a random segment comes again and again: what induction heads learn on.
///
/// The tokens of a segment are different ones. With a period that varies from sequence to sequence the source of a
/// copy must be found by its content; with a fixed one, looking back a fixed distance is enough. Copies at random places
/// among random tokens must be found by their content too, however long segments are.
///
/// - Source: Olsson et al., *In-context Learning and Induction Heads* (2022); copies among random tokens: Nanda et al.,
///   arXiv 2301.05217, section 5.
public struct RepeatedTokens: Sendable, Equatable {
  /// Tokens are in `0..<vocabularySize`.
  public let vocabularySize: Int
  /// The length of a sequence.
  public let contextLength: Int
  /// The lengths of segments, each as likely.
  public let periods: ClosedRange<Int>
  /// How often the segment stands in a sequence, at random places among random tokens; nil where it fills the context.
  public let copyCount: Int?

  /// Sequences in which a segment comes again.
  ///
  /// - Parameter periods: the lengths of segments; a sixth to half of the context by default.
  /// - Parameter copyCount: so many copies, which do not overlap, the rest random tokens; without it segments fill the
  ///   context, the last cut off.
  /// - Throws: `DatasetError.invalidSetting` where a segment is longer than the context or the vocabulary, or the copies
  ///   have no room.
  public init(
    vocabularySize: Int, contextLength: Int, periods: ClosedRange<Int>? = nil,
    copyCount: Int? = nil
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
    if let copyCount {
      let most = contextLength / periods.upperBound
      guard (2...max(2, most)).contains(copyCount), most >= 2 else {
        throw .invalidSetting(
          name: "copies", value: "\(copyCount)",
          expected: most < 2
            ? "periods of at most half the context of \(contextLength)"
            : "2 to \(most), as a context of \(contextLength) and periods up to \(periods.upperBound) allow"
        )
      }
    }
    self.vocabularySize = vocabularySize
    self.contextLength = contextLength
    self.periods = periods
    self.copyCount = copyCount
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
      let key = key.fork(sequence)
      let segment = key.fork("segment").choice(period, of: vocabularySize)
      let others = key.fork("others")
      for (position, place) in places(period, key).enumerated() {
        let token =
          place.map { segment[$0.place] } ?? others.integer(at: position, in: 0..<vocabularySize)
        tokens.append(Int32(token))
      }
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
    drawnPeriods(count: count, key: key).enumerated().flatMap { sequence, period in
      let places = places(period, key.fork(sequence))
      return places.indices.map { position in
        guard position + 1 < contextLength, let now = places[position] else { return false }
        // In a filled context, the next copy begins with a token that is known too.
        return now.copy > 0
          && places[position + 1].map { copyCount == nil || $0.copy == now.copy } == true
      }
    }
  }

  /// For each position the copy of the segment that it is in, and its place in the segment; nil for other tokens.
  private func places(_ period: Int, _ key: RandomKey) -> [(copy: Int, place: Int)?] {
    guard let copyCount else {
      return (0..<contextLength).map { ($0 / period, $0 % period) }
    }
    // Copies and other tokens in any order, each as likely.
    let others = contextLength - copyCount * period
    let slots = Set(key.fork("places").choice(copyCount, of: copyCount + others))
    var places: [(copy: Int, place: Int)?] = []
    var copy = 0
    for slot in 0..<(copyCount + others) {
      guard slots.contains(slot) else {
        places.append(nil)
        continue
      }
      places += (0..<period).map { (copy, $0) }
      copy += 1
    }
    return places
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
