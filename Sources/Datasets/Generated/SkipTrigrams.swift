/// Sequences whose last token together with one marker somewhere before it decides the answer: `marker … query →
/// answer`, with tokens in between that mean nothing. One layer of attention is enough.
///
/// Tokens `0..<fillerCount` are fillers, the next `markerCount` markers, the last `queryCount` queries.
///
/// - Source: Elhage et al., *A Mathematical Framework for Transformer Circuits* (2021), "Skip-trigrams"; a task of
///   Nanda, Chan, Lieberum, Smith & Steinhardt, arXiv 2301.05217.
public struct SkipTrigrams: Sendable, Equatable {
  /// The number of tokens that mean nothing.
  public let fillerCount: Int
  /// The number of markers, one of which stands in each sequence.
  public let markerCount: Int
  /// The number of tokens that ask.
  public let queryCount: Int
  /// The length of a sequence.
  public let contextLength: Int
  /// `[markerCount, queryCount]`: the answer to each query under each marker, in `0..<answerCount`.
  public let answers: [Int32]
  /// The number of answers.
  public let answerCount: Int

  /// A task with answers drawn from a key, each as likely.
  ///
  /// - Throws: `DatasetError.invalidSetting` for counts below 1 or sequences without a place for a marker.
  public init(
    fillerCount: Int = 32, markerCount: Int = 16, queryCount: Int = 4, answerCount: Int = 16,
    contextLength: Int = 24, key: RandomKey
  ) throws(DatasetError) {
    let counts = [
      ("number of fillers", fillerCount, 1), ("number of markers", markerCount, 1),
      ("number of queries", queryCount, 1), ("number of answers", answerCount, 2),
      ("context", contextLength, 2),
    ]
    for (name, value, least) in counts where value < least || value > 1_000_000 {
      throw .invalidSetting(name: name, value: "\(value)", expected: "\(least) to 1000000")
    }
    self.fillerCount = fillerCount
    self.markerCount = markerCount
    self.queryCount = queryCount
    self.answerCount = answerCount
    self.contextLength = contextLength
    answers = key.integers(count: markerCount * queryCount, in: 0..<answerCount).map { Int32($0) }
  }

  /// The number of tokens.
  public var vocabularySize: Int { fillerCount + markerCount + queryCount }

  /// Random sequences with their answers.
  ///
  /// - Shapes: tokens `[count, contextLength]`; one label a sequence.
  /// - Parameter key: Sequence `i` is drawn from `key.fork(i)`, so that fewer are the first of more.
  public func examples(count: Int, key: RandomKey) -> LabeledExamples {
    var (tokens, labels) = ([Int32](), [Int32]())
    for sequence in 0..<count {
      let key = key.fork(sequence)
      let marker = key.fork("marker").integer(at: 0, in: 0..<markerCount)
      let query = key.fork("query").integer(at: 0, in: 0..<queryCount)
      let place = key.fork("place").integer(at: 0, in: 0..<contextLength - 1)
      var row = key.fork("fillers").integers(count: contextLength, in: 0..<fillerCount)
        .map { Int32($0) }
      row[place] = Int32(fillerCount + marker)
      row[contextLength - 1] = Int32(fillerCount + markerCount + query)
      tokens += row
      labels.append(answers[marker * queryCount + query])
    }
    return LabeledExamples(
      checkedInputs: .tokens(
        TokenMatrix(
          checked: tokens, exampleCount: count, contextLength: contextLength,
          vocabularySize: vocabularySize)), labels: labels, classCount: answerCount)
  }
}
