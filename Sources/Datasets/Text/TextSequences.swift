/// A text cut into sequences of tokens, for language modelling.
///
/// ```swift
/// let text = try TextSequences(contentsOf: "plays.txt", vocabulary: .bytes, contextLength: 128)
/// let split = text.split(testFraction: 0.1)
/// ```
public struct TextSequences: Sendable, Equatable {
  /// How the text became tokens.
  public let vocabulary: Vocabulary
  /// The length of a sequence.
  public let contextLength: Int
  /// All tokens of the text.
  public let tokens: [Int32]
  /// SHA-256 of the file.
  public let sha256: String

  /// A kind of vocabulary, to be made of the text itself.
  public enum Kind: Sendable, Equatable {
    /// Each byte is a token.
    case bytes
    /// The commonest words.
    case words(size: Int)
    /// Pieces of words, merged from bytes.
    case bytePairs(size: Int)
  }

  /// Reads a file of UTF-8, gzip or plain.
  ///
  /// - Throws: `DatasetError.unreadable` also where bytes are no UTF-8, `.invalidSetting` for sizes of which nothing
  ///   comes, `.countMismatch` for a text of less than one sequence and a token.
  public init(
    contentsOf path: String, vocabulary: Kind, contextLength: Int
  ) throws(DatasetError) {
    let bytes: [UInt8]
    do throws(ArchiveError) {
      bytes = try ByteSource(path: path).gunzipped()
      if let place = invalidUTF8(in: bytes) {
        throw .malformed(
          path: path, byteOffset: place, expected: "text in UTF-8", found: "a byte that is none")
      }
    } catch {
      throw .unreadable(error)
    }
    try self.init(
      String(decoding: bytes, as: UTF8.self), vocabulary: vocabulary, contextLength: contextLength,
      sha256: SHA256.hexadecimal(of: bytes))
  }

  /// Cuts a text.
  ///
  /// - Throws: As the other initializer.
  public init(
    _ text: String, vocabulary kind: Kind, contextLength: Int
  ) throws(DatasetError) {
    try self.init(
      text, vocabulary: kind, contextLength: contextLength,
      sha256: SHA256.hexadecimal(of: Array(text.utf8)))
  }

  private init(
    _ text: String, vocabulary kind: Kind, contextLength: Int, sha256: String
  ) throws(DatasetError) {
    guard contextLength >= 2 else {
      throw .invalidSetting(name: "context", value: "\(contextLength)", expected: "at least 2")
    }
    switch kind {
    case .bytes: vocabulary = .bytes
    case .words(let size): vocabulary = .words(try WordVocabulary(of: text, size: size))
    case .bytePairs(let size): vocabulary = .bytePairs(try BytePairVocabulary(of: text, size: size))
    }
    tokens = vocabulary.encode(text)
    guard tokens.count > contextLength else {
      throw .countMismatch(
        what: "tokens of a text for sequences of \(contextLength)", expected: contextLength + 1,
        found: tokens.count)
    }
    self.contextLength = contextLength
    self.sha256 = sha256
  }

  /// The number of sequences that do not overlap; what is left at the end is not used.
  public var sequenceCount: Int { (tokens.count - 1) / contextLength }

  /// Sequences by number, with the next token as the target at every position, the last included.
  ///
  /// - Shapes: tokens and targets `[count, contextLength]`.
  /// - Precondition: every number is in `0..<sequenceCount`.
  public func examples(at numbers: some Collection<Int>) -> LabeledExamples {
    var (inputs, targets) = ([Int32](), [Int32]())
    for number in numbers {
      let start = number * contextLength
      inputs += tokens[start..<start + contextLength]
      targets += tokens[start + 1..<start + 1 + contextLength]
    }
    return LabeledExamples(
      checkedInputs: .tokens(
        TokenMatrix(
          checked: inputs, exampleCount: numbers.count, contextLength: contextLength,
          vocabularySize: vocabulary.size)), labels: targets, positionCount: contextLength,
      classCount: vocabulary.size)
  }

  /// The sequences in the order of the text: the first to train on, the last to test with.
  ///
  /// - Throws: `DatasetError.invalidSetting` where there are not as many.
  public func split(trainCount: Int, testCount: Int) throws(DatasetError) -> TrainTestSplit {
    guard trainCount >= 1, testCount >= 1, trainCount <= sequenceCount - testCount else {
      throw .invalidSetting(
        name: "the number of sequences to train and test on",
        value: "\(trainCount) and \(testCount)",
        expected: "at least 1 each, at most \(sequenceCount) together")
    }
    let (train, test) = (0..<trainCount, sequenceCount - testCount..<sequenceCount)
    return TrainTestSplit(
      train: examples(at: train), test: examples(at: test), trainIndices: Array(train),
      testIndices: Array(test))
  }
}

/// Where bytes first are no UTF-8.
private func invalidUTF8(in bytes: [UInt8]) -> Int? {
  var decoder = UTF8()
  var (iterator, place) = (bytes.makeIterator(), 0)
  while true {
    switch decoder.decode(&iterator) {
    case .scalarValue(let scalar): place += String(scalar).utf8.count
    case .emptyInput: return nil
    case .error: return place
    }
  }
}
